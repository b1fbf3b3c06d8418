"""What a set of queries needs from a text, each thing once.

Queries share words. A `Plan` numbers every distinct *pattern* (a term, prefix or phrase) and *pair* (a NEAR) of all
queries; every distinct *atom*, which is a pattern or pair at a place, a topic, or a source; and every distinct
*group* of atoms of which any one will do, such as the terms of an OR-group. A query becomes an expression over
groups, so that a batch of texts is searched once for all queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar

from primacy.technologies.query import And, Near, Node, Not, Or, Query, Source, Topic, Within, Words, leaves

T = TypeVar("T")
Place: TypeAlias = Literal["text", "title", "abstract"]
Kind: TypeAlias = Literal["pattern", "pair", "topic", "source"]
Atom: TypeAlias = tuple[Kind, Place, int]


@dataclass(frozen=True, slots=True)
class Any:
    """An atom of the group holds, or one of the expressions."""

    group: int
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Each of the groups and each of the expressions holds, and none of ``without``."""

    groups: tuple[int, ...]
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
    """The patterns, pairs, atoms and groups of a set of queries, and the queries as expressions over groups.

    Attributes
    ----------
    patterns, pairs, atoms, groups
        Each distinct one, with its number; a group is a set of atoms' numbers.
    expressions
        One per query, in their order.
    """

    patterns: dict[Words, int] = field(default_factory=dict)
    pairs: dict[Pair, int] = field(default_factory=dict)
    atoms: dict[Atom, int] = field(default_factory=dict)
    groups: dict[frozenset[int], int] = field(default_factory=dict)
    expressions: list[Expression] = field(default_factory=list)

    @classmethod
    def of(cls, queries: Iterable[Query]) -> Plan:
        """Plan a set of queries."""
        plan = cls()
        plan.expressions = [plan._expression(query.root, "text") for query in queries]
        return plan

    def table(self, kind: Kind, place: Place = "text") -> dict[int, int]:
        """Return the atoms of a kind at a place: of each pattern, pair, topic or source, by its number."""
        return {number: atom for (k, p, number), atom in self.atoms.items() if (k, p) == (kind, place)}

    def _expression(self, node: Node, place: Place) -> Expression:
        match node:
            case And(parts):
                return self._all(parts, place)
            case Not():
                return self._all((node,), place)
            case _:
                atoms, expressions = self._members(node, place)
                group = frozenset(self._number(self.atoms, atom) for atom in atoms)
                return Any(self._number(self.groups, group), tuple(expressions))

    def _all(self, nodes: tuple[Node, ...], place: Place) -> All:
        """Gather what must hold and what must not."""
        held = [self._expression(node, place) for node in nodes if not isinstance(node, Not)]
        return All(
            groups=tuple(part.group for part in held if isinstance(part, Any) and not part.parts),
            parts=tuple(part for part in held if isinstance(part, All) or part.parts),
            without=tuple(self._expression(node.part, place) for node in nodes if isinstance(node, Not)),
        )

    def _members(self, node: Node, place: Place) -> tuple[list[Atom], list[Expression]]:
        """Gather an OR-group with the groups inside it: what is an atom, and what is not."""
        match node:
            case Or(parts):
                members = [self._members(part, place) for part in parts]
                return [atom for atoms, _ in members for atom in atoms], [
                    e for _, inner in members for e in inner
                ]
            case Within(field_name, part):
                return self._members(part, field_name)
            case Words():
                return [("pattern", place, self._number(self.patterns, node))], []
            case Near(left, right, distance):
                pair = Pair(self._side(left), self._side(right), distance)
                return [("pair", place, self._number(self.pairs, pair))], []
            case Topic(number):
                return [("topic", "text", number)], []
            case Source(number):
                return [("source", "text", number)], []
            case And() | Not():
                return [], [self._expression(node, place)]

    def _side(self, node: Node) -> frozenset[int]:
        return frozenset(
            self._number(self.patterns, leaf) for leaf in leaves(node) if isinstance(leaf, Words)
        )

    @staticmethod
    def _number(table: dict[T, int], key: T) -> int:
        return table.setdefault(key, len(table))
