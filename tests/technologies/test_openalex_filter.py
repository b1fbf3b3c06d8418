"""A query as filters of the API: by hand, then against a plain reading of both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primacy.errors import UsageError
from primacy.technologies import openalex_filter
from primacy.technologies.openalex_filter import translate
from primacy.technologies.portfolio import load_portfolio
from primacy.technologies.query import parse
from tests.oracles import openalex_filter as api
from tests.oracles import query as oracle
from tests.oracles.query import Document
from tests.technologies.queries import QueryMaker

WORDS = "title_and_abstract.search.exact:"


def of(query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = translate(parse(query))
    return found.filters, found.widened


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        ("laser", [WORDS + '"laser"']),
        ("Batter*", [WORDS + '"batter*"']),
        ('"Solid-State electrolyte*"', [WORDS + '"solid state electrolyte*"']),
        ("b OR a OR b", [WORDS + '("a" OR "b")']),
        ("b AND (c OR a)", [WORDS + '("b" AND ("a" OR "c"))']),
        ("topic:T7", ["topics.id:T7"]),
        ("source:S9", ["primary_location.source.id:S9"]),
        ("topic:T7 OR topic:T3", ["topics.id:T3|T7"]),
        ("a AND topic:T7", [WORDS + '"a",topics.id:T7']),
        ("a NOT topic:T7", [WORDS + '"a",topics.id:!T7']),
        ("topic:T1 AND topic:T2", ["topics.id:T1,topics.id:T2"]),
        ("a OR topic:T7", [WORDS + '"a"', "topics.id:T7"]),
        (
            "(a OR topic:T7) AND (b OR source:S9)",
            [
                WORDS + '("a" AND "b")',
                WORDS + '"b",topics.id:T7',
                WORDS + '"a",primary_location.source.id:S9',
                "topics.id:T7,primary_location.source.id:S9",
            ],
        ),
        ("topic:T1 NOT topic:T2 OR (topic:T1 NOT topic:T2) AND a", ["topics.id:T1,topics.id:!T2"]),
    ],
)
def test_what_the_api_can_say_is_said(query, filters):
    found, widened = of(query)
    assert not widened
    assert sorted(found) == sorted(filters)


@pytest.mark.parametrize(
    ("query", "filters", "widened"),
    [
        ("a NEAR/3 b", [WORDS + '("a" AND "b")'], ["NEAR is read as AND"]),
        ("title:a", [WORDS + '"a"'], ["title: also finds abstracts"]),
        ("abstract:a", [WORDS + '"a"'], ["abstract: also finds titles"]),
        ("a NOT b", [WORDS + '"a"'], ["NOT b is left out"]),
        ("a NOT (b OR c)", [WORDS + '"a"'], ["NOT (…) is left out"]),
        ("a AND ab*", [WORDS + '"a"'], ["ab* has fewer than 3 letters before *: it is left out"]),
        (
            '"solid st*"',
            [WORDS + '"solid"'],
            ['"solid st*" has fewer than 3 letters before *: "solid" stands for it'],
        ),
    ],
)
def test_what_it_cannot_say_is_widened_and_named(query, filters, widened):
    assert of(query) == (tuple(filters), tuple(widened))


@pytest.mark.parametrize("query", ["NOT a", "a OR NOT b", "ab*", "a OR ab*", "NOT a AND NOT b"])
def test_a_query_that_would_find_everything_is_refused(query):
    with pytest.raises(UsageError, match="no filter of OpenAlex's API can narrow; give --filter"):
        translate(parse(query))


def test_two_queries_are_asked_together():
    assert translate([parse("a"), parse("b AND topic:T1")]).filters == (
        WORDS + '"a"',
        WORDS + '"b",topics.id:T1',
    )


DOCUMENTS = [
    Document("Laser cooling of ions", "We cool trapped ions with a laser beam", [1, 2], 1),
    Document("Batteries", "Solid state batteries and their electrolytes, reviewed", [2], 2),
    Document("A review of solid lasers", "", [3], None),
    Document("", "Ion batteries without laser", [], 3),
    Document("Cooling electrolytes in a beam", "ions, ions, ions", [0, 1], 0),
]


@settings(max_examples=300)
@given(st.randoms(use_true_random=False), st.integers(1, 5))
def test_whatever_a_query_finds_some_filter_finds(source, depth):
    text = QueryMaker(DOCUMENTS, source).query(depth)
    tree = oracle.parse(text)
    try:
        filters = translate(parse(text)).filters
    except UsageError:
        return
    for document in DOCUMENTS:
        found = sum(api.finds(f, document) for f in filters) > 0
        assert found or not oracle.holds(tree, document), (text, filters, document)


@settings(max_examples=100)
@given(st.randoms(use_true_random=False))
def test_without_room_filters_are_divided_and_still_find_all(source):
    text = QueryMaker(DOCUMENTS, source).query(4)
    tree = oracle.parse(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openalex_filter, "LONGEST", 200)
        patch.setattr(openalex_filter, "VALUES", 2)
        try:
            filters = translate(parse(text)).filters
        except UsageError:
            return
    for document in DOCUMENTS:
        found = sum(api.finds(f, document) for f in filters) > 0
        assert found or not oracle.holds(tree, document), (text, filters, document)


def test_the_portfolio_that_ships_can_be_asked():
    for technology in load_portfolio(None).values():
        found = translate([technology.strict, technology.broad])
        assert 0 < len(found.filters) < 10, technology.id
        for filter_ in found.filters:
            api.finds(filter_, DOCUMENTS[0])  # the API would read it


@pytest.mark.parametrize(
    "query",
    [
        " AND ".join(f"(w{i} OR topic:T{i})" for i in range(200)),
        " AND ".join(f"(w{i} OR v{i} OR topic:T{i} OR source:S{i})" for i in range(60)),
        " OR ".join(f"(w{i} AND topic:T{i})" for i in range(500)),
        " OR ".join(f"topic:T{i}" for i in range(5000)),
        " AND ".join(f"topic:T{i}" for i in range(5000)),
        " AND ".join(f"w{i}" for i in range(5000)),
        " OR ".join(f'"word{i} {"x" * 50}"' for i in range(2000)),
        " AND ".join("(" + " OR ".join(f"w{i}x{j}" for j in range(100)) + ")" for i in range(20)),
        '"' + " ".join(["long"] * 3000) + '"',
        "(" * 99 + "a" + ")" * 99,
        "(a OR topic:T1) AND (" * 98 + "b" + ")" * 98,
        " ".join(f"(w{i} AND topic:T{i} OR" for i in range(98)) + " b" + ")" * 98,
    ],
    ids=range(12),
)
@pytest.mark.timeout(20)
def test_a_large_query_takes_little_time_and_few_filters(query):
    filters = translate(parse(query)).filters
    assert all(len(f) <= 4000 for f in filters)
    assert len(filters) <= 600
