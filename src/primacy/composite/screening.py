"""Which units and indicators have enough data to be in the index.

Step of COINr ``Screen`` and ``get_data_avail``; OECD handbook, step 2. What is left out is reported: the
result keeps a row for it without a score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from primacy.composite.definition import Floats
from primacy.errors import UsageError


@dataclass(frozen=True, eq=False)
class Availability:
    """How much of a matrix is there.

    ``units`` and ``indicators`` are shares of values present; ``unit_zeros`` is the share of a unit's
    present values that are exactly 0 (``nan`` for a unit without values).
    """

    units: Floats
    indicators: Floats
    unit_zeros: Floats


def availability(matrix: Floats) -> Availability:
    """Count what is present, by unit and by indicator.

    Examples
    --------
    >>> a = availability(np.array([[1.0, np.nan], [0.0, 2.0]]))
    >>> a.units.tolist(), a.indicators.tolist(), a.unit_zeros.tolist()
    ([0.5, 1.0], [1.0, 0.5], [0.0, 0.5])
    """
    present = ~np.isnan(matrix)
    counts = present.sum(axis=1)
    zeros = (matrix == 0).sum(axis=1)
    share = np.full(len(matrix), np.nan)
    np.divide(zeros, counts, out=share, where=counts > 0)
    return Availability(present.mean(axis=1), present.mean(axis=0), share)


def screen(
    matrix: Floats, *, units: float = 0.0, indicators: float = 0.0
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which units and indicators have at least the stated share of their values.

    Indicators are judged first, over all units; units then over the indicators that stay.

    Parameters
    ----------
    matrix : array, units × indicators
        Values, ``nan`` where missing.
    units, indicators : float
        Smallest share of values present, 0 to 1. COINr's default is 2/3, ours is to leave nobody out.

    Returns
    -------
    (array of bool, array of bool)
        Units kept, indicators kept.

    Examples
    --------
    >>> x = np.array([[1.0, np.nan, 3.0], [1.0, np.nan, np.nan], [1.0, 2.0, 3.0]])
    >>> rows, columns = screen(x, units=0.6, indicators=0.5)
    >>> rows.tolist(), columns.tolist()
    ([True, False, True], [True, False, True])
    """
    for name, share in (("screen.units", units), ("screen.indicators", indicators)):
        if not 0.0 <= share <= 1.0:
            raise UsageError(f"{name} is {share}; it takes a share from 0 to 1")
    columns = np.asarray(availability(matrix).indicators >= indicators)
    if not columns.any():
        return np.zeros(len(matrix), dtype=np.bool_), columns
    rows = np.asarray(availability(matrix[:, columns]).units >= units)
    return rows, columns
