"""Stocks and flows of authors: cases worked by hand, an independent oracle, properties."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import people as small
from tests.oracles import people as oracle
from tests.people import author, record, study, work, world

from primacy.lake.engine import Engine
from primacy.measures import affiliations, identity
from primacy.measures.method import Method, Window
from primacy.studies import people

ENGINE = Engine.duckdb(threads=1)
A, B, C = small.ORCIDS[:3]


def run(made, windows=((2019, 2023),), *, top=0.25, weighting="once", replicates=0, doubtful=False):
    outcome = people.run(
        small.tables(made),
        ENGINE,
        method=Method(top=top, replicates=replicates),
        windows=[Window(*w) for w in windows],
        weighting=weighting,
        doubtful=doubtful,
    )
    return {name: table.to_pylist() for name, table in outcome.tables.items()}


def stocks(rows):
    return {(r["evidence"], r["stage"], r["unit"]): (r["authors"], r["share"]) for r in rows["stocks"]}


def flows(rows):
    return {
        (r["from_stage"], r["to_stage"], r["origin"], r["destination"]): r["share"] for r in rows["flows"]
    }


# Four works, so that the top quarter is the first alone: A studied in China twice over and works in the United States
# and in Germany at once; B studied in China and stayed; the third author has no iD, was in Brazil and is in Germany.
TEAM = [author(1, "US", orcid=A), author(2, "CN", orcid=B), author(3, "DE")]
CAREERS = world(
    [
        work(1, 2020, 9, *TEAM),
        work(2, 2020, 1, author(9, "US")),
        work(3, 2020, 1, author(9, "US")),
        work(4, 2020, 1, author(9, "US")),
        work(5, 2019, 0, author(3, "BR")),
    ],
    [record(A), record(B)],
    [
        study(A, "undergraduate", "CN", 2000, 2004),
        study(A, "undergraduate", "DE", 2005, 2007),
        study(A, "postgraduate", "CN", 2004, 2006),
        study(A, "postgraduate", "US", 2006, 2010),
        study(B, "undergraduate", "HK"),
        study(B, "unknown", "US", 2001, 2002),
    ],
    [
        study(A, None, "US", 2012),
        study(A, None, "DE", 2015, 2023),
        study(A, None, "CN", 2024),
        study(B, None, "US", 2001, 2010),
        study(B, None, "CN", 2011, 2018),
    ],
)
WHOLE = 3.0
"""The 2019 work is alone in its cell and scores a quarter, but its author counts once, by the larger score."""


@pytest.fixture(scope="module")
def team():
    return run(CAREERS)


def test_by_hand_stocks(team):
    assert stocks(team) == {
        ("orcid", "undergraduate", "CN"): (2, 1),
        ("orcid", "postgraduate", "US"): (1, 1),
        ("orcid", "employment", "US"): (0.5, 0.25),
        ("orcid", "employment", "DE"): (0.5, 0.25),
        ("orcid", "employment", "CN"): (1, 0.5),
        ("affiliations", "first", "BR"): (1, 1),
        ("affiliations", "employment", "DE"): (1, 1),
    }


def test_by_hand_flows_and_balances(team):
    assert flows(team) == {
        ("undergraduate", "postgraduate", "CN", "US"): 1,
        ("postgraduate", "employment", "US", "US"): 0.5,
        ("postgraduate", "employment", "US", "DE"): 0.5,
        ("undergraduate", "employment", "CN", "US"): 0.25,
        ("undergraduate", "employment", "CN", "DE"): 0.25,
        ("undergraduate", "employment", "CN", "CN"): 0.5,
        ("first", "employment", "BR", "DE"): 1,
    }
    (china,) = (
        r
        for r in team["balances"]
        if (r["from_stage"], r["to_stage"], r["unit"]) == ("undergraduate", "employment", "CN")
    )
    assert [china[k] for k in ("before", "after", "stayed", "lost", "gained", "net", "retention")] == [
        *(2, 1, 1, 1, 0, -1),
        0.5,
    ]


def test_by_hand_coverage(team):
    (known,) = team["careers"]
    assert known["persons"] == 3
    assert known["authors"] == WHOLE
    third = pytest.approx(1 / 3)
    assert [known[k] for k in ("with_orcid", "orcid_undergraduate", "orcid_postgraduate")] == [
        *[pytest.approx(2 / 3)] * 2,
        third,
    ]
    assert (known["affiliations_first"], known["unknown"], known["moved"]) == (third, 0, third)
    assert known["agreement"] == pytest.approx((0.5 + 1) / 2)


def test_a_year_decides_which_employment_counts():
    early = world([work(1, 2012, 9, *TEAM), *CAREERS["works"][1:]], CAREERS["records"], [], CAREERS["jobs"])
    rows = run(early, [(2010, 2012)])
    found = stocks(rows)
    assert found["orcid", "employment", "US"] == (0.25, 0.5)
    assert found["orcid", "employment", "CN"] == (0.25, 0.5)


def test_authors_count_once_or_by_credit():
    made = world([work(1, 2020, 5, author(1, "US"), author(2, "CN")), work(2, 2021, 5, author(1, "US"))])
    once, credit = stocks(run(made)), stocks(run(made, weighting="credit"))
    assert once["affiliations", "employment", "US"] == (0.25, 0.5)
    assert credit["affiliations", "employment", "US"] == (0.375, 0.75)


def test_an_author_without_a_profile_is_no_author_but_is_counted():
    made = world([work(1, 2020, 5, author(None, "US"), author(2, "CN"))])
    rows = run(made)
    assert stocks(rows)["affiliations", "employment", "CN"] == (0.25, 1)
    assert rows["careers"][0]["without_profile"] == 0.5


def test_deprecated_iDs_and_split_profiles_are_one_person():
    made = world(
        [work(1, 2020, 5, author(1, "US", orcid=A)), work(2, 2020, 5, author(2, "US", orcid=B))],
        [record(A), record(B, "deprecated", A)],
        [study(A, "undergraduate", "CN"), study(B, "undergraduate", "DE")],
    )
    rows = run(made, doubtful=True)
    assert stocks(rows)["orcid", "undergraduate", "CN"] == (0.25, 1)
    assert rows["careers"][0]["persons"] == 1
    by_variant = {r["variant"]: r for r in rows["disambiguation"]}
    assert (by_variant["joined"]["persons"], by_variant["joined"]["split"]) == (1, 1)
    assert (by_variant["profiles"]["persons"], by_variant["profiles"]["split"]) == (2, 0)


def test_merged_profiles_and_impossible_careers_are_found_and_measured():
    made = world(
        [
            work(1, 2020, 5, author(1, "US", orcid=A, stated=B), author(2, "CN"), author(3, "DE")),
            work(2, 2020, 5, author(3, "BR")),
            work(3, 2020, 5, author(3, "CN"), author(1, "US", orcid=A)),
        ]
    )
    rows = {r["variant"]: r for r in run(made, doubtful=True)["disambiguation"]}
    assert (rows["joined"]["merged"], rows["joined"]["impossible"]) == (1, 1)
    assert rows["joined"]["distance"] == 0
    assert rows["undoubted"]["persons"] == 1
    # Before: US 1, CN 1 + 1/3, DE and BR 1/3 of three persons; after: China alone.
    assert rows["undoubted"]["distance"] == pytest.approx(1 - (1 + 1 / 3) / 3)
    assert (rows["undoubted"]["unit"], rows["undoubted"]["difference"]) == (
        "CN",
        pytest.approx(1 - (1 + 1 / 3) / 3),
    )


def test_a_profile_whose_works_alone_state_the_id_is_the_same_person():
    # Profile 2 has no highly cited work and no iD of its own; its work states that of profile 1, and tells of Brazil.
    made = world(
        [
            work(1, 2020, 9, author(1, "US", orcid=A)),
            *(work(n, 2020, 1, author(9, "CN")) for n in (2, 3, 4)),
            work(5, 2019, 0, author(2, "BR", stated=A)),
        ]
    )
    assert stocks(run(made, windows=((2020, 2023),)))["affiliations", "first", "BR"] == (1, 1)


WINDOWS = ((2019, 2021), (2019, 2023))


@settings(max_examples=5)
@given(small.worlds(), st.sampled_from([0.01, 0.10, 0.25]), st.sampled_from(["once", "credit"]))
def test_stocks_and_flows_equal_the_oracle(made, top, weighting):
    rows = run(made, WINDOWS, top=top, weighting=weighting)
    stock, flow, _ = oracle.people(made, round(100 * top), WINDOWS, weighting)
    keys = ("technology", "window", "evidence")
    found = {
        tuple(r[k] for k in (*keys, "stage", "unit")): (r["authors"], r["share"], r["coverage"])
        for r in rows["stocks"]
    }
    assert found == {k: pytest.approx(tuple(map(float, v)), abs=1e-12) for k, v in stock.items()}
    ways = ("from_stage", "to_stage", "origin", "destination")
    found = {
        tuple(r[k] for k in (*keys, *ways)): (
            *(r["authors"], r["share"]),
            *(r["destination_share"], r["coverage"]),
        )
        for r in rows["flows"]
    }
    assert found == {k: pytest.approx(tuple(map(float, v)), abs=1e-12) for k, v in flow.items()}


@settings(max_examples=3)
@given(small.worlds(), st.sampled_from(["once", "credit"]))
def test_shares_sum_to_one_and_nobody_counts_twice(made, weighting):
    rows = run(made, WINDOWS, weighting=weighting, replicates=20)
    sums = defaultdict(float)
    for r in rows["stocks"]:
        sums[r["technology"], r["window"], r["evidence"], r["stage"]] += r["share"]
        assert 0 <= r["share"] <= 1 + 1e-12
        assert r["low"] is None or 0 <= r["low"] <= r["high"] <= 1
    for r in rows["flows"]:
        sums[r["technology"], r["window"], r["from_stage"], r["to_stage"], r["origin"]] += r["share"]
    assert all(total == pytest.approx(1) for total in sums.values())
    for known in rows["careers"]:
        if weighting == "once":
            assert known["authors"] <= known["persons"]
        assert known["orcid_employment"] + known["affiliations_employment"] <= 1 + 1e-9
    net = defaultdict(float)
    for r in rows["balances"]:
        assert r["before"] == pytest.approx(r["stayed"] + r["lost"])
        assert r["after"] == pytest.approx(r["stayed"] + r["gained"])
        net[r["technology"], r["window"], r["from_stage"], r["to_stage"]] += r["net"]
    assert all(total == pytest.approx(0, abs=1e-9) for total in net.values())


@settings(max_examples=4)
@given(small.worlds())
def test_moves_equal_the_oracle(made):
    tables, method = small.tables(made), Method()
    authors = tables("authorships").filter(lambda t: t.author_id.notnull()).select("author_id").distinct()
    profiles = identity.identities(authors, tables("author_orcids"), tables("persons"))
    mains = affiliations.main_countries(
        affiliations.presence(tables("authorships"), tables("works"), profiles, method)
    )
    found = ENGINE.to_arrow(affiliations.moves(mains)).to_pylist()
    assert {r["person"]: r["moves"] for r in found} == oracle.people(made, 25, WINDOWS, "once")[2]
