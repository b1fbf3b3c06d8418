from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.oracles import research as oracle
from tests.worlds import LINEAGE, tables, worlds

from primacy.lake.engine import Engine
from primacy.measures.method import Method, Window
from primacy.studies.research import shares_of

ENGINE = Engine.duckdb(threads=2)
OPTIONS = {
    "top": st.sampled_from([0.01, 0.05, 0.10, 0.25]),
    "ties": st.sampled_from(["fractional", "include", "exclude"]),
    "scope": st.sampled_from(["year", "window"]),
    "counting": st.sampled_from(["fractional", "full", "first", "corresponding"]),
    "split": st.sampled_from(["institution", "affiliation"]),
    "missing": st.sampled_from(["renormalise", "lose"]),
    "types": st.sampled_from([("article",), ("article", "review"), ("book",)]),
    "territories": st.sampled_from(["merge", "separate"]),
    "rollup": st.booleans(),
    "exclude_domestic": st.booleans(),
    "include_xpac": st.booleans(),
}


def compute(records, by, window=(2019, 2021), members=None, **options):
    """Rows by unit, as the project computes them; {} where no work counts."""
    members = {oracle.number(r["id"]) for r in records} if members is None else members
    table = shares_of(
        tables(records, {"t": members}),
        ENGINE,
        "t",
        by=by,
        window=Window(*window),
        method=Method.from_options({"replicates": 0, **options}),
    )
    return {r["unit"]: r for r in table.to_pylist()}


def expected(records, by, window=(2019, 2021), members=None, **options):
    """The same from the oracle, with the units as users see them."""
    members = {oracle.number(r["id"]) for r in records} if members is None else members
    rows = oracle.shares(records, members, by, window, LINEAGE, **options)
    return {f"I{u}" if by == "institution" else u: row for u, row in rows.items()}


def assert_same(got, wanted):
    assert set(got) == set(wanted)
    for unit, row in wanted.items():
        for key, value in row.items():
            assert got[unit][key] == pytest.approx(value, abs=1e-9), (unit, key)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.sampled_from(["country", "institution", "bloc"]), st.fixed_dictionaries(OPTIONS))
def test_every_option_equals_the_oracle(records, by, options):
    assert_same(compute(records, by, **options), expected(records, by, **options))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.randoms(use_true_random=False), st.sampled_from(["country", "institution"]))
def test_the_order_of_records_and_of_their_authors_changes_nothing(records, rng, by):
    shuffled = rng.sample(records, len(records))
    shuffled = [{**r, "authorships": rng.sample(r["authorships"], len(r["authorships"]))} for r in shuffled]
    assert_same(compute(shuffled, by), compute(records, by))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_splitting_an_affiliation_inside_one_country_never_changes_a_country_total(records):
    def split(entry):
        if not entry["id"]:
            return [entry]
        return [entry, {**entry, "id": f"https://openalex.org/I{900 + oracle.number(entry['id'])}"}]

    whole = [
        {
            **r,
            "authorships": [
                {**a, "institutions": a["institutions"][:1], "affiliations": []} for a in r["authorships"]
            ],
        }
        for r in records
    ]
    parted = [
        {
            **r,
            "authorships": [
                {**a, "institutions": [t for e in a["institutions"] for t in split(e)]}
                for a in r["authorships"]
            ],
        }
        for r in whole
    ]
    assert_same(compute(parted, "country"), {u: _sums(row) for u, row in compute(whole, "country").items()})


def _sums(row):
    return {k: row[k] for k in ("papers", "high_impact", "share", "rank", "h_index")}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.sampled_from(["country", "institution"]))
def test_shares_sum_to_one_when_the_missing_is_scaled_away(records, by):
    rows = compute(records, by)
    if rows:
        assert sum(r["share"] for r in rows.values()) == pytest.approx(1, abs=1e-9)


# ---------------------------------------------------------------------------- by hand


def work(i, citations, *authors, year=2020, **more):
    return {
        "id": f"W{i}",
        "publication_year": year,
        "type": "article",
        "cited_by_count": citations,
        "authorships": list(authors),
        **more,
    }


def author(*institutions, position="first", countries=(), corresponding=False, affiliations=()):
    return {
        "author_position": position,
        "is_corresponding": corresponding,
        "institutions": [
            {"id": f"I{i}", "display_name": f"Inst {i}", "country_code": c} for i, c in institutions
        ],
        "countries": list(countries),
        "affiliations": [{"institution_ids": [f"I{i}" for i in a]} for a in affiliations],
    }


CN, US, NONE = (10, "CN"), (11, "US"), (18, None)


def test_an_author_between_two_countries_and_one_alone():
    # One work, two authors: half to (CN, US) equally, half to US. Alone in its cell it scores 0.1.
    rows = compute([work(1, 5, author(CN, US), author(US, position="last"))], "country")
    assert rows["US"]["papers"] == pytest.approx(0.75)
    assert rows["US"]["high_impact"] == pytest.approx(0.075)
    assert (rows["US"]["share"], rows["CN"]["share"]) == pytest.approx((0.75, 0.25))
    assert (rows["US"]["rank"], rows["CN"]["rank"]) == (1, 2)


def test_an_institution_without_country_takes_its_slot_and_is_lost_by_country():
    records = [work(1, 5, author(CN, NONE, countries=["US"]))]
    assert compute(records, "country", missing="lose")["CN"]["papers"] == pytest.approx(0.5)
    assert set(compute(records, "country", missing="lose")) == {"CN"}
    assert compute(records, "country")["CN"]["papers"] == pytest.approx(1)
    assert set(compute(records, "institution")) == {"I10", "I18"}


def test_works_without_a_unit_drop_out_or_stay_in_the_denominator():
    records = [work(1, 0, author(CN)), work(2, 9, author())]
    assert compute(records, "country")["CN"]["share"] == pytest.approx(1)
    assert compute(records, "country")["CN"]["high_impact"] == pytest.approx(0.1)
    lost = compute(records, "country", missing="lose")["CN"]
    assert (lost["papers"], lost["high_impact"], lost["share"]) == (1.0, 0.0, 0.0)


def test_full_counting_gives_one_to_every_unit_present():
    rows = compute([work(1, 5, author(CN), author(US, US), author(CN))], "country", counting="full")
    assert (rows["CN"]["papers"], rows["US"]["papers"]) == (1.0, 1.0)
    assert rows["CN"]["share"] == pytest.approx(1)


def test_first_and_corresponding_authors_share_equally():
    record = work(
        1, 5, author(CN), author(US, corresponding=True, position="last"), author(CN, US, corresponding=True)
    )
    first = compute([record], "country", counting="first")
    assert first["CN"]["papers"] == pytest.approx(0.75)  # two are marked first: CN, and CN with US
    corresponding = compute([record], "country", counting="corresponding")
    assert corresponding["US"]["papers"] == pytest.approx(0.75)


def test_the_split_by_affiliation_weighs_affiliations_not_institutions():
    record = work(1, 5, author(CN, US, affiliations=[[10], [10], [11]]))
    rows = compute([record], "country", split="affiliation")
    assert rows["CN"]["papers"] == pytest.approx(2 / 3)


def test_domestic_citations_do_not_count_when_excluded():
    records = [
        work(1, 50, author(CN)),
        work(2, 1, author(US)),
        work(3, 0, author(CN), referenced_works=["W1", "W2"], year=2021),
        work(4, 0, author((15, "DE")), referenced_works=["W2"], type="book", year=2021),
    ]
    assert compute(records, "country", top=0.25, window=(2020, 2020))["CN"]["share"] == pytest.approx(1)
    foreign = compute(records, "country", top=0.25, window=(2020, 2020), exclude_domestic=True)
    assert foreign["US"]["share"] == pytest.approx(1)
    assert foreign["US"]["h_index"] == 1


def test_territories_and_blocs():
    records = [work(1, 5, author((12, "HK")), author((14, "TW")), author((15, "DE")), author((16, "FR")))]
    assert {u: r["papers"] for u, r in compute(records, "country").items()} == {
        "CN": 0.25,
        "TW": 0.25,
        "DE": 0.25,
        "FR": 0.25,
    }
    assert "HK" in compute(records, "country", territories="separate")
    assert {u: r["papers"] for u, r in compute(records, "bloc").items()} == {"EU27": 0.5, "BRICS": 0.25}


def test_rollup_passes_credit_to_the_topmost_ancestors():
    # 12 has the ancestors 10 and 21, both at the top; 13 stands below 12.
    rows = compute(
        [work(1, 5, author((12, "HK"))), work(2, 5, author((13, "MO")))], "institution", rollup=True
    )
    assert {u: r["papers"] for u, r in rows.items()} == {"I10": 1.5, "I21": 0.5}


def test_everybody_tied_out_leaves_shares_undefined():
    rows = compute([work(1, 5, author(CN))], "country", ties="exclude")
    assert (rows["CN"]["share"], rows["CN"]["high_impact"]) == (None, 0.0)


def test_intervals_are_seeded_and_hold_the_share():
    rng = random.Random(0)
    records = [work(i, rng.randrange(9), author(rng.choice([CN, US]))) for i in range(1, 120)]
    once = compute(records, "country", replicates=500)
    assert once == compute(records, "country", replicates=500)
    other = compute(records, "country", replicates=500, seed=1)
    for unit, row in once.items():
        assert row["low"] <= row["share"] <= row["high"]
        assert other[unit]["low"] == pytest.approx(row["low"], abs=0.08)
        assert other[unit]["low"] != row["low"]


def test_thresholds_found_anew_give_other_intervals_around_the_same_share():
    rng = random.Random(1)
    records = [work(i, rng.randrange(30), author(rng.choice([CN, US, US]))) for i in range(1, 200)]
    fixed = compute(records, "country", replicates=400)
    anew = compute(records, "country", replicates=400, thresholds="recomputed")
    for unit, row in anew.items():
        assert row["share"] == fixed[unit]["share"]
        assert row["low"] <= row["share"] <= row["high"]
        assert row["low"] != fixed[unit]["low"]


def test_few_papers_are_marked_and_have_an_interval_that_does_not_end_at_nothing():
    # Forty works in one cell; the four with citations are China's, so that the others have none that scores.
    records = [work(i, 9 if i <= 4 else 0, author(CN if i <= 20 else US)) for i in range(1, 41)]
    rows = compute(records, "country", replicates=200)
    assert {u: (r["top_papers"], r["few"]) for u, r in rows.items()} == {"CN": (4, True), "US": (0, True)}
    assert (rows["US"]["low"], rows["US"]["high"]) == (0.0, 0.0)
    assert (rows["US"]["beta_low"], rows["US"]["beta_high"]) == (0.0, pytest.approx(1 - 0.025**0.25))
    assert (rows["CN"]["beta_low"], rows["CN"]["beta_high"]) == (pytest.approx(0.025**0.25), 1.0)
    plain = compute(records, "country", replicates=0)
    assert {u: (r["few"], r["beta_high"]) for u, r in plain.items()} == {
        "CN": (True, None),
        "US": (True, None),
    }
    many = [work(i, i, author(CN)) for i in range(1, 101)]
    assert not compute(many, "country", replicates=50)["CN"]["few"]
    undefined = compute([work(1, 5, author(CN))], "country", ties="exclude", replicates=20)["CN"]
    assert (undefined["share"], undefined["few"], undefined["beta_high"]) == (None, None, None)


def test_thresholds_found_anew_reach_units_that_none_scores_today():
    # The best of the United States' works stands just below the threshold; in some replicates it is above.
    records = [work(i, 50 - i, author(CN if i <= 4 else US)) for i in range(1, 41)]
    fixed = compute(records, "country", replicates=300)["US"]
    anew = compute(records, "country", replicates=300, thresholds="recomputed")["US"]
    assert (fixed["share"], fixed["high"]) == (0.0, 0.0)
    assert anew["share"] == 0.0
    assert anew["high"] > 0


@pytest.mark.parametrize("by", ["country", "institution", "bloc"])
def test_a_window_without_works_has_no_rows(by):
    given = tables([work(1, 5, author(CN))], {"t": {1}})
    rows = shares_of(given, ENGINE, "t", by=by, window=Window(1990, 1991), method=Method())
    assert rows.num_rows == 0
    assert {"unit", "share", "low", "high", "rank"} <= set(rows.column_names)


def test_no_share_and_no_interval_exceeds_one():
    records = [work(i, i, author(CN), author(CN), author(CN)) for i in range(1, 30)]
    row = compute(records, "country", replicates=200)["CN"]
    assert (row["share"], row["high"]) == (1.0, 1.0)
