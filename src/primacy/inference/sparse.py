"""Intervals of shares that rest on few works.

The percentiles of a bootstrap know only the works that were drawn. Where two highly cited works carry a unit, many a
resampled world has none, and the world that happened might have had none as well: the interval is too narrow, and
without any such work it is 0 to 0. The beta interval takes from the bootstrap the variance alone and asks how many
independent works would give it (the effective sample size); for so many works the interval of a proportion is exact
(Clopper & Pearson 1934). Source: Korn & Graubard (1998), "Confidence intervals for proportions with small expected
number of positive counts estimated from survey data", Survey Methodology 24(2), 193-201; without their correction for
degrees of freedom, and without holding the effective size below the real one, since credit that is divided makes shares
steadier than whole works would.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

__all__ = ["FEW", "beta_interval"]

Floats = npt.NDArray[np.float64]

FEW = 10
"""An interval that rests on fewer highly cited works than this is said to rest on few."""

_NOTHING = 1e-24
"""Variances below this are rounding."""


def beta_interval(
    share: Floats, variance: Floats, whole: float, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the lower and upper end of the beta interval of each share.

    Parameters
    ----------
    share
        Shares, from 0 to 1.
    variance
        Their variance over bootstrap replicates. Where it is 0 (the same part of every work), and for shares of 0 and
        1, every highly cited work counts as one independent work.
    whole
        The sum of the scores of all works: how many highly cited works there are; less than one counts as one.
    level
        0.95 leaves 2.5 % on either side.

    Returns
    -------
    tuple
        Lower and upper ends; not a number where ``whole`` is 0.

    Examples
    --------
    Of forty works none is the unit's: up to 9 % may be.

    >>> low, high = beta_interval(np.array([0.0]), np.array([0.0]), 40)
    >>> low.tolist(), high.round(3).tolist()
    ([0.0], [0.088])

    Ten of forty, each wholly the unit's: the interval of Clopper and Pearson for 10 of 40.

    >>> low, high = beta_interval(np.array([0.25]), np.array([0.25 * 0.75 / 40]), 40)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.127], [0.412])
    """
    if not whole > 0:
        nothing = np.full(len(share), np.nan)
        return nothing, nothing
    tail = (1 - level) / 2
    varies = (variance > _NOTHING) & (share > 0) & (share < 1)
    works = np.full(len(share), float(whole))
    np.divide(share * (1 - share), variance, out=works, where=varies)
    works = np.maximum(works, 1.0)  # no share varies more than that of a single work
    hits = np.clip(share, 0.0, 1.0) * works
    misses = works - hits
    low, high = np.zeros(len(share)), np.ones(len(share))
    some, not_all = share > 0, share < 1
    low[some] = betaincinv(hits[some], misses[some] + 1, tail)
    high[not_all] = betaincinv(hits[not_all] + 1, misses[not_all], 1 - tail)
    return low, high
