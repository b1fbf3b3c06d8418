"""Cells that say little: one paper, everybody tied, no citations, one country, nobody; as the method page says."""

from __future__ import annotations

import pytest
from tests.studies.test_research import ENGINE, WINDOW, one, record, rows
from tests.worlds import tables

from primacy.measures.method import Method
from primacy.studies.research import run

CELLS = {
    # Citations and countries of each paper.
    "one": [(5, ["CN"])],
    "tied": [(3, [c]) for _ in range(60) for c in ("US", "CN")],
    "uncited": [(0, [c]) for _ in range(60) for c in ("US", "CN")],
    "alone": [(i, ["DE"]) for i in range(120)],
    "nobody": [(i % 7, []) for i in range(120)],
}


def world():
    records, members = [], {}
    for name, papers in CELLS.items():
        for i, (citations, countries) in enumerate(papers):
            number = len(records) + 1
            records.append(record(number, 2017 + i // 2 % 5, citations, *countries))
            members.setdefault(name, set()).add(number)
    return tables(records, members)


@pytest.fixture(scope="module")
def outcome():
    return run(world(), ENGINE, method=Method(replicates=100), windows=[WINDOW])


def share(outcome, technology, unit):
    return one(outcome, "shares", technology=technology, unit=unit, unit_kind="country")


def test_one_paper_is_everything_and_too_few(outcome):
    row = share(outcome, "one", "CN")
    assert (row["papers"], row["high_impact"], row["share"]) == (1.0, pytest.approx(0.1), 1.0)
    assert (row["low"], row["high"], row["rank_low"], row["rank_high"]) == (1.0, 1.0, 1, 1)
    assert (row["h_low"], row["h_index"], row["h_high"]) == (1, 1, 1)
    assert row["few"]
    # Less than one highly cited work counts as one, which bounds next to nothing.
    assert (row["beta_low"], row["beta_high"]) == (pytest.approx(0.025), 1.0)
    lead = one(outcome, "leads", technology="one")
    assert (lead["leader"], lead["runner_up"], lead["lead_ratio"]) == ("CN", None, None)
    assert (lead["verdict"], lead["papers"]) == ("too few papers", 1)
    assert rows(outcome, "trends", technology="one") == []
    assert rows(outcome, "crossings", technology="one") == []


@pytest.mark.parametrize("technology", ["tied", "uncited"])
def test_tied_papers_share_the_top_and_lead_nobody(outcome, technology):
    for unit in ("CN", "US"):
        row = share(outcome, technology, unit)
        # Every paper scores a tenth, so that the cell totals a tenth of its papers.
        assert row["high_impact"] == pytest.approx(6.0)
        assert (row["share"], row["rank"]) == (pytest.approx(0.5), 1)
        assert row["low"] < 0.5 < row["high"]
        assert (row["rank_low"], row["rank_high"]) == (1, 2)
        assert row["top_papers"] == 60
    lead = one(outcome, "leads", technology=technology)
    # Of equal shares the first code stands first, which is no lead.
    assert (lead["leader"], lead["margin"], lead["verdict"]) == ("CN", pytest.approx(0), "contested")
    assert lead["lead_ratio_low"] < 1.5
    pair = one(outcome, "pairwise", technology=technology, unit="CN", unit_kind="country")
    assert pair["probability"] == pytest.approx(0.5, abs=0.2)
    assert {r["status"] for r in rows(outcome, "crossings", technology=technology)} == {"contested"}
    assert share(outcome, technology, "CN")["h_index"] == (3 if technology == "tied" else 0)


def test_one_country_leads_with_certainty_and_without_a_ratio(outcome):
    row = share(outcome, "alone", "DE")
    assert (row["share"], row["high"], row["probability"]) == (1.0, 1.0, 1.0)
    assert row["low"] == pytest.approx(1.0)
    assert row["beta_low"] == pytest.approx(0.025 ** (1 / row["high_impact"]), abs=1e-9)
    assert row["beta_high"] == 1.0
    lead = one(outcome, "leads", technology="alone")
    assert (lead["runner_up"], lead["runner_up_share"], lead["lead_ratio"]) == (None, None, None)
    assert (lead["margin"], lead["margin_low"]) == (1.0, None)
    assert (lead["probability"], lead["robustness"], lead["verdict"]) == (1.0, 1.0, "leads")
    assert (lead["trend"], lead["trend_low"], lead["trend_high"]) == (0.0, 0.0, 0.0)


def test_papers_of_nobody_are_counted_and_give_no_row(outcome):
    for table in ("shares", "leads", "pairwise", "crossings", "trends"):
        assert rows(outcome, table, technology="nobody") == []
    covered = rows(outcome, "coverage", technology="nobody")
    assert sum(r["works"] for r in covered) == sum(r["works_without_country"] for r in covered) == 120
    assert {r["lost"] for r in covered} == {1.0}
    assert outcome.notes["lost_weight"]["by_technology"]["nobody"]["share"] == 1.0


def test_where_ties_are_left_out_and_all_are_tied_nothing_is_defined():
    found = run(world(), ENGINE, method=Method(replicates=50, ties="exclude"), windows=[WINDOW])
    row = share(found, "tied", "CN")
    assert (row["high_impact"], row["share"], row["low"], row["high"], row["probability"]) == (
        0.0,
        *[None] * 4,
    )
    assert row["papers"] == pytest.approx(60)
    assert rows(found, "leads", technology="tied") == []
    assert one(found, "leads", technology="alone")["leader"] == "DE"


def test_without_replicates_there_are_point_estimates_and_no_intervals():
    found = run(world(), ENGINE, method=Method(replicates=0), windows=[WINDOW])
    row = share(found, "tied", "CN")
    assert (row["share"], row["few"]) == (pytest.approx(0.5), False)
    for name in ("low", "high", "beta_low", "beta_high", "rank_low", "h_high", "probability"):
        assert row[name] is None, name
    lead = one(found, "leads", technology="alone")
    assert (lead["margin"], lead["margin_low"], lead["monopoly_risk_low"], lead["robustness"]) == (
        1.0,
        None,
        None,
        1.0,
    )
    assert found.tables["pairwise"].num_rows == found.tables["crossing_years"].num_rows == 0
    assert one(found, "crossings", technology="tied", overtaker="US")["status"] == "not yet"
