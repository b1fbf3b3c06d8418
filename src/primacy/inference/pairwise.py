"""How probably one unit's share exceeds another's, pair by pair."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["ahead"]

Floats = npt.NDArray[np.float64]


def ahead(shares: Floats) -> Floats:
    """Return in which part of the replicates each unit's share exceeds each other's.

    Parameters
    ----------
    shares
        replicates x units. Shares that agree to twelve decimals are level, and a level pair counts half for either.

    Returns
    -------
    numpy.ndarray
        units x units: row before column; the two parts of a pair sum to 1. A half on the diagonal; not a number
        where there is no replicate.

    Examples
    --------
    >>> import numpy as np
    >>> ahead(np.array([[0.6, 0.4], [0.5, 0.5]]))
    array([[0.5 , 0.75],
           [0.25, 0.5 ]])
    """
    units = shares.shape[1]
    if not len(shares):
        return np.full((units, units), np.nan)
    rounded = np.round(shares, 12)
    result = np.empty((units, units))
    for unit in range(units):
        mine = rounded[:, [unit]]
        result[unit] = (mine > rounded).mean(axis=0) + 0.5 * (mine == rounded).mean(axis=0)
    return result
