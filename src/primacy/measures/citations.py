"""By how many citations a work competes: all of them, or those from abroad."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.credit import merge_territories
from primacy.measures.method import Method

__all__ = ["foreign_citations", "lake_citations", "stated_citations"]


def stated_citations(works: ir.Table) -> ir.Table:
    """Return work_id, citations: as each record states them."""
    return works.select("work_id", citations=works.cited_by_count)


def foreign_citations(
    works: ir.Table, references: ir.Table, authorships: ir.Table, citing: ir.Table, method: Method
) -> ir.Table:
    """Return citations from works that share no country with the cited work.

    Only citations that the lake holds can be looked at, so the counts are of works in the lake, not those that the
    records state. A work without any country shares none.

    Parameters
    ----------
    works
        The cited works: work_id.
    references
        The lake's ``references``.
    authorships
        The lake's ``authorships``.
    citing
        The works that the study counts, of any type: work_id.
    method
        Its ``split`` and ``territories`` decide which countries a work has.

    Returns
    -------
    ibis.expr.types.Table
        work_id, citations; every cited work has a row.
    """
    weight = authorships.weight if method.split == "institution" else authorships.weight_affiliation
    pairs = _pairs(works, references, citing)
    countries = (
        authorships.filter(weight > 0, authorships.country.notnull())
        .mutate(country=merge_territories(authorships.country, method))
        .select("work_id", "country")
        .distinct()
    )
    citing_countries = countries.select(citing_id=countries.work_id, country=countries.country)
    domestic = (
        pairs.join(countries, "work_id")
        .join(citing_countries, ["citing_id", "country"])
        .select("citing_id", "work_id")
        .distinct()
    )
    foreign = pairs.anti_join(domestic, ["citing_id", "work_id"])
    return _counted(works, foreign)


def lake_citations(works: ir.Table, references: ir.Table, citing: ir.Table) -> ir.Table:
    """Return citations from all works of the lake that the study counts: what foreign citations are compared with.

    Returns
    -------
    ibis.expr.types.Table
        work_id, citations; every cited work has a row.
    """
    return _counted(works, _pairs(works, references, citing))


def _pairs(works: ir.Table, references: ir.Table, citing: ir.Table) -> ir.Table:
    """Return citing_id, work_id: each citation once."""
    return (
        references.semi_join(citing, "work_id")
        .filter(ibis._.cited_id.notnull())
        .select(citing_id=ibis._.work_id, work_id=ibis._.cited_id)
        .distinct()
        .semi_join(works, "work_id")
        .select("citing_id", "work_id")
    )


def _counted(works: ir.Table, pairs: ir.Table) -> ir.Table:
    counts = pairs.group_by("work_id").agg(found=pairs.count())
    joined = works.select("work_id").left_join(counts, "work_id")
    return joined.select("work_id", citations=ibis.coalesce(joined.found, 0).cast("int64"))
