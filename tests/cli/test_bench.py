"""The benchmark command: rows for programs, and what it refuses."""

from __future__ import annotations

import json

import pytest

from primacy.bench.calibration import SETTINGS
from primacy.cli import main


def test_calibration_prints_json_and_makes_no_world_of_files(capsys):
    assert main(["bench", "calibration", "--worlds", "4"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {r["benchmark"] for r in rows} == {"calibration"}
    assert {(r["works"], r["thresholds"]) for r in rows} == {(s.works, s.thresholds) for s in SETTINGS}
    assert {r["interval"] for r in rows} == {"percentile", "beta"}
    assert {r["by"] for r in rows} == {"share", "papers", "few"}
    for row in rows:
        assert row["worlds"] == 4
        assert 0 <= row["coverage"] <= 1
        parts = row["truth_below"] + row["coverage"] + row["truth_above"]
        assert parts == pytest.approx(1, abs=3e-4)  # each is rounded to four digits


def test_a_single_world_is_wrong_usage(capsys):
    assert main(["bench", "calibration", "--worlds", "1"]) == 2
    assert capsys.readouterr().out == ""


def test_an_unknown_benchmark_is_refused_by_name(capsys):
    assert main(["bench", "speed"]) != 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "benchmark 'speed': takes pull, pull-jsonl" in captured.err


@pytest.mark.parametrize("sizes", ["a", "0", "1000,-5"])
def test_sizes_that_are_no_numbers_are_refused(sizes, capsys):
    assert main(["bench", "match", "--sizes", sizes]) != 0
    assert f"--sizes {sizes}: takes whole numbers" in capsys.readouterr().err
