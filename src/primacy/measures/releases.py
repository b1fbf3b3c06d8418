"""Releases compared: how many works a lake has, how well they are described, and what moved since another version."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["described", "moved"]


def described(works: ir.Table, authorships: ir.Table, texts: ir.Table) -> ir.Table:
    """Return how many works there are of each year, and how many have a country and an abstract.

    Parameters
    ----------
    works, authorships, texts
        The lake's tables.

    Returns
    -------
    ibis.expr.types.Table
        year (null where the works have none), rows, with_country (works of which an author has a country),
        with_abstract.
    """
    placed = authorships.filter(authorships.country.notnull()).select("work_id").distinct()
    placed = placed.mutate(placed=ibis.literal(1))
    told = texts.filter(texts.abstract.notnull()).select("work_id").distinct().mutate(told=ibis.literal(1))
    rows = works.select("work_id", "year").left_join(placed, "work_id").select("work_id", "year", "placed")
    rows = rows.left_join(told, "work_id").select("work_id", "year", "placed", "told")
    return rows.group_by("year").agg(
        rows=rows.count(),
        with_country=rows.placed.sum().fill_null(0).cast("int64"),
        with_abstract=rows.told.sum().fill_null(0).cast("int64"),
    )


def moved(before: tuple[ir.Table, ir.Table], after: tuple[ir.Table, ir.Table]) -> ir.Table:
    """Return what became of the works of each year.

    Parameters
    ----------
    before, after
        ``works`` and ``authorships`` of the two versions.

    Returns
    -------
    ibis.expr.types.Table
        year (of the later version, of the earlier one where the work left), added, removed, updated (of another
        ``updated_date``), redealt (works of both versions whose authors have other institutions).
    """
    columns = ["work_id", "year", "updated_date"]
    works = before[0].select(columns).rename({f"old_{c}": c for c in columns})
    joined = works.outer_join(after[0].select(columns), works.old_work_id == after[0].work_id)
    ids = _redealt(before[1], after[1]).mutate(other=ibis.literal(1)).rename(redealt_id="work_id")
    rows = joined.left_join(ids, joined.work_id == ids.redealt_id)
    both = rows.work_id.notnull() & rows.old_work_id.notnull()
    rows = rows.mutate(
        at=ibis.ifelse(rows.work_id.notnull(), rows.year, rows.old_year),
        is_added=rows.old_work_id.isnull(),
        is_removed=rows.work_id.isnull(),
        is_updated=both & (rows.updated_date != rows.old_updated_date),
        is_redealt=both & rows.other.notnull(),
    )
    names = ("added", "removed", "updated", "redealt")
    sums = {name: rows[f"is_{name}"].cast("int64").sum().fill_null(0).cast("int64") for name in names}
    return rows.group_by(year=rows["at"]).agg(**sums)


def _redealt(before: ir.Table, after: ir.Table) -> ir.Table:
    """Return the works of which an author has an institution in one version that he has not in the other."""

    def slots(table: ir.Table) -> ir.Table:
        return table.select(
            "work_id", "author_seq", institution=table.institution_id.fill_null(-1)
        ).distinct()

    keys = ["work_id", "author_seq", "institution"]
    one, other = slots(before), slots(after)
    gone = one.anti_join(other, keys).select("work_id")
    come = other.anti_join(one, keys).select("work_id")
    return gone.union(come).distinct()
