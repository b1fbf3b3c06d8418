from __future__ import annotations

import pytest

from primacy.bench import run
from primacy.errors import UsageError


def test_every_benchmark_measures_something_against_its_baseline():
    rows = [m.row() for m in run(works=2_000)]
    assert [r["benchmark"] for r in rows] == ["pull", "match", "multiverse"]
    assert all(r["seconds"] > 0 and r["ratio"] > 0 for r in rows)


def test_unknown_benchmarks_are_refused_by_name():
    with pytest.raises(UsageError, match="benchmark 'x': takes pull, match, multiverse, calibration"):
        run(["x"])
