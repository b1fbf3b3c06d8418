"""All technologies together: who writes the highly cited works of the whole portfolio."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_sum
from primacy.measures.share import rank_of, totals

__all__ = ["pooled"]


def pooled(works: ir.Table, shares: ir.Table) -> ir.Table:
    """Return each unit's share of the highly cited works of all technologies.

    A work that belongs to several technologies counts in each.

    Parameters
    ----------
    works
        technology, window, score: from :func:`primacy.measures.impact.scored`.
    shares
        From :func:`primacy.measures.share.shares`.

    Returns
    -------
    ibis.expr.types.Table
        window, unit, papers, high_impact, share, rank, technologies_led (in how many its share is the largest).
    """
    per_technology = totals(works)
    whole = per_technology.group_by("window").agg(score=exact_sum(per_technology.score, large=True))
    sums = shares.group_by("window", "unit").agg(
        papers=exact_sum(shares.papers, large=True),
        high_impact=exact_sum(shares.high_impact, large=True),
        technologies_led=((shares["rank"] == 1) & (shares.share > 0)).sum().cast("int64"),
    )
    joined = sums.join(whole, "window")
    joined = joined.mutate(share=ibis.cases((joined.score > 0, joined.high_impact / joined.score)))
    return joined.select(
        "window",
        "unit",
        "papers",
        "high_impact",
        "share",
        "technologies_led",
        rank=rank_of(joined.share, ["window"]),
    )
