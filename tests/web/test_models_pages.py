"""The page on models: the rule of attribution is in the address, and the answer turns with it."""

from __future__ import annotations

from starlette.testclient import TestClient

from primacy.web.app import create_app
from tests.web import worlds
from tests.web.links import Page


def words(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(Page(answer.text).words.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_rule_turns_the_answer(client):
    by_publisher, by_origin = words(client, "/models"), words(client, "/models?by=origin")
    assert "By publisher, models from the United States have 45 % and from China 40 %" in by_publisher
    assert "By origin, models from China have 55 % and from the United States 40 %" in by_origin
    assert by_origin == words(client, "/models/origin/downloads_30d/all")


def test_the_sentence_carries_the_range_over_all_rules(client):
    assert "under the 8 rules, populations and denominators compared it is 40–60 % and 25–55 %" in words(
        client, "/models"
    )


def test_the_switch_is_a_link(client):
    links = Page(client.get("/models/publisher/downloads_all/all").text).links
    assert "../../../models/origin/downloads_all/all" in links
    assert "../../../models/publisher/downloads_30d/all" in links


def test_overtaking_is_dated_or_said_not_to_have_happened(client):
    assert "September 2025" in words(client, "/models")
    assert "not overtaken" in words(client, "/models?measure=downloads_all")


def test_a_figure_has_the_rows_that_it_shows(client):
    rows = client.get("/figures/adoption/origin,region/downloads_30d,all.json").json()
    assert [(r["unit"], r["share"]) for r in rows] == [("china", 0.55), ("us", 0.4), ("unattributed", 0.05)]
    both = client.get("/figures/attribution/region/downloads_30d,all.json").json()
    assert {r["unit"]: (r["share_by_publisher"], r["share_by_origin"]) for r in both}["china"] == (0.4, 0.55)


def test_without_the_study_it_says_which_command_to_run(tmp_path):
    bare = TestClient(create_app(worlds.workspace(tmp_path / "w")))
    for path in ("/models", "/models/families", "/models/owners"):
        assert "primacy run models" in words(bare, path)
