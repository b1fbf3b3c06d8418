"""The method of an index: one setting per step, each of which can be changed alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

from primacy.composite.options import (
    AGGREGATIONS,
    MISSING,
    NORMALISATIONS,
    TREATMENTS,
    WEIGHTINGS,
    Aggregation,
    Missing,
    Normalisation,
    Treatment,
    Weighting,
    one_of,
)
from primacy.errors import UsageError

_T = TypeVar("_T", bound=str)


@dataclass(frozen=True, kw_only=True)
class Method:
    """How an index is computed from its values.

    Parameters
    ----------
    screen_units, screen_indicators : float
        Smallest share of values with which a unit or indicator stays in the index (0: all stay).
    missing : str
        See ``imputation``.
    neighbours : int
        Units that ``knn`` averages.
    treat : str
        ``winsorise`` treats outliers, see ``treatment``.
    most_winsorised : int
        Largest number of values of an indicator to winsorise.
    normalise : str
        See ``normalisation``.
    weighting : str or tuple of str
        See ``weighting``; one for all levels, or one per level, innermost first.
    aggregate : str or tuple of str
        See ``aggregation``; one for all levels, or one per level, innermost first.
    floor : float, optional
        What values from 0 to the floor are lifted to under a mean that needs positive values.
    power : float
        Exponent of the generalised mean.
    scale : float
        What the score is multiplied by at the end.

    Raises
    ------
    UsageError
        An option has a value that it does not take.

    Examples
    --------
    >>> Method(normalise="minmax", aggregate=("arithmetic", "geometric"), floor=0.01).scale
    100.0
    """

    screen_units: float = 0.0
    screen_indicators: float = 0.0
    missing: Missing = "drop"
    neighbours: int = 5
    treat: Treatment = "none"
    most_winsorised: int = 5
    normalise: Normalisation = "none"
    weighting: Weighting | tuple[Weighting, ...] = "given"
    aggregate: Aggregation | tuple[Aggregation, ...] = "arithmetic"
    floor: float | None = None
    power: float = 1.0
    scale: float = 100.0

    def __post_init__(self) -> None:
        for name in ("weighting", "aggregate"):
            if isinstance(value := getattr(self, name), list):
                object.__setattr__(self, name, tuple(value))
        one_of(self.missing, MISSING, "missing")
        one_of(self.treat, TREATMENTS, "treat")
        one_of(self.normalise, NORMALISATIONS, "normalise")
        for weighting in _as_tuple(self.weighting):
            one_of(weighting, WEIGHTINGS, "weighting")
        for aggregate in _as_tuple(self.aggregate):
            one_of(aggregate, AGGREGATIONS, "aggregate")
        for name in ("screen_units", "screen_indicators"):
            share = getattr(self, name)
            if not 0.0 <= share <= 1.0:
                raise UsageError(f"{name} is {share}; it takes a share from 0 to 1")
        if self.neighbours < 1:
            raise UsageError(f"neighbours is {self.neighbours}; it takes a whole number from 1")
        if self.most_winsorised < 0:
            raise UsageError(f"most_winsorised is {self.most_winsorised}; it takes a whole number from 0")
        if self.floor is not None and not (math.isfinite(self.floor) and self.floor > 0):
            raise UsageError(f"floor is {self.floor}; it takes a number above 0")
        if not math.isfinite(self.power):
            raise UsageError(f"power is {self.power}; it takes a finite number")
        if not (math.isfinite(self.scale) and self.scale > 0):
            raise UsageError(f"scale is {self.scale}; it takes a number above 0")

    def aggregations(self, levels: tuple[str, ...]) -> tuple[Aggregation, ...]:
        """One aggregation per level, innermost first."""
        return _per_level(self.aggregate, levels, "aggregate")

    def weightings(self, levels: tuple[str, ...]) -> tuple[Weighting, ...]:
        """One weighting per level, innermost first."""
        return _per_level(self.weighting, levels, "weighting")


def _as_tuple(value: _T | tuple[_T, ...]) -> tuple[_T, ...]:
    return value if isinstance(value, tuple) else (value,)


def _per_level(value: _T | tuple[_T, ...], levels: tuple[str, ...], name: str) -> tuple[_T, ...]:
    if not isinstance(value, tuple):
        return (value,) * len(levels)
    if len(value) != len(levels):
        raise UsageError(
            f"{name} lists {len(value)} methods; give one, or one for each of the {len(levels)} levels "
            f"({', '.join(levels)})"
        )
    return value
