"""Division of an indicator by a size: population, GDP, researchers.

Step of COINr ``Denominate``. A value without a known denominator is missing, never zero.
"""

from __future__ import annotations

import numpy as np

from primacy.composite._text import quote
from primacy.composite.definition import Floats
from primacy.composite.values import Values
from primacy.errors import InputError


def denominate(values: Values, names: tuple[str, ...]) -> Values:
    """Divide the matrix by its denominators.

    Parameters
    ----------
    values : Values
        With ``denominators`` (1 where an indicator is not divided), or without: then nothing changes.
    names : tuple of str
        The indicators' names, for messages.

    Raises
    ------
    InputError
        A denominator is zero or negative where there is a value to divide.

    Examples
    --------
    >>> people = np.array([[2.0], [np.nan]])
    >>> v = Values(units=("A", "B"), matrix=np.array([[6.0], [8.0]]), denominators=people)
    >>> denominate(v, ("papers",)).matrix.tolist()
    [[3.0], [nan]]
    """
    if values.denominators is None:
        return values
    matrix = _divide(values.matrix, values.denominators, values.units, names)
    return Values(
        units=values.units, matrix=matrix, apart=values.apart, groups=values.groups, earlier=values.earlier
    )


def _divide(matrix: Floats, by: Floats, units: tuple[str, ...], names: tuple[str, ...]) -> Floats:
    wrong = np.argwhere(~np.isnan(matrix) & (by <= 0))
    if len(wrong):
        row, column = wrong[0]
        raise InputError(
            f"the denominator of {quote(names[column])} for {quote(units[row])} is {by[row, column]:g}: "
            "it must be above 0"
        )
    return np.asarray(matrix / by, dtype=np.float64)
