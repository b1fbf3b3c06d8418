from __future__ import annotations

import json

import pytest

from primacy.cli import main
from tests.composite.files import ROWS, write_index


def run(capsys, *arguments):
    code = main([str(a) for a in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_scores_are_the_default_and_need_no_workspace(tmp_path, capsys, monkeypatch):
    path = write_index(tmp_path)
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "composite", path, "--format", "json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert [(r["unit"], r["rank"]) for r in rows] == [("C", 1), ("A", 2), ("B", 3)]
    assert {"unit", "score", "rank", "rank_low", "rank_high", "coverage"} <= rows[0].keys()


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("sensitivity", {"input", "first_order", "total"}),
        ("audit", {"check", "level", "item", "other", "value", "flag"}),
        ("groups", {"level", "group", "unit", "score", "rank", "weight"}),
    ],
)
def test_every_table_gives_its_rows_to_programs(tmp_path, capsys, table, keys):
    code, out, _ = run(capsys, "--format", "json", "composite", write_index(tmp_path), "--table", table)
    rows = json.loads(out)
    assert code == 0
    assert rows
    assert keys <= rows[0].keys()


def test_people_get_a_table_that_says_what_an_interval_is(tmp_path, capsys):
    code, out, _ = run(capsys, "composite", write_index(tmp_path, top='name = "Test index"'))
    assert code == 0
    assert "Test index: scores" in out
    assert "95% interval over 50 draws" in out


def test_the_same_file_gives_the_same_output(tmp_path, capsys):
    path = write_index(tmp_path)
    assert run(capsys, "composite", path, "--format", "csv") == run(
        capsys, "composite", path, "--format", "csv"
    )


def test_a_malformed_index_is_refused_in_one_line(tmp_path, capsys):
    path = write_index(tmp_path, rows=ROWS + "A,Money,AI,0.7,1,0.6\n")
    code, out, err = run(capsys, "composite", path)
    assert (code, out) == (1, "")
    assert err == "primacy: index.toml: rows.csv: 'A' has 'AI / Money' twice, on line 3 and line 9\n"
    code, _, err = run(capsys, "composite", write_index(tmp_path, method='normalise = "softmax"'))
    assert code == 1
    assert "method.normalise is 'softmax'; it takes" in err
    code, _, err = run(capsys, "composite", tmp_path / "gone.toml")
    assert (code, err) == (1, "primacy: gone.toml: there is no such file\n")


def test_an_unknown_table_is_wrong_usage(tmp_path, capsys):
    code, _, err = run(capsys, "composite", write_index(tmp_path), "--table", "ranks")
    assert code == 2
    assert "--table" in err
