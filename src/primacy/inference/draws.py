"""Draws from what is stated of a number: its value and an interval."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

__all__ = ["first_probability", "interval_draws"]

Floats = npt.NDArray[np.float64]


def interval_draws(
    value: Floats, low: Floats, high: Floats, draws: int, rng: np.random.Generator, *, level: float = 0.95
) -> Floats:
    """Draw numbers of which only a value and an interval are known, each on its own.

    The distribution is a split normal: its median is the value, its lower and upper percentiles are the ends of the
    interval, and it may be wider on one side than on the other. What cannot be negative never is.

    Parameters
    ----------
    value, low, high
        Of each number; one without an interval (not a number) stays what it is, and an end on the wrong side of the
        value counts as the value.
    draws
        How many.
    rng
        The generator.
    level
        Of the intervals.

    Returns
    -------
    numpy.ndarray
        draws x numbers.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.array([3.0])
    >>> interval_draws(one, one * np.nan, one * np.nan, 2, np.random.default_rng(0)).tolist()
    [[3.0], [3.0]]
    """
    z = rng.standard_normal((draws, len(value))) / ndtri(0.5 + level / 2)
    below = np.nan_to_num(np.maximum(value - low, 0.0))
    above = np.nan_to_num(np.maximum(high - value, 0.0))
    drawn = value + z * np.where(z < 0, below, above)
    bounded = (value >= 0) & ~(low < 0)
    result: Floats = np.where(bounded, np.maximum(drawn, 0.0), drawn)
    return result


def first_probability(draws: Floats) -> Floats:
    """Return, per column, the part of the rows in which its number is the largest; a tie is split.

    Parameters
    ----------
    draws
        draws x units; a unit that is not a number in a draw is not the first there, and rows in which none is a
        number do not count.

    Examples
    --------
    >>> import numpy as np
    >>> first_probability(np.array([[2.0, 1.0], [1.0, 1.0], [np.nan, 3.0], [np.nan, np.nan]])).tolist()
    [0.5, 0.5]
    """
    known = ~np.isnan(draws).all(axis=1) if draws.shape[1] else np.zeros(len(draws), dtype=bool)
    some = draws[known]
    if not len(some):
        return np.full(draws.shape[1], np.nan)
    best = np.isclose(some, np.nanmax(some, axis=1, keepdims=True), rtol=1e-12, atol=1e-15)
    result: Floats = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return result
