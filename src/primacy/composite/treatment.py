"""Outliers: winsorise until the distribution is tame, else take logarithms.

JRC practice and COINr ``Treat``/``qTreat``. An indicator passes when |skewness| <= 2 or excess kurtosis
<= 3.5 (both with the small-sample corrections of spreadsheets: G1 and G2). One that fails has its extreme
value replaced by the next, on the side to which it is skewed, at most ``most`` values; if it still fails, the
original values are put through log(x - min + range/100), mirrored when the skew is negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from primacy.composite.definition import Floats

SKEW_LIMIT = 2.0
KURTOSIS_LIMIT = 3.5


@dataclass(frozen=True, eq=False)
class Treated:
    """A column after treatment, and what was done to it.

    ``action`` is ``none``, ``winsorised``, ``log`` or ``failed`` (nothing helped; values as they were);
    ``changed`` counts winsorised values; ``passed`` says whether the column is within the limits now.
    """

    values: Floats
    action: Literal["none", "winsorised", "log", "failed"]
    changed: int
    passed: bool


def skewness(x: Floats) -> float:
    """Return the adjusted skewness G1 of what is present; ``nan`` below 3 values or without spread.

    Examples
    --------
    >>> round(skewness(np.array([1.0, 2.0, 3.0, 10.0])), 6)
    1.763633
    """
    x = np.sort(x[~np.isnan(x)])
    n = len(x)
    if n < 3:
        return float("nan")
    m = x - np.mean(x)
    second = float(np.mean(m**2))
    if not _spread(x, second):
        return float("nan")
    return float(np.sqrt(n * (n - 1)) / (n - 2) * np.mean(m**3) / second**1.5)


def kurtosis(x: Floats) -> float:
    """Return the excess kurtosis G2 over what is present; ``nan`` below 4 values or without spread.

    Examples
    --------
    >>> round(kurtosis(np.array([1.0, 2.0, 3.0, 10.0])), 6)
    3.228
    """
    x = np.sort(x[~np.isnan(x)])
    n = len(x)
    if n < 4:
        return float("nan")
    m = x - np.mean(x)
    second = float(np.mean(m**2))
    if not _spread(x, second):
        return float("nan")
    g2 = float(np.mean(m**4)) / second**2 - 3
    return float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6))


def _spread(x: Floats, second: float) -> bool:
    return second > 0 and float(x[-1] - x[0]) > 0


def passes(x: Floats, *, skew: float = SKEW_LIMIT, kurt: float = KURTOSIS_LIMIT) -> bool:
    """Whether a column needs no treatment; a column too short or too flat to judge passes."""
    g1, g2 = skewness(x), kurtosis(x)
    if np.isnan(g1) or np.isnan(g2):
        return True
    return bool(abs(g1) <= skew or g2 <= kurt)


def treat(x: Floats, *, most: int = 5, skew: float = SKEW_LIMIT, kurt: float = KURTOSIS_LIMIT) -> Treated:
    """Treat one column.

    Parameters
    ----------
    x : array
        Values, ``nan`` where missing.
    most : int
        Largest number of values to winsorise; tied extremes move together and count each.
    skew, kurt : float
        The limits.

    Examples
    --------
    >>> t = treat(np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 100]))
    >>> t.action, t.changed, t.values.tolist()[-1]
    ('winsorised', 1, 9.0)
    """
    if passes(x, skew=skew, kurt=kurt):
        return Treated(x, "none", 0, True)
    winsorised, changed = _winsorise(x, most, skew, kurt)
    if changed and passes(winsorised, skew=skew, kurt=kurt):
        return Treated(winsorised, "winsorised", changed, True)
    logged = _log(x)
    passed = passes(logged, skew=skew, kurt=kurt)
    # Logarithms that leave a long tail still help; those of two values, say, only rename them.
    if passed or abs(skewness(logged)) < abs(skewness(x)) - 1e-9:
        return Treated(logged, "log", 0, passed)
    return Treated(x, "failed", 0, False)


def _winsorise(x: Floats, most: int, skew: float, kurt: float) -> tuple[Floats, int]:
    out, moved = x.copy(), np.zeros(len(x), dtype=np.bool_)
    while not passes(out, skew=skew, kurt=kurt):
        high = skewness(out) >= 0
        extreme = np.nanmax(out) if high else np.nanmin(out)
        at = out == extreme
        rest = out[~at & ~np.isnan(out)]
        if len(np.unique(rest)) < 2 or int((moved | at).sum()) > most:
            break
        out[at] = rest.max() if high else rest.min()
        moved |= at
    return out, int(moved.sum())


def _log(x: Floats) -> Floats:
    low, high = float(np.nanmin(x)), float(np.nanmax(x))
    shift = (high - low) / 100
    if skewness(x) >= 0:
        return np.asarray(np.log(x - low + shift), dtype=np.float64)
    return np.asarray(-np.log(high - x + shift), dtype=np.float64)
