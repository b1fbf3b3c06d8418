"""Draws of inputs, intervals of the output, and which input matters most."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from primacy.inference.montecarlo import Range, draw, interval, tornado

INPUTS = {"large": Range(1.0, 2.0, 9.0), "small": Range(0.9, 1.0, 1.1), "fixed": Range(2.0, 2.0, 2.0)}


def product(x):
    return x["large"] * x["small"] * x["fixed"]


def test_a_triangle_by_hand():
    # From 0 to 2 with its peak at 1: the lower half lies below 1, an eighth below 1/2.
    triangle = Range(0.0, 1.0, 2.0)
    assert triangle.quantile(np.array([0.0, 0.125, 0.5, 0.875, 1.0])) == pytest.approx([0, 0.5, 1, 1.5, 2])


@given(st.tuples(*[st.floats(-1e6, 1e6)] * 3).map(sorted), st.floats(0, 1))
def test_quantiles_stay_within_their_range(values, p):
    low, mode, high = values
    (found,) = Range(low, mode, high).quantile(np.array([p]))
    assert low - 1e-6 <= found <= high + 1e-6


def test_what_is_out_of_order_is_refused():
    with pytest.raises(ValueError, match="not least, likeliest, greatest"):
        Range(2.0, 1.0, 3.0)


def test_draws_fill_each_distribution_evenly():
    drawn = draw(INPUTS, draws=1000, seed=1)
    for name, values in drawn.items():
        expected = INPUTS[name].quantile((np.arange(1000) + 0.5) / 1000)
        assert np.sort(values) == pytest.approx(expected, abs=0.2)
    assert abs(np.corrcoef(drawn["large"], drawn["small"])[0, 1]) < 0.1


def test_the_same_seed_gives_the_same_draws_in_any_order_of_inputs():
    first = draw(INPUTS, draws=200, seed=5)
    again = draw(dict(reversed(INPUTS.items())), draws=200, seed=5)
    assert all((first[n] == again[n]).all() for n in INPUTS)
    assert (draw(INPUTS, draws=200, seed=6)["large"] != first["large"]).any()


def test_the_interval_by_hand():
    assert interval(np.arange(101.0)) == pytest.approx((5.0, 50.0, 95.0))


def test_the_tornado_ranks_by_swing_and_knows_what_does_not_matter():
    bars = tornado(product, INPUTS, draw(INPUTS, draws=2000, seed=0))
    assert [b.input for b in bars] == ["large", "small", "fixed"]
    assert bars[0].importance > 0.95
    assert (bars[2].swing, bars[2].importance) == (0, 0)
    assert sum(b.importance for b in bars) == pytest.approx(1)
    ends = INPUTS["large"].quantile(np.array([0.05, 0.95])) * 2
    assert (bars[0].at_5, bars[0].at_95) == pytest.approx(tuple(ends), rel=1e-9)
