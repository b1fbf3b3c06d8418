"""How cost grows with size: the exponent of a power law, fitted over sizes that were measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["exponent"]


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> float | None:
    """Return b of cost = a · size^b, by least squares on the logarithms; None for fewer than two sizes.

    Parameters
    ----------
    sizes, costs
        What was measured; all above zero.

    Examples
    --------
    >>> exponent([1000, 10_000, 100_000], [1, 10, 100])
    1.0
    >>> exponent([10, 20], [3, 12])
    2.0
    >>> exponent([10, 10], [3, 4]) is None
    True
    """
    if len(set(sizes)) < 2:
        return None
    slope, _ = np.polyfit(np.log(sizes), np.log(costs), 1)
    return round(float(slope), 3)
