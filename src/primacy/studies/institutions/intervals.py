"""Bootstrap intervals of Share, of its rank and of its adjusted change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from primacy.inference.bootstrap import (
    Counts,
    Floats,
    generator,
    percentile_interval,
    ranks,
    sum_replicates,
    whole_interval,
)
from primacy.measures.basket import DIGITS, UNASSIGNED
from primacy.studies.institutions.choices import Choices

__all__ = ["INTERVALS", "intervals", "with_intervals"]

ToArrow = Callable[[ir.Table], pa.Table]

INTERVALS = {
    "low": pa.float64(),
    "high": pa.float64(),
    "rank_low": pa.int64(),
    "rank_high": pa.int64(),
    "change_low": pa.float64(),
    "change_high": pa.float64(),
}
"""Columns of intervals: 2.5 and 97.5 percentiles of Share, rank and adjusted change."""

_SCHEMA = pa.schema(
    [("subject", pa.string()), ("period", pa.int64()), ("unit", pa.string()), *INTERVALS.items()]
)


@dataclass(frozen=True)
class _Drawn:
    """The replicates of one subject and period: units, Shares (replicates x units), number of articles."""

    subject: str
    period: int
    units: list[str]
    shares: Floats
    articles: int


def intervals(
    placed: ir.Table, credit: ir.Table, choices: Choices, compute: ToArrow, *, step: int = 1
) -> pa.Table:
    """Return the intervals of every unit in every period: subject, period, unit and the columns of ``INTERVALS``.

    The articles of a period are drawn with replacement, with all their credit; periods are drawn apart. The adjusted
    change has an interval where every replicate of the period before has some Share of the unit.

    Parameters
    ----------
    placed, credit
        From :mod:`primacy.measures.basket`.
    choices
        Its ``replicates`` and ``seed`` decide; no replicates, no rows.
    compute
        The engine's way from an expression to an Arrow table.
    step
        How far back the period before lies.
    """
    if not choices.replicates:
        return _SCHEMA.empty_table()
    rows = compute(
        placed.join(credit, "work_id")
        .select("subject", "period", "work_id", "unit", "credit")
        .order_by(["subject", "period", "work_id", "unit"])
    )
    tables = []
    earlier: dict[tuple[str, int], _Drawn] = {}
    for drawn in _draw(rows, choices):
        before = earlier.get((drawn.subject, drawn.period - step))
        tables.append(_table(drawn, before))
        earlier = {k: d for k, d in earlier.items() if k[0] == drawn.subject and k[1] > drawn.period - step}
        earlier[drawn.subject, drawn.period] = drawn
    return pa.concat_tables(tables).combine_chunks() if tables else _SCHEMA.empty_table()


def with_intervals(shares: ir.Table, bounds: pa.Table, choices: Choices) -> ir.Table:
    """Add the columns of ``INTERVALS`` to Shares; a row ``unassigned`` that holds nothing holds it surely."""
    table = shares.left_join(ibis.memtable(bounds), ["subject", "period", "unit"])
    table = table.select(*shares.columns, *INTERVALS)
    if not choices.replicates:
        return table
    return table.mutate(low=table.low.coalesce(table.share), high=table.high.coalesce(table.share))


def _draw(rows: pa.Table, choices: Choices) -> Iterator[_Drawn]:
    """Draw each subject and period of rows that are sorted by them."""
    for subject, period, group in _groups(rows):
        encoded = pc.dictionary_encode(group["unit"].combine_chunks())
        ids, work = np.unique(group["work_id"].to_numpy(), return_inverse=True)
        names = encoded.dictionary.to_pylist()
        shares = sum_replicates(
            work,
            encoded.indices.to_numpy(zero_copy_only=False),
            group["credit"].to_numpy(),
            len(ids),
            len(names),
            choices.replicates,
            generator(choices.seed, "basket", subject, str(period)),
        )
        yield _Drawn(subject, period, names, shares, len(ids))


def _groups(rows: pa.Table) -> Iterator[tuple[str, int, pa.Table]]:
    if not rows.num_rows:
        return
    subject = pc.dictionary_encode(rows["subject"].combine_chunks())
    numbers = subject.indices.to_numpy(zero_copy_only=False)
    periods = rows["period"].to_numpy()
    starts = np.flatnonzero(np.concatenate([[True], (np.diff(numbers) != 0) | (np.diff(periods) != 0)]))
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), rows.num_rows], strict=True):
        yield subject[start].as_py(), int(periods[start]), rows.slice(start, stop - start)


def _table(drawn: _Drawn, before: _Drawn | None) -> pa.Table:
    size = len(drawn.units)
    low, high = percentile_interval(drawn.shares)
    named = [n for n, u in enumerate(drawn.units) if u != UNASSIGNED]
    rank_low, rank_high = whole_interval(ranks(drawn.shares[:, named].round(DIGITS)))
    change_low, change_high = _changes(drawn, before)
    columns = {
        "subject": pa.array([drawn.subject] * size, pa.string()),
        "period": pa.array([drawn.period] * size, pa.int64()),
        "unit": pa.array(drawn.units, pa.string()),
        "low": pa.array(low),
        "high": pa.array(high),
        "rank_low": _spread(rank_low, named, size),
        "rank_high": _spread(rank_high, named, size),
        "change_low": pa.array(change_low, pa.float64(), from_pandas=True),
        "change_high": pa.array(change_high, pa.float64(), from_pandas=True),
    }
    return pa.table(columns, schema=_SCHEMA)


def _spread(values: Counts, places: list[int], size: int) -> pa.Array:
    spread: list[int | None] = [None] * size
    for place, value in zip(places, values, strict=True):
        spread[place] = int(value)
    return pa.array(spread, pa.int64())


def _changes(drawn: _Drawn, before: _Drawn | None) -> tuple[Floats, Floats]:
    """Return the interval of the adjusted change, not a number where there is none."""
    size = len(drawn.units)
    low, high = np.full(size, np.nan), np.full(size, np.nan)
    if before is None:
        return low, high
    place = {u: n for n, u in enumerate(before.units) if u != UNASSIGNED}
    both = [n for n, u in enumerate(drawn.units) if u in place]
    past = before.shares[:, [place[drawn.units[n]] for n in both]]
    safe = (past > 0).all(axis=0) if len(both) else np.zeros(0, bool)
    chosen = np.array(both, np.int64)[safe]
    factor = before.articles / drawn.articles
    changes = 100.0 * (factor * drawn.shares[:, chosen] / past[:, safe] - 1.0)
    low[chosen], high[chosen] = percentile_interval(changes)
    return low, high
