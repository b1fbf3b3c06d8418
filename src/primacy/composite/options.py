"""The options of every step, as types, and the check that a value is one of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeVar, get_args

from primacy.composite._text import quote
from primacy.errors import UsageError

Missing = Literal["drop", "zero", "median", "mean", "group-mean", "group-median", "panel", "knn"]
Treatment = Literal["none", "winsorise"]
Normalisation = Literal[
    "none",
    "minmax",
    "zscore",
    "rank",
    "percentile-rank",
    "fraction-of-max",
    "distance-to-target",
    "goalposts",
]
Weighting = Literal["given", "equal", "pca", "entropy", "effective"]
Aggregation = Literal["arithmetic", "geometric", "harmonic", "generalised", "copeland"]
WeightNoise = Literal["dirichlet", "flat", "none"]

MISSING: tuple[Missing, ...] = get_args(Missing)
TREATMENTS: tuple[Treatment, ...] = get_args(Treatment)
NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)
WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
AGGREGATIONS: tuple[Aggregation, ...] = get_args(Aggregation)
WEIGHT_NOISE: tuple[WeightNoise, ...] = get_args(WeightNoise)

_T = TypeVar("_T", bound=str)


def one_of(value: object, allowed: Iterable[_T], name: str) -> _T:
    """Return *value* if the option *name* takes it.

    Raises
    ------
    UsageError
        The value is not one of *allowed*; the text names the option and the values it takes.

    Examples
    --------
    >>> one_of("rank", NORMALISATIONS, "normalise")
    'rank'
    """
    values = tuple(allowed)
    for one in values:
        if value == one:
            return one
    raise UsageError(f"{name} is {quote(value)}; it takes {', '.join(values)}")
