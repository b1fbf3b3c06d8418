"""Which journals carry a rank: every journal left out in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from primacy.inference.bootstrap import ranks
from primacy.inference.leave_out import leave_one_out
from primacy.measures.basket import DIGITS, UNASSIGNED

__all__ = ["left_out", "venue_names"]

ToArrow = Callable[[ir.Table], pa.Table]

_SCHEMA = pa.schema(
    [
        ("period", pa.int64()),
        ("unit", pa.string()),
        ("venue", pa.int64()),
        ("count", pa.int64()),
        ("share", pa.float64()),
        ("unit_share", pa.float64()),
        ("part", pa.float64()),
        ("rank", pa.int64()),
        ("share_without", pa.float64()),
        ("rank_without", pa.int64()),
        ("rank_change", pa.int64()),
    ]
)


def left_out(cells: ir.Table, compute: ToArrow, *, leading: int, units: list[str] | None = None) -> pa.Table:
    """Return what the leading units have from each journal, and where they would stand without it.

    Parameters
    ----------
    cells
        From :func:`primacy.measures.basket.cells`, of one subject.
    compute
        The engine's way from an expression to an Arrow table.
    leading
        Only units up to this rank.
    units
        Instead, only these.

    Returns
    -------
    pyarrow.Table
        period, unit, venue (place in the basket), count, share (from this journal), unit_share (from all), part (of
        unit_share), rank, share_without, rank_without, rank_change (places lost without it).
    """
    named = cells.filter(cells.unit != UNASSIGNED)
    rows = compute(
        named.select(
            "period", "unit", "share", venue=named.venue.cast("int64"), count=named["count"].cast("int64")
        ).order_by(["period", "unit", "venue"])
    )
    periods = rows["period"].to_numpy()
    found: list[dict[str, Any]] = []
    for period in np.unique(periods).tolist():
        found += _of_period(rows.filter(pc.equal(rows["period"], period)), leading, units)
    return pa.Table.from_pylist(found, schema=_SCHEMA)


def _of_period(rows: pa.Table, leading: int, units: list[str] | None) -> Iterator[dict[str, Any]]:
    encoded = pc.dictionary_encode(rows["unit"].combine_chunks())
    unit = encoded.indices.to_numpy(zero_copy_only=False)
    venues, journal = np.unique(rows["venue"].to_numpy(), return_inverse=True)
    parts = np.zeros((len(encoded.dictionary), len(venues)))
    counts = np.zeros(parts.shape, np.int64)
    parts[unit, journal] = rows["share"].to_numpy()
    counts[unit, journal] = rows["count"].to_numpy()
    whole = parts.sum(axis=1)
    place = ranks(whole[None, :].round(DIGITS))[0]
    without, place_without = leave_one_out(parts, digits=DIGITS)
    names = encoded.dictionary.to_pylist()
    period = rows["period"][0].as_py()
    chosen = [n for n, name in enumerate(names) if (name in units if units else place[n] <= leading)]
    for n in sorted(chosen, key=lambda n: (place[n], names[n])):
        for j in np.flatnonzero(counts[n]).tolist():
            yield {
                "period": period,
                "unit": names[n],
                "venue": int(venues[j]),
                "count": int(counts[n, j]),
                "share": float(parts[n, j]),
                "unit_share": float(whole[n]),
                "part": float(parts[n, j] / whole[n]),
                "rank": int(place[n]),
                "share_without": float(without[n, j]),
                "rank_without": int(place_without[n, j]),
                "rank_change": int(place_without[n, j] - place[n]),
            }


def venue_names(names: list[str]) -> ir.Table:
    """Return venue, venue_name: the names of a basket's venues by their place."""
    return ibis.memtable(
        {"venue": list(range(len(names))), "venue_name": names},
        schema={"venue": "int64", "venue_name": "string"},
    )
