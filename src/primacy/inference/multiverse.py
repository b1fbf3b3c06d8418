"""The multiverse: every defensible combination of choices, and whether the leader leads in it.

A universe is one combination of query, work types, counting, split, missing rule, territories, domestic citations,
window length, scope, top share and tie rule. All universes of a technology are computed from shared arrays: a credit
matrix per way of counting, a score vector per way of scoring, and their products. Sources: Steegen et al. (2016,
doi:10.1177/1745691616658637) on the multiverse; Simonsohn et al. (2020, doi:10.1038/s41562-020-0912-z) on the
specification curve.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy import sparse

from primacy.inference.workshop import CREDIT_AXES, SCORE_AXES, SHAPE, Workshop

__all__ = ["JointDraws", "Multiverse", "joint_draws", "multiverse"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_COLUMN_BYTES = 64 << 20
"""How many bytes of score columns are held together."""
_PARTS = 1e12
"""Shares are told apart to so many parts of one."""


@dataclass(frozen=True)
class Multiverse:
    """Shares and leaders in every universe.

    Parameters
    ----------
    leader
        One number per universe, of the shape of the axes: the leading unit; -1 where no share is defined.
    margin
        The share of the unit asked about minus the largest of the others; not a number where undefined.
    defensible
        Whether a universe can say anything: at least ten of its works would be highly cited, and foreign citations,
        first authors or corresponding authors are known where it needs them. Where no universe can, all that define
        a leader stand in.
    unit
        The unit asked about.
    """

    leader: Ints
    margin: Floats
    defensible: Bools
    unit: int

    @property
    def universes(self) -> int:
        """How many universes are defensible and define a leader."""
        return int((self.defensible & (self.leader >= 0)).sum())

    @property
    def robustness(self) -> float:
        """The part of these universes in which the unit asked about leads."""
        led = self.defensible & (self.leader == self.unit)
        return float(led.sum() / self.universes) if self.universes else float("nan")


def multiverse(workshop: Workshop, unit: int) -> Multiverse:
    """Compute every universe of one technology.

    Parameters
    ----------
    workshop
        Its material.
    unit
        The unit asked about: the leader under the main method.
    """
    leader = np.full(SHAPE, -1, dtype=np.int64)
    margin = np.full(SHAPE, np.nan)
    defensible = np.zeros(SHAPE, dtype=bool)
    selections = list(product(range(SHAPE[0]), range(SHAPE[1])))
    bytes_each = 8 * max(1, workshop.material.works) * math.prod(SCORE_AXES)
    together = min(len(selections), max(1, _COLUMN_BYTES // bytes_each))
    for split, territories in product(range(CREDIT_AXES[1]), range(CREDIT_AXES[3])):
        for ways, competing in workshop.groups(split, territories):
            matrix = workshop.matrix(ways)
            for begin in range(0, len(selections), together):
                some = selections[begin : begin + together]
                shares = _shares(matrix, workshop.columns(some, split, territories, competing))
                first, ahead = _first(shares.reshape(len(ways), -1, shares.shape[1]), unit)
                for i, (query, types) in enumerate(some):
                    enough = workshop.defensible(query, types, competing)
                    for k, way in enumerate(ways):
                        universe = (query, types, *way)
                        leader[universe] = first[k].reshape(-1, *SCORE_AXES)[i]
                        margin[universe] = ahead[k].reshape(-1, *SCORE_AXES)[i]
                        defensible[universe] = enough & (True, True, *workshop.material.marked)[way[0]]
    if not (defensible & (leader >= 0)).any():
        defensible = leader >= 0
    return Multiverse(leader, margin, defensible, unit)


def _shares(matrix: sparse.csr_matrix, columns: Floats) -> Floats:
    whole = columns.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares: Floats = np.where(whole > 0, np.asarray(matrix @ columns) / whole, np.nan)
    return shares


def _first(shares: Floats, unit: int) -> tuple[Ints, Floats]:
    """Return the leading unit (-1 where undefined) and how far the unit asked about is ahead.

    Parameters
    ----------
    shares
        ways of counting x units x columns.
    unit
        The unit asked about.
    """
    ways, units, columns = shares.shape
    if units == 0:
        return np.full((ways, columns), -1), np.full((ways, columns), np.nan)
    defined = ~np.isnan(shares[:, 0])
    rounded = np.rint(shares * _PARTS)  # shares that differ by less are equal
    rounded[np.isnan(rounded)] = 0
    first = rounded.argmax(axis=1)
    led = np.take_along_axis(rounded, first[:, None], axis=1)[:, 0] > 0
    own = rounded[:, unit] / _PARTS
    rounded[:, unit] = -np.inf if units > 1 else 0
    margin = np.where(defined, own - rounded.max(axis=1) / _PARTS, np.nan)
    return np.where(defined & led, first, -1), margin


@dataclass(frozen=True)
class JointDraws:
    """Shares over both uncertainties at once: of the method, and of the works.

    Parameters
    ----------
    leader
        The leading unit of each draw, -1 where none is defined.
    shares
        draws x units; not a number where no share is defined.
    """

    leader: Ints
    shares: Floats


def joint_draws(
    workshop: Workshop, universes: Multiverse, draws: int, rng: np.random.Generator
) -> JointDraws:
    """Draw universes and resampled works together.

    Each draw takes one defensible universe at random and resamples all works of the technology; so the part of the
    draws that a unit leads is its probability over both uncertainties at once.

    Parameters
    ----------
    workshop
        The material of the universes.
    universes
        From :func:`multiverse`.
    draws
        How many.
    rng
        The generator.
    """
    leaders = np.full(draws, -1, dtype=np.int64)
    shares = np.full((draws, workshop.material.units), np.nan)
    pool = np.flatnonzero(universes.defensible)
    n = workshop.material.works
    if n == 0 or not len(pool):
        return JointDraws(leaders, shares)
    flat = rng.choice(pool, size=draws)
    where = np.stack(np.unravel_index(flat, SHAPE), axis=1)
    column = np.ravel_multi_index(tuple(where[:, 6:].T), SCORE_AXES)
    groups: dict[tuple[int, ...], list[int]] = {}
    for i, key in enumerate(map(tuple, where[:, :6])):
        groups.setdefault(tuple(int(k) for k in key), []).append(i)
    for key, members in sorted(groups.items()):
        query, types, *rest = key
        way = (rest[0], rest[1], rest[2], rest[3])
        competing = workshop.credit(way)[1]
        columns = workshop.columns([(query, types)], way[1], way[3], competing)[:, column[members]]
        counts = np.stack([np.bincount(rng.integers(n, size=n), minlength=n) for _ in members], axis=1)
        drawn = _shares(workshop.matrix([way]), columns * counts)
        leaders[members] = _first(drawn[None], 0)[0][0]
        shares[members] = drawn.T
    return JointDraws(leaders, shares)
