"""``primacy claims`` on results written by hand."""

from __future__ import annotations

import json

import pytest

from primacy.cli import main
from primacy.studies.tables import result_table
from primacy.workspace import Workspace
from tests import handmade

FILE = """[[claims]]
id = "us-first"
text = "The United States leads."
source = "https://example.org"
check = "leader"
where = { technology = "machine-learning" }
leader = "US"
"""


@pytest.fixture
def ws(tmp_path):
    Workspace.init(tmp_path / "ws")
    shares = {"machine-learning": {"CN": 0.4, "US": 0.2}}
    handmade.write(tmp_path / "ws" / "results", research=handmade.research(shares))
    return tmp_path / "ws"


@pytest.fixture
def ask(capsys, ws):
    def ask(*arguments, code=0, form="json"):
        assert main(["--workspace", str(ws), "--format", form, *map(str, arguments)]) == code
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return json.loads(printed.out) if form == "json" and code == 0 else printed.out or printed.err

    return ask


def test_the_article_is_what_is_checked_without_a_file(ask):
    rows = ask("claims")
    assert len(rows) == 17
    assert list(rows[0]) == [c.name for c in result_table("claims").columns]
    assert rows[0]["reason"].endswith("the claim is about 74")
    assert {r["file"] for r in rows} == {"the-article"}


def test_a_newsroom_checks_its_own_file(ask, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(FILE, encoding="utf-8")
    (row,) = ask("claims", mine)
    assert (row["claim"], row["verdict"], row["simulated"]) == ("us-first", "cannot be said", False)
    page = " ".join(ask("claims", mine, form="table").split())
    assert "The United States leads. us-first cannot be said: what is known allows what is claimed" in page
    assert "says CN is first, ahead, contestable (probability 0.9)" in page
    assert page.endswith("1 claims: 1 cannot be said")


def test_the_exit_code_does_not_depend_on_the_verdict_but_on_the_file(ask, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(FILE.replace("leader = ", "leder = "), encoding="utf-8")
    told = ask("claims", mine, code=1)
    assert told.strip() == f"primacy: {mine}: claim 'us-first': leader: Field required"
    assert "no claims file there" in ask("claims", tmp_path / "gone.toml", code=1)


def test_the_assessment_keeps_the_articles_claims_as_a_result(ask):
    ask("run", "assessment", "--quiet")
    assert ask("show", "claims") == ask("claims")
    row = next(r for r in ask("claims") if r["claim"] == "china-leads-batteries")
    assert row["says"] is None
    assert row["reason"].startswith("these data cannot settle it")


def test_what_is_simulated_says_so_on_its_face(demonstration, capsys):
    place = str(demonstration.path)
    assert main(["--workspace", place, "claims"]) == 0
    assert capsys.readouterr().out.startswith("SIMULATED DATA")
    assert main(["--workspace", place, "--format", "json", "claims"]) == 0
    assert {r["simulated"] for r in json.loads(capsys.readouterr().out)} == {True}
