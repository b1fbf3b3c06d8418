"""Ranks: 1 for the highest score, equal scores sharing the better rank."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from primacy.composite.definition import Floats

RELATIVE = 1e-12
ABSOLUTE = 1e-15
"""How near two numbers are one: within this share of themselves, or of the largest beside them."""


def ranks(scores: Floats, ranked: NDArray[np.bool_] | None = None) -> Floats:
    """Rank units along the last axis: 1 + the number of ranked units with a higher score.

    Parameters
    ----------
    scores : array, … × units
        ``nan`` for a unit without a score: it has no rank.
    ranked : array of bool, optional
        Units that are ranked; the others have no rank and take none from others.

    Returns
    -------
    array, … × units
        Whole numbers; ``nan`` where there is no rank.

    Examples
    --------
    >>> ranks(np.array([10.0, 30.0, 30.0, np.nan])).tolist()
    [3.0, 1.0, 1.0, nan]
    """
    absent = np.isnan(scores)
    if ranked is not None:
        absent = absent | ~ranked
    present = settled(np.where(absent, np.nan, scores))
    return np.where(absent, np.nan, _least_ranks(np.where(absent, np.inf, -present)))


def settled(x: Floats) -> Floats:
    """Make numbers along the last axis equal that differ only by rounding.

    The order in which a sum is taken moves its last bits; it must not decide who is above whom.

    Parameters
    ----------
    x : array
        Numbers; ``nan`` stays.

    Returns
    -------
    array
        Each number replaced by the least of those that it cannot be told from.

    Examples
    --------
    >>> settled(np.array([0.3, 0.1 + 0.2, 0.4])).tolist()
    [0.3, 0.3, 0.4]
    """
    order = np.argsort(x, axis=-1, kind="stable")
    ordered = np.take_along_axis(x, order, axis=-1)
    sizes = np.where(np.isnan(ordered), 0.0, np.abs(ordered))
    near = RELATIVE * sizes + ABSOLUTE * sizes.max(axis=-1, keepdims=True, initial=0.0)
    start = np.zeros(x.shape, dtype=np.intp)
    apart = ~(ordered[..., 1:] - ordered[..., :-1] <= near[..., 1:])
    start[..., 1:] = np.where(apart, np.arange(1, x.shape[-1]), 0)
    start = np.maximum.accumulate(start, axis=-1)
    out = np.empty_like(ordered)
    np.put_along_axis(out, order, np.take_along_axis(ordered, start, axis=-1), axis=-1)
    return out


def _least_ranks(x: Floats) -> Floats:
    """Rank from the least, 1, along the last axis; ties share the least of their ranks."""
    order = np.argsort(x, axis=-1, kind="stable")
    ordered = np.take_along_axis(x, order, axis=-1)
    place = np.zeros(x.shape, dtype=np.intp)
    place[..., 1:] = np.where(ordered[..., 1:] != ordered[..., :-1], np.arange(1, x.shape[-1]), 0)
    out = np.empty(x.shape)
    np.put_along_axis(out, order, np.maximum.accumulate(place, axis=-1) + 1.0, axis=-1)
    return out
