"""What stands where a value is missing.

OECD handbook, step 3; COINr ``Impute`` and ``impute_panel``. ``drop`` fills nothing: the weights of what is
there are re-scaled within each group when the index is aggregated. Every other method fills gaps before
outliers are treated and values normalised, and the result says how many values of each unit were filled.
Only units that are ranked give to others: a bloc's value is never the source of a member's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from primacy.composite._text import listing, quote
from primacy.composite.definition import Floats
from primacy.composite.options import MISSING, Missing, one_of
from primacy.composite.values import Values
from primacy.errors import InputError


def impute(
    values: Values,
    *,
    method: Missing = "drop",
    neighbours: int = 5,
    directions: Floats | None = None,
    names: tuple[str, ...] | None = None,
) -> Floats:
    """Fill the gaps of a matrix.

    Parameters
    ----------
    values : Values
        The matrix, its units' groups (for ``group-mean`` and ``group-median``) and its older periods (for
        ``panel``).
    method : str
        ``drop`` leaves gaps; ``zero`` puts 0; ``mean`` and ``median`` take those of the indicator over the
        ranked units; ``group-mean`` and ``group-median`` those over the ranked units of the same group;
        ``panel`` the latest earlier value of the same unit; ``knn`` the mean over the nearest units.
    neighbours : int
        How many units ``knn`` averages.
    directions : array, optional
        1 or -1 per indicator; ``zero`` refuses an indicator whose best value it would put.
    names : tuple of str, optional
        The indicators' names, for messages.

    Returns
    -------
    array
        The matrix with gaps filled; a gap that the method cannot fill (a group without any value, no earlier
        value, no comparable neighbour) stays a gap and is treated as under ``drop``.

    Examples
    --------
    >>> v = Values(units=("A", "B", "C"), matrix=np.array([[1.0], [np.nan], [4.0]]))
    >>> impute(v, method="median").ravel().tolist()
    [1.0, 2.5, 4.0]
    """
    one_of(method, MISSING, "missing")
    matrix, gaps = values.matrix, np.isnan(values.matrix)
    if method == "drop" or not gaps.any():
        return matrix
    if method == "zero":
        return _zero(matrix, gaps, directions, names)
    if method == "panel":
        return _panel(values)
    if method == "knn":
        return _knn(values, neighbours)
    if method in ("mean", "median"):
        whole = np.zeros(len(values.units), dtype=np.intp)
        return _by_group(matrix, values.ranked, whole, middle=method)
    if values.groups is None:
        raise InputError(f"missing is '{method}' but the units have no groups: name their column in the data")
    kinds = {group: k for k, group in enumerate(dict.fromkeys(values.groups))}
    codes = np.array([kinds[g] for g in values.groups], dtype=np.intp)
    return _by_group(matrix, values.ranked, codes, middle=method.removeprefix("group-"))


def _zero(
    matrix: Floats, gaps: NDArray[np.bool_], directions: Floats | None, names: tuple[str, ...] | None
) -> Floats:
    if directions is not None:
        best = np.flatnonzero(gaps.any(axis=0) & (directions < 0))
        if len(best):
            shown = [names[k] if names else f"column {k + 1}" for k in best]
            raise InputError(
                f"missing is 'zero' but less is better in {listing(shown)}: zero would reward the gap; "
                "choose another method"
            )
    return np.where(gaps, 0.0, matrix)


def _by_group(matrix: Floats, ranked: NDArray[np.bool_], codes: NDArray[np.intp], *, middle: str) -> Floats:
    filled = matrix.copy()
    for code in np.unique(codes):
        here = codes == code
        for k in range(matrix.shape[1]):
            donors = matrix[here & ranked, k]
            donors = donors[~np.isnan(donors)]
            if len(donors):
                # Sorted first, so that the sum does not depend on the order of the units.
                donors = np.sort(donors)
                value = np.mean(donors) if middle == "mean" else np.median(donors)
                filled[here & np.isnan(matrix[:, k]), k] = value
    return filled


def _panel(values: Values) -> Floats:
    if not values.earlier:
        raise InputError("missing is 'panel' but the data has no earlier period: name the column of the year")
    filled = values.matrix.copy()
    for _, older in sorted(values.earlier, key=lambda pair: -pair[0]):
        filled = np.where(np.isnan(filled), older, filled)
    return filled


def _knn(values: Values, neighbours: int) -> Floats:
    """Fill each gap with the mean over the nearest units that have the value.

    Distance between two units: the mean squared difference of the z-scores (population deviation, over the
    ranked units) of the indicators that both have. Equal distances are taken in the order of the names.
    """
    if neighbours < 1:
        raise InputError(f"neighbours is {neighbours}: knn needs at least 1")
    matrix, ranked = values.matrix, values.ranked
    z = _standardised(matrix, ranked)
    known = ~np.isnan(z)
    filled = matrix.copy()
    for row in np.flatnonzero(~known.all(axis=1)):
        shared = known & known[row]
        counts = shared.sum(axis=1)
        squares = np.where(shared, (z - z[row]) ** 2, 0.0).sum(axis=1)
        distance = np.full(len(z), np.inf)
        np.divide(squares, counts, out=distance, where=counts > 0)
        distance[row] = np.inf
        distance[~ranked] = np.inf
        order = sorted(
            np.flatnonzero(np.isfinite(distance)),
            key=lambda k: (round(float(distance[k]), 12), values.units[k]),
        )
        for column in np.flatnonzero(~known[row]):
            donors = [matrix[k, column] for k in order if known[k, column]][:neighbours]
            if donors:
                filled[row, column] = np.mean(np.sort(donors))
    return filled


def _standardised(matrix: Floats, ranked: NDArray[np.bool_]) -> Floats:
    z = np.full_like(matrix, np.nan)
    for k in range(matrix.shape[1]):
        column = matrix[:, k]
        base = np.sort(column[ranked & ~np.isnan(column)])
        if len(base):
            deviation = float(np.std(base))
            z[:, k] = (column - np.mean(base)) / deviation if deviation > 0 else column * 0.0
    return z


def refuse_all_missing(matrix: Floats, names: tuple[str, ...], *, who: str = "no unit") -> None:
    """Refuse an indicator that none of the rows has; *who* says in the message whose rows they are.

    Raises
    ------
    InputError
        Names the indicator.
    """
    empty = np.flatnonzero(np.isnan(matrix).all(axis=0))
    if len(empty):
        shown = quote(names[empty[0]]) if len(empty) == 1 else listing(names[k] for k in empty)
        raise InputError(f"{who} has a value of indicator {shown}: leave it out or supply its values")
