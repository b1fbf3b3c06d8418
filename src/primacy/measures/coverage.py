"""What is missing: works without a country, and credit that resolves to nobody."""

from __future__ import annotations

import ibis.expr.types as ir

from primacy.measures.exact import exact_sum
from primacy.measures.method import Method

__all__ = ["coverage"]


def coverage(works: ir.Table, authorships: ir.Table, method: Method) -> ir.Table:
    """Return how much of each technology and year can be attributed to a country.

    Parameters
    ----------
    works
        technology, year, work_id: the works that count, before any drops out.
    authorships
        The lake's ``authorships``.
    method
        Its ``split`` decides which weight is looked at.

    Returns
    -------
    ibis.expr.types.Table
        technology, year, works, works_without_country, coverage (share of works with a country), lost (share of
        the works' credit that resolves to no country: authors without one, and works without authors),
        works_without_first_author, works_without_corresponding_author (works of whose authors none is marked so:
        counting by these authors has nobody to credit).
    """
    weight = authorships.weight if method.split == "institution" else authorships.weight_affiliation
    rows = authorships.filter(authorships.country.notnull(), weight > 0)
    placed = rows.group_by("work_id").agg(resolved=exact_sum(weight))
    marked = authorships.group_by("work_id").agg(
        first=(authorships.author_position == "first").fill_null(False).cast("int64").max(),
        corresponding=authorships.is_corresponding.cast("int64").max(),
    )
    joined = works.left_join(placed, "work_id").select("technology", "year", "work_id", "resolved")
    joined = joined.left_join(marked, "work_id").select(*joined.columns, "first", "corresponding")
    joined = joined.mutate(
        resolved=joined.resolved.fill_null(0.0),
        has=joined.resolved.notnull().cast("int64"),
        first=joined["first"].fill_null(0),
        corresponding=joined.corresponding.fill_null(0),
    )
    table = joined.group_by("technology", "year").agg(
        works=joined.count(),
        with_country=joined.has.sum(),
        resolved=exact_sum(joined.resolved),
        with_first=joined["first"].sum(),
        with_corresponding=joined.corresponding.sum(),
    )
    return table.select(
        "technology",
        "year",
        "works",
        works_without_country=table.works - table.with_country,
        coverage=table.with_country / table.works.cast("float64"),
        lost=1.0 - table.resolved / table.works.cast("float64"),
        works_without_first_author=table.works - table.with_first,
        works_without_corresponding_author=table.works - table.with_corresponding,
    )
