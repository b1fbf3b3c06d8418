"""Concentration: how much of the downloads a few hold.

The same three indices at any level (model, organisation, owner, region), because each level gives another answer
and publications seldom say which one they took.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_sum

__all__ = ["concentration"]


def concentration(units: ir.Table) -> ir.Table:
    """Return Herfindahl-Hirschman index, Gini coefficient and share of the top one per cent.

    Parameters
    ----------
    units
        unit, value: units without anything count too, and must be rows with value 0.

    Returns
    -------
    ibis.expr.types.Table
        One row. hhi: sum of squared percentage shares, 0 to 10,000. gini: mean absolute difference over twice the
        mean, without small-sample correction. top1_share: share of the largest ceil(n / 100) units. units: n.
        total: sum of the values. The indices are null where the total is 0.

    Examples
    --------
    >>> t = ibis.memtable({"unit": ["a", "b", "c"], "value": [3.0, 1.0, 0.0]})
    >>> concentration(t).to_pyarrow().to_pylist()
    [{'hhi': 6250.0, 'gini': 0.5, 'top1_share': 0.75, 'units': 3, 'total': 4.0}]
    """
    whole = units.aggregate(_units=units.count(), _total=exact_sum(units.value, large=True).coalesce(0.0))
    table = units.cross_join(whole)
    table = table.mutate(
        share=table.value / table["_total"].nullif(0.0),
        _up=ibis.row_number().over(order_by=[table.value, table.unit]) + 1,
    )
    share, n, up = table.share, table["_units"], table["_up"]
    top = up > n - (n + 99) // 100
    return table.aggregate(
        hhi=exact_sum(share * share) * 10_000,
        gini=exact_sum((2 * up - n - 1) / n * share),
        top1_share=exact_sum(share * top.cast("int64")),
        units=table.count(),
        total=table["_total"].max().coalesce(0.0),
    )
