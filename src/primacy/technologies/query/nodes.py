"""The parts of a query, as immutable values.

A query is a tree: `And`, `Or`, `Not`, `Within` (a field) and `Near` over the leaves `Words`, `Topic` and
`Source`.
Where a leaf was written (``at``) and how (``written``) does not count when two queries are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

FieldName: TypeAlias = Literal["title", "abstract"]


@dataclass(frozen=True, slots=True)
class Words:
    """Consecutive words: a term (one word), a prefix (``batter*``) or a phrase.

    Attributes
    ----------
    words
        The folded words, at least one.
    prefix
        Whether the last word is only the beginning of a word.
    written
        As the author wrote it, quotes and all.
    at
        Offset of its first character in the query's text.
    """

    words: tuple[str, ...]
    prefix: bool = False
    written: str = field(default="", compare=False)
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Topic:
    """Any of the work's topics is this one; ``number`` is the integer part of its OpenAlex id."""

    number: int
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """The work's primary source is this one; ``number`` is the integer part of its OpenAlex id."""

    number: int
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """A match of ``left`` and a match of ``right`` with at most ``distance`` words between them.

    The order is free, the two matches do not overlap, and both lie in the title or both in the abstract.
    Each side is `Words` or an `Or` of them.
    """

    left: Node
    right: Node
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Within:
    """The part holds of the title alone, or of the abstract alone."""

    field: FieldName
    part: Node


Node: TypeAlias = Words | Topic | Source | Near | And | Or | Not | Within
Leaf: TypeAlias = Words | Topic | Source


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: its text and the tree it stands for."""

    text: str = field(compare=False)
    root: Node

    def leaves(self) -> Iterator[Leaf]:
        """Yield the leaves in the order they were written."""
        yield from leaves(self.root)


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node, none for a leaf."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | Within(_, part):
            return (part,)
        case Near(left, right):
            return (left, right)
        case _:
            return ()


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree in the order they were written."""
    if isinstance(node, Words | Topic | Source):
        yield node
    for child in children(node):
        yield from leaves(child)
