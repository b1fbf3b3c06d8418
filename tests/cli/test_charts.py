from __future__ import annotations

import pytest
from typer.testing import CliRunner

from primacy.cli import app, main


@pytest.fixture
def run(demonstration, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str]:
        code = main(["--workspace", str(demonstration.path), "chart", *words])
        told = capsys.readouterr()
        assert told.out == ""
        return code, told.err

    return call


@pytest.mark.parametrize(
    "words",
    [
        ["share", "advanced-batteries", "--by", "institution", "--limit", "3"],
        ["bump", "advanced-batteries"],
        ["slope", "advanced-batteries", "--first", "2015-2019", "--last", "2020-2024"],
        ["heatmap", "CN"],
        ["map"],
        ["map", "advanced-batteries", "--window", "2015-2019"],
        ["spec-curve", "advanced-batteries"],
        ["flows", "advanced-batteries", "--from", "first", "--to", "employment"],
    ],
    ids=" ".join,
)
def test_every_kind_is_drawn(run, tmp_path, words):
    code, said = run(*words, "--out", "chart.svg")
    assert (code, said) == (0, "drew chart.svg\n")
    assert "SIMULATED DATA" in (tmp_path / "chart.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["map"], 2, "name the file with --out FILE"),
        (["map", "--out", "map.gif"], 2, "chart map.gif: end the name in"),
        (["share", "alchemy", "--out", "a.svg"], 1, "alchemy"),
        (["share", "advanced-batteries", "--window", "1950-1954", "--out", "a.svg"], 1, "--window 1950-1954"),
        (
            ["flows", "advanced-batteries", "--from", "first", "--out", "a.svg"],
            2,
            "give both --from and --to",
        ),
    ],
)
def test_refusals_are_one_line_that_names_the_culprit(run, tmp_path, words, code, said):
    found, err = run(*words)
    assert found == code
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def completed(words: str) -> list[str]:
    """Ask for what bash would offer at the end of a line."""
    environment = {
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
        "_PRIMACY_COMPLETE": "complete_bash",
    }
    return CliRunner().invoke(app, [], prog_name="primacy", env=environment).stdout.split()


def test_the_shell_completes_commands_technologies_tables_and_options(demonstration):
    here = f"primacy --workspace {demonstration.path}"
    assert completed("primacy exp") == ["explain", "export"]
    assert completed(f"{here} chart share a") == ["advanced-batteries", "artificial-intelligence"]
    assert completed(f"{here} shares art") == ["artificial-intelligence"]
    assert completed("primacy shares supercap") == ["supercapacitors"]
    assert "leads" in completed("primacy show le")
    assert completed("primacy chart flows x --ev") == ["--evidence"]


def test_a_portfolio_that_is_missing_completes_to_nothing(tmp_path):
    (tmp_path / "primacy.toml").write_text('portfolio = "nowhere"\n', encoding="utf-8")
    assert completed(f"primacy --workspace {tmp_path} shares a") == []
