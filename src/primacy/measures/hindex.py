"""The H-index (Hirsch 2005): the largest h such that h works have at least h citations each."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["h_index"]


def h_index(works: ir.Table) -> ir.Table:
    """Return the H-index of every unit.

    Parameters
    ----------
    works
        technology, window, unit, work_id, citations: one row per work on which the unit is present, whatever its
        part in it.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, unit, h_index.
    """
    group = ["technology", "window", "unit"]
    place = ibis.row_number().over(group_by=group, order_by=[ibis.desc("citations"), "work_id"]) + 1
    placed = works.mutate(place=place)
    return placed.group_by(*group).agg(h_index=(placed.citations >= placed.place).sum().cast("int64"))
