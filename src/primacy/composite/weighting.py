"""Where weights come from, when they are not simply stated.

OECD handbook, step 6; COINr ``get_PCA``, ``get_opt_weights``. Each function takes the members of one group
(units × k, normalised, ``nan`` where missing) and returns k weights that sum to 1.

===============  ===================================================================================
``given``        the stated weights
``equal``        1/k
``pca``          squared loadings on the first principal component of the correlation matrix
``entropy``      1 less the entropy of the indicator's distribution over units, scaled to sum to 1
``effective``    weights under which each member's squared correlation with the group is proportional to
                 its stated weight (Becker et al. 2017, doi:10.1016/j.ecolind.2017.03.056)
===============  ===================================================================================

``budget_allocation`` turns the points that experts give into weights.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from primacy.composite._text import quote
from primacy.composite.aggregation import aggregate
from primacy.composite.definition import Floats
from primacy.composite.multivariate import correlation, correlation_matrix
from primacy.composite.options import WEIGHTINGS, Aggregation, Weighting, one_of
from primacy.errors import InputError, UsageError


def group_weights(
    x: Floats,
    stated: Floats,
    *,
    method: Weighting = "given",
    aggregation: Aggregation = "arithmetic",
    floor: float | None = None,
    power: float = 1.0,
) -> Floats:
    """Weights of the members of one group.

    Parameters
    ----------
    x : array, units × k
        Members' values, of the ranked units only.
    stated : array, k
        The stated weights: the answer under ``given``, the target importances under ``effective``. A member
        of stated weight 0 is out of the index, and keeps weight 0 under every method.
    method : str
        See the table above.
    aggregation, floor, power
        How the group is aggregated, for ``effective``.

    Examples
    --------
    >>> group_weights(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([3.0, 1.0])).tolist()
    [0.75, 0.25]
    """
    one_of(method, WEIGHTINGS, "weighting")
    stated = stated / stated.sum()
    inside = np.flatnonzero(stated > 0)
    if method == "given" or len(inside) == 1:
        return np.asarray(stated)
    part = x[:, inside]
    if method == "equal":
        chosen = np.full(len(inside), 1.0 / len(inside))
    elif method == "pca":
        chosen = pca_weights(part)
    elif method == "entropy":
        chosen = entropy_weights(part)
    else:
        chosen = effective_weights(
            part, stated[inside], aggregation=aggregation, floor=floor, power=power
        ).weights
    weights = np.zeros(len(stated))
    weights[inside] = chosen
    return weights


def pca_weights(x: Floats) -> Floats:
    """Squared loadings on the first principal component.

    The squared elements of a unit eigenvector are the shares of the component's variance that stand for each
    member (OECD handbook, 6.1, first component without rotation). Correlations are over the units that have
    both values; a constant member has weight 0.

    Raises
    ------
    InputError
        Every member is constant.

    Examples
    --------
    >>> pca_weights(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.5]])).round(6).tolist()
    [0.5, 0.5]
    """
    correlation = correlation_matrix(x)
    moving = np.flatnonzero(~np.isnan(np.diag(correlation)))
    if len(moving) == 0:
        raise InputError("weighting is 'pca' but every member of a group is constant: state the weights")
    part = np.nan_to_num(correlation[np.ix_(moving, moving)], nan=0.0)
    _, vectors = np.linalg.eigh(part)
    weights = np.zeros(x.shape[1])
    weights[moving] = vectors[:, -1] ** 2
    return np.asarray(weights / weights.sum())


def entropy_weights(x: Floats) -> Floats:
    """Weights by how unevenly a member is spread over units.

    With p the unit's share of the member's total over n units, e = -Σ p ln p / ln n and the weight is
    proportional to 1 - e (Shannon entropy weighting). A constant member has weight 0.

    Raises
    ------
    InputError
        A negative value, or no member with any spread.

    Examples
    --------
    >>> entropy_weights(np.array([[1.0, 1.0], [1.0, 3.0]])).tolist()
    [0.0, 1.0]
    """
    information = np.zeros(x.shape[1])
    for k in range(x.shape[1]):
        column = np.sort(x[~np.isnan(x[:, k]), k])
        if len(column) and column[0] < 0:
            raise InputError(
                f"weighting is 'entropy' but a value is {column[0]:g}: entropy needs values of 0 and above"
            )
        total = column.sum()
        if len(column) < 2 or total == 0 or column[0] == column[-1]:
            continue
        p = column[column > 0] / total
        information[k] = 1.0 + float((p * np.log(p)).sum()) / np.log(len(column))
    total = information.sum()
    if total <= 0:
        raise InputError("weighting is 'entropy' but no member of a group has any spread: state the weights")
    return np.asarray(information / total)


@dataclass(frozen=True, eq=False)
class EffectiveWeights:
    """Optimised weights, the importances they reach, and how far these are from the target.

    ``importance`` and ``target`` sum to 1; ``gap`` is the largest absolute difference between them. It is not
    always possible to close it: a member that correlates negatively with the others cannot be made important
    by a positive weight.
    """

    weights: Floats
    importance: Floats
    target: Floats
    gap: float


def effective_weights(
    x: Floats,
    target: Floats,
    *,
    aggregation: Aggregation = "arithmetic",
    floor: float | None = None,
    power: float = 1.0,
) -> EffectiveWeights:
    """Find the weights under which members matter as much as *target* says.

    A member's importance is its squared Pearson correlation with the aggregate, scaled to sum to 1. The sum
    of squared differences from the target is minimised over positive weights, from four starting points, and
    the best minimum taken. Copeland scores, which jump with the weights, are refused.

    Examples
    --------
    >>> x = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 3.0], [4.0, 2.0]])
    >>> effective_weights(x, np.array([0.5, 0.5])).gap < 1e-6
    True
    """
    # Loading it takes as long as everything else together: only who asks for such weights waits.
    from scipy.optimize import least_squares

    if aggregation == "copeland":
        raise UsageError(
            "weighting is 'effective' with aggregate 'copeland', which has no correlation to set"
        )
    target = target / target.sum()

    def importance(logs: Floats) -> Floats:
        whole = aggregate(x, _softmax(logs), method=aggregation, floor=floor, power=power)
        together = [correlation(member, whole) for member in x.T]
        squares = np.nan_to_num(np.array(together), nan=0.0) ** 2
        total = squares.sum()
        return np.asarray(squares / total) if total > 0 else np.zeros_like(squares)

    # The same weight moves the whole more for a member that varies more, so one start divides by deviations.
    deviation = np.nanstd(x, axis=0)
    deviation = np.where(deviation > 0, deviation, 1.0)
    starts = (target / deviation, target, 1.0 / deviation, np.ones(len(target)))
    found = min(
        (
            least_squares(lambda logs: importance(logs) - target, np.log(start / start.sum()), xtol=1e-12)
            for start in starts
        ),
        key=lambda solution: float(solution.cost),
    )
    reached = importance(found.x)
    return EffectiveWeights(_softmax(found.x), reached, target, float(np.abs(reached - target).max()))


def _softmax(logs: Floats) -> Floats:
    raised = np.exp(logs - logs.max())
    return np.asarray(raised / raised.sum())


@dataclass(frozen=True, eq=False)
class Budget:
    """Weights from experts' points, with the spread of opinion: mean and population deviation per member."""

    members: tuple[str, ...]
    weights: Floats
    deviation: Floats


def budget_allocation(points: Sequence[Mapping[str, float]]) -> Budget:
    """Turn the points that experts distribute over the members of a group into weights.

    Each expert's points are scaled to sum to 1, so that nobody has more say by spending more; the weight is
    the mean over experts (OECD handbook, 6.5). A member that an expert does not name has none of his points.

    Raises
    ------
    InputError
        No expert; negative or non-finite points; an expert with no points.

    Examples
    --------
    >>> b = budget_allocation([{"papers": 60, "talent": 40}, {"papers": 20, "talent": 20}])
    >>> b.members, b.weights.round(9).tolist()
    (('papers', 'talent'), [0.55, 0.45])
    """
    if not points:
        raise InputError("budget allocation needs the points of at least one expert")
    members = tuple(dict.fromkeys(name for expert in points for name in expert))
    table = np.array([[float(expert.get(name, 0.0)) for name in members] for expert in points])
    for k, row in enumerate(table):
        if not np.isfinite(row).all() or (row < 0).any():
            worst = members[int(np.flatnonzero(~np.isfinite(row) | (row < 0))[0])]
            raise InputError(f"expert {k + 1} gives {quote(worst)} points that are negative or not finite")
        if row.sum() == 0:
            raise InputError(f"expert {k + 1} gives no points")
    shares = table / table.sum(axis=1, keepdims=True)
    return Budget(members, shares.mean(axis=0), shares.std(axis=0))
