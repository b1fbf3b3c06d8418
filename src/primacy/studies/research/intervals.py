"""Intervals and probabilities for shares: works out of the engine, replicates through numpy, rows back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.inference.bootstrap import (
    Replicates,
    draw_counts,
    generator,
    percentile_interval,
    share_replicates,
)
from primacy.measures.method import Method
from primacy.measures.share import units_of_works
from primacy.studies.research.pipeline import Cells

ToArrow = Callable[[ir.Table], pa.Table]


@dataclass(frozen=True)
class Resampled:
    """One set of works (a technology in a window) with all replicates of its units' shares."""

    technology: str
    window: str
    units: list[Any]
    replicates: Replicates


def resampled(cells: Cells, method: Method, compute: ToArrow) -> Iterator[Resampled]:
    """Resample the works of every technology and window, in the order of their names.

    Parameters
    ----------
    cells
        Scored works and credit.
    method
        Its ``replicates`` and ``seed`` decide.
    compute
        The engine's way from an expression to an Arrow table.
    """
    if not method.replicates:
        return
    group = ["technology", "window"]
    sizes = compute(cells.scored.group_by(*group).agg(works=cells.scored.count()).order_by(group))
    scoring = cells.scored.filter(cells.scored.score > 0)
    scores = compute(scoring.select(*group, "work_id", "score").order_by([*group, "work_id"]))
    rows = units_of_works(scoring, cells.credit)
    values = compute(
        rows.select(*group, "work_id", "unit", value=rows.credit * rows.score).order_by(
            [*group, "work_id", "unit"]
        )
    )
    score_slices, value_slices = _slices(scores), _slices(values)
    for key in sizes.to_pylist():
        place = (key["technology"], key["window"])
        mine = scores.slice(*score_slices.get(place, (0, 0)))
        credit = values.slice(*value_slices.get(place, (0, 0)))
        ids = mine["work_id"].to_numpy()
        counts = draw_counts(key["works"], len(ids), method.replicates, generator(method.seed, *place))
        encoded = pc.dictionary_encode(credit["unit"].combine_chunks())
        replicates = share_replicates(
            np.searchsorted(ids, credit["work_id"].to_numpy()),
            encoded.indices.to_numpy(zero_copy_only=False),
            credit["value"].to_numpy(),
            mine["score"].to_numpy(),
            counts,
            len(encoded.dictionary),
        )
        yield Resampled(*place, encoded.dictionary.to_pylist(), replicates)


def _slices(table: pa.Table) -> dict[tuple[str, str], tuple[int, int]]:
    """Return offset and length of each (technology, window) in a table that is sorted by them."""
    if not table.num_rows:
        return {}
    keys = pc.binary_join_element_wise(table["technology"], table["window"], "\0").combine_chunks()
    ends = pc.run_end_encode(keys)
    stops = np.asarray(ends.run_ends)
    starts = np.concatenate([[0], stops[:-1]])
    names = [tuple(str(v).split("\0")) for v in ends.values.to_pylist()]
    return {(n[0], n[1]): (int(a), int(b - a)) for n, a, b in zip(names, starts, stops, strict=True)}


def interval_rows(sets: Iterator[Resampled] | list[Resampled]) -> pa.Table:
    """Return technology, window, unit, low, high, probability (of leading) from resampled works."""
    tables = []
    for one in sets:
        low, high = percentile_interval(one.replicates.shares)
        tables.append(
            pa.table(
                {
                    "technology": pa.array([one.technology] * len(one.units), pa.string()),
                    "window": pa.array([one.window] * len(one.units), pa.string()),
                    "unit": pa.array(one.units),
                    "low": _nullable(low),
                    "high": _nullable(high),
                    "probability": _nullable(one.replicates.leader_probability()),
                }
            )
        )
    tables = [t for t in tables if t.num_rows]
    return pa.concat_tables(tables) if tables else EMPTY


EMPTY = pa.table(
    {
        "technology": pa.array([], pa.string()),
        "window": pa.array([], pa.string()),
        "unit": pa.array([], pa.string()),
        "low": pa.array([], pa.float64()),
        "high": pa.array([], pa.float64()),
        "probability": pa.array([], pa.float64()),
    }
)


def _nullable(values: npt.NDArray[np.float64]) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)


def with_intervals(shares: ir.Table, intervals: pa.Table, *, replicates: int) -> ir.Table:
    """Add low, high and probability to shares; a unit without highly cited works has the interval 0 to 0."""
    if not replicates:
        nothing = ibis.null("float64")
        return shares.mutate(low=nothing, high=nothing, probability=nothing)
    if not intervals.num_rows:
        intervals = intervals.set_column(2, "unit", pa.array([], shares.schema()["unit"].to_pyarrow()))
    keys = ["technology", "window", "unit"]
    joined = shares.left_join(ibis.memtable(intervals), keys).select(
        *shares.columns, "low", "high", "probability"
    )
    none = joined.high_impact == 0
    known = joined.share.notnull()
    return joined.mutate(
        low=ibis.cases((none & known, 0.0), else_=joined.low),
        high=ibis.cases((none & known, 0.0), else_=joined.high),
        probability=ibis.cases((none & known, 0.0), else_=joined.probability),
    )


def pooled_intervals(overall: pa.Table, sets: list[Resampled]) -> pa.Table:
    """Add low and high to shares over all technologies, whose works are resampled each in its own technology."""
    low: dict[tuple[str, Any], float | None] = {}
    high: dict[tuple[str, Any], float | None] = {}
    for window in sorted({s.window for s in sets}):
        mine = [s for s in sets if s.window == window]
        units = sorted({u for s in mine for u in s.units})
        place = {u: i for i, u in enumerate(units)}
        credit = np.zeros((len(mine[0].replicates.whole), len(units)))
        whole = np.zeros(len(credit))
        for one in mine:
            credit[:, [place[u] for u in one.units]] += one.replicates.credit
            whole += one.replicates.whole
        below, above = percentile_interval(Replicates(credit, whole).shares)
        for unit, a, b in zip(units, _nullable(below).to_pylist(), _nullable(above).to_pylist(), strict=True):
            low[window, unit], high[window, unit] = a, b
    keys = list(zip(overall["window"].to_pylist(), overall["unit"].to_pylist(), strict=True))
    other = None if not sets else 0.0
    return overall.append_column(
        "low", pa.array([low.get(k, other) for k in keys], pa.float64())
    ).append_column("high", pa.array([high.get(k, other) for k in keys], pa.float64()))
