"""One unit, seen closely: where it is strong and weak, and what made its score.

COINr ``get_str_weak`` and ``get_unit_summary``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from primacy.composite.definition import Floats
from primacy.composite.index import Result
from primacy.composite.ranking import ranks
from primacy.errors import UsageError


@dataclass(frozen=True)
class Standing:
    """How a unit stands in one indicator.

    Attributes
    ----------
    indicator : str
        Its whole path.
    value : float
        The unit's own value, after denominators.
    normalised : float
        After normalisation.
    rank : float
        Among the ranked units that have the indicator, by the normalised value (so that direction counts).
    of : int
        How many units are ranked in it.
    median : float
        Of the normalised values of the ranked units.
    weight : float
        Of the indicator in the whole index.
    """

    indicator: str
    value: float
    normalised: float
    rank: float
    of: int
    median: float
    weight: float


@dataclass(frozen=True)
class Profile:
    """A unit's strengths and weaknesses, best and worst first, and the indicators that it lacks."""

    unit: str
    score: float
    rank: float
    coverage: float
    strengths: tuple[Standing, ...]
    weaknesses: tuple[Standing, ...]
    lacking: tuple[str, ...]


def profile(result: Result, unit: str, *, most: int = 5) -> Profile:
    """Find the indicators in which a unit stands best and worst.

    A strength is an indicator in which its rank is in the upper half, a weakness one in the lower half;
    indicators are ordered by relative rank, then by weight. Filled-in values are nobody's strength or
    weakness: only values of the unit's own count.

    Parameters
    ----------
    result : Result
        A computed index.
    unit : str
        Its name.
    most : int
        Largest number of each.

    Raises
    ------
    InputError
        There is no such unit.
    """
    if most < 1:
        raise UsageError(f"most is {most}; it takes a whole number from 1")
    at = result.values.position(unit)
    normalised, own = result.prepared.normalised, result.values.matrix
    standings: list[tuple[float, Standing]] = []
    lacking = []
    for k, name in enumerate(result.definition.names):
        if np.isnan(own[at, k]):
            lacking.append(name)
            continue
        has = ~np.isnan(own[:, k]) & ~np.isnan(normalised[:, k])
        base = has & result.values.ranked
        if not has[at]:
            continue
        rank = _rank_among(normalised[:, k], base, at)
        place = (rank - 1) / max(int(base.sum()) - 1, 1)
        standing = Standing(
            indicator=name,
            value=float(own[at, k]),
            normalised=float(normalised[at, k]),
            rank=rank,
            of=int(base.sum()),
            median=float(np.median(normalised[base, k])),
            weight=float(result.effective_weights[k]),
        )
        standings.append((place, standing))
    best = sorted(standings, key=lambda p: (p[0], -p[1].weight, p[1].indicator))
    worst = sorted(standings, key=lambda p: (-p[0], -p[1].weight, p[1].indicator))
    return Profile(
        unit=unit,
        score=float(result.score[at]),
        rank=float(result.rank[at]),
        coverage=float(result.coverage[at]),
        strengths=tuple(s for place, s in best if place < 0.5)[:most],
        weaknesses=tuple(s for place, s in worst if place > 0.5)[:most],
        lacking=tuple(lacking),
    )


def _rank_among(column: Floats, base: NDArray[np.bool_], at: int) -> float:
    joined = base.copy()
    joined[at] = True
    return float(ranks(np.where(joined, column, np.nan))[at])
