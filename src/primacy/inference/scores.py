"""Scores of highly cited works on arrays, for many top shares and tie rules at once.

The formula is that of :mod:`primacy.measures.impact`, where its source stands; here it serves the multiverse, which
needs thousands of score vectors of the same works.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["TIES", "score_matrix"]

TIES = ("fractional", "include", "exclude")


def score_matrix(
    citations: npt.NDArray[np.int64], cell: npt.NDArray[np.int64], percents: Sequence[int]
) -> npt.NDArray[np.float64]:
    """Score works in their cells under every top share and tie rule.

    Parameters
    ----------
    citations
        Of each work.
    cell
        The cell of each work, as a number.
    percents
        Top shares in per cent.

    Returns
    -------
    numpy.ndarray
        works x percents x tie rules (fractional, include, exclude).

    Examples
    --------
    >>> import numpy as np
    >>> score_matrix(np.array([0, 5, 5]), np.zeros(3, int), [25])[:, 0, 0]
    array([0.   , 0.375, 0.375])
    """
    n = len(citations)
    if n == 0:
        return np.zeros((0, len(percents), len(TIES)))
    order = np.lexsort((citations, cell))
    c, k = citations[order], cell[order]
    new_cell = np.r_[True, k[1:] != k[:-1]]
    new_group = new_cell | np.r_[True, c[1:] != c[:-1]]
    group = np.cumsum(new_group) - 1
    first = np.flatnonzero(new_group)
    tied = np.diff(np.r_[first, n])
    cell_first = np.flatnonzero(new_cell)
    cell_of_group = (np.cumsum(new_cell) - 1)[first]
    size = np.diff(np.r_[cell_first, n])[cell_of_group]
    at_most = first + tied - cell_first[cell_of_group]
    scores = np.empty((len(first), len(percents), len(TIES)))
    for i, percent in enumerate(percents):
        over = 100 * at_most - (100 - percent) * size
        above = over - 100 * tied >= 0
        at = (over >= 0) & ~above
        for j, at_threshold in enumerate((over / (100.0 * tied), 1.0, 0.0)):
            scores[:, i, j] = np.where(above, 1.0, np.where(at, at_threshold, 0.0))
    result = np.empty((n, len(percents), len(TIES)))
    result[order] = scores[group]
    return result
