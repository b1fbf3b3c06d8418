"""The tables of a whole run that come from downloads: adoption, concentration, attribution, and their history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from primacy.measures.adoption import UNATTRIBUTED, Rule, UnitKind, adoption, attribution, unit_of
from primacy.measures.anomalies import anomalies, jumps
from primacy.measures.attribution import attribution_matrix
from primacy.measures.concentration import concentration
from primacy.measures.exact import exact_sum
from primacy.measures.flow import flows
from primacy.measures.overtaking import cumulative
from primacy.studies.models.history import age_in_days, fallen, up_to, values_of
from primacy.studies.models.market import LEVELS, MEASURES, Level, Market
from primacy.studies.models.populations import POPULATIONS, stacked

__all__ = [
    "GROUP",
    "REFERENCE",
    "RULES",
    "SIDES",
    "Downloads",
    "downloads_of",
    "in_order",
    "model_units",
    "nobody_at",
]

RULES: tuple[Rule, ...] = ("publisher", "origin")
SIDES = ("us", "china")
GROUP = ("population", "measure")
REFERENCE = {"population": "all", "measure": "downloads_30d", "by": "publisher"}
"""The rule with which the others are compared: what ``primacy adoption`` says without options."""


@dataclass(frozen=True, slots=True)
class Downloads:
    """The downloads of one market under every population and measure.

    Parameters
    ----------
    market
        The snapshot.
    values
        population, measure, model_id, value: from :func:`primacy.studies.models.populations.stacked`.
    flags
        Models whose counters are out of line: from :func:`primacy.measures.anomalies.anomalies`.
    keep
        Computes a table now, to go on with.
    """

    market: Market
    values: ir.Table
    flags: ir.Table
    keep: Callable[[ir.Table], ir.Table]

    def shares(self, unit: UnitKind, values: ir.Table | None = None) -> ir.Table:
        """Return population, measure, by, unit_kind and the rows of ``adoption``."""
        some = self.values if values is None else values
        tables = []
        for by in RULES:
            table = adoption(some, self.market.credits(by), self.market.organizations, unit=unit, group=GROUP)
            tables.append(table.mutate(by=ibis.literal(by), unit_kind=ibis.literal(unit)))
        stack = ibis.union(*tables)
        keys = ["by", "measure", "population", "unit_kind", "unit"]
        return self.keep(stack.select(*keys, *(c for c in stack.columns if c not in keys)))

    def concentration(self, level: Level) -> ir.Table:
        """Return population, measure, by, level and the rows of ``concentration``."""
        tables = []
        unit: UnitKind = "organization" if level == "model" else level
        for by in RULES:
            credits = self.market.credits(by)
            shares = adoption(self.values, credits, self.market.organizations, unit=unit, group=GROUP)
            units = shares.select(*GROUP, "unit", value=shares.downloads)
            if level == "model":
                units = model_units(self.values, credits, group=GROUP)
            index = concentration(units, group=GROUP, nobody=nobody_at(level))
            known = shares.group_by(*GROUP).agg(coverage=shares.coverage.max())
            tables.append(
                index.inner_join(known, list(GROUP)).mutate(by=ibis.literal(by), level=ibis.literal(level))
            )
        stack = ibis.union(*tables)
        keys = ["level", "by", "measure", "population"]
        return stack.select(*keys, *(c for c in stack.columns if c not in keys))

    def attribution(self, regions: ir.Table, sides: tuple[str, str]) -> ir.Table:
        """Return the matrix of two sides' shares under every rule."""
        return attribution_matrix(
            regions, sides=sides, group=["population", "measure", "by"], reference=REFERENCE
        )

    def parts(self, by: Rule, unit: UnitKind = "region", population: str | None = "all") -> ir.Table:
        """Return the downloads of each model divided among its units: measure, model_id, unit, part."""
        some = self.values if population is None else self.values.filter(self.values.population == population)
        table = unit_of(attribution(some, self.market.credits(by)), self.market.organizations, unit=unit)
        return table.mutate(by=ibis.literal(by))

    def matrix(self) -> ir.Table:
        """Return measure, publisher, origin, downloads, share: who publishes what descends from whom."""
        publisher = unit_of(
            self.market.models.select("model_id", "namespace"), self.market.organizations, unit="region"
        )
        joined = self.parts("origin").inner_join(
            publisher.select("model_id", publisher=publisher.unit), "model_id"
        )
        sums = joined.group_by("measure", "publisher", origin=joined.unit).agg(
            downloads=exact_sum(joined.part, large=True), models=joined.model_id.nunique()
        )
        whole = exact_sum(sums.downloads, large=True).over(ibis.window(group_by="measure"))
        return sums.mutate(share=sums.downloads / whole.nullif(0.0))

    def by_creation(self, sides: tuple[str, str]) -> ir.Table:
        """Return population, measure, by, period, unit, value: downloads of the models made up to each month."""
        born = self.market.models.filter(self.market.models.created.notnull())
        months = born.select(_model=born.model_id, period=born.created.substr(0, 7))
        tables = []
        for by in RULES:
            parts = self.parts(by, population=None)
            joined = parts.inner_join(months, parts.model_id == months["_model"])
            tables.append(
                joined.group_by(*GROUP, "by", "period", "unit").agg(value=exact_sum(joined.part, large=True))
            )
        return cumulative(ibis.union(*tables), units=sides, group=[*GROUP, "by"])


def model_units(values: ir.Table, credits: ir.Table, *, group: Sequence[str] = ()) -> ir.Table:
    """Return the downloads of single models as units of a concentration: by origin, of the roots."""
    parts = attribution(values, credits)
    return parts.group_by(*group, unit=parts.root_id).agg(value=exact_sum(parts.part, large=True))


def nobody_at(level: Level) -> str | None:
    """Return the unit that stands for many unknown ones at a level, None where every unit is known."""
    return UNATTRIBUTED if level in ("country", "region") else None


def downloads_of(
    market: Market, keep: Callable[[ir.Table], ir.Table], *, populations: Sequence[str] | None = None
) -> Downloads:
    """Return the downloads of a market under every population (or those named) and every measure."""
    flags = keep(flagged(market))
    flagged_models = flags.select("model_id").distinct()
    stack = keep(stacked(market, keep(values_of(market)), flagged_models, populations))
    return Downloads(market, stack, flags, keep)


def flagged(market: Market) -> ir.Table:
    """Return the models of a market whose counters are out of line, with their flags."""
    inside = market.counters.select("model_id")
    judged = market.models.mutate(age=age_in_days(market))
    leaps = jumps(flows(up_to(market))).semi_join(inside, "model_id")
    return anomalies(judged, fallen(market).semi_join(inside, "model_id"), leaps)


_ORDERS = {
    "population": [p.name for p in POPULATIONS],
    "measure": list(MEASURES),
    "by": list(RULES),
    "denominator": ["all", "attributed"],
    "level": list(LEVELS),
    "unit_kind": ["region", "country", "owner", "organization"],
}


def in_order(table: pa.Table, *columns: str) -> pa.Table:
    """Sort rows by columns, those with an order of their own by that; ``-name`` sorts downwards."""
    keys: list[tuple[str, str]] = []
    sorting = table
    for column in columns:
        name = column.removeprefix("-")
        key = f"_{name}"
        values = table[name]
        if name in _ORDERS:
            values = pc.index_in(values, value_set=pa.array(_ORDERS[name]))
        sorting = sorting.append_column(key, values)
        keys.append((key, "descending" if column.startswith("-") else "ascending"))
    return table.take(pc.sort_indices(sorting, sort_keys=keys))
