from __future__ import annotations

import pytest

from primacy.bench import run
from primacy.errors import UsageError


def test_every_benchmark_measures_something_against_its_baseline():
    rows = [m.row() for m in run(works=2_000)]
    assert [r["benchmark"] for r in rows] == ["pull", "match", "multiverse", "bootstrap", "universes"]
    assert all(r["seconds"] > 0 and r["ratio"] > 0 and r["peak_memory_mb"] > 50 for r in rows)
    by_name = {r["benchmark"]: r for r in rows}
    for row in rows:
        # Seconds are rounded to milliseconds, the cost to three digits.
        assert row["cost"] == pytest.approx(row["seconds"] / row["baseline_seconds"], rel=0.1)
    assert by_name["bootstrap"]["cost"] > 1
    assert by_name["bootstrap"]["growth"] > 0  # how much is for a quiet machine to say
    assert [n for n, r in by_name.items() if r["growth"] is not None] == ["bootstrap"]


def test_unknown_benchmarks_are_refused_by_name():
    with pytest.raises(UsageError, match="benchmark 'x': takes pull, match, multiverse, bootstrap"):
        run(["x"])
