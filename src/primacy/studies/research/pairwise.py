"""Pairs of leading units: how far one is before the other, and how probably."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import permutations
from typing import Any

import numpy as np
import pyarrow as pa

from primacy.inference.bootstrap import percentile_interval, ranks
from primacy.inference.pairwise import ahead
from primacy.measures.method import UnitKind
from primacy.studies.research.intervals import Resampled, is_single_year
from primacy.studies.tables import research as declared

__all__ = ["LEADING", "ORDER", "PAIRWISE", "pairwise"]

LEADING = 10
"""Pairs are made of so many units with the largest shares in a window."""

PAIRWISE: pa.Schema = declared.PAIRWISE.arrow

ORDER = ["technology", "window", "unit_kind", "rank", "unit", "other_rank", "other"]
"""The order of the rows."""


def pairwise(
    sets: Iterable[Resampled], kind: UnitKind, *, label: Callable[[Any], str] = str, leading: int = LEADING
) -> pa.Table:
    """Return, for the leading units of every technology and window, how each stands to each other.

    Parameters
    ----------
    sets
        Resampled works; single years are passed over.
    kind
        The kind of their units.
    label
        A unit as users see it.
    leading
        Of how many units pairs are made: those with the largest shares, and of level ones the first in order.

    Returns
    -------
    pyarrow.Table
        The columns of :data:`PAIRWISE`, every pair both ways: probability that the unit's share exceeds the other's
        over bootstrap replicates, a level pair counting half; difference of their shares, with its 2.5 and 97.5
        percentiles.
    """
    rows = [
        {"technology": one.technology, "window": one.window, "unit_kind": kind, **pair}
        for one in sets
        if not is_single_year(one.window) and one.whole > 0
        for pair in _pairs(one, label, leading)
    ]
    return pa.Table.from_pylist(rows, schema=PAIRWISE)


def _pairs(one: Resampled, label: Callable[[Any], str], leading: int) -> list[dict[str, Any]]:
    place = ranks(one.share[None, :])[0]
    with_share = np.flatnonzero(one.share > 0).tolist()
    first = sorted(with_share, key=lambda i: (place[i], one.units[i]))[:leading]
    drawn = one.replicates.shares[:, first]
    probability = ahead(drawn)
    rows = []
    for a, b in permutations(range(len(first)), 2):
        low, high = percentile_interval(drawn[:, [a]] - drawn[:, [b]])
        unit, other = first[a], first[b]
        rows.append(
            {
                "unit": label(one.units[unit]),
                "other": label(one.units[other]),
                "probability": _known(probability[a, b]),
                "difference": float(one.share[unit] - one.share[other]),
                "low": _known(low[0]),
                "high": _known(high[0]),
                "rank": int(place[unit]),
                "other_rank": int(place[other]),
            }
        )
    return rows


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
