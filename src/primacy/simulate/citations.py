"""Citations: a discretised lognormal, skewed, with many zeros and ties, and tails in closed form.

A work has ``floor(exp(m + SPREAD z))`` citations, z standard normal, so ``P(C >= k) = Phi((m - ln k)/SPREAD)``
for k >= 1.
That makes the world's thresholds and expected scores exact, with no sampling.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from primacy.simulate.trajectory import YEARS, Floats

SPREAD = 1.3
ABROAD_BONUS = 0.22
"""Logarithm of the factor that authors of two countries bring."""

SNAPSHOT_YEAR = 2026
_LIMIT = 1 << 15  # above every threshold


def level(age: npt.ArrayLike) -> Floats:
    """Return the logarithm of the median citations of a work by its age in years."""
    return np.log(8.5 * (1.0 - np.exp(-np.asarray(age, float) / 5.0)))


def levels() -> Floats:
    """Return the level of every year of the world."""
    return level(SNAPSHOT_YEAR - YEARS)


def tail(count: npt.ArrayLike, location: npt.ArrayLike) -> Floats:
    """Return the probability of at least so many citations.

    Examples
    --------
    >>> tail([0, 1, 10], 0.0).round(3).tolist()
    [1.0, 0.5, 0.038]
    """
    count = np.asarray(count)
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr((np.asarray(location) - np.log(count)) / SPREAD))


def draw(location: Floats, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw the citations of works."""
    return np.exp(location + SPREAD * rng.standard_normal(len(location))).astype(np.int64)


def threshold(location: Floats, weight: Floats, top: float) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the citations at which the top share begins, and the score of a work exactly there.

    Parameters
    ----------
    location, weight
        The components of each population (last axis): level and probability; the weights sum to 1.
    top
        Share of works that counts as high impact.

    Returns
    -------
    tuple
        c*, the least number with P(C <= c*) >= 1 - top, and w*, so that the expected score is exactly top;
        zeros for a population without works.

    Examples
    --------
    >>> at, part = threshold(np.array([[0.0]]), np.array([[1.0]]), 0.10)
    >>> int(at[0]), float((tail(6, 0.0) + part * (tail(5, 0.0) - tail(6, 0.0)))[0].round(12))
    (5, 0.1)
    """
    low = np.zeros(location.shape[:-1], np.int64)
    high = np.full(location.shape[:-1], _LIMIT, np.int64)
    while (low < high).any():
        middle = (low + high) // 2
        enough = _above(middle, location, weight) <= top
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle + 1)
    above = _above(low, location, weight)
    at = (tail(low[..., None], location) * weight).sum(-1) - above
    return low, np.divide(top - above, at, out=np.zeros_like(at), where=at > 0)


def expected_score(at: npt.NDArray[np.int64], part: Floats, location: Floats) -> Floats:
    """Return the probability that a work of a component counts as high impact, ties in part."""
    above = tail(at[..., None] + 1, location)
    return above + part[..., None] * (tail(at[..., None], location) - above)


def score(citations: npt.NDArray[np.int64], top: float = 0.10) -> Floats:
    """Score the works of one cell: 1 above its threshold, a part at it, so that the sum is top x works.

    Examples
    --------
    >>> score(np.array([0, 0, 0, 0, 1, 1, 1, 1, 5, 9]), 0.25).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.125, 0.125, 0.125, 0.125, 1.0, 1.0]
    """
    ordered = np.sort(citations)
    works = len(ordered)
    at = ordered[max(int(np.ceil((1 - top) * works - 1e-9)) - 1, 0)]
    ties = np.count_nonzero(ordered == at)
    above = np.count_nonzero(ordered > at)
    part = (top * works - above) / ties
    return np.where(citations > at, 1.0, np.where(citations == at, part, 0.0))


def _above(count: npt.NDArray[np.int64], location: Floats, weight: Floats) -> Floats:
    return np.asarray((tail(count[..., None] + 1, location) * weight).sum(-1))
