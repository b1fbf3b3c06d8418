"""Flows: downloads of a period, from counters that only state sums since the beginning.

The difference of two all-time counters is a flow; windows of thirty days that overlap are never added. Counters are
restated at times, and a flow can be negative: it stays so, and is reported as a restatement.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["counter_at_age", "flow_between", "flows", "restatements"]


def flows(counters: ir.Table) -> ir.Table:
    """Return the downloads of each model between each two neighbouring snapshots that have it.

    Parameters
    ----------
    counters
        snapshot (ISO 8601), model_id, downloads_all (rows where it is null are left out).

    Returns
    -------
    ibis.expr.types.Table
        model_id, start, end, downloads: negative where the counter was restated.
    """
    some = counters.filter(counters.downloads_all.notnull())
    line = ibis.window(group_by="model_id", order_by="snapshot")
    steps = some.select(
        "model_id",
        start=some.snapshot.lag().over(line),
        end=some.snapshot,
        downloads=some.downloads_all - some.downloads_all.lag().over(line),
    )
    return steps.filter(steps.start.notnull())


def restatements(counters: ir.Table) -> ir.Table:
    """Return the flows that are negative: model_id, start, end, downloads."""
    every = flows(counters)
    return every.filter(every.downloads < 0)


def flow_between(counters: ir.Table, births: ir.Table, *, start: str, end: str) -> ir.Table:
    """Return the downloads of each model between two snapshots.

    Parameters
    ----------
    counters
        snapshot, model_id, downloads_all.
    births
        model_id, born (ISO 8601): a model that was born on or after the start began at 0.
    start, end
        The two snapshots.

    Returns
    -------
    ibis.expr.types.Table
        model_id, value. A model that is older than the start but has no counter there has no row: its flow is not
        known.
    """
    last = counters.filter((counters.snapshot == end) & counters.downloads_all.notnull())
    first = counters.filter((counters.snapshot == start) & counters.downloads_all.notnull())
    joined = last.select("model_id", after=last.downloads_all).left_join(
        first.select("model_id", before=first.downloads_all), "model_id"
    )
    joined = joined.select("model_id", "after", "before").left_join(births, "model_id")
    began = joined.before.coalesce((joined.born >= start).ifelse(0, ibis.null("int64")))
    known = joined.select("model_id", "after", began=began).filter(ibis._.began.notnull())
    return known.select("model_id", value=known.after - known.began)


def counter_at_age(counters: ir.Table, births: ir.Table, *, age: int, gap: int) -> ir.Table:
    """Return each model's all-time counter when it was so many days old.

    Between two snapshots the counter is taken to grow evenly; on the day of birth it is 0.

    Parameters
    ----------
    counters
        snapshot, model_id, downloads_all.
    births
        model_id, born (ISO 8601).
    age
        In days.
    gap
        The two snapshots around that day may be so many days apart, not more.

    Returns
    -------
    ibis.expr.types.Table
        model_id, value (double): of the models that history allows.
    """
    known = counters.filter(counters.downloads_all.notnull()).inner_join(births, "model_id")
    points = known.select(
        "model_id",
        day=known.snapshot.cast("date").delta(known.born.cast("date"), unit="day"),
        count=known.downloads_all.cast("float64"),
    )
    points = points.filter(points.day > 0)
    origin = births.select("model_id", day=ibis.literal(0, "int64"), count=ibis.literal(0.0))
    points = ibis.union(
        points.select("model_id", day=points.day.cast("int64"), count=points["count"]), origin
    )
    line = ibis.window(group_by="model_id", order_by="day")
    spans = points.mutate(_day=points.day.lag().over(line), _count=points["count"].lag().over(line))
    around = spans.filter((spans.day >= age) & (spans["_day"] < age) & (spans.day - spans["_day"] <= gap))
    part = (age - around["_day"]) / (around.day - around["_day"])
    return around.select("model_id", value=around["_count"] + part * (around["count"] - around["_count"]))
