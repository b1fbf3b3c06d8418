"""Ranks: 1 for the highest score, equal scores sharing the better rank."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from primacy.composite.definition import Floats

DIGITS = 12
"""Scores that agree to this many digits of the largest are equal: the order of a sum must not rank units."""


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
    present = np.where(absent, 0.0, scores)
    largest = np.abs(present).max(axis=-1, keepdims=True)
    rounded = np.round(present / np.where(largest > 0, largest, 1.0), DIGITS)
    return np.where(absent, np.nan, _least_ranks(np.where(absent, np.inf, -rounded)))


def _least_ranks(x: Floats) -> Floats:
    """Rank from the least, 1, along the last axis; ties share the least of their ranks."""
    order = np.argsort(x, axis=-1, kind="stable")
    ordered = np.take_along_axis(x, order, axis=-1)
    place = np.zeros(x.shape, dtype=np.intp)
    place[..., 1:] = np.where(ordered[..., 1:] != ordered[..., :-1], np.arange(1, x.shape[-1]), 0)
    out = np.empty(x.shape)
    np.put_along_axis(out, order, np.maximum.accumulate(place, axis=-1) + 1.0, axis=-1)
    return out
