"""Small indices for the tests of this package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from primacy.composite import Definition, Index, Indicator, Method, Values

Rows = Sequence[Sequence[float | None]]


def matrix(rows: Rows) -> np.ndarray[Any, Any]:
    return np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)


def values(rows: Rows, **more: Any) -> Values:
    names = more.pop("units", tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(rows)]))
    return Values(units=names, matrix=matrix(rows), **more)


def flat(rows: Rows, weights: Sequence[float] | None = None, **method: Any) -> Index:
    """An index of one level; indicators are x1, x2, …"""
    k = len(rows[0])
    weights = weights or [1.0] * k
    indicators = tuple(Indicator(path=(f"x{i + 1}",), weight=w) for i, w in enumerate(weights))
    return Index(
        definition=Definition(levels=("x",), indicators=indicators),
        values=values(rows),
        method=Method(**method),
    )


def listed(array: np.ndarray[Any, Any]) -> list[Any]:
    """Nested lists with None for nan, as the oracles hold them."""
    if array.ndim > 1:
        return [listed(part) for part in array]
    return [None if np.isnan(v) else float(v) for v in array]
