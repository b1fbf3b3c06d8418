"""Who gets the credit of a basket's articles: institutions, countries, blocs, sectors, subjects.

Each function returns *credit* as :mod:`primacy.measures.basket` describes it: work_id, unit, credit, with what
resolves to no unit under ``unassigned``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from primacy.measures.basket import UNASSIGNED
from primacy.measures.credit import MERGED
from primacy.measures.exact import exact_sum
from primacy.measures.method import Split

__all__ = [
    "Division",
    "bloc_units",
    "country_units",
    "institution_units",
    "parts",
    "sector_units",
    "subject_units",
]

Division: TypeAlias = Literal["before", "after"]
"""Whether an author's part is divided among the institutions named (``before`` credit goes up to their units: two
institutes of one academy are two slots, a joint laboratory is one), or among the distinct units (``after``)."""


def parts(articles: ir.Table, authorships: ir.Table, *, split: Split) -> ir.Table:
    """Return the parts of every article, before they are anybody's.

    Parameters
    ----------
    articles
        work_id, year.
    authorships
        The lake's ``authorships``.
    split
        ``institution``: an author's part is divided over the distinct institutions; ``affiliation``: over the raw
        affiliations, then over the institutions of each.

    Returns
    -------
    ibis.expr.types.Table
        work_id, year, author_seq, institution_id, country, part. The parts of an article sum to 1: an article without
        authors is one part without institution and country.
    """
    weight = authorships.weight if split == "institution" else authorships.weight_affiliation
    held = authorships.mutate(part=weight).filter(ibis._.part > 0)
    columns = ("work_id", "year", "author_seq", "institution_id", "country", "part")
    with_authors = held.join(articles.select("work_id", "year"), "work_id").select(*columns)
    alone = articles.anti_join(held, "work_id").select(
        "work_id",
        "year",
        author_seq=ibis.null("int32"),
        institution_id=ibis.null("int64"),
        country=ibis.null("string"),
        part=ibis.literal(1.0),
    )
    return with_authors.union(alone)


def country_units(parts: ir.Table) -> ir.Table:
    """Credit by country (ISO 3166-1 alpha-2), Hong Kong and Macao as China: where the laboratory stands."""
    return _summed(parts.mutate(unit=parts.country.substitute(MERGED, else_=parts.country)))


def bloc_units(countries: ir.Table, blocs: Mapping[str, Iterable[str]]) -> ir.Table:
    """Credit by bloc, the sum over its members.

    Blocs may share members, so their credits do not sum to 1; ``unassigned`` is what resolves to no country.

    Parameters
    ----------
    countries
        From :func:`country_units`.
    blocs
        Members by bloc.
    """
    pairs = sorted({(bloc, country) for bloc, members in blocs.items() for country in members})
    table = ibis.memtable(
        {"bloc": [b for b, _ in pairs], "member": [c for _, c in pairs]},
        schema={"bloc": "string", "member": "string"},
    )
    inside = countries.join(table, countries.unit == table.member)
    inside = inside.select("work_id", unit=inside.bloc, credit=inside.credit)
    return _summed(inside.union(countries.filter(countries.unit == UNASSIGNED)).rename(part="credit"))


def institution_units(parts: ir.Table, up: ir.Table, *, division: Division = "before") -> ir.Table:
    """Credit by institution (``I123``).

    Parameters
    ----------
    parts
        From :func:`parts`.
    up
        institution_id, first, last (years), unit, unit_part: to whom an institution's credit goes in the years from
        first to last, where not to itself; see :func:`primacy.measures.rollup.attribution`.
    division
        Before or after credit has gone up. ``after`` is meant for the split by institution.
    """
    slots = _attributed(parts, up)
    if division == "after":
        author = ["work_id", "author_seq"]
        resolved = slots.filter(slots.number.notnull())
        whole = resolved.group_by(*author).agg(whole=exact_sum(resolved.part))
        distinct = resolved.select(*author, "number").distinct()
        distinct = distinct.mutate(units=distinct.count().over(group_by=author))
        shared = distinct.join(whole, author).select(
            "work_id", "number", part=ibis._.whole / ibis._.units.cast("float64")
        )
        rest = slots.filter(slots.number.isnull()).select("work_id", "number", "part")
        slots = shared.union(rest)
    return _summed(slots.mutate(unit=ibis.literal("I").concat(slots.number.cast("string"))))


def sector_units(
    parts: ir.Table, up: ir.Table, institutions: ir.Table, sectors: Mapping[str, str]
) -> ir.Table:
    """Credit by sector: the type of the institution that gets it.

    Parameters
    ----------
    institutions
        The lake's ``institutions``.
    sectors
        Sectors by type of institution; a type without a sector is unassigned.
    """
    slots = _attributed(parts, up)
    kinds = institutions.select(known=institutions.institution_id, type=institutions.type)
    typed = slots.left_join(kinds, ibis._.number == kinds.known).select("work_id", "part", "type")
    return _summed(typed.mutate(unit=typed.type.substitute(dict(sectors), else_=ibis.null("string"))))


def subject_units(articles: ir.Table, subjects: ir.Table) -> ir.Table:
    """Credit by subject: an article in two subjects is half of each's."""
    each = subjects.mutate(part=1.0 / subjects.count().over(group_by=subjects.work_id).cast("float64"))
    none = articles.anti_join(subjects, "work_id").select(
        "work_id", subject=ibis.null("string"), part=ibis.literal(1.0)
    )
    every = each.select("work_id", "subject", "part").union(none)
    return _summed(every.rename(unit="subject"))


def _attributed(parts: ir.Table, up: ir.Table) -> ir.Table:
    """Return work_id, author_seq, number (of the institution that gets it, null for none), part."""
    goes = [parts.institution_id == up.institution_id, parts.year >= up.first, parts.year <= up.last]
    moved = parts.left_join(up, goes).select(
        "work_id", "author_seq", parts.institution_id, "part", "unit", "unit_part"
    )
    return moved.mutate(
        number=ibis.coalesce(moved.unit, moved.institution_id),
        part=moved.part * ibis.coalesce(moved.unit_part, 1.0),
    ).select("work_id", "author_seq", "number", "part")


def _summed(slots: ir.Table) -> ir.Table:
    """Return credit from work_id, unit (null for none) and part."""
    named = slots.mutate(unit=ibis.coalesce(slots.unit, UNASSIGNED))
    return named.group_by("work_id", "unit").agg(credit=exact_sum(named.part))
