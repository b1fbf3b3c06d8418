"""What an indicator's weight does: its nominal weight against the influence that it has.

The weight of an indicator is not its importance; correlation among indicators and unequal variances decide
(Paruolo, Saisana & Saltelli 2013, doi:10.1111/j.1467-985X.2012.01059.x). Importance is the correlation ratio
S = Var(E(score | x)) / Var(score): linear, the squared Pearson correlation; or with E(score | x) estimated by
a local-linear smoother whose bandwidth leave-one-out cross-validation chooses.
"""

from __future__ import annotations

import numpy as np

from primacy.composite.definition import Floats
from primacy.composite.multivariate import correlation

_BANDWIDTHS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0, 2.0)
"""Widths of the smoother's normal kernel, as shares of the indicator's range."""


def linear_importance(x: Floats, score: Floats) -> float:
    """Squared Pearson correlation of an indicator with the score; ``nan`` when one does not vary.

    Examples
    --------
    >>> linear_importance(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]))
    1.0
    """
    return correlation(x, score) ** 2


def correlation_ratio(x: Floats, score: Floats) -> float:
    """Share of the score's variance that the indicator alone explains, however it enters.

    Over the units that have both; ``nan`` for fewer than 5 such units or no spread.

    Examples
    --------
    >>> x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    >>> correlation_ratio(x, x**2) > 0.5 > linear_importance(x, x**2)
    True
    """
    both = ~(np.isnan(x) | np.isnan(score))
    x, y = x[both], score[both]
    if len(x) < 5 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    order = np.lexsort((y, x))
    x, y = x[order], y[order]
    widths = [share * float(np.ptp(x)) for share in _BANDWIDTHS]
    best = int(np.argmin([round(_leave_one_out(x, y, width), 12) for width in widths]))
    fitted = _hat_matrix(x, widths[best]) @ y
    return min(float(np.var(fitted)) / float(np.var(y)), 1.0)


def _leave_one_out(x: Floats, y: Floats, width: float) -> float:
    hat = _hat_matrix(x, width)
    slack = 1.0 - np.diag(hat)
    # A unit that its own kernel window alone determines cannot be predicted from the others.
    if (slack < 1e-6).any():
        return float("inf")
    scale = float(np.var(y))
    return float((((y - hat @ y) / slack) ** 2).mean()) / scale


def _hat_matrix(x: Floats, width: float) -> Floats:
    distance = x[None, :] - x[:, None]
    kernel = np.exp(-0.5 * (distance / width) ** 2)
    s1 = (kernel * distance).sum(axis=1, keepdims=True)
    s2 = (kernel * distance**2).sum(axis=1, keepdims=True)
    weights = kernel * (s2 - distance * s1)
    total = weights.sum(axis=1, keepdims=True)
    level = kernel / kernel.sum(axis=1, keepdims=True)
    # Where neighbours all stand at one point a slope cannot be fitted: the local mean remains.
    return np.where(np.abs(total) > 1e-12 * s2.max(), weights / np.where(total == 0, 1.0, total), level)
