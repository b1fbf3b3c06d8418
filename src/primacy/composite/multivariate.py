"""How indicators hang together: correlations, internal consistency, principal components, redundancy.

OECD handbook, step 4; COINr ``get_corr``, ``get_corr_flags``, ``get_cronbach``, ``get_PCA``. Every function
takes a matrix of units × k with ``nan`` where a value is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from primacy.composite.definition import Floats
from primacy.composite.options import one_of

CorrelationKind = Literal["pearson", "spearman"]


def correlation(x: Floats, y: Floats, *, kind: CorrelationKind = "pearson") -> float:
    """Correlation over the units that have both values; ``nan`` when one of them does not vary there.

    Examples
    --------
    >>> round(correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 9.0])), 6)
    0.989743
    >>> correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 9.0]), kind="spearman")
    1.0
    """
    one_of(kind, ("pearson", "spearman"), "kind")
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return float("nan")
    if kind == "spearman":
        x, y = _mean_ranks(x), _mean_ranks(y)
    dx, dy = x - x.mean(), y - y.mean()
    scale = float(np.sqrt((dx**2).sum() * (dy**2).sum()))
    if scale == 0:
        return float("nan")
    return float(np.clip((dx * dy).sum() / scale, -1.0, 1.0))


def _mean_ranks(x: Floats) -> Floats:
    ordered = np.sort(x)
    below = np.searchsorted(ordered, x, side="left")
    return np.asarray((below + np.searchsorted(ordered, x, side="right") + 1) / 2)


def correlation_matrix(x: Floats, *, kind: CorrelationKind = "pearson") -> Floats:
    """Correlations of every pair of columns; the diagonal is 1, or ``nan`` for a column that does not vary.

    Examples
    --------
    >>> correlation_matrix(np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])).round(9).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    k = x.shape[1]
    out = np.full((k, k), np.nan)
    for i in range(k):
        column = x[~np.isnan(x[:, i]), i]
        if len(column) > 1 and np.ptp(column) > 0:
            out[i, i] = 1.0
        for j in range(i):
            out[i, j] = out[j, i] = correlation(x[:, i], x[:, j], kind=kind)
    return out


def cronbach_alpha(x: Floats) -> float:
    """Measure the internal consistency of a group's members, over the units that have all of them.

    alpha = k / (k - 1) · (1 - Σ var(x_i) / var(Σ x_i)); ``nan`` for one member, fewer than two complete
    units, or a sum that does not vary. The usual floor for speaking of one dimension is 0.7.

    Examples
    --------
    >>> round(cronbach_alpha(np.array([[1.0, 2.0], [2.0, 3.0], [3.0, 5.0]])), 6)
    0.947368
    """
    complete = x[~np.isnan(x).any(axis=1)]
    k = x.shape[1]
    if k < 2 or len(complete) < 2:
        return float("nan")
    total = float(np.var(complete.sum(axis=1)))
    if total == 0:
        return float("nan")
    return float(k / (k - 1) * (1 - np.var(complete, axis=0).sum() / total))


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of a correlation matrix.

    ``eigenvalues`` fall; ``explained`` are their shares of the total; ``loadings[:, c]`` is the unit vector
    of component c, signed so that its largest element is positive.
    """

    eigenvalues: Floats
    explained: Floats
    loadings: Floats

    @property
    def above_one(self) -> int:
        """Number of eigenvalues above 1: the dimensions that Kaiser's rule would keep."""
        return int((self.eigenvalues > 1.0 + 1e-12).sum())


def principal_components(x: Floats) -> Components:
    """Components of the correlation matrix over the units that have every member; constant members are 0.

    Examples
    --------
    >>> c = principal_components(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]))
    >>> c.explained.round(9).tolist(), c.above_one
    ([1.0, 0.0], 1)
    """
    complete = x[~np.isnan(x).any(axis=1)]
    matrix = np.nan_to_num(correlation_matrix(complete), nan=0.0)
    eigenvalues, vectors = np.linalg.eigh(matrix)
    eigenvalues, vectors = np.clip(eigenvalues[::-1], 0.0, None), vectors[:, ::-1]
    strongest = np.abs(vectors).argmax(axis=0)
    signs = np.sign(vectors[strongest, np.arange(vectors.shape[1])])
    total = eigenvalues.sum()
    explained = eigenvalues / total if total > 0 else np.zeros_like(eigenvalues)
    return Components(eigenvalues, explained, vectors * signs)


@dataclass(frozen=True)
class Pair:
    """Two columns and how they correlate."""

    one: int
    other: int
    correlation: float


def redundant_pairs(x: Floats, *, limit: float = 0.9, kind: CorrelationKind = "pearson") -> tuple[Pair, ...]:
    """Pairs of columns that say nearly the same: correlation at or above *limit*.

    Examples
    --------
    >>> redundant_pairs(np.array([[1.0, 1.0, 3.0], [2.0, 2.1, 1.0], [3.0, 2.9, 2.0]]))[0].other
    0
    """
    matrix = correlation_matrix(x, kind=kind)
    return tuple(
        Pair(i, j, float(matrix[i, j])) for i in range(len(matrix)) for j in range(i) if matrix[i, j] >= limit
    )
