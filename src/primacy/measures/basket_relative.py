"""Shares related to size: per article that a unit writes anywhere, per head, per anything that is known of it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.basket import ALL, DIGITS, UNASSIGNED
from primacy.measures.exact import exact_sum

__all__ = ["output", "per_thousand"]


def output(works: ir.Table, credit: ir.Table) -> ir.Table:
    """Return how many articles every unit writes in all of the lake: period, unit, denominator (sum of credit).

    Parameters
    ----------
    works
        work_id, year: the articles of any journal.
    credit
        Their credit: work_id, unit, credit.
    """
    rows = works.select("work_id", period=works.year.cast("int64")).join(credit, "work_id")
    return rows.group_by("period", "unit").agg(denominator=exact_sum(rows.credit))


def per_thousand(shares: ir.Table, denominators: ir.Table) -> ir.Table:
    """Return Shares per thousand of what units are related to.

    Parameters
    ----------
    shares
        From :func:`primacy.measures.basket.shares`.
    denominators
        period, unit, relative_to, denominator.

    Returns
    -------
    ibis.expr.types.Table
        subject, period, unit, relative_to, denominator, share, per_thousand (1000 x share / denominator),
        size_rank (the rank by Share), rank (by per_thousand, among units that have the denominator).
    """
    known = shares.filter((shares.subject == ALL) & (shares.unit != UNASSIGNED))
    table = known.join(denominators, ["period", "unit"]).filter(ibis._.denominator > 0)
    table = table.mutate(per_thousand=1000.0 * table.share / table.denominator)
    place = ibis.rank().over(
        group_by=["subject", "period", "relative_to"], order_by=table.per_thousand.round(DIGITS - 3).desc()
    )
    return table.select(
        "subject",
        "period",
        "unit",
        "relative_to",
        "denominator",
        "share",
        "per_thousand",
        size_rank=table["rank"],
        rank=place + 1,
    )
