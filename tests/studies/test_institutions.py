"""The whole study on a small world whose numbers can be worked out by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest
from tests.baskets import BASKET, location, tables

from primacy.lake.engine import Engine
from primacy.sources.reference.baskets import Basket, Venue
from primacy.sources.reference.denominators import DENOMINATORS
from primacy.sources.reference.published import Published, name_keys
from primacy.studies import institutions as study
from primacy.studies.institutions import Choices, compare_published, resolve

DOCS = Path(__file__).resolve().parents[2] / "docs" / "institutions.md"
ENGINE = Engine.duckdb(threads=2)
OTHER = Basket("other", "Alpha alone", (Venue("Alpha", ("1111-1119",)),))
OPTIONS = Choices(replicates=40)


def work(i, year, source, *countries):
    return {
        "id": f"W{i}",
        "publication_year": year,
        "publication_date": f"{year}-03-01",
        "type": "article",
        "title": "Of things",
        "primary_location": location(source),
        "cited_by_count": 0,
        "topic": 1,
        "authorships": [
            {"institutions": [{"id": f"I{10 + ['CN', 'US', 'HK'].index(c)}", "country_code": c}]}
            for c in countries
        ],
    }


# Alpha: 2 articles, then 4. Beta: 2 and 2. CN holds half of Alpha; US all of Beta and the other half of Alpha.
RECORDS = [
    *(work(n, 2019, 1, c) for n, c in ((1, "CN"), (2, "US"))),
    *(work(n, 2019, 2, "US") for n in (3, 4)),
    *(work(n, 2020, 1, c) for n, c in ((5, "CN"), (6, "CN"), (7, "US"), (8, "US"))),
    work(9, 2020, 2, "US"),
    work(10, 2020, 2, "US", "CN"),
    work(11, 2020, 4, "CN"),  # in the lake, in no journal of the basket
]


@pytest.fixture(scope="module")
def outcome():
    hand_out = tables(RECORDS)
    stated = [("CN", 2020, "researchers", 2000.0), ("US", 2020, "researchers", 500.0)]
    columns = zip(DENOMINATORS, zip(*stated, strict=True), strict=True)
    return study.run(
        hand_out,
        ENGINE,
        resolved=resolve(BASKET, hand_out("sources"), ENGINE.to_arrow),
        choices=OPTIONS,
        overrides=(),
        others=[resolve(b, hand_out("sources"), ENGINE.to_arrow) for b in (BASKET, OTHER)],
        denominators=pa.table([pa.array(c, f.type) for f, c in columns], schema=DENOMINATORS),
    )


def rows(outcome, table, **wanted):
    found = outcome.tables[table].to_pylist()
    return [r for r in found if all(r[k] == v for k, v in wanted.items())]


def one(outcome, table, **wanted):
    (row,) = rows(outcome, table, **wanted)
    return row


def test_every_year_and_kind_has_its_shares(outcome):
    now = one(outcome, "basket", year=2020, unit="CN")
    assert (now["count"], now["share"], now["rank"], now["articles"]) == (3, 2.5, 2, 6)
    assert now["adjusted_change"] == pytest.approx(100 * (4 / 6 * 2.5 / 1 - 1))
    assert now["low"] <= now["share"] <= now["high"]
    kinds = {r["unit_kind"] for r in rows(outcome, "basket")}
    assert kinds == {"institution", "country", "bloc", "sector", "subject"}
    for kind in kinds - {"bloc"}:
        assert sum(r["share"] for r in rows(outcome, "basket", year=2020, unit_kind=kind)) == pytest.approx(6)
    assert one(outcome, "basket", year=2020, unit="I10")["basket_version"] == BASKET.version


def test_subjects_and_months(outcome):
    physics = one(outcome, "basket_subjects", year=2020, unit="CN", subject="Physical sciences")
    assert (physics["share"], physics["articles"]) == (0.5, 2)  # Beta is chemistry and physics
    months = rows(outcome, "basket_rolling", unit="US")
    assert (months[-1]["period"], months[-1]["share"]) == ("2019-04/2020-03", 3.5)
    assert months[-1]["adjusted_change"] == pytest.approx(100 * (4 / 6 * 3.5 / 3 - 1))
    assert (months[0]["period"], months[0]["articles"]) == ("2018-05/2019-04", 4)


def test_growth_is_taken_apart(outcome):
    change = one(outcome, "basket_decomposition", year=2020, unit="US")
    assert change["change"] == 0.5
    assert change["volume"] + change["within"] + change["mix"] == pytest.approx(0.5, abs=1e-12)
    assert change["within"] < 0  # it lost half an article of Beta
    index = one(outcome, "basket_growth", year=2020, unit="US")
    assert index["fixed_index"] == pytest.approx(100 * (1 + 1.5) / 3)
    assert index["chain_index"] == pytest.approx(index["fixed_index"])
    assert index["base_year"] == 2019
    assert not rows(outcome, "basket_growth", unit="unassigned")


def test_journals_that_carry_a_rank_are_named(outcome):
    found = rows(outcome, "basket_journals", year=2020, unit="US")
    assert [(r["venue"], r["count"], r["share"], r["rank"], r["rank_without"]) for r in found] == [
        ("Alpha", 2, 2.0, 1, 1),
        ("Beta", 2, 1.5, 1, 1),  # without it US and CN have 2 each
    ]
    second = rows(outcome, "basket_journals", year=2020, unit="CN")
    assert [(r["venue"], r["rank"], r["rank_without"], r["rank_change"]) for r in second] == [
        ("Alpha", 2, 2, 0),
        ("Beta", 2, 1, -1),
    ]
    assert [r["part"] for r in second] == pytest.approx([0.8, 0.2])


def test_partners_articles_and_heads(outcome):
    pair = one(outcome, "basket_partners", unit="CN", unit_kind="country")
    assert (pair["partner"], pair["count"], pair["score"], pair["rank"]) == ("US", 1, 1.0, 1)
    lake = one(outcome, "basket_relative", year=2020, unit="CN", relative_to="articles in the lake")
    assert (lake["denominator"], lake["per_thousand"]) == (3.5, pytest.approx(1000 * 2.5 / 3.5))
    heads = one(outcome, "basket_relative", year=2020, unit="US", relative_to="researchers")
    assert (heads["per_thousand"], heads["rank"], heads["size_rank"]) == (7.0, 1, 1)


def test_lists_are_compared_on_the_same_year(outcome):
    row = one(outcome, "basket_lists", year=2020, unit="CN")
    assert (row["basket"], row["other_basket"]) == ("test", "other")
    assert (row["share"], row["other_share"], row["of_list"], row["of_units"]) == (2.5, 2.0, 0.5, 1.0)


def test_the_report_and_the_funnel_account_for_everything(outcome):
    venues = outcome.tables["basket_venues"].to_pylist()
    assert [(r["venue"], r["status"], r["articles"]) for r in venues] == [
        ("Alpha", "found", 6),
        ("Beta", "found", 4),
        ("Gamma", "found", 0),
    ]
    assert outcome.notes["funnel"]["works_in_lake"] == 11
    assert outcome.notes["funnel"]["articles"] == 10
    lost = outcome.notes["lost_weight"]
    assert (lost["works"], lost["weight"], lost["share"]) == (10, 0.0, 0.0)
    assert lost["by_unit_kind"]["sector"] == {"weight": 6.5, "share": 0.65}
    assert outcome.notes["basket"]["not_found"] == []


def test_every_table_and_column_is_explained(outcome):
    text = DOCS.read_text(encoding="utf-8")
    for name, table in outcome.tables.items():
        assert f"`{name}`" in text, name
        for column in table.column_names:
            assert re.search(rf"\b{column}\b", text), (name, column)


def test_running_again_gives_the_same_and_no_articles_give_empty_tables(outcome):
    hand_out = tables(RECORDS[::-1])
    resolved = resolve(BASKET, hand_out("sources"), ENGINE.to_arrow)
    again = study.run(hand_out, ENGINE, resolved=resolved, choices=OPTIONS, overrides=())
    for name in ("basket", "basket_growth", "basket_journals", "basket_partners", "basket_rolling"):
        assert again.tables[name].equals(outcome.tables[name]), name
    nothing = study.run(tables([RECORDS[-1]]), ENGINE, resolved=resolved, choices=OPTIONS, overrides=())
    for name, table in nothing.tables.items():
        assert table.num_rows == (3 if name == "basket_venues" else 0), name
        assert table.schema.names == outcome.tables[name].schema.names, name


# ---------------------------------------------------------------------------- published rows


def published(name, share, *, country=None, unit=None, count=None, before=None, change=None):
    return Published(name, unit, country, count, share, before, change)


OURS = pa.table(
    {
        "basket": ["b"] * 5,
        "year": [2020] * 5,
        "unit_kind": ["institution"] * 5,
        "unit": ["I1", "I2", "I3", "I4", "unassigned"],
        "name": ["University of Tokyo", "ETH Zurich", "National University", "National University", None],
        "country": ["JP", "CH", "CO", "AR", None],
        "count": [9, 7, 5, 4, 1],
        "share": [4.0, 3.0, 2.0, 1.0, 0.5],
        "adjusted_change": [1.0, None, None, None, None],
        "basket_version": ["v"] * 5,
    }
)


def test_published_rows_are_found_by_name_and_country():
    found = compare_published(
        OURS,
        [
            published(
                "The University of Tokyo (UTokyo)", 8.0, country="JP", count=18, before=8.0, change=0.0
            ),
            published("Swiss Federal Institute of Technology Zurich (ETH Zurich)", 6.0, country="CH"),
            published("National University", 4.0, country="AR"),
            published("National University", 9.0),  # of which country?
            published("University of Tokyo", 1.0, country="JP"),  # taken
            published("ETH Zürich", 1.0, country="DE"),  # another country's
        ],
    )
    assert found.rows["unit"].to_pylist() == ["I1", "I2", "I4", None, None, None]
    assert found.unmatched == ["National University", "University of Tokyo", "ETH Zürich"]
    summary = found.summary.to_pylist()[0]
    assert (summary["published"], summary["matched"]) == (6, 3)
    assert found.rows["error"][0].as_py() == -0.5
    assert (summary["factor"], summary["factor_error"]) == (pytest.approx(1.0), pytest.approx(0, abs=1e-9))


def test_an_id_goes_before_a_name():
    found = compare_published(OURS, [published("anything", 1.0, unit="I2"), published("ETH Zurich", 1.0)])
    assert found.rows["unit"].to_pylist() == ["I2", None]
    assert name_keys("King's College London (KCL)") == ("king s college london", "kcl")
