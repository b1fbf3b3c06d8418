"""The commands of the research study over the demonstration's workspace."""

from __future__ import annotations

import json

import pytest

from primacy.cli import main
from primacy.studies.tables import result_table

TECHNOLOGY = "advanced-batteries"


@pytest.fixture(autouse=True)
def workspace(demonstration, monkeypatch):
    monkeypatch.setenv("PRIMACY_WORKSPACE", str(demonstration.path))
    return demonstration


def rows(capsys, *arguments):
    assert main([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("table", ["pairwise", "crossing_years"])
def test_tables_are_shown_with_every_column_declared(capsys, table):
    found = rows(capsys, "show", table, "--technology", TECHNOLOGY, "--limit", "3")
    assert len(found) == 3
    assert list(found[0]) == result_table(table).arrow.names


def test_pairs_are_shown_for_one_unit(capsys):
    found = rows(capsys, "show", "pairwise", "--technology", TECHNOLOGY, "--unit", "CN")
    assert {r["unit"] for r in found} == {"CN"}
    by_window = {}
    for row in found:
        by_window.setdefault(row["window"], []).append(row["other"])
    assert by_window.keys() == {"2015-2019", "2020-2024"}
    assert all(len(others) == len(set(others)) <= 9 for others in by_window.values())


def test_shares_mark_what_rests_on_few_papers(capsys):
    found = rows(capsys, "shares", TECHNOLOGY, "--replicates", "50")
    assert {r["few"] for r in found} <= {True, False}
    for row in found:
        assert row["few"] == (row["top_papers"] < 10)
        assert row["beta_low"] <= row["share"] <= row["beta_high"]
    assert main(["shares", TECHNOLOGY, "--replicates", "50"]) == 0
    assert "beta_low, beta_high" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("counting", "says"), [("first", True), ("corresponding", True), ("full", False)])
def test_works_that_credit_nobody_are_stated_beside_the_shares(capsys, counting, says):
    assert main(["shares", TECHNOLOGY, "--counting", counting, "--replicates", "0", "--format", "json"]) == 0
    captured = capsys.readouterr()
    json.loads(captured.out)
    assert (f"works mark no {counting} author: nobody is credited for them" in captured.err) == says


def test_coverage_on_the_spot_is_that_of_the_study(workspace):
    spot = workspace.research.coverage(TECHNOLOGY, window="2015-2019").to_pylist()
    stored = workspace.show("coverage", technology=TECHNOLOGY).to_pylist()
    assert spot == [r for r in stored if 2015 <= r["year"] <= 2019]
