"""Ratios by hand, the exponent over sizes, and what counts as falling back."""

from __future__ import annotations

import json

import pytest

from primacy.bench.fit import exponent
from primacy.bench.isolated import Cost
from primacy.bench.measurement import Runs, compared
from primacy.bench.regression import refuse_slower
from primacy.bench.suite import _grown
from primacy.errors import InputError, PrimacyError

OWN = Runs("own", (Cost(2.0, 1.0, 100.0), Cost(3.0, 2.0, 300.0), Cost(2.5, 1.5, 200.0)), processes=2)
OTHER = Runs("other", (Cost(20.0, 21.0, 50.0), Cost(27.0, 30.0, 60.0), Cost(25.0, 27.0, 40.0)), omits="much")


def test_with_other_numbers_of_processes_the_clock_decides():
    row = compared("b", 3_000, OWN, OTHER, megabytes=30.0, bar=20).row()
    assert row["basis"] == "wall"
    assert row["ratio"] == 18.0  # 27 over 1.5, medians
    assert (row["ratio_low"], row["ratio_high"]) == (15.0, 21.0)
    assert row["cpu_ratio"] == 10.0
    assert row["works_per_second"] == 2_000.0
    assert row["mb_per_second"] == 20.0
    assert (row["peak_memory_mb"], row["baseline_memory_mb"]) == (300.0, 60.0)
    assert row["holds"] is False
    assert row["omits"] == "much"


def test_with_the_same_number_of_processes_the_processor_decides():
    row = compared("b", 3_000, OWN, Runs("other", OTHER.costs, processes=2), bar=10).row()
    assert (row["basis"], row["ratio"], row["holds"]) == ("cpu", 10.0, True)
    assert row["cost"] == 0.1


def test_the_exponent_is_fitted_over_the_sizes_of_each_pair():
    def at(works, own, other):
        return compared(
            "b", works, Runs("own", (Cost(own, own, 1.0),)), Runs("o", (Cost(other, other, 1.0),))
        )

    found = _grown([at(1_000, 1.0, 1.0), at(10_000, 10.0, 100.0)])
    assert [(m.exponent, m.baseline_exponent) for m in found] == [(1.0, 2.0)] * 2
    assert _grown([at(1_000, 1.0, 1.0)])[0].exponent is None
    assert exponent([1, 2, 4], [3, 6, 12]) == 1.0


ROWS = [
    {"benchmark": "match", "works": 10, "baseline": "a", "ratio": 20.0},
    {"benchmark": "chain", "works": 10, "stage": "pull", "copies": "jsonl", "works_per_cpu_second": 1000.0},
]


def earlier(tmp_path, rows):
    file = tmp_path / "before.json"
    file.write_text(json.dumps(rows))
    return file


def test_what_fell_back_is_named_with_both_figures(tmp_path):
    before = earlier(tmp_path, [ROWS[0] | {"ratio": 25.0}, ROWS[1]])
    refuse_slower(ROWS, before, 1.25)
    with pytest.raises(PrimacyError, match=r"by more than 1.2 times: match 10 a: ratio 25 → 20$"):
        refuse_slower(ROWS, before, 1.2)
    with pytest.raises(PrimacyError, match=r"chain pull 10 jsonl: works_per_cpu_second 1300 → 1000$"):
        refuse_slower(ROWS, earlier(tmp_path, [ROWS[1] | {"works_per_cpu_second": 1300.0}]), 1.2)


def test_a_file_that_is_no_earlier_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="has none of these benchmarks"):
        refuse_slower(ROWS, earlier(tmp_path, [ROWS[0] | {"works": 11}]), 1.2)
    (tmp_path / "x").write_text("{")
    with pytest.raises(InputError, match="x: is not JSON"):
        refuse_slower(ROWS, tmp_path / "x", 1.2)
    (tmp_path / "x").write_text("{}")
    with pytest.raises(InputError, match="x: is not an array of rows"):
        refuse_slower(ROWS, tmp_path / "x", 1.2)
    with pytest.raises(InputError, match="gone: cannot be read"):
        refuse_slower(ROWS, tmp_path / "gone", 1.2)
