"""The numbers of an index: one row per unit, one column per indicator, a gap where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from primacy.composite._text import listing, quote
from primacy.composite.definition import Floats
from primacy.errors import InputError

LARGEST = 1e100
"""Largest size of a value: its powers, which an audit needs, must still be numbers."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Values:
    """A matrix of indicator values, with what is known about its units.

    Parameters
    ----------
    units : tuple of str
        Their names, each once.
    matrix : array, units × indicators
        The values; ``nan`` where missing.
    apart : frozenset of str
        Units that are scored on the yardstick of the others but never ranked beside them: blocs of which
        other units are members. They set no minimum, maximum, mean or rank.
    denominators : array, units × indicators, optional
        What each value is divided by; ``nan`` where unknown, 1 where nothing is divided.
    groups : tuple of str, optional
        The group of each unit (a region, an income class), for imputation within groups.
    earlier : tuple of (period, array)
        Older matrices, latest first, for panel imputation.

    Raises
    ------
    InputError
        No unit, a unit twice, a value that is infinite or beyond 1e100, a matrix of another shape, or an
        unknown unit in *apart*.
    """

    units: tuple[str, ...]
    matrix: Floats
    apart: frozenset[str] = frozenset()
    denominators: Floats | None = None
    groups: tuple[str, ...] | None = None
    earlier: tuple[tuple[int, Floats], ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "matrix", _locked(self.matrix))
        if self.denominators is not None:
            object.__setattr__(self, "denominators", _locked(self.denominators))
        object.__setattr__(self, "earlier", tuple((period, _locked(m)) for period, m in self.earlier))
        if not self.units:
            raise InputError("an index needs at least one unit")
        seen: set[str] = set()
        for unit in self.units:
            if unit in seen:
                raise InputError(f"unit {quote(unit)} is there twice")
            seen.add(unit)
        strangers = sorted(self.apart - seen)
        if strangers:
            raise InputError(f"no unit {listing(strangers)} to set apart")
        if len(self.apart) == len(self.units):
            raise InputError("every unit is set apart: none is left to rank")
        if self.groups is not None and len(self.groups) != len(self.units):
            raise InputError(f"{len(self.groups)} groups were given for {len(self.units)} units")
        matrices = [self.matrix, *(m for _, m in self.earlier)]
        if self.denominators is not None:
            matrices.append(self.denominators)
        for matrix in matrices:
            if matrix.ndim != 2 or matrix.shape != (len(self.units), self.matrix.shape[1]):
                raise InputError(f"a matrix of values is {matrix.shape}; {len(self.units)} units were given")
            beyond = np.argwhere(np.abs(matrix) > LARGEST)
            if len(beyond):
                row, column = beyond[0]
                raise InputError(
                    f"a value of {quote(self.units[row])} is {matrix[row, column]:g}: its size may be "
                    f"{LARGEST:g} at most"
                )

    @property
    def ranked(self) -> NDArray[np.bool_]:
        """Which units are ranked: those not set apart."""
        return np.array([unit not in self.apart for unit in self.units], dtype=np.bool_)

    def position(self, unit: str) -> int:
        """Return the row of *unit*.

        Raises
        ------
        InputError
            There is no such unit.
        """
        if unit not in self.units:
            raise InputError(f"there is no unit {quote(unit)}")
        return self.units.index(unit)

    def select(self, units: Iterable[int], indicators: Iterable[int]) -> Values:
        """Return only the rows *units* and the columns *indicators*."""
        rows, columns = np.array(list(units), dtype=np.intp), np.array(list(indicators), dtype=np.intp)
        grid = np.ix_(rows, columns)
        names = tuple(self.units[k] for k in rows)
        return replace(
            self,
            units=names,
            matrix=self.matrix[grid],
            apart=self.apart & frozenset(names),
            denominators=None if self.denominators is None else self.denominators[grid],
            groups=None if self.groups is None else tuple(self.groups[k] for k in rows),
            earlier=tuple((period, matrix[grid]) for period, matrix in self.earlier),
        )


def _locked(matrix: Floats) -> Floats:
    """Return a copy that nobody can write to: an index must not change under those who hold it."""
    copy = np.array(matrix, dtype=np.float64)
    copy.setflags(write=False)
    return copy


def values_from_rows(rows: Mapping[str, Mapping[str, float | None]], indicators: Iterable[str]) -> Values:
    """Build values from one mapping per unit; an indicator that a unit lacks is missing.

    Examples
    --------
    >>> v = values_from_rows({"A": {"x": 1.0}, "B": {"x": 2.0, "y": 3.0}}, ["x", "y"])
    >>> v.matrix.tolist()
    [[1.0, nan], [2.0, 3.0]]
    """
    columns = tuple(indicators)
    for unit, row in rows.items():
        strangers = [name for name in row if name not in columns]
        if strangers:
            raise InputError(f"unit {quote(unit)} has a value of {listing(strangers)}, which is no indicator")
    matrix = np.array(
        [[np.nan if row.get(c) is None else row[c] for c in columns] for row in rows.values()],
        dtype=np.float64,
    ).reshape(len(rows), len(columns))
    return Values(units=tuple(rows), matrix=matrix)
