"""Shares of the highly cited works of a technology: the main measure of the research study."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_sum
from primacy.measures.hindex import h_index

__all__ = ["rank_of", "shares", "totals", "units_of_works"]


def units_of_works(works: ir.Table, credit: ir.Table) -> ir.Table:
    """Return one row per work and unit: technology, window, work_id, citations, score, unit, credit."""
    return works.select("technology", "window", "work_id", "citations", "score").join(credit, "work_id")


def rank_of(share: ir.FloatingValue, group: list[str]) -> ir.IntegerValue:
    """Return 1 + the number of units of the group with a larger share.

    Shares that agree to twelve decimals are equal: thirds that were added in another way differ in the last digits.
    """
    return ibis.rank().over(group_by=group, order_by=share.round(12).desc()) + 1


def totals(works: ir.Table) -> ir.Table:
    """Return, per technology and window, the works that count and their total score.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, works, score. Under fractional ties the score is top x works.
    """
    return works.group_by("technology", "window").agg(works=works.count(), score=exact_sum(works.score))


def shares(works: ir.Table, credit: ir.Table) -> ir.Table:
    """Return each unit's share of the highly cited works.

    Parameters
    ----------
    works
        technology, window, work_id, citations, score: from :func:`primacy.measures.impact.scored`.
    credit
        work_id, unit, credit: from :mod:`primacy.measures.credit`.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, unit; papers (sum of credit over all works of the set); high_impact (sum of
        credit x score); share (high_impact over the sum of the scores of all works that count, between 0 and 1;
        null where that sum is 0); rank (1 + number of units with a larger share); h_index; top_papers (number of
        the unit's works that score).
    """
    rows = units_of_works(works, credit)
    group = ["technology", "window", "unit"]
    sums = rows.group_by(*group).agg(
        papers=exact_sum(rows.credit),
        high_impact=exact_sum(rows.credit * rows.score),
        top_papers=(rows.score > 0).sum().cast("int64"),
    )
    whole = totals(works)
    joined = sums.join(whole, ["technology", "window"])
    joined = joined.mutate(share=ibis.cases((joined.score > 0, joined.high_impact / joined.score)))
    ranked = joined.mutate(rank=rank_of(joined.share, ["technology", "window"]))
    return ranked.join(h_index(rows), group).select(
        *group, "papers", "high_impact", "share", "rank", "h_index", "top_papers"
    )
