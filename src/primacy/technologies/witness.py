"""Words that satisfy a query: from a tree to runs of words that it matches.

A simulated text, and a test of the matcher, need words that a query is known to match.
`witness` walks the tree once: of an OR it takes one part, of an AND all, and it sets the two sides of a NEAR
next to each other.
What a NOT excludes is only left out, so a text that is built from the words should be checked with the
matcher.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from primacy.technologies.folding import words
from primacy.technologies.query import And, Near, Node, Not, Or, Query, Source, Topic, Within, Words

__all__ = ["Vocabulary", "Witness", "witness"]

_ENDINGS = {
    "i": "es",
    "iz": "ation",
    "is": "ation",
    "at": "ion",
    "og": "y",
    "ph": "y",
    "om": "y",
    "olog": "y",
    "et": "ry",
    "nc": "y",
    "ur": "e",
    "it": "y",
    "ist": "ry",
    "ut": "ation",
    "ll": "ing",
}


@dataclass(frozen=True, slots=True)
class Witness:
    """Runs of words that together satisfy a query; the words of a run stay next to each other.

    Attributes
    ----------
    title, abstract
        Runs that the title, or the abstract, must hold.
    either
        Runs that may stand in either.
    topics, sources
        Numbers of the topics and of the source that the work must have.
    """

    title: tuple[str, ...] = ()
    abstract: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    topics: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()

    def __add__(self, other: Witness) -> Witness:
        """Return what satisfies both."""
        return Witness(
            self.title + other.title,
            self.abstract + other.abstract,
            self.either + other.either,
            self.topics + other.topics,
            self.sources + other.sources,
        )

    def within(self, name: str) -> Witness:
        """Return the same words with those that may stand anywhere bound to a field."""
        if name == "title":
            return Witness(self.title + self.either, self.abstract, (), self.topics, self.sources)
        return Witness(self.title, self.abstract + self.either, (), self.topics, self.sources)


@dataclass(frozen=True)
class Vocabulary:
    """Whole words by their beginnings, so that ``batter*`` becomes "battery" rather than "batter".

    Examples
    --------
    >>> Vocabulary(["the battery", "batteries"]).completions("batter")
    ('batteries', 'battery')
    """

    texts: Iterable[str] = ()
    _words: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        known = sorted({word for text in self.texts for word in words(text)})
        object.__setattr__(self, "_words", tuple(known))

    def completions(self, stem: str) -> tuple[str, ...]:
        """Return the known words that begin with a stem, else one that plausibly does."""
        first = bisect_left(self._words, stem)
        found = []
        for word in self._words[first:]:
            if not word.startswith(stem):
                break
            found.append(word)
        return tuple(found) or (stem + _ending(stem),)


def witness(query: Query, rng: np.random.Generator, vocabulary: Vocabulary | None = None) -> Witness:
    """Return words that satisfy a query, chosen at random.

    Parameters
    ----------
    query
        A parsed query.
    rng
        Source of the choices between the parts of an OR and between the completions of a prefix.
    vocabulary
        Whole words for prefixes; without it a prefix is completed by a guess.

    Returns
    -------
    Witness
        Runs of folded words. A text that holds them, in its title or abstract as said, is matched unless it
        also holds what the query excludes.

    Examples
    --------
    >>> from primacy.technologies.query import parse
    >>> witness(parse("title:(solid NEAR/2 electrolyte*) AND lithium"), np.random.default_rng(0))
    Witness(title=('solid electrolyte',), abstract=(), either=('lithium',), topics=(), sources=())
    """
    return _satisfy(query.root, rng, vocabulary or Vocabulary())


def _satisfy(node: Node, rng: np.random.Generator, vocabulary: Vocabulary) -> Witness:
    match node:
        case Words():
            return Witness(either=(_run(node, rng, vocabulary),))
        case Topic(number):
            return Witness(topics=(number,))
        case Source(number):
            return Witness(sources=(number,))
        case Not():
            return Witness()
        case Within(name, part):
            return _satisfy(part, rng, vocabulary).within(name)
        case And(parts):
            total = Witness()
            for part in parts:
                total += _satisfy(part, rng, vocabulary)
            return total
        case Or(parts):
            return _satisfy(_pick(parts, rng), rng, vocabulary)
        case Near(left, right):
            both = (_one(left, rng, vocabulary), _one(right, rng, vocabulary))
            return Witness(either=(" ".join(both),))
    raise TypeError(f"not a part of a query: {node!r}")


def _pick(parts: Sequence[Node], rng: np.random.Generator) -> Node:
    return parts[int(rng.integers(len(parts)))]


def _one(side: Node, rng: np.random.Generator, vocabulary: Vocabulary) -> str:
    """Return the words of one side of a NEAR: a term or phrase, or one of an OR-group of them."""
    while isinstance(side, Or):
        side = _pick(side.parts, rng)
    if not isinstance(side, Words):
        raise TypeError(f"not a side of a NEAR: {side!r}")
    return _run(side, rng, vocabulary)


def _run(term: Words, rng: np.random.Generator, vocabulary: Vocabulary) -> str:
    *before, last = term.words
    if term.prefix:
        found = vocabulary.completions(last)
        last = found[int(rng.integers(len(found)))]
    return " ".join([*before, last])


def _ending(stem: str) -> str:
    for length in (4, 3, 2, 1):
        if stem[-length:] in _ENDINGS:
            return _ENDINGS[stem[-length:]]
    return ""
