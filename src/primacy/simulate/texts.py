"""The words of the simulated works: units that a technology's strict query matches, and filler that none does.

A *unit* is a piece of a title and a sentence or two that satisfy the strict query of a technology, drawn from
the query itself.
Every abstract is one unit among sentences of a common pool.
The matcher has judged each unit together with the whole pool, by the strict queries and by the same queries
without their NOTs and distances, so that no selection of sentences can add or remove a match.
What a unit matches is therefore known, and `Library.overlap` states it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import numpy as np
import pyarrow as pa

from primacy.errors import InputError
from primacy.simulate.trajectory import Floats
from primacy.technologies.matcher import Matcher
from primacy.technologies.portfolio import Portfolio
from primacy.technologies.query import And, Near, Node, Not, Or, Query, Within, Words
from primacy.technologies.witness import Vocabulary, Witness, witness

UNITS = 40
"""Units per technology, as far as its query yields so many."""
_PAIRED = 4  # of them, units that belong to a second technology of the same domain
_ROUNDS = 8
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
        Indices of the technologies whose strict query matches it.
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
    sentences
        The common pool.
    subjects
        What the records say of each technology.
    """

    technologies: tuple[str, ...]
    units: tuple[tuple[Unit, ...], ...]
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


def title_of(number: int, words: str) -> str:
    """Return the title of a work, which says that it is simulated."""
    return f"Simulated paper {number} on {words}"


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
    strict = {name: portfolio[name].strict for name in technologies}
    relaxed = {name: Query(query.text, _relax(query.root) or query.root) for name, query in strict.items()}
    judge = _Judge(strict, relaxed)
    sentences = judge.harmless(_pool())
    known = Vocabulary(_prose(portfolio))
    plain = [_plain(judge, index, strict[name], known, sentences) for index, name in enumerate(technologies)]
    domains = [portfolio[name].domain for name in technologies]
    units = [
        own + _paired(judge, index, plain, _neighbour(index, domains, hosts), sentences)
        for index, own in enumerate(plain)
    ]
    subjects = tuple(
        Subject(name, portfolio[name].name, portfolio[name].domain, portfolio[name].topics)
        for name in technologies
    )
    return Library(tuple(technologies), tuple(map(tuple, units)), tuple(sentences), subjects)


class _Judge:
    """Asks the matcher which technologies texts belong to."""

    def __init__(self, strict: Mapping[str, Query], relaxed: Mapping[str, Query]) -> None:
        self._strict = Matcher(dict(strict))
        self._relaxed = Matcher(dict(relaxed))

    def strict(self, titles: Sequence[str], abstracts: Sequence[str]) -> list[set[int]]:
        """Return the technologies of each text."""
        return _by_text(self._strict, titles, abstracts)

    def relaxed(self, titles: Sequence[str], abstracts: Sequence[str]) -> list[set[int]]:
        """Return the technologies that each text would have without NOTs and distances."""
        return _by_text(self._relaxed, titles, abstracts)

    def harmless(self, sentences: Sequence[str]) -> list[str]:
        """Keep the sentences that together satisfy no query, whatever its NOTs and distances."""
        kept: list[str] = []
        rest = list(sentences)
        while rest:
            texts = [" ".join(kept + rest[: n + 1]) for n in range(len(rest))]
            found = self.relaxed([title_of(1, "")] * len(texts), texts)
            first = next((n for n, names in enumerate(found) if names), len(rest))
            kept += rest[:first]
            rest = rest[first + 1 :]
        return kept


def _by_text(matcher: Matcher[str], titles: Sequence[str], abstracts: Sequence[str]) -> list[set[int]]:
    found: list[set[int]] = [set() for _ in titles]
    matches = matcher.match(pa.array(titles, pa.string()), pa.array(abstracts, pa.string()))
    for text, query in zip(matches.text.tolist(), matches.query.tolist(), strict=True):
        found[text].add(query)
    return found


def _plain(
    judge: _Judge, index: int, query: Query, known: Vocabulary, sentences: Sequence[str]
) -> list[Unit]:
    """Draw units that belong to one technology alone; where its query yields none, units with what they hit."""
    rng = np.random.default_rng([74, index])
    alone: dict[Unit, None] = {}
    shared: dict[Unit, None] = {}
    for _ in range(_ROUNDS):
        drawn = [witness(query, rng, known) for _ in range(UNITS)]
        written = [_write(w, rng) for w in drawn if not w.topics and not w.sources]
        for unit, clean in _judged(judge, written, index, sentences):
            (alone if clean else shared)[unit] = None
        if len(alone) >= UNITS - _PAIRED:
            break
    units = list(alone or shared)[: UNITS - _PAIRED]
    if not units:
        raise InputError(
            f"no text can be simulated for the strict query of technology {index + 1}: {query.text}"
        )
    return units


def _judged(
    judge: _Judge, written: Sequence[tuple[str, str]], index: int, sentences: Sequence[str]
) -> Iterable[tuple[Unit, bool]]:
    if not written:
        return
    titles = [title_of(1, title) for title, _ in written]
    texts = [" ".join([abstract, *sentences]) for _, abstract in written]
    strict, relaxed = judge.strict(titles, texts), judge.relaxed(titles, texts)
    for (title, abstract), names, at_most in zip(written, strict, relaxed, strict=True):
        if index in names:
            yield Unit(title, abstract, tuple(sorted(names))), at_most == {index}


def _paired(
    judge: _Judge,
    index: int,
    plain: Sequence[Sequence[Unit]],
    neighbour: int | None,
    sentences: Sequence[str],
) -> list[Unit]:
    """Join units of two technologies, and keep those that belong to both and to no third."""
    if neighbour is None:
        return []
    wanted = {index, neighbour}
    pairs = [
        (own.title, f"{own.abstract} {other.abstract}")
        for own, other in zip(plain[index], plain[neighbour], strict=False)
    ]
    units = [unit for unit, _ in _judged(judge, pairs, index, sentences) if set(unit.technologies) == wanted]
    return units[:_PAIRED]


def _neighbour(index: int, domains: Sequence[str], hosts: Sequence[bool]) -> int | None:
    """Return the next technology of the same domain that takes guests."""
    same = [i for i, domain in enumerate(domains) if domain == domains[index] and i != index and hosts[i]]
    return next((i for i in same if i > index), same[0] if same else None)


def _write(words: Witness, rng: np.random.Generator) -> tuple[str, str]:
    """Put the words of a witness into a title and an abstract."""
    either = list(words.either)
    title = list(words.title) or either[:1]
    abstract = [*words.abstract, *either] or title
    opening = _OPENINGS[int(rng.integers(len(_OPENINGS)))]
    return " with ".join(title), opening.format(" with ".join(abstract))


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
