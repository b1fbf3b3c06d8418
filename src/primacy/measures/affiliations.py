"""Careers as works tell them: where authors were, year by year, by the countries that their works state.

Weaker evidence than what people state of themselves: a first affiliation in the lake is not where somebody studied,
and a profile may be two persons.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.credit import merge_territories
from primacy.measures.exact import exact_literal, exact_sum
from primacy.measures.method import Method

__all__ = ["CONTINENTS", "affiliation_stages", "impossible", "main_countries", "moves", "presence"]

CONTINENTS = 3
"""On so many continents in one year nobody can have been at work."""


def presence(authorships: ir.Table, works: ir.Table, profiles: ir.Table, method: Method) -> ir.Table:
    """Return in which countries authors were in which year.

    Parameters
    ----------
    authorships
        The lake's ``authorships``.
    works
        The works that tell: work_id, year.
    profiles
        author_id, person.
    method
        Its ``territories`` decides whether Hong Kong and Macao count as China.

    Returns
    -------
    ibis.expr.types.Table
        person, year, unit, works: each work counts 1, divided equally over the author's countries on it.
    """
    known = authorships.filter(authorships.country.notnull())
    named = known.join(profiles.select("author_id", "person"), "author_id")
    dated = named.join(works.select("work_id", "year"), "work_id")
    places = dated.select(
        "person", "year", "work_id", unit=merge_territories(dated.country, method)
    ).distinct()
    size = places.count().over(group_by=["person", "work_id"]).cast("float64")
    places = places.mutate(part=exact_literal(1) / size)
    return places.group_by("person", "year", "unit").agg(works=exact_sum(places.part))


def main_countries(present: ir.Table) -> ir.Table:
    """Return the country of most works of each person and year, or the equally frequent ones: person, year, unit."""
    share = present.mutate(rounded=present.works.round(9))
    best = share.mutate(best=share.rounded.max().over(group_by=["person", "year"]))
    return best.filter(best.rounded == best.best).select("person", "year", "unit")


def affiliation_stages(mains: ir.Table, windows: ir.Table) -> ir.Table:
    """Return the first affiliation of each person, and the last one up to the end of each window.

    Parameters
    ----------
    mains
        From :func:`main_countries`.
    windows
        window, first, last.

    Returns
    -------
    ibis.expr.types.Table
        person, window, stage (``first`` or ``employment``), unit, part; the parts of a person at a stage sum to 1.
    """
    rows = mains.join(windows.select("window", "last"), mains.year <= windows["last"])
    group = ["person", "window"]
    rows = rows.mutate(
        earliest=rows.year.min().over(group_by=group), latest=rows.year.max().over(group_by=group)
    )
    ends = [("first", rows.earliest), ("employment", rows.latest)]
    first, last = (
        rows.filter(rows.year == year).select(*group, stage=ibis.literal(stage), unit="unit")
        for stage, year in ends
    )
    every = ibis.union(first, last)
    size = every.count().over(group_by=["person", "window", "stage"]).cast("float64")
    return every.mutate(part=exact_literal(1) / size)


def moves(mains: ir.Table) -> ir.Table:
    """Return how often people moved.

    A move lies between a year and the next year that is known when they share no main country.

    Returns
    -------
    ibis.expr.types.Table
        person, moves: of everybody in ``mains``.
    """
    years = mains.select("person", "year").distinct()
    before = years.year.lag().over(group_by="person", order_by="year")
    steps = years.mutate(before=before)
    steps = steps.filter(steps.before.notnull())
    now = steps.join(mains, ["person", "year"]).select("person", "year", "before", "unit")
    earlier = mains.select("person", "unit", before="year")
    stayed = now.join(earlier, ["person", "before", "unit"]).select("person", "year").distinct()
    moved = steps.anti_join(stayed, ["person", "year"])
    counts = moved.group_by("person").agg(moves=moved.count())
    everybody = mains.select("person").distinct()
    joined = everybody.left_join(counts, "person")
    return joined.select("person", moves=joined.moves.fill_null(0))


def impossible(present: ir.Table, continents: ir.Table, *, least: int = CONTINENTS) -> ir.Table:
    """Return the persons whose works place them on too many continents in one year.

    Parameters
    ----------
    present
        From :func:`presence`.
    continents
        unit, continent.
    least
        On how many.

    Returns
    -------
    ibis.expr.types.Table
        person.
    """
    placed = present.join(continents, "unit")
    years = placed.group_by("person", "year").agg(continents=placed.continent.nunique())
    return years.filter(years.continents >= least).select("person").distinct()
