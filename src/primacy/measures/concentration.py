"""Concentration: how much of the downloads a few hold.

The same three indices at any level (model, organisation, owner, region), because each level gives another answer
and publications seldom say which one they took.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_literal, exact_sum

__all__ = ["concentration"]


def concentration(units: ir.Table, *, group: Sequence[str] = (), nobody: str | None = None) -> ir.Table:
    """Return Herfindahl-Hirschman index, Gini coefficient and share of the top one per cent.

    Parameters
    ----------
    units
        unit, value, and the columns of ``group``: units without anything count too, and must be rows with value 0.
    group
        Columns such as a population: each group is a market of its own.
    nobody
        A unit that stands for many unknown ones, such as ``unattributed``.

    Returns
    -------
    ibis.expr.types.Table
        One row for each group. hhi: sum of squared percentage shares, 0 to 10,000, ``nobody`` counted as one unit.
        hhi_low: the same with ``nobody`` spread over countless units; the truth lies between the two. gini: mean
        absolute difference over twice the mean, without small-sample correction. top1_share: share of the largest
        ceil(n / 100) units. units: n. total: sum of the values. The indices are null where the total is 0.

    Examples
    --------
    >>> t = ibis.memtable({"unit": ["a", "b", "c"], "value": [3.0, 1.0, 0.0]})
    >>> concentration(t).to_pyarrow().to_pylist()
    [{'hhi': 6250.0, 'hhi_low': 6250.0, 'gini': 0.5, 'top1_share': 0.75, 'units': 3, 'total': 4.0}]
    """
    market = ibis.window(group_by=group or None)
    smallest_first = ibis.window(group_by=group or None, order_by=[units.value, units.unit])
    table = units.mutate(
        _n=units.count().over(market),
        _total=exact_sum(units.value, large=True).over(market),
        _up=ibis.row_number().over(smallest_first) + 1,
    )
    table = table.mutate(share=table.value / table["_total"].nullif(0.0))
    share, n, up = table.share, table["_n"], table["_up"]
    somebody = (table.unit != nobody).cast("int64") if nobody is not None else ibis.literal(1)
    top = up > n - (n + 99) // 100
    return table.aggregate(
        by=list(group),
        hhi=_at_most_one(exact_sum(share * share)) * 10_000,
        hhi_low=_at_most_one(exact_sum(somebody * share * share)) * 10_000,
        gini=exact_sum((2 * up - n - 1) / n * share),
        top1_share=exact_sum(share * top.cast("int64")),
        units=table.count(),
        total=exact_sum(table.value, large=True).coalesce(0.0),
    )


def _at_most_one(value: ir.FloatingValue) -> ir.FloatingValue:
    """*value*, without what the last decimals of many shares may add to the whole; null stays null."""
    return ibis.cases((value > 1, exact_literal(1)), else_=value)
