"""Who gets how much of a work: fractional, full, first-author and corresponding-author counting.

The lake's ``authorships`` hold each author's 1/N already divided over slots (institutions or countries), with one
row for what resolved to nothing, so that the rows of a work sum to 1. Every method of counting is a filter and a
scaling of those rows. Sources: Waltman & van Eck (2015) on fractional counting; the CWTS Leiden Ranking Open
Edition for the split by affiliation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_literal, exact_sum
from primacy.measures.method import Method

__all__ = [
    "bloc_credit",
    "country_credit",
    "country_parts",
    "institution_credit",
    "merge_territories",
    "roots",
]

MERGED = {"HK": "CN", "MO": "CN"}


def merge_territories(country: ir.StringValue, method: Method) -> ir.StringValue:
    """Return country codes with Hong Kong and Macao as China, where the method merges them."""
    return country.substitute(MERGED, else_=country) if method.territories == "merge" else country


def country_credit(authorships: ir.Table, method: Method) -> ir.Table:
    """Credit by country.

    Parameters
    ----------
    authorships
        The lake's ``authorships``, of the works that matter.
    method
        Its ``counting``, ``split``, ``missing`` and ``territories`` decide.

    Returns
    -------
    ibis.expr.types.Table
        work_id, unit (ISO 3166-1 alpha-2), credit. A work with no unit has no row.
    """
    slots = _slots(authorships, method)
    return _by_unit(slots.mutate(unit=merge_territories(slots.country, method)), method)


def institution_credit(authorships: ir.Table, method: Method, institutions: ir.Table) -> ir.Table:
    """Credit by institution.

    Parameters
    ----------
    authorships
        The lake's ``authorships``, of the works that matter.
    method
        Its ``counting``, ``split``, ``missing`` and ``rollup`` decide.
    institutions
        The lake's ``institutions``; their lineage leads to the ancestors when rolling up.

    Returns
    -------
    ibis.expr.types.Table
        work_id, unit (the institution's number), credit.
    """
    slots = _slots(authorships, method).mutate(unit=ibis._.institution_id)
    if method.rollup:
        up = roots(institutions)
        joined = slots.left_join(up, "institution_id")
        slots = joined.select(
            "work_id",
            unit=ibis.coalesce(joined.root, joined.institution_id),
            part=joined.part * ibis.coalesce(joined.root_part, exact_literal(1)),
        )
    return _by_unit(slots, method)


def bloc_credit(countries: ir.Table, blocs: Mapping[str, Iterable[str]], method: Method) -> ir.Table:
    """Credit by bloc: the sum over its members, or 1 where any member is present under full counting.

    Parameters
    ----------
    countries
        Credit by country, from :func:`country_credit`.
    blocs
        Members by bloc. Blocs may share members.
    method
        Its ``counting`` decides.

    Returns
    -------
    ibis.expr.types.Table
        work_id, unit (the bloc), credit.
    """
    pairs = sorted((bloc, country) for bloc, members in blocs.items() for country in members)
    table = ibis.memtable(
        {"bloc": [b for b, _ in pairs], "member": [c for _, c in pairs]},
        schema={"bloc": "string", "member": "string"},
    )
    joined = countries.join(table, countries.unit == table.member)
    if method.counting == "full":
        return joined.select("work_id", unit=joined.bloc).distinct().mutate(credit=exact_literal(1))
    return joined.group_by(work_id=joined.work_id, unit=joined.bloc).agg(credit=exact_sum(joined.credit))


def country_parts(authorships: ir.Table) -> ir.Table:
    """Return the parts of every work by country, under both splits and for all, first and corresponding authors.

    The material of the multiverse, whose ways of counting are scalings of these sums.

    Returns
    -------
    ibis.expr.types.Table
        work_id, country (null for what is lost), and six sums of 1/N: institution_all, institution_first,
        institution_corresponding, affiliation_all, affiliation_first, affiliation_corresponding.
    """
    first = (authorships.author_position == "first").fill_null(False)
    groups = {"all": ibis.literal(True), "first": first, "corresponding": authorships.is_corresponding}
    weights = {"institution": authorships.weight, "affiliation": authorships.weight_affiliation}
    sums = {
        f"{split}_{group}": exact_sum(ibis.cases((chosen, weight), else_=exact_literal(0)))
        for split, weight in weights.items()
        for group, chosen in groups.items()
    }
    return authorships.group_by("work_id", "country").agg(**sums)


def roots(institutions: ir.Table) -> ir.Table:
    """Return the topmost ancestors of every institution that has any.

    A topmost ancestor is one in whose own lineage stands nobody else. An institution with several passes an equal
    part to each.

    Returns
    -------
    ibis.expr.types.Table
        institution_id, root, root_part (the parts of an institution sum to 1).
    """
    pairs = institutions.select("institution_id", ancestor=institutions.lineage.unnest())
    above = pairs.filter(pairs.ancestor != pairs.institution_id).distinct()
    inner = above.select(ancestor=above.institution_id).distinct()
    tops = above.anti_join(inner, "ancestor").select("institution_id", "ancestor")
    return tops.select(
        "institution_id",
        root=tops.ancestor,
        root_part=exact_literal(1) / tops.count().over(group_by=tops.institution_id).cast("float64"),
    )


def _slots(authorships: ir.Table, method: Method) -> ir.Table:
    """Return work_id, institution_id, country, part: the parts of a work sum to 1, the lost ones included."""
    weight = authorships.weight if method.split == "institution" else authorships.weight_affiliation
    slots = authorships.mutate(part=weight).filter(ibis._.part > 0)
    if method.counting == "first":
        slots = slots.filter(slots.author_position == "first")
    elif method.counting == "corresponding":
        slots = slots.filter(slots.is_corresponding)
    if method.counting in ("first", "corresponding"):
        whole = slots.group_by("work_id").agg(whole=exact_sum(slots.part))
        slots = slots.join(whole, "work_id").mutate(part=ibis._.part / ibis._.whole)
    return slots.select("work_id", "institution_id", "country", "part")


def _by_unit(slots: ir.Table, method: Method) -> ir.Table:
    resolved = slots.filter(slots.unit.notnull())
    if method.counting == "full":
        return resolved.select("work_id", "unit").distinct().mutate(credit=exact_literal(1))
    credit = resolved.group_by("work_id", "unit").agg(credit=exact_sum(resolved.part))
    if method.missing == "renormalise":
        whole = credit.group_by("work_id").agg(whole=exact_sum(credit.credit))
        credit = credit.join(whole, "work_id").select("work_id", "unit", credit=ibis._.credit / ibis._.whole)
    return credit
