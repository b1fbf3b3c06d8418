"""The words of the simulated works: units that a technology's query matches, and filler that none does.

A *unit* is a piece of a title and a sentence or two that satisfy the strict query of a technology (and its
broad one where the two allow), drawn from the query itself; a *loose* unit satisfies the broad query alone.
Every abstract is one unit among sentences of a common pool.
The matcher has judged each unit together with the whole pool, by the strict queries and by the same queries
without their NOTs and distances, so that no selection of sentences can add or remove a match.
What a unit matches is therefore known, and `Library.overlap` states it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import numpy as np
import pyarrow as pa

from primacy.errors import InputError
from primacy.simulate.borders import Borders
from primacy.simulate.trajectory import Floats
from primacy.technologies.matcher import Matcher
from primacy.technologies.portfolio import Portfolio
from primacy.technologies.query import And, Near, Node, Not, Or, Query, Within, Words
from primacy.technologies.witness import Vocabulary, Witness, witness

UNITS = 28
"""Units per technology, as far as its query yields so many."""
_PAIRED = 2  # of them, units that belong to a second technology of the same domain
_LOOSE = 8  # units of the broad query alone
_ROUNDS, _PATIENCE = 8, 3  # drawings in all; drawings in the hope that the broad query agrees
_OPENINGS = (
    "This invented study is about {}.",
    "We consider {}.",
    "The present paper looks at {}.",
    "Here {} is examined.",
    "The subject is {}.",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Words of one technology.

    Attributes
    ----------
    title, abstract
        What title and abstract hold.
    technologies
        Indices of the technologies whose strict query matches it; of a loose unit none.
    """

    title: str
    abstract: str
    technologies: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What records say of a technology: its id, name and domain, and the ids of its topics."""

    id: str
    name: str
    domain: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Library:
    """All words of the world.

    Attributes
    ----------
    technologies
        Ids, sorted.
    units
        The units of each technology.
    loose
        Units that the broad query of a technology matches, and no strict query does.
    sentences
        The common pool.
    subjects
        What the records say of each technology.
    """

    technologies: tuple[str, ...]
    units: tuple[tuple[Unit, ...], ...]
    loose: tuple[tuple[Unit, ...], ...]
    sentences: tuple[str, ...]
    subjects: tuple[Subject, ...]

    @cached_property
    def overlap(self) -> Floats:
        """Part of the works written about a technology (row) that each strict query (column) matches."""
        table = np.zeros((len(self.units), len(self.units)))
        for row, units in enumerate(self.units):
            for unit in units:
                table[row, list(unit.technologies)] += 1 / len(units)
        return table


def title_of(number: int, subject: str, *, loose: bool = False) -> str:
    """Return the title of a work, which says that it is simulated; a loose one is "near" its subject."""
    return f"Simulated paper {number} {'near' if loose else 'on'} {subject}"


def background_title(number: int) -> str:
    """Return the title of a work that belongs to no technology."""
    return f"Simulated paper {number} on nothing in particular"


def library(portfolio: Portfolio, technologies: Sequence[str], hosts: Sequence[bool]) -> Library:
    """Write the words of a world.

    Parameters
    ----------
    portfolio
        Where the queries come from.
    technologies
        Ids.
    hosts
        For each technology, whether works of another may belong to it too.

    Raises
    ------
    InputError
        No text could be written for a technology: its strict query excludes what it asks for, or asks for a
        source.
    """
    judge = _Judge(
        [portfolio[name].strict for name in technologies], [portfolio[name].broad for name in technologies]
    )
    sentences = judge.settle(_pool())
    known = Vocabulary(_prose(portfolio))
    plain = _plain(judge, technologies, known)
    domains = [portfolio[name].domain for name in technologies]
    paired = _paired(judge, plain, _neighbours(domains, hosts))
    units = tuple(tuple(own + pairs) for own, pairs in zip(plain, paired, strict=True))
    subjects = tuple(
        Subject(name, portfolio[name].name, portfolio[name].domain, portfolio[name].topics)
        for name in technologies
    )
    return Library(tuple(technologies), units, _loose(judge, technologies, known), sentences, subjects)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What may become a unit of a technology."""

    technology: int
    title: str
    abstract: str


class _Judge:
    """Asks the matcher which technologies texts belong to, all sentences of the pool beside them."""

    def __init__(self, strict: Sequence[Query], broad: Sequence[Query]) -> None:
        self.strict = strict
        self.broad = broad
        self._strict = Matcher(dict(enumerate(strict)))
        self._relaxed = Matcher({n: Query(q.text, _relax(q.root) or q.root) for n, q in enumerate(strict)})
        self._broad = Matcher(dict(enumerate(broad)))
        self._borders = Borders([*strict, *broad])
        self._sentences: tuple[str, ...] = ()

    def settle(self, pool: Sequence[str]) -> tuple[str, ...]:
        """Keep the sentences that together satisfy no query, whatever its NOTs and distances.

        No phrase of a query may run from one sentence into another either, in whatever order they stand.
        """
        rest: list[str] = []
        for sentence in pool:
            if not self._borders.touches(sentence):
                self._borders.add(sentence)
                rest.append(sentence)
        kept: list[str] = []
        while rest:
            texts = [" ".join(kept + rest[: n + 1]) for n in range(len(rest))]
            found = _by_text(self._relaxed, [title_of(1, "")] * len(texts), texts)
            first = next((n for n, names in enumerate(found) if names), len(rest))
            kept += rest[:first]
            rest = rest[first + 1 :]
        self._sentences = tuple(kept)
        return self._sentences

    def judge(self, drafts: Sequence[_Draft], *, loose: bool = False) -> Iterator[_Verdict]:
        """Yield what each draft matches; one whose words could join a sentence's to a phrase is left out."""
        drafts = [draft for draft in drafts if not self._borders.touches(draft.abstract)]
        titles = [title_of(1, draft.title, loose=loose) for draft in drafts]
        texts = [" ".join([draft.abstract, *self._sentences]) for draft in drafts]
        found = (_by_text(matcher, titles, texts) for matcher in (self._strict, self._relaxed, self._broad))
        for draft, strict, at_most, broad in zip(drafts, *found, strict=True):
            yield _Verdict(draft, strict, at_most, draft.technology in broad)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a draft matches: the strict queries; these without NOTs and distances; its own broad query."""

    draft: _Draft
    strict: set[int]
    at_most: set[int]
    broad: bool

    @property
    def unit(self) -> Unit:
        return Unit(self.draft.title, self.draft.abstract, tuple(sorted(self.strict)))


def _by_text(matcher: Matcher[int], titles: Sequence[str], abstracts: Sequence[str]) -> list[set[int]]:
    found: list[set[int]] = [set() for _ in titles]
    matches = matcher.match(pa.array(titles, pa.string()), pa.array(abstracts, pa.string()))
    for text, query in zip(matches.text.tolist(), matches.query.tolist(), strict=True):
        found[text].add(query)
    return found


def _plain(judge: _Judge, technologies: Sequence[str], known: Vocabulary) -> list[list[Unit]]:
    """Draw units of each technology.

    First come those that belong to it alone and that its broad query matches too, then those that belong to
    it alone, and where a query yields none of these, those that belong to others too.
    """
    wanted = UNITS - _PAIRED
    streams = [np.random.default_rng(list(name.encode())) for name in technologies]
    kinds: list[list[dict[Unit, None]]] = [[{}, {}, {}] for _ in technologies]
    for turn in range(_ROUNDS):
        short = [
            index
            for index, (best, alone, _) in enumerate(kinds)
            if len(best) + len(alone) * (turn >= _PATIENCE) < wanted
        ]
        for verdict in judge.judge(_drafts(short, judge.strict, streams, known)):
            own = verdict.draft.technology
            if own in verdict.strict:
                rank = 2 if verdict.at_most != {own} else 0 if verdict.broad else 1
                kinds[own][rank][verdict.unit] = None
    units = [list(best | alone or shared)[:wanted] for best, alone, shared in kinds]
    for name, found in zip(technologies, units, strict=True):
        if not found:
            raise InputError(
                f"{name}: no text can be simulated for its strict query; it asks for a topic or a source, "
                "or excludes what it asks for"
            )
    return units


def _loose(judge: _Judge, technologies: Sequence[str], known: Vocabulary) -> tuple[tuple[Unit, ...], ...]:
    """Draw units that the broad query of a technology matches and that are near no strict query."""
    streams = [np.random.default_rng([*name.encode(), 0]) for name in technologies]
    found: list[dict[Unit, None]] = [{} for _ in technologies]
    for _ in range(2):
        short = [index for index, units in enumerate(found) if len(units) < _LOOSE]
        for verdict in judge.judge(_drafts(short, judge.broad, streams, known), loose=True):
            if verdict.broad and not verdict.at_most:
                found[verdict.draft.technology][verdict.unit] = None
    return tuple(tuple(units)[:_LOOSE] for units in found)


def _drafts(
    indices: Iterable[int],
    queries: Sequence[Query],
    streams: Sequence[np.random.Generator],
    known: Vocabulary,
) -> list[_Draft]:
    return [
        _write(index, drawn, streams[index])
        for index in indices
        for drawn in (witness(queries[index], streams[index], known) for _ in range(UNITS))
        if not drawn.topics and not drawn.sources
    ]


def _paired(
    judge: _Judge, plain: Sequence[Sequence[Unit]], neighbours: Sequence[int | None]
) -> list[list[Unit]]:
    """Join units of two technologies, and keep those that belong to both and to no third."""
    drafts = [
        _Draft(index, own.title, f"{own.abstract} {other.abstract}")
        for index, neighbour in enumerate(neighbours)
        if neighbour is not None
        for own, other in zip(plain[index], plain[neighbour], strict=False)
    ]
    found: list[list[Unit]] = [[] for _ in plain]
    for verdict in judge.judge(drafts):
        own = verdict.draft.technology
        if verdict.strict == verdict.at_most == {own, neighbours[own]}:
            found[own].append(verdict.unit)
    return [units[:_PAIRED] for units in found]


def _neighbours(domains: Sequence[str], hosts: Sequence[bool]) -> list[int | None]:
    """Choose for each technology one of the same domain that takes guests, each of them equally often."""
    found: list[int | None] = []
    for index, domain in enumerate(domains):
        open_ = [i for i, other in enumerate(domains) if other == domain and hosts[i] and i != index]
        place = domains[:index].count(domain)
        found.append(open_[place % len(open_)] if open_ else None)
    return found


def _write(index: int, drawn: Witness, rng: np.random.Generator) -> _Draft:
    """Put the words of a witness into a title and an abstract."""
    either = list(drawn.either)
    title = list(drawn.title) or either[:1]
    abstract = [*drawn.abstract, *either] or title
    opening = _OPENINGS[int(rng.integers(len(_OPENINGS)))]
    return _Draft(index, " with ".join(title), opening.format(" with ".join(abstract)))


def _relax(node: Node) -> Node | None:
    """Drop what is negated and how near words must be; None is what always holds."""
    match node:
        case Not():
            return None
        case And(parts):
            kept = tuple(part for part in map(_relax, parts) if part is not None)
            return And(kept) if kept else None
        case Or(parts):
            options = [_relax(part) for part in parts]
            return None if None in options else Or(tuple(part for part in options if part is not None))
        case Near(left, right):
            return And((left, right))
        case Within(name, part):
            inner = _relax(part)
            return None if inner is None else Within(name, inner)
    return node


def _pool() -> list[str]:
    text = resources.files("primacy.simulate").joinpath("data", "sentences.txt").read_text(encoding="utf-8")
    return text.splitlines()


def _prose(portfolio: Portfolio) -> Iterable[str]:
    """Yield the texts of a portfolio whose words are whole words."""
    for technology in portfolio.values():
        yield from (technology.name, technology.definition, technology.scope_in, technology.scope_out)
        yield from technology.notes
        for query in (technology.strict, technology.broad):
            for leaf in query.leaves():
                if isinstance(leaf, Words):
                    yield " ".join(leaf.words[:-1] if leaf.prefix else leaf.words)
