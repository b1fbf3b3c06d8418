"""From the members of a group to the group's value: means of every kind, and Copeland.

OECD handbook, step 6; COINr ``a_amean``, ``a_gmean``, ``a_hmean``, ``a_genmean``, ``a_copeland``. With
weights w that sum to 1 over the members that are there:

===============  ==============================================
``arithmetic``   Σ w x
``geometric``    exp(Σ w ln x)
``harmonic``     1 / Σ (w / x)
``generalised``  (Σ w xᵖ)^(1/p); p = 0 is the geometric mean
``copeland``     victories less defeats, see ``outranking``
===============  ==============================================

A member that is missing leaves its weight to the others. A group none of whose members is there is missing.
The geometric, harmonic and (p <= 0) generalised mean need values above 0: a stated floor lifts values from 0
to the floor; negative values are refused.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from primacy.composite.definition import Floats
from primacy.composite.options import AGGREGATIONS, Aggregation, one_of
from primacy.composite.outranking import copeland
from primacy.errors import InputError, UsageError


def needs_positive(method: Aggregation, power: float = 1.0) -> bool:
    """Whether a method is undefined at and below 0."""
    return method in ("geometric", "harmonic") or (method == "generalised" and power <= 0)


def aggregate(
    x: Floats,
    weights: Floats,
    *,
    method: Aggregation = "arithmetic",
    floor: float | None = None,
    power: float = 1.0,
    ranked: NDArray[np.bool_] | None = None,
) -> Floats:
    """Aggregate the last axis.

    Parameters
    ----------
    x : array, … × units × k
        Members' values; ``nan`` where missing.
    weights : array, … × k
        Weights in any scale, not negative.
    method : str
        See the table above.
    floor : float, optional
        What values from 0 to the floor are lifted to, under a method that needs positive values.
    power : float
        The exponent p of ``generalised``.
    ranked : array of bool, optional
        The opponents under ``copeland``; all by default.

    Returns
    -------
    array, … × units
        ``nan`` where no member with a positive weight is there.

    Raises
    ------
    InputError
        A negative value, or a zero without a floor, under a method that needs positive values; a negative
        value under a generalised mean.

    Examples
    --------
    >>> x = np.array([[1.0, 4.0], [2.0, np.nan]])
    >>> aggregate(x, np.array([0.5, 0.5])).tolist()
    [2.5, 2.0]
    >>> aggregate(x, np.array([0.5, 0.5]), method="geometric").tolist()
    [2.0, 2.0]
    >>> aggregate(x, np.array([0.5, 0.5]), method="harmonic").tolist()
    [1.6, 2.0]
    """
    one_of(method, AGGREGATIONS, "aggregate")
    if method == "copeland":
        return copeland(x, weights, ranked=ranked)
    x = lifted(x, method=method, floor=floor, power=power)
    if method == "arithmetic" or (method == "generalised" and power == 1):
        return _weighted_mean(x, weights)
    if method == "harmonic":
        return np.asarray(1.0 / _weighted_mean(1.0 / x, weights))
    if method == "geometric" or power == 0:
        return np.asarray(np.exp(_weighted_mean(np.log(x), weights)))
    return np.asarray(_weighted_mean(x**power, weights) ** (1.0 / power))


def lifted(x: Floats, *, method: Aggregation, floor: float | None = None, power: float = 1.0) -> Floats:
    """Return the values that a mean is taken of: those from 0 to the floor lifted, wrong ones refused."""
    if floor is not None and not (np.isfinite(floor) and floor > 0):
        raise UsageError(f"floor is {floor}; it takes a number above 0")
    if not np.isfinite(power):
        raise UsageError(f"power is {power}; it takes a finite number")
    if method == "arithmetic" or (method == "generalised" and power == 1):
        return x
    positive = needs_positive(method, power)
    least = float(np.nanmin(x, initial=np.inf))
    if least < 0:
        raise InputError(f"a value is {least:g}: the {method} mean takes no negative values")
    if not positive:
        return x
    if floor is not None:
        return np.asarray(np.where(x < floor, floor, x))
    if least == 0:
        raise InputError(f"a value is 0: the {method} mean needs values above 0; state a floor")
    return x


def _weighted_mean(x: Floats, weights: Floats) -> Floats:
    there = ~np.isnan(x)
    w = weights[..., None, :]
    # Sums along the last axis, not a matrix product: the same bytes on every run and number of threads.
    total = (np.where(there, x, 0.0) * w).sum(axis=-1)
    weight = (there * w).sum(axis=-1)
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)
