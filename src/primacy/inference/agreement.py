"""How far two lists of the same units agree: their order, and their amounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Agreement", "agreement", "implied_factor"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two lists of amounts side by side.

    Parameters
    ----------
    units
        How many units both have.
    spearman, kendall
        Rank correlations; None with fewer than two units or where one list is constant.
    median_error, p90_error
        Median and 90th percentile of abs(ours - theirs) / theirs; None with no unit.
    ratio
        Sum of ours over sum of theirs; None where theirs is 0.
    """

    units: int
    spearman: float | None
    kendall: float | None
    median_error: float | None
    p90_error: float | None
    ratio: float | None


def agreement(ours: Floats, theirs: Floats) -> Agreement:
    """Compare two lists of amounts of the same units.

    Parameters
    ----------
    ours, theirs
        Amounts; units whose own amount in ``theirs`` is 0 have no relative error.

    Examples
    --------
    >>> import numpy as np
    >>> found = agreement(np.array([3.0, 2.0, 1.2]), np.array([4.0, 2.0, 1.0]))
    >>> found.spearman, round(found.median_error, 3), round(found.ratio, 3)
    (1.0, 0.2, 0.886)
    """
    from scipy import stats  # takes longer to load than all else that a command needs

    orderly = len(ours) > 1 and len(np.unique(ours)) > 1 and len(np.unique(theirs)) > 1
    some = theirs > 0
    errors = np.abs(ours[some] - theirs[some]) / theirs[some]
    whole = float(theirs.sum())
    return Agreement(
        units=len(ours),
        spearman=float(stats.spearmanr(ours, theirs).statistic) if orderly else None,
        kendall=float(stats.kendalltau(ours, theirs).statistic) if orderly else None,
        median_error=float(np.median(errors)) if len(errors) else None,
        p90_error=float(np.quantile(errors, 0.9)) if len(errors) else None,
        ratio=float(ours.sum()) / whole if whole > 0 else None,
    )


def implied_factor(share: Floats, previous: Floats, change: Floats) -> tuple[float | None, float | None]:
    """Find the one factor k with which published Shares reproduce published adjusted changes.

    Parameters
    ----------
    share, previous, change
        Share, Share before (above 0), and adjusted change in per cent, of the same units.

    Returns
    -------
    tuple
        k, for which the largest difference, in points, between 100 x (k x share / previous - 1) and the change is
        smallest, and that difference; None without any unit.

    Examples
    --------
    >>> import numpy as np
    >>> k, error = implied_factor(np.array([638.05]), np.array([647.66]), np.array([-5.0]))
    >>> round(k, 3), round(error, 6)
    (0.964, 0.0)
    """
    usable = (share > 0) & (previous > 0) & np.isfinite(change)
    if not usable.any():
        return None, None
    share, previous, change = share[usable], previous[usable], change[usable]
    slope, wanted = 100 * share / previous, 100 + change

    def largest(k: float) -> float:
        return float(np.abs(k * slope - wanted).max())

    # The largest of straight lines is convex in k, so thirds close in on its minimum.
    low, high = float((wanted / slope).min()), float((wanted / slope).max())
    for _ in range(100):
        third = (high - low) / 3
        if largest(low + third) <= largest(high - third):
            high -= third
        else:
            low += third
    k = (low + high) / 2
    return k, largest(k)
