"""The bootstrap over works: how far a share would move had other works of the same kind been written.

A replicate draws as many works as there are, with replacement, from the works of one set (a technology in a window);
a work drawn twice counts twice, with all its credit. Thresholds stay as they are (Leiden Ranking's practice), so a
replicate is a weighting of the works, and all replicates of all units are one matrix product. Only works that score
matter to a share: the rest are drawn as one lump, which leaves the distribution as it is.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

__all__ = [
    "Replicates",
    "draw_counts",
    "generator",
    "percentile_interval",
    "ranks",
    "recomputed_scores",
    "share_replicates",
    "sum_replicates",
    "whole_interval",
]

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Ties = Literal["fractional", "include", "exclude"]


def generator(seed: int, *names: str) -> np.random.Generator:
    """Return a generator that depends on the seed and on what is resampled, not on the order of the work.

    Examples
    --------
    >>> a = generator(0, "lasers", "2019-2023").integers(100)
    >>> bool(generator(0, "lasers", "2019-2023").integers(100) == a)
    True
    """
    return np.random.default_rng([seed, *(zlib.crc32(n.encode()) for n in names)])


def draw_counts(works: int, scoring: int, replicates: int, rng: np.random.Generator) -> Counts:
    """Draw how often each scoring work stands in each replicate.

    Parameters
    ----------
    works
        How many works the set has.
    scoring
        How many of them have a score; the others are drawn together and left out.
    replicates
        How many replicates.
    rng
        The generator.

    Returns
    -------
    numpy.ndarray
        replicates x scoring.
    """
    if not 0 <= scoring <= works:
        raise ValueError(f"{scoring} scoring works of {works}")
    if scoring == 0 or replicates == 0:
        return np.zeros((replicates, scoring), dtype=np.int64)
    drawn = rng.binomial(works, scoring / works, size=replicates)
    return rng.multinomial(drawn, np.full(scoring, 1.0 / scoring))


@dataclass(frozen=True)
class Replicates:
    """What every unit got in every replicate.

    Parameters
    ----------
    credit
        replicates x units: credit x score.
    whole
        replicates: the sum of the scores of all works drawn.
    """

    credit: Floats
    whole: Floats

    def __add__(self, other: Replicates) -> Replicates:
        """Pool two sets of works that were resampled apart."""
        return Replicates(self.credit + other.credit, self.whole + other.whole)

    @cached_property
    def shares(self) -> Floats:
        """Shares, replicates x units; without the replicates that drew no scoring work, where none is defined."""
        defined = self.whole > 0
        shares: Floats = self.credit[defined] / self.whole[defined, None]
        return np.minimum(shares, 1.0)  # sums of thirds may exceed their whole in the last digit

    def leader_probability(self) -> Floats:
        """Return, per unit, the part of the replicates in which its share is the largest; a tie is split."""
        if not len(self.shares):
            return np.full(self.shares.shape[1], np.nan)
        best = np.isclose(self.shares, self.shares.max(axis=1, keepdims=True), rtol=1e-12, atol=0)
        probability: Floats = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
        return probability


def share_replicates(
    work: npt.NDArray[np.integer],
    unit: npt.NDArray[np.integer],
    value: Floats,
    score: Floats,
    counts: Counts | Floats,
    units: int,
) -> Replicates:
    """Compute what every unit gets in every replicate.

    Parameters
    ----------
    work, unit, value
        Sparse credit x score: ``value[i]`` belongs to scoring work ``work[i]`` and unit ``unit[i]``.
    score
        Score of each scoring work; their weighted sum is the denominator.
    counts
        From :func:`draw_counts`; times the scores where thresholds are found anew.
    units
        How many units.

    Examples
    --------
    >>> import numpy as np
    >>> drawn = np.array([[1, 1], [2, 0]])  # two replicates of two works
    >>> share_replicates(np.array([0, 1]), np.array([0, 1]), np.ones(2), np.ones(2), drawn, 2).shares
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    matrix = sparse.csr_matrix((value, (work, unit)), shape=(counts.shape[1], units))
    weights = counts.astype(np.float64)
    return Replicates(np.asarray(weights @ matrix), weights @ score)


def sum_replicates(
    work: npt.NDArray[np.integer],
    unit: npt.NDArray[np.integer],
    value: Floats,
    works: int,
    units: int,
    replicates: int,
    rng: np.random.Generator,
) -> Floats:
    """Draw all works of a set with replacement and sum what every unit gets, replicates x units.

    For sets in which every work counts alike; the replicates are drawn in blocks, so that a large set needs little
    memory, and the blocks change nothing.

    Parameters
    ----------
    work, unit, value
        Sparse credit: ``value[i]`` belongs to work ``work[i]`` and unit ``unit[i]``.
    works, units
        How many there are.
    replicates
        How many.
    rng
        The generator.

    Examples
    --------
    >>> import numpy as np
    >>> one = np.zeros(1, int)
    >>> sum_replicates(one, one, np.ones(1), 1, 1, 2, np.random.default_rng(0))
    array([[1.],
           [1.]])
    """
    matrix = sparse.csr_matrix((value, (work, unit)), shape=(works, units))
    sums = np.zeros((replicates, units))
    block = max(1, _BLOCK // max(works, 1))
    for start in range(0, replicates, block):
        rows = range(start, min(start + block, replicates))
        drawn = [np.bincount(rng.integers(0, works, works), minlength=works) for _ in rows]
        sums[rows.start : rows.stop] = np.stack(drawn).astype(np.float64) @ matrix
    return sums


_BLOCK = 4_000_000
"""Works times replicates that are drawn at a time."""


def recomputed_scores(
    citations: npt.NDArray[np.integer],
    cell: npt.NDArray[np.integer],
    counts: Counts,
    percent: int,
    ties: Ties,
) -> Floats:
    """Score the works of every replicate by thresholds found among the works drawn.

    The formula is that of :mod:`primacy.measures.impact`, with each work as often as it was drawn.

    Parameters
    ----------
    citations, cell
        Of each work.
    counts
        replicates x works.
    percent
        The top share in per cent.
    ties
        What a work at the threshold scores.

    Returns
    -------
    numpy.ndarray
        replicates x works; of works that were not drawn, what they would score.
    """
    result = np.zeros(counts.shape)
    if not counts.size:
        return result
    order = np.lexsort((citations, cell))
    c, k = citations[order], cell[order]
    drawn = counts[:, order].cumsum(axis=1)
    fresh = np.r_[True, (k[1:] != k[:-1]) | (c[1:] != c[:-1])]
    group = np.cumsum(fresh) - 1
    first = np.flatnonzero(fresh)
    last = np.r_[first[1:], len(c)] - 1
    cell_first = np.flatnonzero(np.r_[True, k[1:] != k[:-1]])
    cell_last = np.r_[cell_first[1:], len(c)] - 1
    cell_of = np.searchsorted(cell_first, first, side="right") - 1
    zero = np.zeros((len(counts), 1), dtype=drawn.dtype)
    padded = np.concatenate([zero, drawn], axis=1)
    before = padded[:, cell_first][:, cell_of]
    size = drawn[:, cell_last][:, cell_of] - before
    at_most = drawn[:, last] - before
    tied = drawn[:, last] - padded[:, first]
    over = 100 * at_most - (100 - percent) * size
    above = over - 100 * tied >= 0
    with np.errstate(invalid="ignore", divide="ignore"):
        part = over / (100.0 * tied)
    at_threshold = {"fractional": part, "include": 1.0, "exclude": 0.0}[ties]
    # A level that nobody was drawn from is no threshold; its works are not in the replicate either.
    scores = np.where(tied == 0, 0.0, np.where(above, 1.0, np.where(over >= 0, at_threshold, 0.0)))
    result[:, order] = scores[:, group]
    return result


def ranks(values: Floats) -> Counts:
    """Return the rank of every column in every row: 1 + the number of larger values.

    Examples
    --------
    >>> import numpy as np
    >>> ranks(np.array([[0.2, 0.5, 0.2, 0.1]]))
    array([[2, 1, 2, 4]])
    """
    rows, columns = values.shape
    if not rows or not columns:
        return np.zeros((rows, columns), dtype=np.int64)
    rounded = np.round(values, 12)
    order = np.argsort(-rounded, axis=1, kind="stable")
    ordered = np.take_along_axis(rounded, order, axis=1)
    fresh = np.ones((rows, columns), dtype=bool)
    fresh[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    place = np.maximum.accumulate(np.where(fresh, np.arange(columns), 0), axis=1) + 1
    result = np.empty((rows, columns), dtype=np.int64)
    np.put_along_axis(result, order, place, axis=1)
    return result


def whole_interval(replicates: Counts, level: float = 0.95) -> tuple[Counts, Counts]:
    """Return the lower and upper percentile of each column of whole numbers, without interpolation."""
    rows = len(replicates)
    tail = (1 - level) / 2
    places = [max(0, int(np.ceil(q * rows - 1e-9)) - 1) for q in (tail, 1 - tail)]
    ordered = np.partition(np.ascontiguousarray(replicates.T), sorted(set(places)), axis=1)
    return ordered[:, places[0]].astype(np.int64), ordered[:, places[1]].astype(np.int64)


def percentile_interval(replicates: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the lower and upper percentile of each column; not a number where there is no replicate.

    Parameters
    ----------
    replicates
        replicates x columns.
    level
        0.95 gives the 2.5 and 97.5 percentiles, interpolated linearly.
    """
    if not len(replicates):
        nothing = np.full(replicates.shape[1], np.nan)
        return nothing, nothing
    tail = (1 - level) / 2
    # Along rows that lie together in memory: several times as fast as down the columns.
    low, high = np.quantile(np.ascontiguousarray(replicates.T), [tail, 1 - tail], axis=1)
    return low, high
