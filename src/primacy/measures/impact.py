"""High impact: which part of each work belongs to the most cited works of its cell.

In a cell of n works with top share t, p(c) is the share of works with exactly c citations and F(c) the share with at
most c. The threshold is c* = min{c : F(c) >= 1 - t}; a work above it scores 1, one below it 0, and those at it
w* = (F(c*) - (1 - t)) / p(c*), so that every cell totals exactly t·n, also when all works are tied. This is the rule
of the CWTS Leiden Ranking (Waltman & Schreiber 2013, doi:10.1002/asi.22775).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_literal
from primacy.measures.method import Method

__all__ = ["scored"]


def scored(works: ir.Table, method: Method) -> ir.Table:
    """Add each work's score in its cell.

    Parameters
    ----------
    works
        technology, window, year, work_id, citations: the works that compete, from
        :func:`primacy.measures.works.members`, after works without a unit dropped out where the method says so.
    method
        Its ``top``, ``ties`` and ``scope`` decide.

    Returns
    -------
    ibis.expr.types.Table
        The rows with ``score``, between 0 and 1.
    """
    cell = ["technology", "window", "year"] if method.scope == "year" else ["technology", "window"]
    histogram = works.group_by(*cell, "citations").agg(tied=works.count())
    ordered = ibis.window(group_by=cell, order_by="citations", preceding=None, following=0)
    histogram = histogram.mutate(
        n=histogram.tied.sum().over(group_by=cell).cast("int64"),
        at_most=histogram.tied.sum().over(ordered).cast("int64"),
    )
    # In whole numbers, since a rounding error at the threshold would move it: t = percent/100.
    percent = round(100 * method.top)
    over = 100 * histogram.at_most - (100 - percent) * histogram.n
    below = over - 100 * histogram.tied
    zero, one = exact_literal(0), exact_literal(1)
    at_threshold = {
        "fractional": over / (exact_literal(100) * histogram.tied),
        "include": one,
        "exclude": zero,
    }[method.ties]
    score = ibis.cases((over < 0, zero), (below < 0, at_threshold), else_=one)
    histogram = histogram.select(*cell, "citations", score=score)
    return works.join(histogram, [*cell, "citations"])
