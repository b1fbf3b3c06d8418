"""How an indicator has moved over the years: compound growth and the average yearly change.

COINr ``get_trends`` with ``CAGR`` and ``prc_change``.
"""

from __future__ import annotations

import numpy as np

from primacy.composite.definition import Floats
from primacy.errors import InputError


def compound_growth(years: Floats, values: Floats) -> float:
    """Compound annual growth rate from the first to the last year with a value.

    (last / first)^(1 / years) - 1; 0 when they are equal; ``nan`` for fewer than two values, a first value
    that is not above 0, or a last one below 0.

    Examples
    --------
    >>> round(compound_growth(np.array([2020.0, 2021, 2022]), np.array([100.0, np.nan, 121.0])), 9)
    0.1
    """
    x, y = _observed(years, values)
    if len(x) < 2:
        return float("nan")
    if y[0] == y[-1]:
        return 0.0
    if y[0] <= 0 or y[-1] < 0:
        return float("nan")
    return float((y[-1] / y[0]) ** (1.0 / (x[-1] - x[0])) - 1.0)


def yearly_change(years: Floats, values: Floats) -> float:
    """Slope of the least-squares line through the values there are, per year; ``nan`` for fewer than two.

    Examples
    --------
    >>> yearly_change(np.array([2020.0, 2021, 2022]), np.array([1.0, 3.0, 5.0]))
    2.0
    """
    x, y = _observed(years, values)
    if len(x) < 2:
        return float("nan")
    dx = x - x.mean()
    return float((dx * (y - y.mean())).sum() / (dx**2).sum())


def _observed(years: Floats, values: Floats) -> tuple[Floats, Floats]:
    if len(years) != len(values):
        raise InputError(f"{len(years)} years were given for {len(values)} values")
    there = ~np.isnan(values)
    x, y = years[there], values[there]
    if len(np.unique(x)) != len(x):
        raise InputError("a year is there twice")
    order = np.argsort(x)
    return x[order], y[order]
