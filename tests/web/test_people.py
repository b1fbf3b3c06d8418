"""People on the page of a technology: shown only where the results have them, by the better evidence."""

from __future__ import annotations

from primacy.web.figures import find
from primacy.web.figures.people import flows_of, stages_of
from primacy.web.snapshot import Snapshot
from tests.web.test_models_pages import words


def test_the_better_evidence_and_its_earliest_stage_are_shown(workspace):
    snapshot = Snapshot(workspace)
    rows, earlier, evidence = stages_of(snapshot, "supercapacitors", "2020-2024")
    assert (earlier, evidence) == ("first", "affiliations")
    assert {r["coverage"] for r in rows} == {0.9}
    figure = find(snapshot, "people", "supercapacitors", "2020-2024")
    assert [(r["unit"], r["share_earlier"], r["share_employed"]) for r in figure.rows.to_pylist()] == [
        ("CN", 0.7, 0.5), ("US", 0.3, 0.5)
    ]  # fmt: skip


def test_who_stayed_did_not_move(workspace):
    rows = flows_of(Snapshot(workspace), "supercapacitors", "2020-2024")
    assert [(r["origin"], r["destination"], r["authors"]) for r in rows] == [("CN", "US", 20.0)]


def test_a_technology_without_people_has_no_such_section(client):
    assert "Where people went" in words(client, "/technology/supercapacitors")
    assert "Where people went" not in words(client, "/technology/hostile")
