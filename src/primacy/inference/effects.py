"""How much each choice of a full factorial explains of a result. Source: Saltelli et al. (2008)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Effects", "effects"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Effects:
    """How much of a result's variance over universes one choice explains.

    Parameters
    ----------
    first_order
        Variance of the mean given the choice, over the whole variance.
    total
        Part of the variance that is left when everything but the choice is fixed: with its interactions.
    """

    first_order: float
    total: float


def effects(values: Floats) -> list[Effects]:
    """Return first-order and total effects of every axis of a full factorial.

    Parameters
    ----------
    values
        One value per universe; not a number where undefined, which is left out of every mean.

    Returns
    -------
    list of Effects
        One per axis; both 0 where nothing varies.

    Examples
    --------
    >>> import numpy as np
    >>> [e.first_order for e in effects(np.array([[0.0, 0.0], [1.0, 1.0]]))]
    [1.0, 0.0]
    """
    known = ~np.isnan(values)
    axes = range(values.ndim)
    if not known.any():
        return [Effects(0.0, 0.0) for _ in axes]
    whole = float(np.var(values[known]))
    if whole < 1e-18:
        return [Effects(0.0, 0.0) for _ in axes]
    filled = np.where(known, values, 0.0)
    found = []
    for axis in axes:
        others = tuple(a for a in axes if a != axis)
        found.append(
            Effects(
                first_order=_between(filled, known, others) / whole,
                total=max(0.0, 1 - _between(filled, known, (axis,)) / whole),
            )
        )
    return found


def _between(values: Floats, known: Bools, over: Sequence[int]) -> float:
    """Variance between the means taken over some axes, each weighted by how many universes it rests on."""
    count = known.sum(axis=tuple(over)).ravel()
    total = values.sum(axis=tuple(over)).ravel()
    kept = count > 0
    means, weights = total[kept] / count[kept], count[kept]
    centre = np.average(means, weights=weights)
    return float(np.average((means - centre) ** 2, weights=weights))
