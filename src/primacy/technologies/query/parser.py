"""From the text of a query to its tree.

The grammar is `query.lark`, read by lark's LALR parser: its cost is linear in the length of the text and it
does not recurse. What a grammar cannot say well is checked here, so that an error names what is wrong, and
where.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TypeAlias, cast

import lark

from primacy.technologies.folding import words
from primacy.technologies.query.errors import QuerySyntaxError, quote
from primacy.technologies.query.nodes import (
    And,
    FieldName,
    Near,
    Node,
    Not,
    Or,
    Query,
    Source,
    Topic,
    Within,
    Words,
    children,
)

MAX_DEPTH = 100
MAX_DISTANCE = 10_000

_Child: TypeAlias = Node | lark.Token

_MARK = re.compile(r'["()]')
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})
_OPERAND_STARTS = frozenset({"WORD", "PHRASE", "_LPAR", "FIELD"})
_FIELDS = "the fields are title:, abstract:, topic: and source:"


def parse(text: str) -> Query:
    """Parse a query.

    Parameters
    ----------
    text
        The query; it may span several lines.

    Returns
    -------
    Query
        The tree, and the text it came from.

    Raises
    ------
    QuerySyntaxError
        The text is not a query; the error has the column.

    Examples
    --------
    >>> near = parse("solid NEAR/2 electrolyte*").root
    >>> near.left.words, near.right.words, near.right.prefix, near.distance
    (('solid',), ('electrolyte',), True, 2)
    >>> parse("lithium battery")
    Traceback (most recent call last):
    primacy.technologies.query.errors.QuerySyntaxError: column 9: two terms with no operator between them: ...
    """
    _check_brackets(text)
    try:
        return Query(text=text, root=cast("Node", _parser().parse(text)))
    except _RefusedError as error:
        raise QuerySyntaxError(text, error.offset, error.reason) from None
    except lark.UnexpectedToken as error:
        offset = len(text) if error.token.type == "$END" else error.token.start_pos or 0
        raise QuerySyntaxError(text, offset, _explain(text, error)) from None
    except lark.UnexpectedCharacters as error:  # a colon that stands alone is all that no token begins with
        raise QuerySyntaxError(
            text, error.pos_in_stream or 0, f"`:` follows no field name; {_FIELDS}"
        ) from None


@cache
def _parser() -> lark.Lark:
    grammar = resources.files(__package__).joinpath("query.lark").read_text(encoding="utf-8")
    return lark.Lark(grammar, parser="lalr", lexer="basic", transformer=_Builder())


class _RefusedError(Exception):
    """A part of the query is wrong; `parse` adds the text."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


def _check_brackets(text: str) -> None:
    """Refuse quotes and parentheses that do not pair, and deep nesting."""
    opened: list[int] = []
    quoted: int | None = None
    for mark in _MARK.finditer(text):
        at = mark.start()
        if mark[0] == '"':
            quoted = at if quoted is None else None
        elif quoted is not None:
            continue
        elif mark[0] == "(":
            opened.append(at)
            if len(opened) > MAX_DEPTH:
                raise QuerySyntaxError(text, at, f"parentheses are nested deeper than {MAX_DEPTH} levels")
        elif not opened:
            raise QuerySyntaxError(text, at, "`)` closes nothing; remove it or add the missing `(`")
        else:
            opened.pop()
    if quoted is not None:
        raise QuerySyntaxError(text, quoted, 'the quote `"` that opens here is never closed')
    if opened:
        raise QuerySyntaxError(text, opened[-1], "the parenthesis `(` that opens here is never closed")


def _explain(text: str, error: lark.UnexpectedToken) -> str:
    """Say why a token cannot stand where it stands."""
    kind, written = error.token.type, quote(str(error.token))
    before = text[: error.token.start_pos].rstrip() if kind != "$END" else text.rstrip()
    last = re.split(r'[\s()"]', before)[-1] if before else ""
    if not error.expected & _OPERAND_STARTS:
        return _explain_juxtaposition(text, error.token)
    if last.endswith(":"):
        return f"{quote(last)} takes a term, a phrase or a group in parentheses right after it"
    if kind == "$END":
        return f"the query ends after {last} where a term is missing" if before else "the query is empty"
    if kind == "_RPAR":
        return "the parentheses are empty" if before.endswith("(") else f"a term is missing after {last}"
    if last.startswith("NEAR"):
        return f"{last} joins terms, phrases or OR-groups of these; {written} cannot follow it"
    if last in _OPERATORS:
        return f"a term is missing between {last} and {written}"
    return f"{written} has nothing on its left"


def _explain_juxtaposition(text: str, token: lark.Token) -> str:
    start = token.start_pos or 0
    end = re.compile(r'"[^"]*"|[^\s()"]*').match(text, start)
    following = quote(end[0] if end and end[0] else str(token))
    reason = f"two terms with no operator between them: write AND, OR, NOT or NEAR/n before {following}"
    previous = re.split(r'[\s()"]', text[:start].rstrip())[-1]
    for word in (str(token), previous):
        if word.upper().split("/")[0] in _OPERATORS:
            return f"{reason} (operators are upper case: {quote(word.upper())}, not {quote(word)})"
    if set("“”„«»") & set(str(token) + previous):
        return f'{reason} (a phrase is written between straight quotes: ")'
    return f'{reason}, or quote them as one "phrase"' if token.type == "WORD" else reason


class _Builder(lark.Transformer[lark.Token, Node]):
    """Builds the tree, bottom up, as the parser reads; the names are those of the grammar."""

    def disjunction(self, parts: list[Node]) -> Node:
        return Or(tuple(parts))

    def conjunction(self, parts: list[Node]) -> Node:
        return And(tuple(parts))

    def negate(self, parts: list[Node]) -> Node:
        (part,) = parts
        return part.part if isinstance(part, Not) else Not(part)

    def group(self, parts: list[Node]) -> Node:
        return parts[0]

    def bare(self, tokens: list[lark.Token]) -> Node:
        return _words(tokens[0], tokens[0].start_pos or 0, str(tokens[0]))

    def quoted(self, tokens: list[lark.Token]) -> Node:
        return _words(tokens[0], (tokens[0].start_pos or 0) + 1, str(tokens[0])[1:-1])

    def restrict(self, parts: list[_Child]) -> Node:
        field, part = cast("tuple[lark.Token, Node]", parts)
        at, name = field.start_pos or 0, str(field)[:-1]
        if name in ("topic", "source"):
            return _identity(name, at, part)
        if name not in ("title", "abstract"):
            raise _RefusedError(
                at, f"there is no field {quote(name)}; {_FIELDS} (quote words that hold a colon)"
            )
        if not _is_text(part):
            raise _RefusedError(at, f"{name}: cannot hold another field inside")
        return Within(cast("FieldName", name), part)

    def proximity(self, parts: list[_Child]) -> Node:
        operators = cast("list[lark.Token]", parts[1::2])
        operands = cast("list[Node]", parts[::2])
        at = operators[0].start_pos or 0
        distance = _distance(operators[0], at)
        if len(operators) > 1:
            again = operators[1].start_pos or 0
            raise _RefusedError(again, "NEAR cannot be chained; join two NEARs with AND")
        for reason in filter(None, map(_not_an_operand, operands)):
            raise _RefusedError(at, f"NEAR joins terms, phrases or OR-groups of these, not {reason}")
        return Near(operands[0], operands[1], distance)


def _words(token: lark.Token, start: int, raw: str) -> Words:
    """Read a term, prefix or phrase; ``start`` is where ``raw`` begins in the query."""
    at, written = token.start_pos or 0, str(token)
    stem, star, tail = raw.partition("*")
    folded = tuple(words(stem))
    if star:
        if tail.strip():
            raise _RefusedError(start + len(stem), f"`*` may only end the last word, in {quote(written)}")
        if not folded or len(words(stem + "x")) != len(folded):
            raise _RefusedError(
                start + len(stem), f"`*` needs the beginning of a word before it, in {quote(written)}"
            )
    elif not folded:
        empty = "the phrase is empty" if token.type == "PHRASE" else "here is no term"
        raise _RefusedError(at, f"{empty}: {quote(written)} holds no letter or digit")
    return Words(folded, prefix=bool(star), written=written, at=at)


def _identity(name: str, at: int, part: Node) -> Topic | Source:
    letter = name[0].upper()
    written = part.written if isinstance(part, Words) else ""
    found = re.fullmatch(rf"{letter}([0-9]{{1,18}})", written, re.IGNORECASE)
    if not found:
        raise _RefusedError(at, f"{name}: takes one OpenAlex id, such as {name}:{letter}10018")
    return Topic(int(found[1]), at) if name == "topic" else Source(int(found[1]), at)


def _distance(operator: lark.Token, at: int) -> int:
    number = str(operator).partition("/")[2]
    if not re.fullmatch(r"[0-9]{1,9}", number) or int(number) > MAX_DISTANCE:
        raise _RefusedError(
            at, f"{quote(str(operator))} needs a number of words from 0 to {MAX_DISTANCE:,}, such as NEAR/5"
        )
    return int(number)


def _not_an_operand(node: Node) -> str:
    """Say what keeps a node from standing beside NEAR; empty where nothing does."""
    match node:
        case Words():
            return ""
        case Or(parts):
            return next(filter(None, map(_not_an_operand, parts)), "")
        case And():
            return "an AND group"
        case Not():
            return "a NOT"
        case Near():
            return "another NEAR"
        case _:
            return "a field (write the field before the parentheses: title:(a NEAR/3 b))"


def _is_text(node: Node) -> bool:
    """Whether a node tests words alone: no field, topic or source in it."""
    return not isinstance(node, Within | Topic | Source) and all(map(_is_text, children(node)))
