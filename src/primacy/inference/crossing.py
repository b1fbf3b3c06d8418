"""When one unit overtook another, and how surely.

The crossing is the first year from which the overtaker stays ahead up to the last year of the series. Computed in every
bootstrap replicate it gives an interval, whose ends may lie outside the series: before it (ahead all along) or after
it (not ahead at the end).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["Crossing", "Status", "crossing", "slope"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Status = Literal["crossed", "always", "not yet", "contested"]
SURE = 0.95


@dataclass(frozen=True)
class Crossing:
    """The answer for one pair.

    Parameters
    ----------
    status
        ``crossed``: ahead since ``year``. ``always``: ahead in every year. ``not yet``: not ahead in the last year.
        ``contested``: in the last year neither is ahead in 95 % of the replicates; ``since`` says since when.
    year
        The first year from which the overtaker stays ahead by the point estimates; None where there is none.
    low, high
        2.5 and 97.5 percentiles of that year over replicates; None where the percentile lies outside the series.
    since
        The first year from which neither is surely ahead, for ``contested``.
    probability
        The part of the replicates in which the overtaker is ahead in the last year.
    distribution
        For each year the part of the replicates in which it is the first from which the overtaker stays ahead, and
        under None the part in which there is none; in order, without years that never come up.
    """

    status: Status
    year: int | None
    low: int | None
    high: int | None
    since: int | None
    probability: float | None
    distribution: tuple[tuple[int | None, float], ...] = ()


def crossing(
    years: Ints, over: Floats, under: Floats, over_replicates: Floats, under_replicates: Floats
) -> Crossing:
    """Find when ``over`` overtook ``under``.

    Parameters
    ----------
    years
        In order.
    over, under
        Shares by year; years in which either is not a number are left out.
    over_replicates, under_replicates
        replicates x years; may have no rows.
    """
    known = ~(np.isnan(over) | np.isnan(under))
    years, ahead = years[known], (over > under)[known]
    if not len(years):
        return Crossing("not yet", None, None, None, None, None)
    first = _first_year(years, ahead[None, :])[0]
    drawn = (over_replicates > under_replicates)[:, known]
    tied = (over_replicates == under_replicates)[:, known]
    low = high = since = None
    probability = None
    distribution: tuple[tuple[int | None, float], ...] = ()
    status: Status = "not yet" if np.isinf(first) else "always" if first == years[0] else "crossed"
    if len(drawn):
        found = np.sort(_first_year(years, drawn))
        low = _year(found[_place(0.025, len(found))])
        high = _year(found[_place(0.975, len(found))])
        values, times = np.unique(found, return_counts=True)
        distribution = tuple((_year(v), float(n / len(found))) for v, n in zip(values, times, strict=True))
        chance = (drawn + 0.5 * tied).mean(axis=0)
        probability = float(chance[-1])
        unsure = (chance < SURE) & (chance > 1 - SURE)
        if unsure[-1]:
            status = "contested"
            sure = np.flatnonzero(~unsure)
            since = int(years[sure[-1] + 1] if len(sure) else years[0])
    year = None if np.isinf(first) else int(first)
    return Crossing(status, year, low, high, since, probability, distribution)


def _first_year(years: Ints, ahead: npt.NDArray[np.bool_]) -> Floats:
    """Return, per row, the first year from which it is true to the end; infinity where the last is false."""
    run = np.flip(np.logical_and.accumulate(np.flip(ahead, axis=1), axis=1), axis=1)
    return np.where(run[:, -1], years[np.argmax(run, axis=1)].astype(float), np.inf)


def _place(level: float, size: int) -> int:
    """Return the place of a percentile in a sorted list, without interpolation between years."""
    return min(size - 1, max(0, int(np.ceil(level * size)) - 1))


def _year(value: float) -> int | None:
    return None if np.isinf(value) else int(value)


def slope(years: Ints, shares: Floats) -> Floats:
    """Return the least-squares slope of shares over years, in share per year.

    Parameters
    ----------
    years
        At least two.
    shares
        rows x years.

    Examples
    --------
    >>> import numpy as np
    >>> slope(np.array([2020, 2021, 2022]), np.array([[0.1, 0.2, 0.3]])).round(12)
    array([0.1])
    """
    centred = years - years.mean()
    result: Floats = (shares * centred).sum(axis=1) / (centred**2).sum()
    return result
