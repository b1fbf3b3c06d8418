"""Works that technologies share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sparse

_SCHEMA = pa.schema(
    {
        "technology": pa.string(),
        "other": pa.string(),
        "works": pa.int64(),
        "other_works": pa.int64(),
        "shared": pa.int64(),
        "jaccard": pa.float64(),
    }
)


def overlap(works: Mapping[str, npt.NDArray[np.int64]]) -> pa.Table:
    """Count the works that each two technologies share.

    Parameters
    ----------
    works
        The works of each technology, without repetitions.

    Returns
    -------
    Table
        The pairs that share any work, most first: technology, other, works and other_works (of each), shared,
        and jaccard (shared works over those of either). Each pair stands once.

    Examples
    --------
    >>> overlap({"a": np.array([1, 2, 3]), "b": np.array([3, 4]), "c": np.array([5])}).to_pylist()
    [{'technology': 'a', 'other': 'b', 'works': 3, 'other_works': 2, 'shared': 1, 'jaccard': 0.25}]
    """
    names = sorted(works)
    sizes = [len(works[name]) for name in names]
    rows = np.repeat(np.arange(len(names)), sizes)
    ids = np.concatenate([works[name] for name in names]) if names else np.empty(0, np.int64)
    distinct, columns = np.unique(ids, return_inverse=True)
    shape = (len(names), len(distinct))
    table = sparse.csr_array((np.ones(len(rows), np.int64), (rows, columns)), shape=shape)
    shared = np.triu((table @ table.T).toarray(), k=1)
    pairs = [
        {
            "technology": names[a],
            "other": names[b],
            "works": sizes[a],
            "other_works": sizes[b],
            "shared": int(shared[a, b]),
            "jaccard": float(shared[a, b]) / (sizes[a] + sizes[b] - int(shared[a, b])),
        }
        for a, b in np.argwhere(shared)
    ]
    pairs.sort(key=lambda pair: (-pair["shared"], pair["technology"], pair["other"]))
    return pa.Table.from_pylist(pairs, schema=_SCHEMA)
