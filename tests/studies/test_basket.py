from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.baskets import BASKET, ISSNS, location, records, tables
from tests.oracles import basket as oracle

from primacy.errors import NotThereError
from primacy.lake.engine import Engine
from primacy.sources.reference.attribution import Override
from primacy.studies.institutions import Choices, Period, basket_of, partners_of, resolve

ENGINE = Engine.duckdb(threads=2)


def compute(made, by="country", year=2020, *, overrides=(), period=None, lineage=None, systems=(), **more):
    """Rows by unit, as the project computes them."""
    chosen = {k: more.pop(k) for k in ("split", "rollup", "division", "seed") if k in more}
    hand_out = tables(made, lineage, systems)
    resolved = resolve(BASKET, hand_out("sources"), ENGINE.to_arrow)
    found = basket_of(
        hand_out,
        ENGINE,
        resolved,
        Choices(replicates=more.pop("replicates", 0), **chosen),
        overrides,
        by=by,
        period=period or Period(year),
        **more,
    )
    rows = {r["unit"]: r for r in found.to_pylist()}
    assert len(rows) == found.num_rows
    return rows


def assert_same(got, wanted):
    assert set(got) == set(wanted)
    for unit, row in wanted.items():
        for key, value in row.items():
            assert got[unit][key] == pytest.approx(value, abs=1e-9), (unit, key)


def total(rows):
    return sum(r["share"] for r in rows.values())


# ---------------------------------------------------------------------------- by hand


def work(i, *authors, source=1, year=2020, **more):
    return {
        "id": f"W{i}",
        "publication_year": year,
        "type": "article",
        "title": "Of things",
        "primary_location": location(source),
        "authorships": list(authors),
        "cited_by_count": 0,
        **more,
    }


def author(*institutions, countries=(), affiliations=()):
    return {
        "institutions": [
            {"id": i and f"I{i}", "display_name": f"Inst {i}", "country_code": c} for i, c in institutions
        ],
        "countries": list(countries),
        "affiliations": [{"institution_ids": [f"I{i}" for i in a]} for a in affiliations],
    }


CN, US, HK, TW, DE = (10, "CN"), (11, "US"), (12, "HK"), (14, "TW"), (15, "DE")


def test_share_is_one_over_authors_and_their_institutions():
    # Two authors: the first half to CN and half to US, the second to US: CN 1/4, US 3/4.
    rows = compute([work(1, author(CN, US), author(US))])
    assert {u: (r["count"], r["share"]) for u, r in rows.items()} == {
        "US": (1, 0.75),
        "CN": (1, 0.25),
        "unassigned": (0, 0.0),
    }
    assert [rows[u]["rank"] for u in ("US", "CN", "unassigned")] == [1, 2, None]
    assert list(rows) == ["US", "CN", "unassigned"]


def test_the_keys_of_the_contract_come_first():
    (row, *_) = compute([work(1, author(HK))], "institution").values()
    assert list(row)[:10] == [
        "basket",
        "year",
        "unit_kind",
        "unit",
        "name",
        "country",
        "count",
        "share",
        "rank",
        "adjusted_change",
    ]
    assert (row["basket"], row["year"], row["unit_kind"], row["unit"]) == ("test", 2020, "institution", "I12")
    assert (row["name"], row["country"]) == ("Inst 12", "CN")


def test_what_resolves_to_nobody_is_never_given_to_the_others():
    made = [
        work(1, author(CN), author()),  # half is lost
        work(2),  # no authors at all: lost whole
        work(3, author((18, None))),  # an institution without country
        work(4, author((None, "US"))),  # a country without institution
        work(5, author(countries=["HK"])),
    ]
    by_country = compute(made)
    assert {u: (r["count"], r["share"]) for u, r in by_country.items()} == {
        "CN": (2, 1.5),
        "US": (1, 1.0),
        "unassigned": (3, 2.5),
    }
    by_institution = compute(made, "institution")
    assert {u: r["share"] for u, r in by_institution.items()} == {"I10": 0.5, "I18": 1.0, "unassigned": 3.5}


def test_hong_kong_and_macao_count_as_china_and_taiwan_is_its_own():
    rows = compute([work(1, author(HK), author((13, "MO")), author(TW), author(CN))])
    assert {u: r["share"] for u, r in rows.items()} == {"CN": 0.75, "TW": 0.25, "unassigned": 0.0}


def test_which_works_are_articles():
    yes = [
        work(1, author(CN), source=2, type="journal-article"),
        work(2, author(CN), source=3),  # by the second of its ISSNs
        work(3, author(CN), primary_location=None, host_venue=location(1)["source"]),
        work(4, author(CN), title="On corrections and replies"),
        work(5, author(CN), title=None),
    ]
    no = [
        work(11, author(CN), source=4),
        work(12, author(CN), source=None),
        work(13, author(CN), type="review"),
        work(14, author(CN), is_retracted=True),
        work(15, author(CN), is_paratext=True),
        work(16, author(CN), is_xpac=True),
        work(17, author(CN), year=2021),
        work(18, author(CN), primary_location={"source": None}, host_venue=location(1)["source"]),
        *(
            work(20 + n, author(CN), title=title)
            for n, title in enumerate(
                [
                    "Correction: of things",
                    "CORRECTION TO OF THINGS",
                    "Erratum",
                    "corrigendum to of things",
                    "  Reply to of things",
                    "Editorial",
                    "Obituary: A Person",
                    "Retraction Note: of things",
                    "Author Correction: of things",
                    "Publisher Correction: of things",
                ]
            )
        ),
    ]
    assert compute([*yes, *no])["CN"]["count"] == len(yes)


def test_adjusted_change_takes_out_the_growth_of_the_whole_basket():
    # CN has 2 of 2 articles, then 3 of 6: its Share grew by half, the basket threefold.
    made = [work(i, author(CN), year=2019) for i in (1, 2)]
    made += [work(i, author(CN)) for i in (3, 4, 5)] + [work(i, author(US)) for i in (6, 7)] + [work(8)]
    rows = compute(made)
    assert rows["CN"]["adjusted_change"] == pytest.approx(-50)
    assert rows["CN"]["adjusted_share"] == pytest.approx(1)
    assert (rows["US"]["adjusted_change"], rows["unassigned"]["adjusted_change"]) == (None, None)
    assert compute(made, year=2019)["CN"]["adjusted_change"] is None


def test_the_split_by_affiliation_weighs_affiliations_and_loses_those_that_resolve_to_nothing():
    made = [work(1, author(CN, US, affiliations=[[10], [10], [11], []]))]
    rows = compute(made, split="affiliation")
    assert {u: r["share"] for u, r in rows.items()} == {"CN": 0.5, "US": 0.25, "unassigned": 0.25}
    assert compute(made)["CN"]["share"] == 0.5


def test_a_year_without_articles_has_the_unassigned_row_alone():
    rows = compute([work(1, author(CN))], year=1990)
    assert list(rows) == ["unassigned"]
    row = rows["unassigned"]
    assert (row["count"], row["share"], row["articles"], row["basket"], row["period"]) == (
        0,
        0.0,
        0,
        "test",
        "1990",
    )


def test_sectors_are_the_kinds_of_institutions():
    # Institution 12 is a place of education, 10 a company, 11 of no known kind.
    rows = compute([work(1, author(HK), author(CN), author(US), author(HK))], "sector")
    assert {u: r["share"] for u, r in rows.items()} == {
        "academic": 0.5,
        "corporate": 0.25,
        "unassigned": 0.25,
    }


def test_subjects_are_the_journals_or_the_topics_where_the_journal_states_none():
    made = [
        work(1, author(CN)),  # Alpha: chemistry
        work(2, author(US), source=2),  # Beta: chemistry and physics
        work(3, author(DE), source=3, topic=2),  # Gamma by topic: engineering is an applied science
        work(4, author(DE), source=3),  # without a topic
    ]
    rows = compute(made, "subject")
    assert {u: (r["count"], r["share"]) for u, r in rows.items()} == {
        "Chemistry": (2, 1.5),
        "Applied sciences": (1, 1.0),
        "Physical sciences": (1, 0.5),
        "unassigned": (1, 1.0),
    }
    in_chemistry = compute(made, subject="Chemistry")
    assert {u: r["share"] for u, r in in_chemistry.items()} == {"CN": 1.0, "US": 1.0, "unassigned": 0.0}
    assert in_chemistry["CN"]["subject"] == "Chemistry"


def test_blocs_sum_their_members_and_lose_what_no_country_has():
    rows = compute([work(1, author(CN), author(DE), author(US), author())], "bloc")
    assert {u: r["share"] for u, r in rows.items()} == {
        "EU27": 0.25,
        "BRICS": 0.25,
        "AUKUS": 0.25,
        "Quad": 0.25,
        "FiveEyes": 0.25,
        "unassigned": 0.25,
    }


def test_twelve_months_cross_the_year_and_compare_with_the_twelve_before():
    made = [
        work(1, author(CN), publication_date="2019-07-01"),
        work(2, author(US), publication_date="2020-06-30"),
        work(3, author(US), publication_date="2020-07-01"),
        work(4, author(CN), publication_date="2019-06-30"),
        work(5, author(CN)),  # no date: in no month
    ]
    rows = compute(made, period=Period(12 * 2020 + 5, "month"))
    assert {u: r["count"] for u, r in rows.items()} == {"CN": 1, "US": 1, "unassigned": 0}
    assert rows["CN"]["adjusted_change"] == pytest.approx(-50)
    assert (rows["CN"]["period"], rows["CN"]["year"]) == ("2019-07/2020-06", 2020)


def test_a_journal_can_be_left_out_and_all_can_weigh_alike():
    made = [work(1, author(CN)), work(2, author(CN)), work(3, author(US), source=2)]
    rows = compute(made)
    assert (rows["CN"]["equalised_share"], rows["US"]["equalised_share"]) == (1.5, 1.5)
    assert set(compute(made, without=[0])) == {"US", "unassigned"}


def test_partners_share_the_articles_that_both_sign():
    made = [work(1, author(CN), author(US)), work(2, author(CN), author(US), author(DE)), work(3, author(CN))]
    hand_out = tables(made)
    resolved = resolve(BASKET, hand_out("sources"), ENGINE.to_arrow)
    options = {"by": "country", "period": Period(2020)}
    found = partners_of(hand_out, ENGINE, resolved, Choices(), (), unit="CN", **options).to_pylist()
    assert [(r["partner"], r["count"]) for r in found] == [("US", 2), ("DE", 1)]
    assert [r["score"] for r in found] == pytest.approx([5 / 3, 2 / 3])
    assert (found[0]["unit_share"], found[0]["partner_name"]) == (pytest.approx(5 / 6), "United States")
    with pytest.raises(NotThereError, match="FR: no article of basket test in 2020"):
        partners_of(hand_out, ENGINE, resolved, Choices(), (), unit="FR", **options)


# ---------------------------------------------------------------------------- roll-up

LINEAGE = {12: [12, 10], 13: [13, 11, 15], 14: [14, 12, 10], 16: [16, 20], 20: [20]}


def rolled(institution, *, overrides=(), rollup="parents", systems=(), **more):
    made = [work(1, author((institution, "CN")))]
    rows = compute(
        made,
        "institution",
        rollup=rollup,
        overrides=overrides,
        lineage=LINEAGE,
        systems=systems,
        **more,
    )
    assert total(rows) == pytest.approx(1, abs=1e-12)
    return {u: r["share"] for u, r in rows.items() if u != "unassigned"}


def test_children_go_to_their_topmost_ancestor_and_joint_bodies_to_each():
    assert rolled(12) == rolled(14) == {"I10": 1.0}
    assert rolled(13) == {"I11": 0.5, "I15": 0.5}
    assert rolled(14, rollup="none") == {"I14": 1.0}


def test_university_systems_are_rows_only_where_asked_for():
    assert rolled(16, systems=(20,)) == {"I16": 1.0}
    assert rolled(16, systems=(20,), rollup="systems") == {"I20": 1.0}


def test_overrides_hold_in_their_years():
    own = Override(12, "own", first=2020)
    assert rolled(12, overrides=[own]) == rolled(14, overrides=[own]) == {"I12": 1.0}
    late = Override(12, "own", first=2021)
    assert rolled(14, overrides=[late]) == {"I10": 1.0}
    passes = Override(10, "passes", last=2020)
    assert rolled(14, overrides=[passes]) == {"I12": 1.0}
    partners = [Override(13, "partner", 10, 0.75), Override(13, "partner", 14, 0.25)]
    assert rolled(13, overrides=partners) == {"I10": 1.0}  # the second partner is itself below 10
    partners = [Override(12, "partner", 11, 0.75), Override(12, "partner", 15, 0.25)]
    assert rolled(14, overrides=partners) == {"I11": 0.75, "I15": 0.25}


def test_an_author_at_two_institutes_of_one_body_and_at_one_more():
    made = [work(1, author((12, "CN"), (14, "CN"), (11, "US")))]
    options = {"by": "institution", "rollup": "parents", "lineage": LINEAGE}
    before = compute(made, **options)
    assert (before["I10"]["share"], before["I11"]["share"]) == pytest.approx((2 / 3, 1 / 3))
    assert before["I10"]["count"] == 1
    after = compute(made, division="after", **options)
    assert (after["I10"]["share"], after["I11"]["share"]) == (0.5, 0.5)


# ---------------------------------------------------------------------------- properties


@settings(max_examples=15)
@given(
    records(),
    st.sampled_from(["country", "institution", "bloc"]),
    st.sampled_from(["institution", "affiliation"]),
)
def test_every_unit_equals_the_oracle(made, by, split):
    assert_same(compute(made, by, split=split), oracle.table(made, ISSNS, 2020, by, split))


@settings(max_examples=15)
@given(
    records(years=(2020,)),
    st.sampled_from(["country", "institution", "sector", "subject"]),
    st.sampled_from(["institution", "affiliation"]),
    st.sampled_from(["none", "parents", "systems"]),
)
def test_shares_and_the_unassigned_sum_to_the_number_of_articles(made, by, split, rollup):
    rows = compute(made, by, split=split, rollup=rollup, lineage=LINEAGE)
    articles = sum(oracle.is_article(r, ISSNS) for r in made)
    assert total(rows) == pytest.approx(articles, abs=1e-9)
    assert sum(r["equalised_share"] for r in rows.values()) == pytest.approx(articles, abs=1e-9)
    assert all(r["count"] >= r["share"] - 1e-9 for r in rows.values())
    assert all(r["articles"] == articles for r in rows.values())


_lineages = st.dictionaries(st.integers(10, 21), st.lists(st.integers(10, 21), max_size=4), max_size=8)
_rules = st.lists(
    st.one_of(
        st.tuples(st.integers(10, 21), st.sampled_from(["own", "passes"])),
        st.tuples(st.integers(10, 21), st.just("partner")),
    ),
    max_size=3,
    unique_by=lambda r: r[0],
)


@settings(max_examples=15)
@given(records(years=(2020,)), _lineages, _rules, st.sets(st.integers(10, 21), max_size=2))
def test_rolling_up_equals_the_oracle(made, lineage, rules, systems):
    lineage = {i: [i, *above] for i, above in lineage.items()}
    joint = {i for i, rule in rules if rule == "partner"}
    free = sorted(set(range(10, 22)) - joint)[:2]
    held = [
        row
        for i, rule in rules
        for row in ([(i, rule, u, 0.5) for u in free] if rule == "partner" else [(i, rule, None, 1.0)])
    ]
    rows = compute(
        made,
        "institution",
        rollup="parents",
        overrides=[Override(*row) for row in held],
        lineage=lineage,
        systems=tuple(systems),
    )

    def goes_to(institution, year):
        return oracle.goes_to(institution, lineage, held, systems & (set(lineage) | set(range(10, 22))))

    assert_same(rows, oracle.table(made, ISSNS, 2020, "institution", goes_to=goes_to))


def test_intervals_are_seeded_and_hold_share_and_rank():
    made = [work(i, author(CN if i % 3 else US), author(DE if i % 2 else CN)) for i in range(1, 60)]
    made += [work(i, author(CN if i % 2 else US)) | {"publication_year": 2019} for i in range(60, 120)]
    once = compute(made, replicates=400)
    assert once == compute(list(reversed(made)), replicates=400)
    assert once["CN"]["low"] != compute(made, replicates=400, seed=1)["CN"]["low"]
    for unit, row in once.items():
        assert row["low"] <= row["share"] <= row["high"]
        if unit != "unassigned":
            assert row["rank_low"] <= row["rank"] <= row["rank_high"]
    assert once["CN"]["change_low"] < once["CN"]["adjusted_change"] < once["CN"]["change_high"]
    assert once["DE"]["change_low"] is None  # it had nothing before
    assert once["unassigned"]["rank_low"] is None
