"""Overtaking: when one side passed another for good, and how far that date depends on the method."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

__all__ = ["bands", "cumulative", "overtakings"]


def overtakings(series: ir.Table, *, overtaken: str, overtaker: str, group: Sequence[str]) -> ir.Table:
    """Return the first period from which the overtaker stays ahead to the end.

    Parameters
    ----------
    series
        The columns of ``group``, period (sortable text, such as ``2025-07``), unit, value. A unit that has no
        row in a period in which others have one has 0.
    overtaken, overtaker
        Two units.
    group
        Columns such as by and population: one series each.

    Returns
    -------
    ibis.expr.types.Table
        The group, period (null where the overtaker is not ahead at the end), since_the_beginning (whether it was
        ahead in the first period already), first_period, last_period.
    """
    keys = [*group, "period"]
    wide = series.group_by(*keys).agg(
        ahead=series.value.sum(where=series.unit == overtaker).coalesce(0)
        > series.value.sum(where=series.unit == overtaken).coalesce(0)
    )
    turns = wide.aggregate(
        by=list(group),
        last_behind=wide.period.max(where=~wide.ahead),
        first_period=wide.period.min(),
        last_period=wide.period.max(),
    )
    joined = wide.inner_join(turns, list(group)) if group else wide.cross_join(turns)
    after = joined.ahead & (joined.last_behind.isnull() | (joined.period > joined.last_behind))
    return joined.aggregate(
        by=[*group, "first_period", "last_period"],
        period=joined.period.min(where=after),
        since_the_beginning=joined.last_behind.isnull().any(),
    ).select(*group, "period", "since_the_beginning", "first_period", "last_period")


def bands(dates: ir.Table, *, group: Sequence[str]) -> ir.Table:
    """Return the band of overtaking periods over the methods that were tried.

    Parameters
    ----------
    dates
        From :func:`overtakings`, one row a method.
    group
        The columns that stay apart; all others are methods.

    Returns
    -------
    ibis.expr.types.Table
        The group, low and high (earliest and latest period, of the methods under which there was an overtaking),
        overtaken_in and methods (how many, of how many).
    """
    return dates.group_by(*group).agg(
        low=dates.period.min(),
        high=dates.period.max(),
        overtaken_in=dates.period.count(),
        methods=dates.count(),
    )


def cumulative(series: ir.Table, *, units: Sequence[str], group: Sequence[str]) -> ir.Table:
    """Add up a series over its periods, each unit carried through periods in which it has no row.

    Parameters
    ----------
    series
        The columns of ``group``, period, unit, value.
    units
        The units to keep.
    group
        One series each.

    Returns
    -------
    ibis.expr.types.Table
        The group, period, unit, value (sum over this and all earlier periods).
    """
    keys = [*group, "period"]
    names = [f"_u{n}" for n in range(len(units))]
    wide = series.group_by(*keys).agg(
        **{
            name: series.value.sum(where=series.unit == unit).coalesce(0)
            for name, unit in zip(names, units, strict=True)
        }
    )
    so_far = ibis.cumulative_window(group_by=list(group) or None, order_by="period")
    tables = [
        wide.select(*keys, unit=ibis.literal(unit), value=wide[name].sum().over(so_far))
        for name, unit in zip(names, units, strict=True)
    ]
    return ibis.union(*tables)
