"""The Relative Adoption Metric: whether a model is on its way to the ten most downloaded of its size.

RAM(m, t) = all-time downloads of m, t days after its release, over the median of the ten most downloaded models of
its size class at the same age. Above 1: on pace. Source: the ATOM project; it keeps a fixed cohort of ten and a
private daily history, here the ten are those that the snapshots know at that age.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["AGES", "COHORT", "relative_adoption"]

AGES = (7, 14, 30, 60, 90, 180, 365)
"""Days after release."""

COHORT = 10


def relative_adoption(counters: ir.Table, classes: ir.Table) -> ir.Table:
    """Return the metric for each model and age at which its class has ten models.

    Parameters
    ----------
    counters
        model_id, age, value: all-time downloads at that age, from
        :func:`primacy.measures.flow.counter_at_age`.
    classes
        model_id, size_class: models without one are left out.

    Returns
    -------
    ibis.expr.types.Table
        model_id, size_class, age, downloads, cohort_median, ram.
    """
    known = classes.filter(classes.size_class.notnull())
    joined = counters.inner_join(known, "model_id").select("model_id", "size_class", "age", "value")
    group = ["size_class", "age"]
    placed = joined.mutate(
        _place=ibis.row_number().over(group_by=group, order_by=[ibis.desc("value"), "model_id"])
    )
    ten = placed.filter(placed["_place"] < COHORT)
    medians = ten.group_by(*group).agg(cohort_median=ten.value.median(), _n=ten.count())
    whole = medians.filter((medians["_n"] == COHORT) & (medians.cohort_median > 0)).drop("_n")
    table = joined.inner_join(whole, group)
    return table.select(
        "model_id",
        "size_class",
        "age",
        downloads=table.value,
        cohort_median=table.cohort_median,
        ram=table.value / table.cohort_median,
    )
