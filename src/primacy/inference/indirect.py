"""The bootstrap over works for what is counted by author.

Works are drawn, as in :mod:`primacy.inference.bootstrap`; authors come along with their works. Counted by credit, an
author's weight is a sum over works. Counted once, it is shared among the author's works (the generalised weight share
method for indirect sampling; Lavallée 2007, doi:10.1007/978-0-387-70782-2), so that a replicate is a weighting of the
works there too. To ask instead whether any work of an author was drawn would leave out a third of the authors of every
replicate and count nobody twice: intervals would be a quarter too narrow.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from primacy.inference.bootstrap import Counts, Floats

__all__ = ["column_replicates", "grouped_shares", "interval_of_defined", "shared_once"]

Integers = npt.NDArray[np.int64]


def shared_once(author: Integers, score: Floats) -> Floats:
    """Return each row's part of the weight of an author who counts once.

    The weight is the largest score of the author's works; it is shared among them by their scores.

    Parameters
    ----------
    author, score
        One row per author of a scoring work: number of the author from 0, and the work's score, which is above 0.

    Examples
    --------
    >>> import numpy as np
    >>> shared_once(np.array([0, 0, 1]), np.array([1.0, 1.0, 0.5]))
    array([0.5, 0.5, 0.5])
    """
    if not len(author):
        return np.zeros(0)
    largest = np.zeros(int(author.max()) + 1)
    np.maximum.at(largest, author, score)
    whole = np.bincount(author, score)
    shared: Floats = score * (largest / np.where(whole > 0, whole, 1.0))[author]
    return shared


def column_replicates(
    work: Integers, author: Integers, amount: Floats, counts: Counts, columns: sparse.csr_matrix
) -> Floats:
    """Sum authors by column in every replicate.

    Parameters
    ----------
    work, author, amount
        One row per author of a scoring work: numbers from 0, and the part of the author's weight that comes with it.
    counts
        replicates x works: how often each work was drawn.
    columns
        authors x columns: the part of an author that belongs to a column, such as a country at a stage.

    Returns
    -------
    numpy.ndarray
        replicates x columns.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy import sparse
    >>> work, author, each = np.array([0, 1, 1]), np.array([0, 0, 1]), sparse.csr_matrix(np.eye(2))
    >>> column_replicates(work, author, np.array([0.5, 0.5, 1.0]), np.array([[1, 1], [2, 0]]), each)
    array([[1., 1.],
           [1., 0.]])
    """
    held = sparse.csr_matrix((amount, (work, author)), shape=(counts.shape[1], columns.shape[0]))
    return np.asarray(counts.astype(np.float64) @ (held @ columns).toarray())


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
