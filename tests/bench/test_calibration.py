"""The calibration: its counting by hand, and what the method page states of it against a small run."""

from __future__ import annotations

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
