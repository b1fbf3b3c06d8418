"""Releases, time travel and diff through the commands, over two small releases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from primacy.cli import main
from primacy.workspace import Workspace
from tests.workspace.snapshots import TECHNOLOGY, write


def record(number: int, country: str, citations: int, date: str, *, institution: int = 1, **fields) -> dict:
    return {
        "id": f"https://openalex.org/W{number}",
        "title": f"A laser of kind {number}",
        "publication_year": 2020 + number % 2,
        "type": "article",
        "cited_by_count": citations,
        "updated_date": date,
        "authorships": [
            {
                "author_position": "first",
                "institutions": [{"id": f"https://openalex.org/I{institution}", "country_code": country}],
            }
        ],
        **fields,
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A workspace after two releases: W2 has other citations and institutions, W6 left, W8 and W10 are new."""
    root = tmp_path_factory.mktemp("versions")
    (root / "portfolio").mkdir()
    (root / "portfolio" / "lasers.toml").write_text(TECHNOLOGY, encoding="utf-8")
    workspace = Workspace.init(root / "ws")
    (root / "ws" / "primacy.toml").write_text(
        f'portfolio = "{root / "portfolio"}"\n[method]\ntop = 0.25\nreplicates = 5\n'
        '[research]\nwindows = ["2020-2021"]\n'
    )
    old, new = "2024-01-01", "2024-02-01"
    first = [
        record(1, "US", 3, old, abstract="Light."),
        record(2, "US", 9, old),
        record(4, "CN", 5, old),
        record(6, "DE", 0, old),
    ]
    second = [
        record(2, "US", 10, new, institution=2),
        record(8, "CN", 30, new, abstract="More."),
        record(10, "CN", 20, new),
    ]
    run = ["--workspace", str(workspace.path), "--quiet"]
    assert main([*run, "pull", "openalex", str(write(root / "one", {old: first}))]) == 0
    assert main([*run, "match"]) == 0
    assert main([*run, "run", "research"]) == 0
    assert main([*run, "pull", "openalex", str(write(root / "two", {new: second}, deleted={6: new}))]) == 0
    assert main([*run, "match"]) == 0
    return workspace.path


@pytest.fixture
def ask(home, capsys):
    def run(*words: str) -> list[dict]:
        capsys.readouterr()
        assert main(["--workspace", str(home), "--format", "json", *words]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_releases_by_hand(ask):
    rows = ask("releases")
    works = {(r["lake_version"], r["year"]): r for r in rows if r["entity"] == "works"}
    assert sorted({r["lake_version"] for r in rows}) == [1, 4]  # 2 is a match, 3 and 4 are of one pull
    names = ("rows", "change", "added", "removed", "updated", "redealt")
    assert [works[1, None][n] for n in names] == [4, 4, 4, 0, 0, 0]
    assert [works[4, None][n] for n in names] == [5, 1, 2, 1, 1, 1]
    assert [works[4, 2020][n] for n in names] == [4, 1, 2, 1, 1, 1]
    assert [works[4, 2021][n] for n in names] == [1, 0, 0, 0, 0, 0]
    assert (works[1, None]["with_country"], works[1, None]["with_abstract"]) == (1.0, 0.25)
    assert works[4, None]["with_abstract"] == 0.4
    institutions = {
        r["lake_version"]: (r["rows"], r["change"]) for r in rows if r["entity"] == "institutions"
    }
    assert institutions == {1: (1, 1), 4: (2, 1)}
    assert {r["lake_version"] for r in ask("releases", "--last", "1")} == {4}


def test_reading_as_the_lake_was(ask, home, capsys):
    assert [r["work_id"] for r in ask("show", "works", "--at", "1")] == ["W1", "W2", "W4", "W6"]
    assert [r["work_id"] for r in ask("show", "works")] == ["W1", "W2", "W4", "W8", "W10"]
    then = ask("shares", "lasers", "--window", "2020-2020", "--at", "2")
    now = ask("shares", "lasers", "--window", "2020-2020")
    assert (then[0]["unit"], now[0]["unit"]) == ("US", "CN")
    assert ask("show", "leads", "--at", "2")[0]["leader"] == "US"  # the run was made from that version
    assert main(["--workspace", str(home), "show", "leads", "--at", "1"]) == 1
    assert "no table 'leads'" in capsys.readouterr().err
    assert main(["--workspace", str(home), "show", "works", "--at", "77"]) == 1
    assert "lake version 77: there are 0 to 5" in capsys.readouterr().err


def test_diff_names_the_works(ask, home, capsys):
    (lead,) = ask("diff", "1", "5")
    assert (lead["technology"], lead["leader_before"], lead["leader_after"]) == ("lasers", "US", "CN")
    works = ask("diff", "1", "5", "--table", "works")
    assert sum(w["contribution"] for w in works) == pytest.approx(
        lead["difference_after"] - lead["difference_before"]
    )
    assert {w["work_id"]: w["status"] for w in works if w["status"] in ("entered", "left")} == {
        "W8": "entered",
        "W10": "entered",
        "W6": "left",
    }
    assert lead["works"].split()[0] == works[0]["work_id"]
    assert len(ask("diff", "1", "5", "--table", "works", "--limit", "1")) == 1
    assert ask("diff", "1", "2") == []  # a match changes no data
    for words, reason in (
        (("5", "1"), "name the earlier one first"),
        (("0", "5"), "lake version 0: no works in it"),
        (("1", "99"), "lake version 99: there are 0 to 5"),
        (("1", "5", "--technology", "laser"), "no technology 'laser'"),
    ):
        assert main(["--workspace", str(home), "diff", *words]) != 0
        said = capsys.readouterr().err
        assert reason in said
        assert "Traceback" not in said
