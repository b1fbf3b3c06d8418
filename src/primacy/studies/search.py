"""Search the texts of a lake with many queries at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from primacy.lake.store import Lake
from primacy.technologies.matcher import Matcher
from primacy.technologies.query import Query

__all__ = ["Advance", "Key", "Works", "search_texts"]

T = TypeVar("T")
R = TypeVar("R")
Key = TypeVar("Key", bound=Hashable)
Works: TypeAlias = npt.NDArray[np.int64]
"""Work ids, ascending."""
Advance: TypeAlias = Callable[[int], None]
"""Told how many texts were read since the last call."""

_BATCH_ROWS = 16_384


def search_texts(
    lake: Lake,
    queries: Mapping[Key, Query],
    *,
    only: Works | None = None,
    threads: int = 1,
    advance: Advance = lambda read: None,
) -> dict[Key, Works]:
    """Find the works that each query matches.

    Parameters
    ----------
    lake
        The lake.
    queries
        The queries by key.
    only
        Search the texts of these works alone.
    threads
        How many threads match.
    advance
        Told of the progress.

    Returns
    -------
    dict
        For each query, in the order given, the ids of its works, ascending.
    """
    matcher = Matcher(queries)
    topics = _Tags.read(lake, "work_topics", "topic_id", matcher.topics)
    sources = _Tags.read(lake, "works", "source_id", matcher.sources)
    found: list[list[Works]] = [[] for _ in matcher.keys]

    def search(batch: pa.RecordBatch) -> tuple[int, Works, npt.NDArray[np.int64]]:
        works = np.asarray(batch["work_id"])
        matches = matcher.match(
            batch["title"],
            batch["abstract"],
            topics=topics.lists(works) if topics else None,
            sources=sources.firsts(works) if sources else None,
        )
        order = np.argsort(matches.query, kind="stable")
        return len(works), works[matches.text[order]], matches.query[order]

    for rows, works, numbers in _in_threads(search, _batches(lake, only), threads):
        advance(rows)
        bounds = np.searchsorted(numbers, np.arange(len(found) + 1)).tolist()
        for parts, (first, last) in zip(found, pairwise(bounds), strict=True):
            if last > first:
                parts.append(works[first:last])
    empty = np.empty(0, np.int64)
    return {
        key: np.sort(np.concatenate(parts or [empty])) for key, parts in zip(matcher.keys, found, strict=True)
    }


def _batches(lake: Lake, only: Works | None) -> Iterator[pa.RecordBatch]:
    for file in lake.files("texts"):
        with pq.ParquetFile(file) as parquet:
            for batch in parquet.iter_batches(_BATCH_ROWS, columns=["work_id", "title", "abstract"]):
                if only is None:
                    yield batch
                    continue
                part = batch.filter(pa.array(np.isin(np.asarray(batch["work_id"]), only)))
                if part.num_rows:
                    yield part


@dataclass(frozen=True)
class _Tags:
    """Numbers that works carry (topics or sources), those that some query asks about."""

    works: Works
    numbers: npt.NDArray[np.int64]

    @classmethod
    def read(cls, lake: Lake, table: str, column: str, wanted: Iterable[int]) -> _Tags | None:
        """Read the tags of a table; None where no query asks about any."""
        values = pa.array(sorted(wanted), pa.int64())
        if not len(values):
            return None
        parts = [np.empty((2, 0), np.int64)]
        for file in lake.files(table):
            with pq.ParquetFile(file) as parquet:
                for batch in parquet.iter_batches(columns=["work_id", column]):
                    part = batch.filter(pc.is_in(batch[column], values))
                    parts.append(np.array([part["work_id"], part[column]], np.int64))
        pairs = np.concatenate(parts, axis=1)
        order = np.lexsort(pairs[::-1])
        return cls(pairs[0, order], pairs[1, order])

    def lists(self, works: Works) -> pa.Array:
        """Return the list of numbers of each work."""
        first = np.searchsorted(self.works, works)
        count = np.searchsorted(self.works, works, side="right") - first
        end = np.cumsum(count)
        place = (
            np.arange(end[-1] if len(end) else 0) - np.repeat(end - count, count) + np.repeat(first, count)
        )
        offsets = np.concatenate([[0], end]).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(self.numbers[place]))

    def firsts(self, works: Works) -> pa.Array:
        """Return the number of each work, null where it has none."""
        place = np.searchsorted(self.works, works)
        there = np.append(self.works, -1)[place] == works
        return pa.array(np.append(self.numbers, 0)[place], mask=~there)


def _in_threads(function: Callable[[T], R], items: Iterator[T], threads: int) -> Iterator[R]:
    """Map in order, with no more than a few items on the way."""
    if threads <= 1:
        yield from map(function, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
