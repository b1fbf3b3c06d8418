"""Leaving one part out: how far a total and its rank hang on a single part."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from primacy.inference.bootstrap import Counts, Floats, ranks

__all__ = ["leave_one_out"]


def leave_one_out(parts: Floats, *, digits: int = 12) -> tuple[Floats, Counts]:
    """Return every unit's total, and its rank among the units, with each part left out in turn.

    Parameters
    ----------
    parts
        units x parts: what each unit has from each part.
    digits
        Totals that agree to so many decimals are equal in rank.

    Returns
    -------
    tuple
        Totals and ranks (1 + the number of larger totals), both units x parts.

    Examples
    --------
    >>> import numpy as np
    >>> totals, places = leave_one_out(np.array([[3.0, 1.0], [0.0, 2.0]]))
    >>> totals
    array([[1., 3.],
           [2., 0.]])
    >>> places  # without the first part the second unit leads
    array([[2, 1],
           [1, 2]])
    """
    totals: Floats = parts.sum(axis=1, keepdims=True) - parts
    # What is left of a unit that has a single part is nothing, not the rounding of a difference.
    single: npt.NDArray[np.bool_] = (parts != 0).sum(axis=1, keepdims=True) == 1
    totals[single & (parts != 0)] = 0.0
    return totals, np.ascontiguousarray(ranks(totals.T.round(digits)).T)
