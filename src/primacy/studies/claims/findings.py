"""What the results say of a claim: the rows that it is about, and what was found in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa

from primacy.inference.claim import ClaimVerdict
from primacy.studies.tables import STUDY_TABLES

__all__ = ["CannotSayError", "Finding", "Tables", "interval_columns", "one", "rows"]

Row: TypeAlias = Mapping[str, Any]
Tables: TypeAlias = Callable[[str], pa.Table | None]
"""A result table by its name; None where it is not there."""


@dataclass(frozen=True)
class Finding:
    """What was found.

    Parameters
    ----------
    verdict
        On the claim.
    says
        What the results say, in words.
    value, low, high
        The number that the claim is about, and its interval; None where it is about a name.
    probability
        That the claim is true, where that is known.
    """

    verdict: ClaimVerdict
    says: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    probability: float | None = None


class CannotSayError(Exception):
    """The results have nothing that the claim could be held against; its text says why."""


def rows(tables: Tables, name: str, where: Mapping[str, Any]) -> list[Row]:
    """Return the rows of a result table with these values, of which there is one at least.

    Raises
    ------
    CannotSayError
        The table is not there, or has no such row.
    """
    table = tables(name)
    if table is None:
        study = next(s for s, declared in STUDY_TABLES.items() if name in declared)
        raise CannotSayError(
            f"no result table {name}: `primacy run {study}` makes it where the lake has its data"
        )
    found = [r for r in table.to_pylist() if all(r.get(c) == v for c, v in where.items())]
    if not found:
        told = ", ".join(f"{c} = {v}" for c, v in where.items()) or "any value"
        raise CannotSayError(f"{name} has no row with {told}")
    return found


def one(tables: Tables, name: str, where: Mapping[str, Any]) -> Row:
    """Return the one row with these values.

    Raises
    ------
    CannotSayError
        There is none, or more than one.
    """
    found = rows(tables, name, where)
    if len(found) > 1:
        raise CannotSayError(f"{len(found)} rows of {name} fit; narrow `where` down to one")
    return found[0]


_BOUNDED = frozenset({"share", "slope", "year", "retention"})
"""Columns whose interval is called just low and high."""


def interval_columns(row: Row, column: str) -> tuple[str, str] | None:
    """Return the columns with the ends of a number's interval.

    Examples
    --------
    >>> interval_columns({"lead_ratio": 2, "lead_ratio_low": 1, "lead_ratio_high": 3}, "lead_ratio")
    ('lead_ratio_low', 'lead_ratio_high')
    >>> interval_columns({"papers": 2, "low": 1, "high": 3}, "papers") is None
    True
    """
    own = (f"{column}_low", f"{column}_high")
    if set(own) <= set(row):
        return own
    return ("low", "high") if column in _BOUNDED and {"low", "high"} <= set(row) else None
