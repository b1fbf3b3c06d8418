"""A query as a person reads it: coloured, broken into lines, indented."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from rich.cells import cell_len
from rich.text import Text

from primacy.technologies.query import And, Near, Node, Not, Or, Query, Source, Topic, Within, Words

Piece: TypeAlias = tuple[str, str]
"""Some characters and their style."""

OPERATOR = "bold magenta"
NEGATION = "bold red"
FIELD = "cyan"
TERM = "green"
EXCLUDED = "red"


def render_query(query: Query, *, width: int = 80, indent: int = 2) -> Text:
    """Lay a query out over lines.

    Parameters
    ----------
    query
        The query.
    width
        The most characters of a line; a single longer term stands alone.
    indent
        Spaces before every line.
    """
    layout = _Layout(width, indent)
    layout.node(query.root, negated=False)
    return layout.text()


class _Layout:
    """Writes a query from its first word to its last, and breaks lines where they are full."""

    def __init__(self, width: int, indent: int) -> None:
        self.width = width
        self.indent = indent
        self.lines: list[list[Piece]] = [[(" " * indent, "")]]
        self.column = indent
        self.opened = 0  # blocks whose closing parenthesis is still to come

    def text(self) -> Text:
        lines = [Text.assemble(*line) for line in self.lines]
        for line in lines:
            line.rstrip()
        return Text("\n").join(lines)

    def put(self, *pieces: Piece) -> None:
        self.lines[-1] += pieces
        self.column += _length(pieces)

    def line(self) -> None:
        if self.column > self.indent:
            self.lines.append([(" " * self.indent, "")])
            self.column = self.indent

    def fits(self, pieces: Iterable[Piece]) -> bool:
        return self.column + _length(pieces) + self.opened <= self.width

    def node(self, node: Node, *, negated: bool) -> None:
        flat = _flat(node, negated=negated)
        if self.fits(flat):
            self.put(*flat)
            return
        match node:
            case Or(parts):
                self.parts(parts, "OR", negated=negated)
            case And(parts):
                self.parts(parts, "AND", negated=negated)
            case Not(part):
                self.put(("NOT ", NEGATION))
                self.operand(part, negated=True)
            case Within(field, part):
                self.put((f"{field}:", FIELD))
                self.block(part, negated=negated)
            case Near(left, right, distance):
                self.operand(left, negated=negated)
                self.line()
                self.put((f"NEAR/{distance} ", OPERATOR))
                self.operand(right, negated=negated)
            case _:
                self.line()
                self.put(*flat)

    def parts(self, parts: tuple[Node, ...], operator: str, *, negated: bool) -> None:
        """Fill lines with the parts of an OR; give each part of an AND its own line."""
        broken = False
        for number, part in enumerate(parts):
            joint: list[Piece] = [(f"{operator} ", OPERATOR)] if number else []
            inner, inside = part, negated
            if operator == "AND" and isinstance(part, Not) and number:
                joint, inner, inside = [("NOT ", NEGATION)], part.part, True
            flat = _bracketed(inner, part_of=operator, negated=inside)
            if number and (operator == "AND" or broken or not self.fits([*joint, *flat])):
                self.line()
            self.put(*joint)
            broken = not self.fits(flat)
            if broken:
                self.operand(inner, negated=inside)
            else:
                self.put(*flat)
            if number < len(parts) - 1:
                self.put((" ", ""))

    def operand(self, node: Node, *, negated: bool) -> None:
        if isinstance(node, And | Or):
            self.block(node, negated=negated)
        else:
            self.node(node, negated=negated)

    def block(self, node: Node, *, negated: bool) -> None:
        before = self.indent
        self.indent = self.column + 1 if self.column < self.width // 2 else self.indent + 2
        self.put(("(", ""))
        self.opened += 1
        self.node(node, negated=negated)
        self.opened -= 1
        self.put((")", ""))
        self.indent = before


def _length(pieces: Iterable[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _flat(node: Node, *, negated: bool) -> list[Piece]:
    """Write a node on one line."""
    match node:
        case Words():
            return [(" ".join(node.written.split()), EXCLUDED if negated else TERM)]
        case Topic(number):
            return [(f"topic:T{number}", FIELD)]
        case Source(number):
            return [(f"source:S{number}", FIELD)]
        case Not(part):
            return [("NOT ", NEGATION), *_bracketed(part, part_of="NOT", negated=True)]
        case Within(field, part):
            return [(f"{field}:", FIELD), *_bracketed(part, part_of="FIELD", negated=negated)]
        case Near(left, right, distance):
            sides = [_bracketed(side, part_of="NEAR", negated=negated) for side in (left, right)]
            return [*sides[0], (f" NEAR/{distance} ", OPERATOR), *sides[1]]
        case Or(parts):
            joined: list[Piece] = []
            for part in parts:
                joined += [(" OR ", OPERATOR)] if joined else []
                joined += _bracketed(part, part_of="OR", negated=negated)
            return joined
        case And(parts):
            joined = _bracketed(parts[0], part_of="AND", negated=negated)
            for part in parts[1:]:
                if isinstance(part, Not):
                    joined += [(" NOT ", NEGATION), *_bracketed(part.part, part_of="AND", negated=True)]
                else:
                    joined += [(" AND ", OPERATOR), *_bracketed(part, part_of="AND", negated=negated)]
            return joined


_LOOSER: dict[str, tuple[type, ...]] = {
    "OR": (Or,),
    "AND": (Or, And),
    "NOT": (Or, And),
    "NEAR": (Or, And, Not, Near),
    "FIELD": (Or, And, Not, Near),
}


def _bracketed(node: Node, *, part_of: str, negated: bool) -> list[Piece]:
    flat = _flat(node, negated=negated)
    return [("(", ""), *flat, (")", "")] if isinstance(node, _LOOSER[part_of]) else flat
