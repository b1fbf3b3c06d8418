"""The commands on technologies: rows for programs, pages for people, one line for what is wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa
import pytest

from primacy.cli import main
from primacy.lake.store import Lake
from primacy.lake.tables import table

TECHNOLOGY = """
id = "cells"
name = "Cells"
domain = "Energy"
definition = "Batteries."
topics = ["T10018"]
notes = ["Assault and battery."]
[queries]
strict = 'title:batter*'
broad = 'batter* OR "solid state"'
"""


@pytest.fixture
def portfolio(tmp_path: Path) -> Path:
    directory = tmp_path / "portfolio"
    directory.mkdir()
    (directory / "cells.toml").write_text(TECHNOLOGY, encoding="utf-8")
    return directory


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    directory = tmp_path / "workspace"
    assert main(["init", str(directory), "--quiet"]) == 0
    texts = [(1, "Batteries", None), (2, "Solid-state lasers", "a battery"), (3, "Nothing", "else")]
    columns = dict(zip(("work_id", "title", "abstract"), zip(*texts, strict=True), strict=True))
    with Lake.open(directory / "lake").transaction("pull") as tx:
        tx.append("texts", pa.table(columns, schema=table("texts").arrow))
    monkeypatch.setenv("PRIMACY_WORKSPACE", str(directory))
    return directory


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert main([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 1) -> str:
    assert main(list(arguments)) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def test_match_fills_memberships(
    workspace: Path, portfolio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = rows(capsys, "match", "--portfolio", str(portfolio), "--query", "broad")
    assert row == {"query": "broad", "technologies": 1, "texts": 3, "read": 3, "memberships": 2, "empty": []}
    found = rows(capsys, "show", "memberships")
    assert [(r["technology"], r["work_id"]) for r in found] == [("cells", "W1"), ("cells", "W2")]
    rows(capsys, "match", "--portfolio", str(portfolio))
    assert [r["work_id"] for r in rows(capsys, "show", "memberships")] == ["W1"]
    (listed,) = rows(capsys, "technologies")
    assert (listed["technology"], listed["strict_works"], listed["broad_works"]) == ("cells", 1, 2)


def test_try_counts_and_shows_hits(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hits = rows(capsys, "technologies", "try", "solid NEAR/1 laser* OR batter*")
    assert hits == [
        {"work_id": "W1", "year": None, "title": "Batteries", "excerpt": ""},
        {"work_id": "W2", "year": None, "title": "Solid-state lasers", "excerpt": "a battery"},
    ]
    assert len(rows(capsys, "technologies", "try", "batter*", "--limit", "1")) == 1
    assert rows(capsys, "technologies", "try", "graphene") == []
    assert main(["technologies", "try", "batter*"]) == 0
    assert "2 of 3 texts" in capsys.readouterr().out


def test_a_wrong_query_is_one_line_with_its_column(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "column 7: two terms with no operator" in refusal(capsys, "technologies", "try", "solid state")


def test_show_has_a_page_for_people_and_a_row_for_programs(
    workspace: Path, portfolio: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["technologies", "show", "cells", "--portfolio", str(portfolio)]) == 0
    page = capsys.readouterr().out
    for part in ("Cells", "Batteries.", 'batter* OR "solid state"', "T10018", "Assault and battery."):
        assert part in page
    (row,) = rows(capsys, "technologies", "show", "cells", "--portfolio", str(portfolio))
    assert (row["strict"], row["topics"]) == ("title:batter*", ["T10018"])


def test_the_bundled_portfolio_needs_no_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(rows(capsys, "technologies")) >= 74
    assert "did you mean photovoltaics" in refusal(capsys, "technologies", "show", "photovoltaic")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "cells"', 'id = "cell"', "id: 'cell' differs from the file's name"),
        ("broad = 'batter* OR \"solid state\"'", "", "queries.broad: is missing"),
        ("notes =", "note =", "note: is not a key"),
        ('batter* OR "solid state"', "batter* solid", "cells.toml:10: queries.broad: column 9"),
        ("[queries]", "[queries", "not valid TOML"),
    ],
)
def test_match_refuses_a_wrong_file_and_changes_nothing(
    workspace: Path, portfolio: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, reason: str
) -> None:
    (portfolio / "cells.toml").write_text(TECHNOLOGY.replace(old, new), encoding="utf-8")
    line = refusal(capsys, "match", "--portfolio", str(portfolio))
    assert "cells.toml" in line
    assert reason in line
    assert not Lake.open(workspace / "lake").has("memberships")


def test_match_refuses_what_is_no_portfolio(
    workspace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no such directory" in refusal(capsys, "match", "--portfolio", str(tmp_path / "nowhere"))
    (tmp_path / "empty").mkdir()
    assert "no technology in it" in refusal(capsys, "match", "--portfolio", str(tmp_path / "empty"))
    assert main(["match", "--query", "wide"]) == 2


def test_lint_finds_and_exits(workspace: Path, portfolio: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rows(capsys, "technologies", "lint", str(portfolio)) == []
    assert main(["technologies", "lint", str(portfolio)]) == 0
    assert "1 files: 0 errors, 0 warnings, 0 explained" in capsys.readouterr().out
    text = TECHNOLOGY.replace(
        "strict = 'title:batter*'", "strict = 'gan OR laser OR laser* OR title:nothing'"
    )
    (portfolio / "cells.toml").write_text(text, encoding="utf-8")
    found = rows(capsys, "technologies", "lint", str(portfolio), "--lake")
    assert [(f["check"], f["term"]) for f in found] == [("acronym", "gan"), ("dead", "laser"), ("escape", "")]
    (portfolio / "wrong.toml").write_text(TECHNOLOGY, encoding="utf-8")
    assert main(["technologies", "lint", str(portfolio), "--format", "json"]) == 1
    captured = capsys.readouterr()
    assert "differs from the file's name" in captured.out
    assert captured.err.count("\n") == 1
    assert "wrong.toml: id:" in captured.err


def test_sample_then_evaluate(
    workspace: Path, portfolio: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, options = tmp_path / "sheet.csv", ["--portfolio", str(portfolio)]
    assert main(["technologies", "sample", "cells", "--n", "5", "--out", str(sheet), *options]) == 0
    with sheet.open(encoding="utf-8", newline="") as file:
        drawn = list(csv.DictReader(file))
    assert sorted((row["work_id"], row["stratum"], row["population"]) for row in drawn) == [
        ("W1", "strict", "1"),
        ("W2", "broad-only", "1"),
    ]
    lines = ["work_id,relevant,stratum,population"]
    lines += [
        f"{row['work_id']},{int(row['work_id'] == 'W1')},{row['stratum']},{row['population']}"
        for row in drawn
    ]
    sheet.write_text("\n".join([*lines, "W99,1,strict,1"]), encoding="utf-8")
    capsys.readouterr()
    found = rows(capsys, "technologies", "evaluate", "cells", "--labels", str(sheet), *options)
    estimates = {(r["query"], r["measure"]): r["estimate"] for r in found if r["stratum"] == "all"}
    assert estimates == {
        ("strict", "precision"): 1.0,
        ("strict", "recall"): 1.0,
        ("broad", "precision"): 0.5,
        ("broad", "recall"): 1.0,
    }
    assert "'work_id' is missing" in refusal(
        capsys, "technologies", "evaluate", "cells", "--labels", str(portfolio / "cells.toml"), *options
    )


def test_overlap_and_topics(
    workspace: Path, portfolio: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "primacy match" in refusal(capsys, "technologies", "overlap")
    other = TECHNOLOGY.replace('"cells"', '"lasers"').replace("title:batter*", "laser*")
    (portfolio / "lasers.toml").write_text(other, encoding="utf-8")
    rows(capsys, "match", "--portfolio", str(portfolio), "--query", "broad")
    (pair,) = rows(capsys, "technologies", "overlap")
    assert (pair["technology"], pair["other"], pair["shared"], pair["jaccard"]) == ("cells", "lasers", 2, 1.0)
    assert rows(capsys, "technologies", "overlap", "--query", "strict") == []
    file = tmp_path / "topics.csv"
    file.write_text("topic_id,topic,keywords\nT10018,Cells,batteries\nT5,Law,battery\n", encoding="utf-8")
    options = ["--topics", str(file), "--portfolio", str(portfolio)]
    found = rows(capsys, "technologies", "topics", "cells", *options)
    assert [(row["topic"], row["finding"]) for row in found] == [("T5", "stranger"), ("T10018", None)]
    assert [row["share"] for row in rows(capsys, "technologies", "topics", *options)] == [1.0, 1.0]
    assert "no topics with keywords" in refusal(
        capsys, "technologies", "topics", "--portfolio", str(portfolio)
    )


def test_pages_are_written(
    workspace: Path, portfolio: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows(capsys, "match", "--portfolio", str(portfolio))
    files = rows(capsys, "technologies", "pages", str(tmp_path / "pages"))
    assert [Path(str(row["file"])).name for row in files] == ["index.html", "cells.html"]
    assert "1 of 3 works" in (tmp_path / "pages" / "cells.html").read_text(encoding="utf-8")
    (tmp_path / "file").touch()
    assert "cannot be written" in refusal(capsys, "technologies", "pages", str(tmp_path / "file" / "x"))
