"""The calibration: its counting by hand, and what the method page states of it against a small run."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from primacy.bench.calibration import Observed, Setting, calibrate, coverage, observe
from primacy.errors import UsageError


def observed(**columns):
    size = len(columns["truth"])
    given = {
        "world": np.arange(size), "share": np.array(columns["truth"]), "papers": np.full(size, 20.0),
        "few": np.zeros(size, dtype=bool), "low": np.zeros(size), "high": np.ones(size),
        "beta_low": np.zeros(size), "beta_high": np.ones(size),
    }  # fmt: skip
    return Observed(**{**given, **{k: np.array(v) for k, v in columns.items()}})


def test_coverage_and_its_error_by_hand():
    # Three worlds with two units each: both covered, one below its interval, both above theirs.
    found = coverage(
        observed(
            world=[0, 0, 1, 1, 2, 2],
            truth=[0.3] * 6,
            share=[0.3, 0.3, 0.4, 0.3, 0.2, 0.2],
            low=[0.2, 0.2, 0.35, 0.2, 0.1, 0.1],
            high=[0.4, 0.4, 0.5, 0.4, 0.25, 0.25],
        ),
        Setting(1000, "fixed"),
    )
    row = next(r for r in found if (r.interval, r.by) == ("percentile", "share"))
    assert (row.units, row.intervals, row.worlds) == ("5 % to 100 %", 6, 3)
    assert (row.coverage, row.truth_below, row.truth_above) == (0.5, 0.1667, 0.3333)
    # Worlds have 2, 1 and 0 of 2 covered; their deviations from the mean are 1, 0 and -1.
    assert row.coverage_error == pytest.approx(np.sqrt((1 + 0 + 1) * 3 / 2) / 6, abs=1e-4)
    assert row.bias == pytest.approx(-0.1 / 6, abs=1e-6)
    beta = next(r for r in found if (r.interval, r.by) == ("beta", "share"))
    assert (beta.coverage, beta.coverage_error, beta.width) == (1.0, 0.0, 1.0)


def test_classes_share_out_every_interval():
    found = coverage(
        observed(truth=[0.005, 0.0051, 0.04, 0.6], papers=[0.5, 1.0, 3, 70], few=[True, True, True, False]),
        Setting(200, "fixed"),
    )
    for by, wanted in {
        "share": {"0 % to 0.5 %": 1, "0.5 % to 2 %": 1, "2 % to 5 %": 1, "5 % to 100 %": 1},
        "papers": {"0 to 1": 2, "2 to 5": 1, "50 and more": 1},
        "few": {"fewer than 10 found": 3, "10 or more found": 1},
    }.items():
        for interval in ("percentile", "beta"):
            assert {r.units: r.intervals for r in found if (r.by, r.interval) == (by, interval)} == wanted


def test_the_seed_decides_the_worlds_and_their_replicates():
    one, same, other = (observe(Setting(200, "fixed"), 4, 50, seed) for seed in (0, 0, 1))
    for name in ("share", "low", "high", "beta_high"):
        assert np.array_equal(getattr(one, name), getattr(same, name))
        assert not np.array_equal(getattr(one, name), getattr(other, name))


def test_a_single_world_has_no_monte_carlo_error_and_is_refused():
    with pytest.raises(UsageError, match="--worlds 1: takes 2 or more"):
        calibrate(worlds=1)


DOCS = Path(__file__).resolve().parents[2] / "docs"
COLUMNS = [("200", "fixed"), ("1000", "fixed"), ("5000", "fixed"), ("1000", "recomputed")]
ENDS = {"percentile": "`low`, `high`", "beta": "`beta_low`, `beta_high`"}


@pytest.fixture(scope="module")
def stored():
    """The figures that the method page rests on, by setting, kind of interval and class."""
    with (DOCS / "calibration.csv").open(encoding="utf-8") as lines:
        return {
            (r["works"], r["thresholds"], r["interval"], r["by"], r["units"]): r
            for r in csv.DictReader(lines)
        }


def test_the_method_page_states_the_figures_that_were_measured(stored):
    page = (DOCS / "method.md").read_text(encoding="utf-8")
    for by, units in dict.fromkeys((r["by"], r["units"]) for r in stored.values()):
        for interval, ends in ENDS.items():
            cells = [_cell(stored.get((*column, interval, by, units))) for column in COLUMNS]
            assert f"| {units}: {ends} | {' | '.join(cells)} |" in page


def _cell(row):
    if row is None:
        return "–"
    return f"{100 * float(row['coverage']):.1f} ± {100 * float(row['coverage_error']):.1f}"


def test_a_small_run_agrees_with_the_stored_figures(stored):
    found = calibrate(worlds=40, settings=[Setting(1_000, "fixed")], seed=1)
    assert len(found) == 24
    for row in found:
        other = stored["1000", "fixed", row.interval, row.by, row.units]
        error = np.hypot(row.coverage_error, float(other["coverage_error"]))
        # An all-covered class of a small run has no scatter of its own: the rule of three stands in.
        error = max(error, 1 / row.intervals)
        assert row.coverage == pytest.approx(float(other["coverage"]), abs=4.5 * error), row
        assert abs(row.bias) < 4.5 * row.bias_error or row.by == "few"


def test_large_shares_are_covered_as_they_should_be_and_small_ones_by_the_beta_interval(stored):
    """What the project promises: 93 to 97 % in all but the cells that the page names as safe or as failing."""
    for works in ("1000", "5000"):
        large = stored[works, "fixed", "percentile", "share", "5 % to 100 %"]
        assert 0.93 <= float(large["coverage"]) <= 0.97
        for units in ("0.5 % to 2 %", "2 % to 5 %", "5 % to 100 %"):
            assert 0.93 <= float(stored[works, "fixed", "beta", "share", units]["coverage"]) <= 0.97
    for row in stored.values():
        if row["interval"] == "beta" and row["by"] != "papers":
            assert float(row["coverage"]) >= 0.93
