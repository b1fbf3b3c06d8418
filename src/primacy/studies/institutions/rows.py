"""How the study's rows look to users: named units, periods as text, the list and the choices on every row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import ibis
import ibis.expr.types as ir
import pycountry

from primacy.measures.basket import UNASSIGNED, BasketKind
from primacy.measures.credit import MERGED
from primacy.sources.reference.blocs import blocs
from primacy.sources.reference.countries import country_name
from primacy.studies.institutions.choices import Choices
from primacy.studies.institutions.intervals import INTERVALS
from primacy.studies.institutions.resolution import Resolved

__all__ = [
    "BASKET_KEYS",
    "DECOMPOSITION_KEYS",
    "GROWTH_KEYS",
    "JOURNAL_KEYS",
    "LIST_KEYS",
    "PARTNER_KEYS",
    "RELATIVE_KEYS",
    "Span",
    "dressed",
    "named",
]

Span = Literal["year", "month"]
"""What a period is: a calendar year, or the twelve months that end with a month."""

BASKET_KEYS = [
    "basket",
    "year",
    "unit_kind",
    "unit",
    "name",
    "country",
    "count",
    "share",
    "rank",
    "adjusted_change",
    *INTERVALS,
    "subject",
    "period",
    "articles",
    "previous_share",
    "adjusted_share",
    "equalised_share",
    "split",
    "rollup",
    "division",
    "basket_version",
]
"""Columns of ``basket``: those of the contract, then what more is known."""

_HEAD = ("basket", "year", "unit_kind", "unit", "name", "country")
_TAIL = ("split", "rollup", "division", "basket_version")

GROWTH_KEYS = [*_HEAD, "base_year", "share", "adjusted_index", "fixed_index", "chain_index", *_TAIL]
DECOMPOSITION_KEYS = [
    *_HEAD,
    "share",
    "previous_share",
    "change",
    "volume",
    "within",
    "mix",
    "turnover",
    *_TAIL,
]
JOURNAL_KEYS = [
    *_HEAD,
    "venue",
    "count",
    "share",
    "part",
    "unit_share",
    "rank",
    "share_without",
    "rank_without",
    "rank_change",
    *_TAIL,
]
PARTNER_KEYS = [
    *_HEAD,
    "subject",
    "period",
    "partner",
    "partner_name",
    "partner_country",
    "count",
    "score",
    "unit_share",
    "partner_share",
    "rank",
    *_TAIL,
]
LIST_KEYS = [
    "basket",
    "other_basket",
    *_HEAD[1:],
    *("count", "share", "rank", "part"),
    *("other_count", "other_share", "other_rank", "other_part"),
    *("of_list", "other_previous_share", "of_units", "rank_difference"),
    *_TAIL,
]
RELATIVE_KEYS = [
    *_HEAD,
    "relative_to",
    "denominator",
    "share",
    "per_thousand",
    "rank",
    "size_rank",
    *_TAIL,
]


def named(table: ir.Table, kind: BasketKind, institutions: ir.Table, *, unit: str = "unit") -> ir.Table:
    """Add name and country of the units in a column; ``unassigned`` has neither.

    Parameters
    ----------
    kind
        The kind of unit.
    institutions
        The lake's ``institutions``.
    unit
        The column; ``partner`` gives partner_name and partner_country.
    """
    prefix = "" if unit == "unit" else f"{unit}_"
    columns = {f"{prefix}name": "name", f"{prefix}country": "country"}
    names = _names(kind, institutions).rename({unit: "named", **columns})
    return table.left_join(names, unit).select(*table.columns, *columns)


def _names(kind: BasketKind, institutions: ir.Table) -> ir.Table:
    """Return named (the unit), name, country."""
    if kind == "institution":
        return institutions.select(
            named=ibis.literal("I").concat(institutions.institution_id.cast("string")),
            name=institutions.name,
            country=institutions.country.substitute(MERGED, else_=institutions.country),
        )
    rows: list[tuple[str, str, str | None]] = []
    if kind == "country":
        codes = sorted({c.alpha_2 for c in pycountry.countries} | {"XK"})
        rows = [(code, country_name(code), code) for code in codes]
    elif kind == "bloc":
        rows = [(b.id, b.name, None) for b in blocs().values()]
    return ibis.memtable(
        {"named": [r[0] for r in rows], "name": [r[1] for r in rows], "country": [r[2] for r in rows]},
        schema={"named": "string", "name": "string", "country": "string"},
    )


def dressed(
    table: ir.Table,
    kind: BasketKind,
    resolved: Resolved,
    choices: Choices,
    institutions: ir.Table,
    *,
    span: Span = "year",
    keys: Sequence[str],
) -> ir.Table:
    """Return a table with ``keys``: names, period as text, the basket and the choices added.

    Parameters
    ----------
    table
        With period and unit; a country that ISO does not know is its own name.
    kind, resolved, choices
        What the table was made with.
    institutions
        The lake's ``institutions``.
    span
        What its periods are.
    keys
        The columns wanted, in order.
    """
    known = named(table, kind, institutions)
    if kind in ("country", "sector", "subject"):
        own = known.unit != UNASSIGNED
        known = known.mutate(name=ibis.cases((own, known.name.coalesce(known.unit))))
    if kind == "country":
        known = known.mutate(country=ibis.cases((known.unit != UNASSIGNED, known.unit)))
    if span == "year":
        known = known.mutate(year=known.period.cast("int32"), period=known.period.cast("string"))
    else:
        last = known.period
        known = known.mutate(
            year=(last // 12).cast("int32"),
            period=_month(last - 11).concat("/", _month(last)),
        )
    return known.mutate(
        unit_kind=ibis.literal(kind),
        basket=ibis.literal(resolved.basket.id),
        basket_version=ibis.literal(resolved.basket.version),
        split=ibis.literal(choices.split),
        rollup=ibis.literal(choices.rollup),
        division=ibis.literal(choices.division),
    ).select(*keys)


def _month(number: ir.IntegerValue) -> ir.StringValue:
    """Return the number of a month as 2024-06."""
    month = (number % 12 + 1).cast("string").lpad(2, "0")
    return (number // 12).cast("string").concat("-", month)
