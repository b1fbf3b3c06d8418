"""The query language: what parses to what, and which error names which column."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from primacy.errors import InputError
from primacy.technologies.query import (
    And,
    Near,
    Node,
    Not,
    Or,
    QuerySyntaxError,
    Source,
    Topic,
    Within,
    Words,
    parse,
)
from primacy.technologies.query.parser import MAX_DEPTH


def term(*words: str) -> Words:
    return Words(words)


def prefix(*words: str) -> Words:
    return Words(words, prefix=True)


A, B, C = term("a"), term("b"), term("c")


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("a", A),
        ("Batter*", prefix("batter")),
        ('"Solid State"', term("solid", "state")),
        ('"solid state batter*"', prefix("solid", "state", "batter")),
        ("lithium-ion", term("lithium", "ion")),
        ("lithium-ion*", prefix("lithium", "ion")),
        ("C++", term("c")),
        ("Müller’s", term("muller", "s")),
        ('"(title: x)"', term("title", "x")),
        ('"AND"', term("and")),
        ("a AND b", And((A, B))),
        ("a AND b AND c", And((A, B, C))),
        ("a OR b OR c", Or((A, B, C))),
        ("a OR b AND c", Or((A, And((B, C))))),
        ("a AND b OR c", Or((And((A, B)), C))),
        ("(a OR b) AND c", And((Or((A, B)), C))),
        ("NOT a", Not(A)),
        ("NOT NOT a", A),
        ("NOT a AND b", And((Not(A), B))),
        ("a NOT b", And((A, Not(B)))),
        ("a AND NOT b", And((A, Not(B)))),
        ("a NOT b OR c", Or((And((A, Not(B))), C))),
        ("a NOT b AND c", And((A, Not(B), C))),
        ("a NOT b NOT c", And((A, Not(B), Not(C)))),
        ("a OR NOT b", Or((A, Not(B)))),
        ("a NEAR/0 b", Near(A, B, 0)),
        ("NOT a NEAR/3 b", Not(Near(A, B, 3))),
        ("a AND b NEAR/3 c", And((A, Near(B, C, 3)))),
        ('(a OR "b c*") NEAR/5 c', Near(Or((A, prefix("b", "c"))), C, 5)),
        ("((a OR b) OR c) NEAR/1 (a)", Near(Or((Or((A, B)), C)), A, 1)),
        ("title:a", Within("title", A)),
        ("title: a", Within("title", A)),
        ('abstract:"a b"', Within("abstract", term("a", "b"))),
        ("title:(a NEAR/2 b NOT c)", Within("title", And((Near(A, B, 2), Not(C))))),
        ("title:a OR b-c", Or((Within("title", A), term("b", "c")))),
        ("topic:T10018 OR source:s42", Or((Topic(10018), Source(42)))),
        ("(((a)))", A),
        ("a\nOR\r\n\tb", Or((A, B))),
        ("android OR NOTE OR NEARBY", Or((term("android"), term("note"), term("nearby")))),
    ],
)
def test_what_parses_to_what(text: str, root: Node) -> None:
    assert parse(text).root == root


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("", 1, "empty"),
        ("   ", 4, "empty"),
        ("a b", 3, "two terms with no operator"),
        ('"a" "b"', 5, "two terms with no operator"),
        ('a"b"', 2, "two terms with no operator"),
        ("a (b)", 3, "two terms with no operator"),
        ("(a) b", 5, "two terms with no operator"),
        ("a title:b", 3, "two terms with no operator"),
        ("a and b", 3, "upper case"),
        ("a near/3 b", 3, "`NEAR/3`, not `near/3`"),
        ("“solid state”", 8, "straight quotes"),
        ("a AND", 6, "ends after AND"),
        ("AND a", 1, "nothing on its left"),
        ("a OR OR b", 6, "between OR and `OR`"),
        ("(a OR) b", 6, "missing after OR"),
        ("()", 2, "parentheses are empty"),
        ("a AND ( )", 9, "parentheses are empty"),
        ('""', 1, "phrase is empty"),
        ('a OR "--"', 6, "phrase is empty"),
        ("a OR -", 6, "no letter or digit"),
        ("(a OR b", 1, "never closed"),
        ("a OR b)", 7, "closes nothing"),
        ('a OR "b', 6, "never closed"),
        ("a NEAR b", 3, "needs a number"),
        ("a NEAR/ b", 3, "needs a number"),
        ("a NEAR/x b", 3, "needs a number"),
        ("a NEAR/-1 b", 3, "needs a number"),
        ("a NEAR/٣ b", 3, "needs a number"),
        ("a NEAR/" + "9" * 10_000 + " b", 3, "needs a number"),
        ("(a AND b) NEAR/2 c", 11, "not an AND group"),
        ("c NEAR/2 (a NOT b)", 3, "not an AND group"),
        ("(a OR (b AND c)) NEAR/2 c", 18, "not an AND group"),
        ("(NOT a) NEAR/2 c", 9, "not a NOT"),
        ("a NEAR/2 NOT b", 10, "cannot follow"),
        ("a NEAR/2 (b NEAR/2 c)", 3, "another NEAR"),
        ("a NEAR/2 b NEAR/2 c", 12, "cannot be chained"),
        ("title:a NEAR/2 b", 9, "title:(a NEAR/3 b)"),
        ("topic:T1 NEAR/2 b", 10, "not a field"),
        ("title:", 7, "takes a term"),
        ("title:AND", 7, "takes a term"),
        ("title:(abstract:a)", 1, "another field"),
        ("abstract:(a OR topic:T1)", 1, "another field"),
        ("title:title:a", 7, "takes a term"),
        ("author:a", 1, "no field `author`"),
        ("Title:a", 1, "no field `Title`"),
        ("a OR :b", 6, "no field name"),
        ("topic:10018", 1, "topic:T10018"),
        ("topic:(T1 OR T2)", 1, "one OpenAlex id"),
        ("source:T1", 1, "source:S10018"),
        ("*", 1, "beginning of a word"),
        ("a**", 2, "`*` may only end"),
        ("bat*ery", 4, "`*` may only end"),
        ('"batter* pack"', 8, "`*` may only end"),
        ('"ion *"', 6, "beginning of a word"),
        ("ion-*", 5, "beginning of a word"),
    ],
)
def test_errors_name_the_column(text: str, column: int, reason: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    error = caught.value
    assert (error.line, error.column) == (1, column)
    assert str(error).startswith(f"column {column}: ")
    assert reason in str(error)
    assert "\n" not in str(error)
    assert isinstance(error, InputError)


def test_errors_in_several_lines_name_the_line() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse("(a OR\n  solid state)")
    assert str(caught.value).startswith("line 2, column 9: ")
    assert caught.value.caret() == "  solid state)\n        ^"


def test_caret_of_a_long_line_shows_its_surroundings() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(" OR ".join(["term"] * 100) + " OR 電池 电池 OR " + " OR ".join(["term"] * 100))
    shown, caret = caught.value.caret().split("\n")
    assert len(shown) < 80
    assert shown.startswith("…")
    assert shown.endswith("…")
    wide_before = 2  # the two characters of the first Chinese word take two cells each
    assert shown[len(caret) - 1 - wide_before] == "电"


def test_terminal_controls_are_not_passed_on() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse("a \x1b[31mred")
    assert "\x1b" not in str(caught.value) + caught.value.caret()


def test_leaves_know_where_they_stand() -> None:
    text = 'title:(Solid OR "GaN on Si*") NOT topic:T7'
    found = list(parse(text).leaves())
    assert [text[leaf.at :].startswith(leaf.written) for leaf in found if isinstance(leaf, Words)] == [
        True
    ] * 2
    assert found[2] == Topic(7)
    assert text[found[2].at :] == "topic:T7"


def test_nesting_has_a_limit_with_a_name() -> None:
    def nested(depth: int) -> str:
        return "(" * depth + "a" + " OR b AND c)" * depth

    parse(nested(MAX_DEPTH))
    with pytest.raises(QuerySyntaxError, match=f"nested deeper than {MAX_DEPTH}"):
        parse(nested(MAX_DEPTH + 1))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "NOT " * 20_000 + "a",
        '"' * 30_001,
        "a " * 30_000,
        "a:" * 30_000,
        "NEAR/" * 30_000,
        "*" * 30_000,
    ]
    + [operator.join(["ab"] * 10_000) for operator in (" OR ", " AND ", " NOT ")]
    + [" AND ".join(["a NEAR/3 (b OR c)"] * 3_000)],
    ids=lambda text: text[:12],
)
def test_hostile_queries_end_soon(text: str) -> None:
    def seconds(query: str) -> float:
        start = time.perf_counter()
        with suppress(QuerySyntaxError):
            parse(query)
        return time.perf_counter() - start

    assert seconds(text) < 10


OPERATORS = st.sampled_from([" AND ", " OR ", " NOT ", " NEAR/2 ", " NEAR ", "title:", "source:S2", "(", ")"])
OPERANDS = st.sampled_from(["a", "Bé*", '"a b"', "topic:T1", "and", "٣", "ß", "\ud800", "\0"])
DEBRIS = st.sampled_from(['"', "*", "-", ":", "\n", "/", " ", "“"])
SYNTAX = OPERATORS | OPERANDS | DEBRIS


@given(st.lists(SYNTAX, max_size=25).map("".join) | st.text(max_size=40))
@example("\ud800*")
@example("a\u0301*")
def test_only_syntax_errors_leave_the_parser(text: str) -> None:
    refused: QuerySyntaxError | None = None
    try:
        query = parse(text)
    except QuerySyntaxError as error:
        refused = error
    if refused is None:
        assert parse(query.text) == query
    else:
        assert 1 <= refused.column <= len(text) + 1
        assert "\n" not in str(refused)
        assert refused.caret().count("\n") == 1
