"""Pairwise comparison of units: the outranking matrix and Copeland scores.

o(i, j) is the weight of the indicators in which i is above j, plus half of that in which they are equal
(COINr ``outrankMatrix``; Munda 2008). Copeland's score of i is the number of units it beats, o(i, j) > 1/2,
less the number that beat it. Where a value is missing the pair is compared on what both units have, with the
weights re-scaled; a pair with nothing in common is a draw.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from primacy.composite.definition import Floats
from primacy.composite.ranking import settled

DRAW = 1e-9
"""How near to 1/2 counts as a draw: sums of weights such as 0.1 + 0.2 + 0.2 are not exact."""


def outranking(x: Floats, weights: Floats) -> Floats:
    """Outranking matrices, units × units.

    Parameters
    ----------
    x : array, … × units × k
        Values; ``nan`` where missing.
    weights : array, … × k
        Weights, in any scale.

    Returns
    -------
    array, … × units × units
        Shares from 0 to 1; ``o + oᵀ`` is 1 off the diagonal, and the diagonal is 1/2.

    Examples
    --------
    >>> outranking(np.array([[3.0, 1.0], [2.0, 1.0]]), np.array([0.6, 0.4])).round(9).tolist()
    [[0.5, 0.8], [0.2, 0.5]]
    """
    x = _settled_columns(x)
    there = ~np.isnan(x)
    both = there[..., :, None, :] & there[..., None, :, :]
    shared = _weighed(both, weights)
    margin = _weighed(_comparisons(x), weights)
    share = np.divide(margin, shared, out=np.zeros_like(margin), where=shared > 0)
    return np.asarray(0.5 + share / 2)


def copeland(x: Floats, weights: Floats, *, ranked: NDArray[np.bool_] | None = None) -> Floats:
    """Copeland scores: victories less defeats against the ranked units.

    Parameters
    ----------
    x : array, … × units × k
        Values; a unit without any value has the score ``nan``.
    weights : array, … × k
        Weights, in any scale.
    ranked : array of bool, optional
        The opponents; all by default.

    Returns
    -------
    array, … × units
        From -(n - 1) to n - 1.

    Examples
    --------
    >>> copeland(np.array([[3.0, 1.0], [2.0, 1.0], [1.0, 1.0]]), np.array([1.0, 1.0])).tolist()
    [2.0, 0.0, -2.0]
    """
    margin = _weighed(_comparisons(_settled_columns(x)), weights)
    near = 2 * DRAW * weights.sum(axis=-1)[..., None, None]
    verdict = np.where(np.abs(margin) <= near, 0.0, np.sign(margin))
    weighed = ~np.isnan(x) & (weights[..., None, :] > 0)
    absent = ~weighed.any(axis=-1)
    opponents = np.asarray(~absent if ranked is None else ~absent & ranked)
    score = (verdict * opponents[..., None, :]).sum(axis=-1)
    return np.where(absent, np.nan, score)


def _settled_columns(x: Floats) -> Floats:
    return np.swapaxes(settled(np.swapaxes(x, -1, -2)), -1, -2)


def _comparisons(x: Floats) -> NDArray[np.int8]:
    """1 where the first unit is above the second in an indicator, -1 where below, 0 where equal or unknown."""
    one, other = x[..., :, None, :], x[..., None, :, :]
    return np.subtract(one > other, one < other, dtype=np.int8)


def _weighed(compared: NDArray[np.int8] | NDArray[np.bool_], weights: Floats) -> Floats:
    """Sum comparisons, … × units × units × k, over the indicators with their weights, … × k."""
    if compared.ndim == 3 and weights.ndim == 2:
        # One comparison of the units serves every set of weights: thousands of them at once.
        return np.asarray(np.tensordot(weights, compared.astype(np.float64), axes=(-1, -1)))
    total = np.zeros(np.broadcast_shapes(compared.shape[:-1], (*weights.shape[:-1], 1, 1)))
    for k in range(compared.shape[-1]):
        total += compared[..., k] * weights[..., None, None, k]
    return total


def dominance(x: Floats) -> float:
    """Share of the pairs in which one unit is at least as good in every indicator and better in one.

    Examples
    --------
    >>> dominance(np.array([[3.0, 1.0], [2.0, 1.0], [1.0, 2.0]]))
    0.3333333333333333
    """
    one, other = x[:, None, :], x[None, :, :]
    # A gap on either side makes both comparisons false, so such a pair is never one of dominance.
    over = (one >= other).all(axis=-1) & (one > other).any(axis=-1)
    n = len(x)
    return float(over.sum() / (n * (n - 1) / 2)) if n > 1 else 0.0
