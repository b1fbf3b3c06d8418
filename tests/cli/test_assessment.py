"""``run assessment`` and ``assessment`` on results written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from primacy.cli import main
from primacy.workspace import Workspace
from primacy.workspace.check import check
from tests import handmade


@pytest.fixture
def ws(tmp_path) -> Path:
    Workspace.init(tmp_path / "ws")
    handmade.write(
        tmp_path / "ws" / "results",
        research=handmade.research(
            {"machine-learning": {"CN": 0.4, "US": 0.2}, "electric-batteries": {"CN": 0.6, "US": 0.1}}
        ),
        compute=handmade.clusters({"US": 0.7, "CN": 0.2}),
    )
    return tmp_path / "ws"


@pytest.fixture
def ask(capsys, ws):
    def ask(*arguments: object, code: int = 0, form: str = "json"):
        assert main(["--workspace", str(ws), "--format", form, *map(str, arguments)]) == code
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return json.loads(printed.out) if form == "json" and code == 0 else printed.out or printed.err

    return ask


def test_the_study_runs_and_its_tables_are_shown(ask):
    made = ask("run", "assessment", "--quiet")
    assert {r["table"] for r in made} == {
        "assessment",
        "assessment_chain",
        "assessment_indicators",
        "assessment_published",
        "assessment_scores",
        "assessment_sensitivity",
        "claims",
    }
    (row,) = ask("show", "assessment", "--technology", "ai-technologies")
    assert (row["leader"], row["lost_at"], row["lost_to"]) == ("CN", "compute", "US")
    rows = ask("show", "assessment_indicators", "--technology", "ai-technologies", "--unit", "CN")
    assert {r["indicator"] for r in rows} == {"research_share", "research_h_index", "compute_share"}


def test_without_a_name_it_runs_after_the_others_as_soon_as_research_is_there(ask, ws):
    assert {r["study"] for r in ask("run", "--quiet")} == {"assessment"}
    (ws / "results" / "research" / "manifest.json").unlink()
    assert "the lake is empty" in ask("run", code=1)


def test_a_verdict_opens_down_to_its_indicators(ask):
    ask("run", "assessment", "--quiet")
    page = ask("assessment", "ai-technologies", form="table")
    for text in (
        "AI technologies",
        "China: ",
        "lost at compute to US",
        "research_share",
        "no data",
        "Belfer CETI",
    ):
        assert text in page, text
    rows = ask("assessment", "ai-technologies")
    assert rows == ask("show", "assessment_indicators", "--technology", "ai-technologies")
    assert [r["technology"] for r in ask("assessment")] == [
        r["technology"] for r in ask("show", "assessment")
    ]


def test_a_verdict_that_cannot_be_given_says_why(ask):
    ask("run", "assessment", "--quiet")
    page = ask("assessment", "semiconductors", form="table")
    assert "cannot be said: no results on semiconductors" in " ".join(page.split())


def test_refusals_are_one_line(ask, ws):
    assert ask("assessment", code=1).strip() == (
        "primacy: assessment: not run in this workspace; `primacy run assessment` makes it"
    )
    ask("run", "assessment", "--quiet")
    assert "'nonsense' is not assessed; there are 5g, " in ask("assessment", "nonsense", code=1)
    (ws / "results" / "research" / "manifest.json").unlink()
    assert "research: not run in this workspace" in ask("run", "assessment", code=1)


def test_explain_leads_to_the_tables_that_every_value_is_from(ask):
    ask("run", "assessment", "--quiet")
    told = {r["key"]: r["value"] for r in ask("explain", "assessment", "--technology", "ai-technologies")}
    assert told["technology.measured_by"] == "machine-learning"
    assert told["technology.indicators.compute_share"].startswith("compute: clusters-")
    assert told["technology.indicators.adoption_share"].startswith("no data: no results of the study models")
    assert told["settings.version"] == 1
    assert len(told["results.research.tables.leads"]) == 64


def test_check_says_when_the_results_it_read_have_changed(ask, ws):
    ask("run", "assessment", "--quiet")
    findings = {f.check: f for f in check(Workspace.open(ws))}
    assert findings["results assessment: other results"].ok
    changed = handmade.research({"machine-learning": {"CN": 0.3, "US": 0.2}})
    handmade.write(ws / "results", research=changed)
    findings = {f.check: f for f in check(Workspace.open(ws))}
    stale = findings["results assessment: other results"]
    assert not stale.ok
    assert "since then research changed: run `primacy run assessment` again" in stale.detail


def test_a_definition_of_ones_own_is_read_and_refused_by_name(ask, ws):
    settings = ws / "primacy.toml"
    settings.write_text('[assessment]\ndefinition = "mine.toml"\n', encoding="utf-8")
    assert "mine.toml: cannot be read" in ask("run", "assessment", code=1)
    settings.write_text("[assessment]\nrule = 1\n", encoding="utf-8")
    assert "[assessment] unknown key 'rule'; there are definition" in ask("run", "assessment", code=1)
