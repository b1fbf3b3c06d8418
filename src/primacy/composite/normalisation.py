"""Bringing indicators to a common scale.

OECD handbook, step 5; COINr ``Normalise``. Every method is fitted on the ranked units and applied to all, so
that a bloc set apart is measured on its members' yardstick. With x̲ and x̄ the least and greatest value, μ the
mean, σ the population deviation and n the number of ranked units with a value, for an indicator where more is
better:

========================  ====================================================================
``none``                  x
``minmax``                (x - x̲) / (x̄ - x̲)
``zscore``                (x - μ) / σ
``rank``                  1 for the least … n for the greatest; ties share the mean rank
``percentile-rank``       (rank - 1) / (n - 1)
``fraction-of-max``       x / x̄
``distance-to-target``    (x - x̲) / (t - x̲)
``goalposts``             (x - low) / (high - low), cut to 0 … 1
========================  ====================================================================

Where less is better the order is turned: -x in the first five, x̲ / x for ``fraction-of-max``,
(x̄ - x) / (x̄ - t) for the target, (high - x) / (high - low) for goalposts. An indicator in which all ranked
units are equal says nothing about them: each stands in the middle (0.5 under ``minmax`` and
``percentile-rank``, 0 under ``zscore``, (n + 1) / 2 under ``rank``), and the audit flags it. A bloc may exceed 1
where it is beyond the best of the ranked units, but is never below 0, which is where their worst stands.
"""

from __future__ import annotations

import numpy as np

from primacy.composite._text import quote
from primacy.composite.definition import Floats, Indicator
from primacy.composite.options import NORMALISATIONS, Normalisation, one_of
from primacy.composite.values import Values
from primacy.errors import InputError

RELATIVE: frozenset[Normalisation] = frozenset(
    ("minmax", "zscore", "rank", "percentile-rank", "fraction-of-max", "distance-to-target")
)
"""Methods that measure a unit by the others, and so need at least two."""


def normalise(values: Values, indicators: tuple[Indicator, ...], *, method: Normalisation = "none") -> Floats:
    """Normalise a matrix, column by column.

    Parameters
    ----------
    values : Values
        Units × indicators; gaps stay gaps.
    indicators : tuple of Indicator
        Direction, goalposts and target of each column.
    method : str
        See the table above.

    Raises
    ------
    InputError
        One unit under a relative method; a maximum that is not positive, or values not positive where less is
        better, under ``fraction-of-max``; no goalposts or target; a target not beyond the worst value.

    Examples
    --------
    >>> v = Values(units=("A", "B", "C"), matrix=np.array([[1.0], [2.0], [5.0]]))
    >>> normalise(v, (Indicator(path=("x",)),), method="minmax").ravel().tolist()
    [0.0, 0.25, 1.0]
    >>> normalise(v, (Indicator(path=("x",), direction=-1),), method="rank").ravel().tolist()
    [3.0, 2.0, 1.0]
    """
    one_of(method, NORMALISATIONS, "normalise")
    ranked = values.ranked
    if method in RELATIVE and int(ranked.sum()) < 2:
        raise InputError(
            f"normalise is '{method}', which compares units, and there is one unit to rank: "
            "use goalposts or none"
        )
    out = np.empty_like(values.matrix)
    for k, indicator in enumerate(indicators):
        column = values.matrix[:, k]
        base = np.sort(column[ranked & ~np.isnan(column)])
        out[:, k] = _column(column, base, indicator, method) if len(base) else np.nan
    return out


def _column(x: Floats, base: Floats, indicator: Indicator, method: Normalisation) -> Floats:
    if method == "goalposts":
        return _goalposts(x, indicator)
    if method == "fraction-of-max":
        return _fraction_of_max(x, base, indicator)
    if indicator.direction < 0:
        x, base = -x, np.sort(-base)
    if method == "none":
        return x
    if method == "distance-to-target":
        return _distance_to_target(x, base, indicator)
    if method in ("rank", "percentile-rank"):
        rank = _rank(x, base)
        if method == "rank":
            return rank
        if len(base) == 1:
            return np.where(np.isnan(x), np.nan, 0.5)
        return np.asarray(np.clip((rank - 1) / (len(base) - 1), 0.0, 1.0))
    low, high = base[0], base[-1]
    deviation = float(np.std(base))
    if low == high or (method == "zscore" and deviation == 0):
        middle = 0.5 if method == "minmax" else 0.0
        # A unit set apart may still differ from the ranked ones, but there is no spread to measure it by.
        return np.where(np.isnan(x), np.nan, middle)
    if method == "minmax":
        return np.asarray(np.maximum((x - low) / (high - low), 0.0))
    return np.asarray((x - np.mean(base)) / deviation)


def _rank(x: Floats, base: Floats) -> Floats:
    below = np.searchsorted(base, x, side="left")
    equal = np.searchsorted(base, x, side="right") - below
    return np.where(np.isnan(x), np.nan, below + (equal + 1) / 2)


def _fraction_of_max(x: Floats, base: Floats, indicator: Indicator) -> Floats:
    if indicator.direction > 0:
        if base[-1] <= 0:
            raise InputError(
                f"the greatest value of {quote(indicator.name)} is {base[-1]:g}: fraction-of-max needs one "
                "above 0"
            )
        return np.asarray(x / base[-1])
    if np.nanmin(x) <= 0:
        raise InputError(
            f"less is better in {quote(indicator.name)} and a value is {np.nanmin(x):g}: fraction-of-max "
            "divides by it, so values must be above 0"
        )
    return np.asarray(base[0] / x)


def _distance_to_target(x: Floats, base: Floats, indicator: Indicator) -> Floats:
    if indicator.target is None:
        raise InputError(f"normalise is 'distance-to-target' but {quote(indicator.name)} has no target")
    target = indicator.target * indicator.direction
    if target <= base[0]:
        raise InputError(
            f"the target of {quote(indicator.name)}, {indicator.target:g}, is not better than the worst value"
        )
    return np.asarray(np.maximum((x - base[0]) / (target - base[0]), 0.0))


def _goalposts(x: Floats, indicator: Indicator) -> Floats:
    if indicator.goalposts is None:
        raise InputError(f"normalise is 'goalposts' but {quote(indicator.name)} has none: give [low, high]")
    low, high = indicator.goalposts
    share = (x - low) / (high - low) if indicator.direction > 0 else (high - x) / (high - low)
    return np.asarray(np.clip(share, 0.0, 1.0))
