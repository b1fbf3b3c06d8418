"""The pages of the assessment: the verdict, the stage at which a lead is lost, every value with its table."""

from __future__ import annotations

from starlette.testclient import TestClient

from primacy.web.app import create_app
from tests.web import worlds
from tests.web.test_models_pages import words


def test_a_lead_that_is_lost_is_told_first_and_where(client):
    text = words(client, "/assessment")
    said = "China leads the research on AI technologies and loses the lead at compute, to the United States"
    assert f"[SIMULATED DATA] {said} (in 97 % of draws)." in text
    assert "lost at compute to United States" in text
    assert "2 published statements on these subjects: 1 agree, 1 not comparable" in text


def test_a_verdict_opens_to_stages_and_values(client):
    text = words(client, "/assessment/ai-technologies")
    assert "here the lead is lost" in text
    assert "China stands 2" in text
    assert "50.0 % 40.0 % – 60.0 %" in text
    assert "no data : study compute was not run" in text.replace("no data: ", "no data : ")
    assert "60 % of the variance of the lead: the weights" in text


def test_what_cannot_be_said_says_why(client):
    assert "cannot be said (no two countries can be compared)" in words(client, "/assessment/unknown")


def test_the_matrix_has_every_stage_of_every_subject(client):
    rows = client.get("/figures/verdicts/domain/stages.json").json()
    assert [(r["technology"], r["stage"], r["leader"]) for r in rows if r["technology"] == "ai-technologies"] == [
        ("ai-technologies", "research", "CN"), ("ai-technologies", "people", "CN"),
        ("ai-technologies", "compute", "US"), ("ai-technologies", "models", "CN"),
    ]  # fmt: skip
    drawing = client.get("/figures/verdicts/domain/stages.svg").text
    assert "United States" in drawing


def test_claims_stand_by_verdict_with_what_the_results_say(client):
    text = words(client, "/claims")
    assert "Of 3 published figures, these results confirm 1, contradict 1 and cannot settle 1" in text
    assert text.index("CN is first") < text.index("Needs: a run")


def test_without_the_study_it_says_which_command_to_run(tmp_path):
    bare = TestClient(create_app(worlds.workspace(tmp_path / "w")))
    assert "primacy run assessment" in words(bare, "/assessment")
    assert "primacy claims FILE" in words(bare, "/claims")
    assert bare.get("/assessment/energy").status_code == 404
