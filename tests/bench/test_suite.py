from __future__ import annotations

import pytest

from primacy.bench import ceilings, comparisons, run, suite
from primacy.bench.comparisons import Comparison, Contender
from primacy.bench.ground import Ground
from primacy.bench.measurement import timed
from primacy.bench.suite import BENCHMARKS, Options
from primacy.errors import UsageError

ONCE = Options((400,), repeat=1)


@pytest.fixture
def here(monkeypatch):
    """Nothing is run in another process, which takes a second or two to start."""

    def within(action, *arguments):
        found = []
        cost = timed(lambda: found.append(action(*arguments)))
        return cost, found[0]

    for module in (comparisons, ceilings, suite):
        monkeypatch.setattr(module, "isolated", within)


def test_a_benchmark_measures_both_sides(ground, here):
    rows = [m.row() for m in run(["pull-parquet", "bootstrap"], options=ONCE, keep=ground.root.parent)]
    assert [r["benchmark"] for r in rows] == ["pull-parquet", "pull-parquet", "bootstrap"]
    assert all(r["cpu_seconds"] > 0 and r["ratio"] > 0 and r["peak_memory_mb"] > 50 for r in rows)
    assert [r["bar"] for r in rows] == [2, None, None]
    assert all(r["basis"] == "cpu" for r in rows)
    assert rows[0]["mb_per_second"] > 0
    assert rows[2]["cost"] > 1
    assert rows[2]["growth"] > 0  # how much is for a quiet machine to say


def test_every_ceiling_is_below_the_pull_that_it_belongs_to(ground, here):
    rows = [m.row() for m in run(["ceilings"], options=ONCE, keep=ground.root.parent)]
    assert {r["stage"] for r in rows} == {"decode", "parse", "write", "scan", "read"}
    assert all(r["distance"] > 1 for r in rows)


def nothing(_: Ground) -> None:
    return None


def test_a_baseline_that_is_not_installed_is_named_and_the_others_run(ground, here, monkeypatch):
    absent = Contender("absent", nothing, needs="no_such_package")
    pair = Comparison(Contender("own", nothing), [absent, Contender("there", nothing)])
    monkeypatch.setitem(comparisons.COMPARISONS, "match", pair)
    first, second = comparisons.compare("match", ground, repeat=2)
    assert (first.ratio, first.note) == (None, "no_such_package is not installed")
    assert second.ratio > 0
    assert second.ratio_low <= second.ratio_high


def test_every_benchmark_of_speed_runs_unless_another_is_named():
    assert [n for n, b in BENCHMARKS.items() if not b.by_default] == [
        "research",
        "chain",
        "explorer",
        "calibration",
        "crash",
    ]


def test_unknown_benchmarks_are_refused_by_name():
    with pytest.raises(
        UsageError, match=r"benchmark 'x': takes pull, pull-jsonl, pull-parquet, match, .*, crash$"
    ):
        run(["x"])
