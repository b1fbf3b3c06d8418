from __future__ import annotations

import json

import pytest

from primacy.cli import main
from tests.sources.exchange.test_formats import RIS


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["init", "ws", "--quiet"]) == 0
    (tmp_path / "export.ris").write_text(RIS, encoding="utf-8")
    (tmp_path / "counts.csv").write_text("doi,citations\n10.1000/ris,30\n", encoding="utf-8")

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["--workspace", "ws", *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_exports_and_counts_are_pulled_and_what_is_missing_is_said(run):
    code, out, err = run("pull", "works", "export.ris", "--as-of", "2026-01-01", "--format", "json")
    assert code == 0
    assert json.loads(out) == [
        {"read": 1, "added": 1, "updated": 0, "unchanged": 0, "known": 0, "quarantined": 0, "replaced": 0, "files": 1}
    ]  # fmt: skip
    assert "export.ris: 1 records of ris; never in this format" in err
    rows = json.loads(run("pull", "citations", "counts.csv", "--format", "json")[1])
    assert rows == [{"read": 1, "updated": 1, "unchanged": 0, "unknown": 0}]
    works = json.loads(run("show", "works", "--format", "json")[1])
    assert [(w["doi"], w["cited_by_count"]) for w in works] == [("10.1000/ris", 30)]
    assert run("check", "--quiet")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["pull", "works", "none.ris"], 1, "none.ris: cannot be read (No such file"),
        (["pull", "works", "export.ris", "--as-of", "soon"], 2, "--as-of soon"),
        (["pull", "works", "counts.csv"], 1, "counts.csv: its format cannot be told"),
        (["pull", "citations", "export.ris"], 1, "export.ris: column 'doi' is missing"),
    ],
)
def test_refusals_are_one_line_that_names_the_culprit(run, words, code, said):
    found, out, err = run(*words)
    assert (found, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1
