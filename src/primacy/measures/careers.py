"""Careers as people state them in ORCID: the country of each stage.

Three stages: undergraduate studies, postgraduate studies, employment. At each, a person counts once; where several
entries are equally good the person is divided equally over their countries.

undergraduate
    the earliest of the person's undergraduate studies, by the year in which it ended (or, failing that, began);
postgraduate
    the latest of the postgraduate studies;
employment
    the employments that last in a reference year; failing that those without dates; failing that the one that ended
    last before it. What began later does not count.

An entry without dates counts only where no entry with dates does; one without a country never does.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.credit import merge_territories
from primacy.measures.exact import exact_literal
from primacy.measures.method import Method

__all__ = ["DEGREES", "career_stages"]

DEGREES = ("undergraduate", "postgraduate")

_UNDATED = 9999


def career_stages(
    persons: ir.Table, educations: ir.Table, employments: ir.Table, windows: ir.Table, method: Method
) -> ir.Table:
    """Return where people were at each stage.

    Parameters
    ----------
    persons, educations, employments
        The lake's tables. Entries of persons whose record is not active do not count.
    windows
        window, first, last: employment is that of a window's last year.
    method
        Its ``territories`` decides whether Hong Kong and Macao count as China.

    Returns
    -------
    ibis.expr.types.Table
        orcid, window, stage, unit, part; the parts of a person at a stage sum to 1.
    """
    inactive = persons.filter(persons.status != "active")
    studied = _degrees(educations.anti_join(inactive, "orcid"), method)
    employed = _employments(employments.anti_join(inactive, "orcid"), windows, method)
    columns = ["orcid", "window", "stage", "unit"]
    every = ibis.union(
        studied.cross_join(windows.select("window")).select(columns), employed.select(columns), distinct=True
    )
    size = every.count().over(group_by=["orcid", "window", "stage"]).cast("float64")
    return every.mutate(part=exact_literal(1) / size)


def _degrees(educations: ir.Table, method: Method) -> ir.Table:
    """Return orcid, stage, unit of the studies that count."""
    known = educations.filter(educations.stage.isin(DEGREES), educations.country.notnull())
    year = known.end_year.coalesce(known.start_year)
    late = ibis.ifelse(known.stage == "undergraduate", year, -year)
    known = known.select(
        "orcid",
        "stage",
        unit=merge_territories(known.country, method),
        key=late.fill_null(_UNDATED).cast("int64"),
    )
    return _first(known, ["orcid", "stage"])


def _employments(employments: ir.Table, windows: ir.Table, method: Method) -> ir.Table:
    """Return orcid, window, stage, unit of the employments that count."""
    rows = employments.filter(employments.country.notnull()).cross_join(windows.select("window", "last"))
    begun = rows.start_year.isnull() | (rows.start_year <= rows["last"])
    lasting = rows.end_year.isnull() | (rows.end_year >= rows["last"])
    undated = rows.start_year.isnull() & rows.end_year.isnull()
    key = ibis.cases(
        (~begun, ibis.null("int64")),
        (undated, 1),
        (lasting, 0),
        else_=_UNDATED - rows.end_year.cast("int64"),
    )
    known = rows.select(
        "orcid",
        "window",
        stage=ibis.literal("employment"),
        unit=merge_territories(rows.country, method),
        key=key.cast("int64"),
    )
    return _first(known.filter(known.key.notnull()), ["orcid", "window", "stage"])


def _first(rows: ir.Table, group: list[str]) -> ir.Table:
    """Return the rows of each group with the smallest key."""
    best = rows.mutate(best=rows.key.min().over(group_by=group))
    return best.filter(best.key == best.best).drop("key", "best")
