"""A query as a person reads it: coloured, broken into lines, indented."""

from __future__ import annotations

from rich.text import Text

from primacy.technologies.query import And, Near, Node, Not, Or, Query, Source, Topic, Within, Words

_OPERATOR = "bold magenta"
_NEGATION = "bold red"
_FIELD = "cyan"
_TERM = "green"
_EXCLUDED = "red"


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
    return layout.text


class _Layout:
    def __init__(self, width: int, indent: int) -> None:
        self.width = width
        self.indent = indent
        self.text = Text(" " * indent)
        self.column = indent
        self.opened = 0  # blocks whose closing parenthesis is still to come

    def put(self, piece: Text) -> None:
        self.text.append_text(piece)
        self.column += piece.cell_len

    def line(self) -> None:
        if self.column > self.indent:
            self.text.rstrip()
            self.text.append("\n" + " " * self.indent)
            self.column = self.indent

    def fits(self, piece: Text) -> bool:
        return self.column + piece.cell_len + self.opened <= self.width

    def node(self, node: Node, *, negated: bool) -> None:
        flat = _flat(node, negated=negated)
        if self.fits(flat):
            self.put(flat)
            return
        match node:
            case Or(parts):
                self.parts(parts, "OR", negated=negated)
            case And(parts):
                self.parts(parts, "AND", negated=negated)
            case Not(part):
                self.put(Text("NOT ", _NEGATION))
                self.operand(part, negated=True)
            case Within(field, part):
                self.put(Text(f"{field}:", _FIELD))
                self.block(part, negated=negated)
            case Near(left, right, distance):
                self.operand(left, negated=negated)
                self.line()
                self.put(Text(f"NEAR/{distance} ", _OPERATOR))
                self.operand(right, negated=negated)
            case _:
                self.line()
                self.put(flat)

    def parts(self, parts: tuple[Node, ...], operator: str, *, negated: bool) -> None:
        """Fill lines with the parts of an OR; give each part of an AND its own line."""
        broken = False
        for number, part in enumerate(parts):
            joint = Text(f"{operator} ", _OPERATOR) if number else Text()
            if operator == "AND" and isinstance(part, Not) and number:
                joint = Text("NOT ", _NEGATION)
            inner = part.part if operator == "AND" and isinstance(part, Not) and number else part
            inside = negated or inner is not part
            flat = _bracketed(inner, part_of=operator, negated=inside)
            if number and (operator == "AND" or broken or not self.fits(joint + flat)):
                self.line()
            self.put(joint)
            broken = not self.fits(flat)
            if broken:
                self.operand(inner, negated=inside)
            else:
                self.put(flat)
            if number < len(parts) - 1:
                self.put(Text(" "))

    def operand(self, node: Node, *, negated: bool) -> None:
        if isinstance(node, And | Or):
            self.block(node, negated=negated)
        else:
            self.node(node, negated=negated)

    def block(self, node: Node, *, negated: bool) -> None:
        before, self.indent = (
            self.indent,
            self.column + 1 if self.column < self.width // 2 else self.indent + 2,
        )
        self.put(Text("("))
        self.opened += 1
        self.node(node, negated=negated)
        self.opened -= 1
        self.put(Text(")"))
        self.indent = before


def _flat(node: Node, *, negated: bool) -> Text:
    """Write a node on one line."""
    match node:
        case Words():
            return Text(" ".join(node.written.split()), _EXCLUDED if negated else _TERM)
        case Topic(number):
            return Text(f"topic:T{number}", _FIELD)
        case Source(number):
            return Text(f"source:S{number}", _FIELD)
        case Not(part):
            return Text("NOT ", _NEGATION) + _bracketed(part, part_of="NOT", negated=True)
        case Within(field, part):
            return Text(f"{field}:", _FIELD) + _bracketed(part, part_of="FIELD", negated=negated)
        case Near(left, right, distance):
            sides = [_bracketed(side, part_of="NEAR", negated=negated) for side in (left, right)]
            return sides[0] + Text(f" NEAR/{distance} ", _OPERATOR) + sides[1]
        case Or(parts):
            return Text(" OR ", _OPERATOR).join(
                _bracketed(part, part_of="OR", negated=negated) for part in parts
            )
        case And(parts):
            text = _bracketed(parts[0], part_of="AND", negated=negated)
            for part in parts[1:]:
                inner = part.part if isinstance(part, Not) else part
                joint = Text(" NOT ", _NEGATION) if isinstance(part, Not) else Text(" AND ", _OPERATOR)
                text = text + joint + _bracketed(inner, part_of="AND", negated=negated or inner is not part)
            return text


_LOOSER: dict[str, tuple[type, ...]] = {
    "OR": (Or,),
    "AND": (Or, And),
    "NOT": (Or, And),
    "NEAR": (Or, And, Not, Near),
    "FIELD": (Or, And, Not, Near),
}


def _bracketed(node: Node, *, part_of: str, negated: bool) -> Text:
    flat = _flat(node, negated=negated)
    return Text("(") + flat + Text(")") if isinstance(node, _LOOSER[part_of]) else flat
