"""How the study's rows look to users: ids with their letter, columns in the contract's order."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.method import UnitKind

SHARE_KEYS = [
    "technology",
    "unit_kind",
    "unit",
    "window",
    "papers",
    "high_impact",
    "share",
    "low",
    "high",
    "rank",
    "h_index",
    "name",
    "rank_low",
    "rank_high",
    "h_low",
    "h_high",
    "probability",
    "top_papers",
    "few",
    "beta_low",
    "beta_high",
    "country",
]
"""Columns of ``shares``: those of the contract, then what more is known."""

ORDER = ["technology", "window", "unit_kind", "rank", "unit"]


def named(shares: ir.Table, kind: UnitKind, institutions: ir.Table) -> ir.Table:
    """Turn units into what users see: unit_kind, unit (``CN``, ``I123``, ``EU27``), an institution's name, country."""
    if kind == "institution":
        names = institutions.select("institution_id", "name", "country")
        joined = shares.left_join(names, shares.unit == names.institution_id)
        table = joined.select(*shares.columns, "name", "country")
        table = table.mutate(unit=lettered("I", table.unit))
    else:
        table = shares.mutate(name=ibis.null("string"), country=ibis.null("string"))
    return table.mutate(unit_kind=ibis.literal(kind))


def lettered(letter: str, number: ir.IntegerValue) -> ir.StringValue:
    """Return an OpenAlex id as users see it: 123 of an institution as ``I123``."""
    return ibis.literal(letter).concat(number.cast("string"))
