"""Why a lead changed: how far each work moved the difference between two units' shares.

The share of a unit is a sum over works, so the difference between two units' shares is one too: of work w it has
s(w)·(c_new(w) - c_old(w)) / S, with score s, credit c and S the sum of scores of the set. What w did between two
versions is that term in the later one less that in the earlier one, 0 where the work is not in the set. Over all works
this is exactly the change of the difference.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_sum

__all__ = ["contributions"]


def contributions(
    changes: ir.Table, before: tuple[ir.Table, ir.Table], after: tuple[ir.Table, ir.Table]
) -> ir.Table:
    """Return what each work did to the lead of its technology and window.

    Parameters
    ----------
    changes
        technology, window, leader_before, leader_after; a leader is null where nobody led.
    before, after
        Scored works (technology, window, work_id, score) and credit (work_id, unit, credit) of the two versions.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, work_id, status (``entered``, ``left``, ``changed`` in score or credit, ``rescaled`` where
        only the sum of scores changed), score_before, score_after, credit_before, credit_after (credit of the new
        leader less that of the old one; null where the work is not in the set), contribution (to the change of the
        new leader's share less the old one's).
    """
    earlier, later = _terms(changes, *before), _terms(changes, *after)
    earlier = earlier.rename({f"{c}_before": c for c in ("score", "credit", "term")})
    later = later.rename({f"{c}_after": c for c in ("score", "credit", "term")})
    keys = ["technology", "window", "work_id"]
    rows = earlier.rename({f"old_{k}": k for k in keys}).outer_join(
        later, [ibis._[f"old_{k}"] == later[k] for k in keys]
    )
    rows = rows.mutate(
        **{k: ibis.coalesce(rows[k], rows[f"old_{k}"]) for k in keys},
        contribution=rows.term_after.fill_null(0.0) - rows.term_before.fill_null(0.0),
        status=ibis.cases(
            (rows.term_before.isnull(), "entered"),
            (rows.term_after.isnull(), "left"),
            (
                ((rows.score_before - rows.score_after).abs() > 1e-12)
                | ((rows.credit_before - rows.credit_after).abs() > 1e-12),
                "changed",
            ),
            else_="rescaled",
        ),
    )
    numbers = ["score_before", "score_after", "credit_before", "credit_after", "contribution"]
    return rows.select(*keys, "status", *numbers)


def _terms(changes: ir.Table, scored: ir.Table, credit: ir.Table) -> ir.Table:
    """Return technology, window, work_id, score, credit (new leader's less old one's) and term of each work."""
    keys = ["technology", "window"]
    rows = scored.select(*keys, "work_id", score=scored.score.cast("float64")).join(changes, keys)
    totals = rows.group_by(keys).agg(total=exact_sum(rows.score))
    rows = rows.join(totals, keys).select(*rows.columns, "total")
    for name in ("after", "before"):
        mine = credit.select(
            credited=credit.work_id, owner=credit.unit, **{f"of_{name}": credit.credit.cast("float64")}
        )
        joined = rows.left_join(mine, [rows.work_id == mine.credited, rows[f"leader_{name}"] == mine.owner])
        rows = joined.select(*rows.columns, f"of_{name}")
    rows = rows.mutate(credit=rows.of_after.fill_null(0.0) - rows.of_before.fill_null(0.0))
    term = ibis.ifelse(rows.total > 0, rows.score * rows.credit / rows.total, 0.0)
    return rows.select(*keys, "work_id", "score", "credit", term=term)
