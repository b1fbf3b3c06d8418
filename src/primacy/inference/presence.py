"""The bootstrap over works for what is counted by author.

A replicate is a weighting of the works, as in :mod:`primacy.inference.bootstrap`. Counted by credit, an author's weight
is the sum over the works drawn. Counted once, it is the largest score of the works drawn, however often: an author is
there or not, so the weights of a replicate are no matrix product and are made from the rows of authors and works.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from primacy.inference.bootstrap import Counts, Floats

__all__ = ["column_replicates", "grouped_shares", "interval_of_defined"]

Integers = npt.NDArray[np.int64]

_BLOCK = 4_000_000
"""Rows times replicates that are held at a time."""


def column_replicates(
    work: Integers,
    author: Integers,
    score: Floats,
    part: Floats,
    counts: Counts,
    columns: sparse.csr_matrix,
    weighting: Literal["once", "credit"],
) -> Floats:
    """Sum authors by column in every replicate.

    Parameters
    ----------
    work, author, score, part
        One row per author of a scoring work: numbers from 0, the work's score, the author's part of it.
    counts
        replicates x works: how often each work was drawn.
    columns
        authors x columns: the part of an author that belongs to a column, such as a country at a stage.
    weighting
        How an author's weight comes about.

    Returns
    -------
    numpy.ndarray
        replicates x columns.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy import sparse
    >>> rows = dict(work=np.array([0, 1, 1]), author=np.array([0, 0, 1]), score=np.ones(3), part=np.ones(3) / 2)
    >>> each = sparse.csr_matrix(np.eye(2))
    >>> column_replicates(**rows, counts=np.array([[1, 1], [2, 0]]), columns=each, weighting="once")
    array([[1., 1.],
           [1., 0.]])
    >>> column_replicates(**rows, counts=np.array([[1, 1], [2, 0]]), columns=each, weighting="credit")
    array([[1. , 0.5],
           [1. , 0. ]])
    """
    size = columns.shape[0]
    result = np.zeros((len(counts), columns.shape[1]))
    if not len(work):
        return result
    if weighting == "credit":
        held = sparse.csr_matrix((score * part, (work, author)), shape=(counts.shape[1], size))
        return np.asarray(counts.astype(np.float64) @ (held @ columns).toarray())
    order = np.argsort(author, kind="stable")
    work, author, score = work[order], author[order], score[order]
    first = np.flatnonzero(np.r_[True, author[1:] != author[:-1]])
    present = columns[author[first]]
    block = max(1, _BLOCK // len(work))
    for start in range(0, len(counts), block):
        drawn = (counts[start : start + block][:, work] > 0) * score
        result[start : start + block] = np.maximum.reduceat(drawn, first, axis=1) @ present
    return result


def grouped_shares(values: Floats, group: Integers) -> Floats:
    """Return each column's part of the sum of its group; not a number where the group has nothing.

    Parameters
    ----------
    values
        replicates x columns.
    group
        The group of each column, numbers from 0.

    Examples
    --------
    >>> import numpy as np
    >>> grouped_shares(np.array([[1.0, 3.0, 2.0], [0.0, 0.0, 1.0]]), np.array([0, 0, 1]))
    array([[0.25, 0.75, 1.  ],
           [ nan,  nan, 1.  ]])
    """
    groups = int(group.max(initial=-1)) + 1
    member = sparse.csr_matrix(
        (np.ones(len(group)), (np.arange(len(group)), group)), shape=(len(group), groups)
    )
    whole = np.asarray(values @ member)[:, group]
    shares = np.divide(values, whole, out=np.full(values.shape, np.nan), where=whole > 0)
    return np.minimum(shares, 1.0)  # sums of thirds may exceed their whole in the last digit


def interval_of_defined(replicates: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the lower and upper percentile of each column over the replicates in which it is a number.

    Examples
    --------
    >>> import numpy as np
    >>> low, high = interval_of_defined(np.array([[0.0, np.nan], [1.0, np.nan]]))
    >>> low.round(3), high.round(3)
    (array([0.025,   nan]), array([0.975,   nan]))
    """
    tail = (1 - level) / 2
    nothing = np.full(replicates.shape[1], np.nan)
    if not replicates.size:
        return nothing, nothing
    ordered = np.sort(replicates.T, axis=1)  # what is not a number comes last
    defined = np.count_nonzero(~np.isnan(ordered), axis=1)
    return _percentile(ordered, defined, tail), _percentile(ordered, defined, 1 - tail)


def _percentile(ordered: Floats, defined: Integers, level: float) -> Floats:
    place = np.maximum(defined - 1, 0) * level
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(defined - 1, 0))
    rows = np.arange(len(ordered))
    low, high = ordered[rows, below], ordered[rows, above]
    value: Floats = low + (high - low) * (place - below)
    return value
