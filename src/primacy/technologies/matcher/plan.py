"""What a set of queries needs from a text, each thing once.

Queries share words. A `Plan` numbers every distinct *atom* that any query asks about: a pattern (a term,
prefix or phrase) in the title, in the abstract or in either; a NEAR; a topic; a source. A query becomes an
expression over atom numbers, so that a batch of texts is searched once for all queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from primacy.technologies.query import And, Near, Node, Not, Or, Query, Source, Topic, Within, Words, leaves

Place: TypeAlias = Literal["text", "title", "abstract"]
PLACES: tuple[Place, ...] = ("text", "title", "abstract")


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of the atoms, or of the expressions, holds."""

    atoms: tuple[int, ...]
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every expression of ``parts`` holds, and none of ``without``."""

    parts: tuple[Expression, ...]
    without: tuple[Expression, ...]


Expression: TypeAlias = Any | All


@dataclass(frozen=True, slots=True)
class Pair:
    """A NEAR over pattern numbers."""

    left: frozenset[int]
    right: frozenset[int]
    distance: int


@dataclass
class Plan:
    """The atoms of a set of queries, and the queries as expressions over them.

    Attributes
    ----------
    patterns
        Distinct terms, prefixes and phrases, numbered.
    pairs
        Distinct NEARs, numbered.
    at
        For each place, the atom of a pattern there.
    near
        For each place, the atom of a pair there.
    topics, sources
        The atom of a topic or a source.
    expressions
        One per query, in their order.
    atoms
        How many atoms there are.
    """

    patterns: dict[Words, int] = field(default_factory=dict)
    pairs: dict[Pair, int] = field(default_factory=dict)
    at: dict[Place, dict[int, int]] = field(default_factory=lambda: {place: {} for place in PLACES})
    near: dict[Place, dict[int, int]] = field(default_factory=lambda: {place: {} for place in PLACES})
    topics: dict[int, int] = field(default_factory=dict)
    sources: dict[int, int] = field(default_factory=dict)
    expressions: list[Expression] = field(default_factory=list)
    atoms: int = 0

    @classmethod
    def of(cls, queries: Iterable[Query]) -> Plan:
        """Plan a set of queries."""
        plan = cls()
        plan.expressions = [plan._expression(query.root, "text") for query in queries]
        return plan

    def _expression(self, node: Node, place: Place) -> Expression:
        match node:
            case Or(parts):
                return self._any(parts, place)
            case And(parts):
                without = tuple(self._expression(part.part, place) for part in parts if isinstance(part, Not))
                held = tuple(self._expression(part, place) for part in parts if not isinstance(part, Not))
                return All(held, without)
            case Not(part):
                return All((), (self._expression(part, place),))
            case Within(field_name, part):
                return self._expression(part, field_name)
            case _:
                return self._any((node,), place)

    def _any(self, nodes: tuple[Node, ...], place: Place) -> Any:
        """Gather an OR-group, with the groups inside it."""
        atoms: dict[int, None] = {}
        parts: list[Expression] = []
        for node in nodes:
            match node:
                case Words() | Near() | Topic() | Source():
                    atoms[self._atom(node, place)] = None
                case Within(field_name, Words() | Near() as leaf):
                    atoms[self._atom(leaf, field_name)] = None
                case Or():
                    inner = self._any(node.parts, place)
                    atoms |= dict.fromkeys(inner.atoms)
                    parts += inner.parts
                case _:
                    parts.append(self._expression(node, place))
        return Any(tuple(atoms), tuple(parts))

    def _atom(self, node: Words | Near | Topic | Source, place: Place) -> int:
        match node:
            case Words():
                return self._number(self.at[place], self._pattern(node))
            case Near(left, right, distance):
                pair = Pair(self._side(left), self._side(right), distance)
                return self._number(self.near[place], self.pairs.setdefault(pair, len(self.pairs)))
            case Topic(number):
                return self._number(self.topics, number)
            case Source(number):
                return self._number(self.sources, number)

    def _side(self, node: Node) -> frozenset[int]:
        return frozenset(self._pattern(leaf) for leaf in leaves(node) if isinstance(leaf, Words))

    def _pattern(self, words: Words) -> int:
        return self.patterns.setdefault(words, len(self.patterns))

    def _number(self, table: dict[int, int], key: int) -> int:
        if key not in table:
            table[key] = self.atoms
            self.atoms += 1
        return table[key]
