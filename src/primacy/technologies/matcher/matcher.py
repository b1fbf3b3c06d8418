"""From texts to the queries that match them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.technologies.matcher.bits import Sets
from primacy.technologies.matcher.finder import Finder
from primacy.technologies.matcher.folded import Folded, fold_texts
from primacy.technologies.matcher.lists import Numbers
from primacy.technologies.matcher.nearness import Nearness
from primacy.technologies.matcher.plan import Place, Plan
from primacy.technologies.query import Query

Key = TypeVar("Key", bound=Hashable)
Integers = npt.NDArray[np.int64]

_PLACES: tuple[Place, ...] = ("text", "title", "abstract")
_BATCH_TEXTS = 4096
_BATCH_BYTES = 8 << 20


@dataclass(frozen=True)
class Matches(Generic[Key]):
    """Which query matches which text, ordered by text, then by query.

    Attributes
    ----------
    text
        Index of the text.
    query
        Index of the query in ``keys``.
    keys
        The keys of the queries.
    """

    text: Integers
    query: Integers
    keys: tuple[Key, ...]

    def __len__(self) -> int:
        return len(self.text)

    def texts(self, key: Key) -> Integers:
        """Return the indices of the texts that the query of this key matches, ascending."""
        return self.text[self.query == self.keys.index(key)]

    def counts(self) -> dict[Key, int]:
        """Count the matching texts of each query."""
        return dict(zip(self.keys, np.bincount(self.query, minlength=len(self.keys)).tolist(), strict=True))


class Matcher(Generic[Key]):
    """Finds which of many queries match which of many texts.

    Parameters
    ----------
    queries
        The queries by key.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from primacy.technologies.query import parse
    >>> matcher = Matcher({"cells": parse("batter* NOT title:review"), "any": parse("solid NEAR/1 state")})
    >>> titles = pa.array(["Batteries: a review", "Lithium-ion battery", None])
    >>> abstracts = pa.array(["…", "Solid, or not so solid, state", "of the state: solid"])
    >>> matcher.match(titles, abstracts).counts()
    {'cells': 1, 'any': 2}
    """

    def __init__(self, queries: Mapping[Key, Query]) -> None:
        self._queries = dict(queries)
        self.keys = tuple(self._queries)
        self._plan = plan = Plan.of(self._queries.values())
        patterns = list(plan.patterns)
        self._finder = Finder(patterns)
        self._nearness = Nearness(list(plan.pairs), [len(pattern.words) for pattern in patterns])
        self._pattern_atoms = {
            place: _table(plan.table("pattern", place), len(patterns)) for place in _PLACES
        }
        self._pair_atoms = {place: _table(plan.table("pair", place), len(plan.pairs)) for place in _PLACES}
        self._topic_atoms = plan.table("topic")
        self._source_atoms = plan.table("source")
        self._groups = list(plan.groups)

    def __reduce__(self) -> tuple[type[Matcher[Key]], tuple[dict[Key, Query]]]:
        return (type(self), (self._queries,))

    @property
    def topics(self) -> frozenset[int]:
        """The topics that any query asks for."""
        return frozenset(self._topic_atoms)

    @property
    def sources(self) -> frozenset[int]:
        """The sources that any query asks for."""
        return frozenset(self._source_atoms)

    def match(
        self,
        titles: pa.Array | pa.ChunkedArray,
        abstracts: pa.Array | pa.ChunkedArray,
        *,
        topics: pa.Array | pa.ChunkedArray | None = None,
        sources: pa.Array | pa.ChunkedArray | None = None,
        threads: int = 1,
    ) -> Matches[Key]:
        """Match texts.

        Parameters
        ----------
        titles, abstracts
            Strings of equal number; null is empty.
        topics
            For each text, the list of the numbers of the work's topics (10018 for ``T10018``). Without it, no
            text has a topic.
        sources
            For each text, the number of the work's primary source. Without it, no text has a source.
        threads
            How many threads match; batches are shared out among them.
        """
        columns = (_text(titles), _text(abstracts), topics, sources)
        for column in columns[1:]:
            if column is not None and len(column) != len(titles):
                raise ValueError("titles, abstracts, topics and sources must be of equal length")
        cuts = _cuts(columns[0], columns[1])

        def run(start: int, stop: int) -> tuple[Integers, Integers]:
            text, query = self._match_batch(*(_piece(column, start, stop) for column in columns))
            return text + start, query

        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                found = list(pool.map(run, cuts[:-1], cuts[1:]))
        else:
            found = list(map(run, cuts[:-1], cuts[1:]))
        return Matches(
            _concatenate(text for text, _ in found), _concatenate(query for _, query in found), self.keys
        )

    def _match_batch(
        self, titles: pa.Array, abstracts: pa.Array, topics: pa.Array | None, sources: pa.Array | None
    ) -> tuple[Integers, Integers]:
        texts = len(titles)
        found = [*self._find_words(fold_texts(titles, abstracts))]
        if topics is not None and self._topic_atoms:
            text = np.asarray(pc.list_parent_indices(topics), np.int32)
            found.append(_known(self._topic_atoms, pc.list_flatten(topics), text))
        if sources is not None and self._source_atoms:
            found.append(_known(self._source_atoms, sources, np.arange(texts, dtype=np.int32)))
        atom, text = (np.concatenate([np.empty(0, np.int32), *parts]) for parts in zip(*found, strict=True))
        sets = Sets(atom, text, texts, self._groups)
        return _by_text([sets.members(sets.evaluate(query)) for query in self._plan.expressions])

    def _find_words(self, folded: Folded) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield (atoms, texts) of the patterns and the NEARs found in a batch."""
        yield np.empty(0, np.int32), np.empty(0, np.int32)
        if self._plan.patterns:
            found = self._finder.find(folded)
            yield from _placed(self._pattern_atoms, found.pattern, found.cell)
            if self._plan.pairs:
                yield from _placed(self._pair_atoms, *self._nearness.find(found))


def _table(atoms: Mapping[int, int], size: int) -> Numbers:
    """Turn the atoms of patterns or pairs into an array; -1 where there is none."""
    table = np.full(size, -1, np.int32)
    table[list(atoms)] = list(atoms.values())
    return table


def _placed(
    tables: Mapping[Place, Numbers], item: Numbers, cell: Numbers
) -> Iterator[tuple[Numbers, Numbers]]:
    """Yield (atoms, texts) of patterns or pairs for each place that any query asks about."""
    for place, table in tables.items():
        if (table < 0).all():
            continue
        atom = table.take(item)
        wanted = atom >= 0
        if place != "text":
            wanted &= (cell & 1) == (place == "abstract")
        chosen = np.flatnonzero(wanted)
        yield atom[chosen], cell[chosen] >> 1


def _known(atoms: Mapping[int, int], number: pa.Array, text: Numbers) -> tuple[Numbers, Numbers]:
    """Return (atoms, texts) of the topics or sources that any query asks about."""
    place = pc.index_in(number.cast(pa.int64()), pa.array(list(atoms), pa.int64()))
    found = np.flatnonzero(np.asarray(place.is_valid()))
    return np.array(list(atoms.values()), np.int32)[np.asarray(place.drop_null())], text[found]


def _by_text(held: Sequence[Integers]) -> tuple[Integers, Integers]:
    """Turn the texts of each query into pairs, by text, then by query."""
    text = _concatenate(held)
    query = np.repeat(np.arange(len(held)), [len(texts) for texts in held])
    order = np.argsort(text, kind="stable")
    return text[order], query[order]


def _text(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    return column if column.type in (pa.string(), pa.large_string()) else column.cast(pa.large_string())


def _cuts(titles: pa.Array | pa.ChunkedArray, abstracts: pa.Array | pa.ChunkedArray) -> list[int]:
    """Cut texts into batches, bounded in number and, where a batch has more than one text, in bytes."""
    lengths = [np.asarray(pc.binary_length(column).fill_null(0), np.int64) for column in (titles, abstracts)]
    size = lengths[0] + lengths[1]
    until = np.cumsum(size)
    cuts = [0]
    while (start := cuts[-1]) < len(until):
        before = until[start] - size[start]
        full = int(np.searchsorted(until, before + _BATCH_BYTES, side="right"))
        cuts.append(min(max(full, start + 1), start + _BATCH_TEXTS))
    cuts[-1] = len(until)
    return cuts


def _piece(column: pa.Array | pa.ChunkedArray | None, start: int, stop: int) -> pa.Array | None:
    if column is None:
        return None
    piece = column.slice(start, stop - start)
    return piece.combine_chunks() if isinstance(piece, pa.ChunkedArray) else piece


def _concatenate(arrays: Iterable[Integers]) -> Integers:
    listed = list(arrays)
    return np.concatenate(listed) if listed else np.empty(0, np.int64)
