from __future__ import annotations

import json

import openpyxl
import pytest

from primacy.cli import main


@pytest.fixture
def run(demonstration, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["--workspace", str(demonstration.path), *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def test_export_writes_the_tables_named_and_lists_them(run, tmp_path):
    code, out, _ = run("export", "out.xlsx", "leads", "trends", "--format", "json")
    assert code == 0
    assert [(r["table"], r["study"]) for r in json.loads(out)] == [
        ("leads", "research"),
        ("trends", "research"),
    ]
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["method", "leads", "trends"]


def test_cite_prints_a_citation_or_rows(run):
    code, out, _ = run("cite", "leads", "--style", "bibtex")
    assert code == 0
    assert out.startswith("@misc{primacy_leads_")
    rows = json.loads(run("cite", "leads", "--format", "json")[1])
    assert [list(r) for r in rows] == [["table", "technology", "style", "citation"]]
    assert "SIMULATED DATA" in rows[0]["citation"]


def test_cite_writes_a_file(run, tmp_path):
    code, out, _ = run("cite", "leads", "--style", "cff", "--out", "CITATION.cff")
    assert (code, out) == (0, "")
    assert (tmp_path / "CITATION.cff").read_text(encoding="utf-8").startswith("cff-version: 1.2.0\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["export", "out.ods"], 2, "export out.ods: end the name in .xlsx"),
        (["export", "out", "leeds"], 1, "no result table 'leeds'"),
        (["export", "out", "--technology", "alchemy"], 1, "alchemy"),
        (["export", "out", "--published", "soon"], 2, "--published soon: give a date"),
        (["cite", "works"], 1, "no result table 'works'"),
    ],
)
def test_refusals_are_one_line_that_names_the_culprit(run, words, code, said):
    found, out, err = run(*words)
    assert (found, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1
