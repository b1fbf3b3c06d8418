"""`primacy brief`: a file of two pages, and refusals in one line."""

from __future__ import annotations

import hashlib
import json

import pytest

from primacy.cli import main
from tests.present.pdf import pages
from tests.web import worlds


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return worlds.workspace(tmp_path_factory.mktemp("briefs") / "workspace")


@pytest.fixture
def run(workspace, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["--workspace", str(workspace.path), *words])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.mark.parametrize(
    ("subject", "kind"), [("supercapacitors", "technology"), ("CN", "country"), ("EU27", "country")]
)
def test_writes_two_pages_beside_the_caller(run, tmp_path, subject, kind):
    code, out, err = run("brief", subject, "--format", "json")
    assert (code, err) == (0, "")
    (row,) = json.loads(out)
    content = (tmp_path / f"{subject}.pdf").read_bytes()
    assert (row["kind"], row["window"], row["file"]) == (kind, "2020-2024", f"{subject}.pdf")
    assert (row["bytes"], row["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert len(pages(content)) == 2


def test_the_window_and_the_file_are_the_callers(run, tmp_path):
    code, out, _ = run("brief", "supercapacitors", "--window", "2015-2019", "--out", "mine.pdf")
    assert code == 0
    assert "SIMULATED" in out
    first, _ = pages((tmp_path / "mine.pdf").read_bytes())
    assert "papers of 2015–2019" in first
    assert [p.name for p in tmp_path.iterdir()] == ["mine.pdf"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["brief", "alchemy"], 1, "brief 'alchemy': no technology"),
        (["brief", "XX"], 1, "brief 'XX': no technology of the portfolio, and no country"),
        (["brief", "I1"], 1, "brief 'I1': no technology"),
        (["brief", "../../CN"], 1, "brief '../../CN'"),
        (["brief", "CN", "--window", "1990-1994"], 1, "window '1990-1994': there are"),
        (["brief", "CN", "--out", "CN.docx"], 2, "--out CN.docx: a brief is a PDF"),
        (["brief", "CN", "--out", "no/such/place.pdf"], 1, "no/such/place.pdf: cannot be written"),
    ],
)
def test_refusals_are_one_line_that_names_the_culprit(run, tmp_path, words, code, said):
    found, out, err = run(*words)
    assert (found, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_study_that_was_not_run_is_named(capsys, tmp_path):
    assert main(["--quiet", "--workspace", str(tmp_path / "ws"), "init", str(tmp_path / "ws")]) == 0
    assert main(["--workspace", str(tmp_path / "ws"), "brief", "CN"]) == 1
    assert "`primacy run research` makes it" in capsys.readouterr().err
