"""The H-index in every bootstrap replicate."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["h_replicates"]

Ints = npt.NDArray[np.int64]


def h_replicates(work: Ints, unit: Ints, citations: Ints, counts: Ints, units: int) -> Ints:
    """Compute the H-index of every unit in every replicate.

    A work that was drawn twice counts as two works. With the works of a unit in falling order of citations c and
    N the number drawn so far, H is the largest min(N, c).

    Parameters
    ----------
    work, unit
        One row per work on which a unit is present; ``work`` is the place of the work in ``counts``.
    citations
        Of each row's work.
    counts
        replicates x works: how often each work was drawn.
    units
        How many units.

    Returns
    -------
    numpy.ndarray
        replicates x units.

    Examples
    --------
    >>> import numpy as np
    >>> h_replicates(np.array([0, 1]), np.zeros(2, int), np.array([5, 1]), np.array([[1, 1], [3, 0]]), 1)
    array([[1],
           [3]])
    """
    result = np.zeros((len(counts), units), dtype=np.int64)
    if not len(work) or not len(counts):
        return result
    order = np.lexsort((-citations, unit))
    u = unit[order]
    first = np.flatnonzero(np.r_[True, u[1:] != u[:-1]])
    drawn = counts[:, work[order]].cumsum(axis=1)
    before = np.zeros((len(counts), len(first)), dtype=drawn.dtype)
    before[:, 1:] = drawn[:, first[1:] - 1]
    drawn -= np.repeat(before, np.diff(np.r_[first, len(u)]), axis=1)
    result[:, u[first]] = np.maximum.reduceat(np.minimum(drawn, citations[order]), first, axis=1)
    return result
