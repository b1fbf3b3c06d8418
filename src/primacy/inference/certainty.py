"""Intervals of shares when it is not certain that each of the things summed exists."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["EXISTS", "share_intervals"]

EXISTS = {"confirmed": 0.95, "likely": 0.75, "unlikely": 0.25}
"""How probably a cluster exists as described, by the source's word; our reading of its words."""


def share_intervals(
    values: npt.NDArray[np.float64],
    units: npt.NDArray[np.int64],
    probabilities: npt.NDArray[np.float64],
    *,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the 2.5 and 97.5 percentiles of each unit's share when every part exists with its probability.

    Parameters
    ----------
    values
        The parts, such as the capacities of clusters.
    units
        To which unit each part belongs: 0, 1, …
    probabilities
        How probably each part exists, independently of the others.
    draws, seed
        Number of draws, and their seed.

    Examples
    --------
    >>> low, high = share_intervals(np.array([1.0, 1.0]), np.array([0, 1]), np.array([1.0, 1.0]))
    >>> low.tolist(), high.tolist()
    ([0.5, 0.5], [0.5, 0.5])
    """
    count = int(units.max()) + 1 if len(units) else 0
    if not count:
        return np.empty(0), np.empty(0)
    generator = np.random.default_rng(seed)
    there = generator.random((draws, len(values))) < probabilities
    member = np.zeros((len(values), count))
    member[np.arange(len(values)), units] = values
    sums = there @ member
    totals = sums.sum(axis=1, keepdims=True)
    shares = sums[totals[:, 0] > 0] / totals[totals[:, 0] > 0]
    if not len(shares):
        return np.full(count, np.nan), np.full(count, np.nan)
    low, high = np.quantile(shares, [0.025, 0.975], axis=0)
    return low, high
