"""Which works count, and in which technology and window they compete."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from primacy.measures.method import Method, Window

__all__ = ["counted", "members", "window_table"]


def counted(works: ir.Table, method: Method, *, any_type: bool = False) -> ir.Table:
    """Return the works that the study counts.

    Retracted works and paratext never count; works of the expansion set and of other types only where the method
    says so.

    Parameters
    ----------
    works
        The lake's ``works``.
    method
        Its ``types`` and ``include_xpac`` decide.
    any_type
        Keep works of any type, as for citing works.
    """
    keep = works.filter(~works.is_retracted, ~works.is_paratext, works.year.notnull())
    if not method.include_xpac:
        keep = keep.filter(~keep.is_xpac)
    if not any_type:
        keep = keep.filter(keep.type.isin(method.types))
    return keep


def window_table(windows: Iterable[Window]) -> ir.Table:
    """Return windows as a table: window (``2019-2023``), first, last."""
    rows = sorted(set(windows))
    return ibis.memtable(
        {
            "window": [str(w) for w in rows],
            "first": [w.first for w in rows],
            "last": [w.last for w in rows],
        },
        schema={"window": "string", "first": "int32", "last": "int32"},
    )


def members(memberships: ir.Table, works: ir.Table, windows: ir.Table, citations: ir.Table) -> ir.Table:
    """Return the works of each technology in each window, with the citations by which they compete.

    Parameters
    ----------
    memberships
        technology, work_id; one row per pair.
    works
        The works that count: work_id, year.
    windows
        window, first, last; windows may overlap, a work stands once in each that holds its year.
    citations
        work_id, citations.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, year, work_id, citations.
    """
    dated = memberships.select("technology", "work_id").join(works.select("work_id", "year"), "work_id")
    placed = dated.join(windows, [dated.year >= windows.first, dated.year <= windows.last])
    return placed.join(citations, "work_id").select("technology", "window", "year", "work_id", "citations")
