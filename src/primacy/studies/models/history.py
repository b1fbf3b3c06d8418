"""What only several snapshots tell: flows of a year, first-year downloads, falls, pace after release."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.measures.composition import size_class
from primacy.measures.flow import counter_at_age, flow_between, restatements
from primacy.measures.relative_adoption import AGES, relative_adoption
from primacy.sources.reference.mainline import release_dates
from primacy.studies.models.market import MEASURES, Market, Measure

__all__ = ["YEAR", "age_in_days", "births", "fallen", "flow_of_a_year", "pace", "values_of"]

YEAR = 365
_SLACK = 45
"""Days by which the snapshot of a year before may be off."""

_QUARTER = 92
"""Days that the snapshots around the end of a first year may lie apart."""

_GAP = 31
"""Days that the snapshots around an age may lie apart, or half the age where that is more."""


def births(market: Market) -> ir.Table:
    """Return model_id, born: the corrected release day, else the day the repository was made."""
    table = market.hold("released", lambda: _columns(("_id", "released"), release_dates()))
    models = market.tables("models")
    joined = models.left_join(table, models.model_id == table["_id"])
    return joined.select("model_id", born=joined.released.coalesce(joined.created)).filter(
        ibis._.born.notnull()
    )


def _columns(names: tuple[str, str], pairs: Mapping[str, str]) -> pa.Table:
    return pa.table([list(pairs), list(pairs.values())], names=list(names))


def age_in_days(market: Market) -> ir.IntegerValue:
    """Return the age of each of the market's models on the day of its snapshot; null where it is not known."""
    created = market.models.created.cast("date")
    return ibis.literal(market.snapshot).cast("date").delta(created, unit="day")


def up_to(market: Market) -> ir.Table:
    """Return the counters of the market's snapshot and those before it."""
    every = market.tables("model_snapshots")
    return every.filter(every.snapshot <= market.snapshot)


def year_before(market: Market) -> str | None:
    """Return the snapshot nearest to a year before the market's, None where there is none."""
    end = date.fromisoformat(market.snapshot)
    wanted = end - timedelta(days=YEAR)
    days = [d for d in market.days if d < market.snapshot]
    near = min(days, key=lambda d: (abs((date.fromisoformat(d) - wanted).days), d), default=None)
    if near is None or abs((date.fromisoformat(near) - wanted).days) > _SLACK:
        return None
    return near


def flow_of_a_year(market: Market) -> ir.Table | None:
    """Return model_id, value: downloads of the last twelve months; None without a snapshot of a year before."""
    start = year_before(market)
    if start is None:
        return None
    return flow_between(up_to(market), births(market), start=start, end=market.snapshot)


def values_of(market: Market, measures: Collection[Measure] = MEASURES) -> ir.Table:
    """Return measure, model_id, value: the downloads of the snapshot under each measure.

    ``downloads_30d`` and ``downloads_all`` are the Hub's; ``downloads_12m`` is the flow of a year;
    ``downloads_first_year`` is the counter at the end of a model's first year, or now where it is younger:
    it keeps old encoders from dominating. Models whose history does not tell are left out.
    """
    counters = market.counters
    direct = [m for m in _DIRECT if m in measures]
    tables = {m: counters.select("model_id", value=counters[m]) for m in direct}
    if "downloads_12m" in measures and (year := flow_of_a_year(market)) is not None:
        tables["downloads_12m"] = year.semi_join(counters, "model_id")
    if "downloads_first_year" in measures:
        tables["downloads_first_year"] = first_year(market)
    stack = [t.select("model_id", "value", measure=ibis.literal(m)) for m, t in tables.items()]
    if not stack:
        return counters.select("model_id", value=counters.downloads_30d, measure=ibis.literal("")).limit(0)
    whole = ibis.union(*stack) if len(stack) > 1 else stack[0]
    return whole.filter(whole.value.notnull()).select("measure", "model_id", "value")


_DIRECT: tuple[Measure, ...] = ("downloads_30d", "downloads_all")


def first_year(market: Market) -> ir.Table:
    """Return model_id, value: downloads of each model's first year, or since then where it is younger."""
    counters, born = market.counters, births(market)
    joined = counters.inner_join(born, "model_id")
    age = ibis.literal(market.snapshot).cast("date").delta(joined.born.cast("date"), unit="day")
    young = joined.filter(age <= YEAR).select("model_id", value=joined.downloads_all)
    old = counter_at_age(up_to(market), born, age=YEAR, gap=_QUARTER).semi_join(counters, "model_id")
    old = old.anti_join(young, "model_id").select("model_id", value=old.value.round(0).cast("int64"))
    return ibis.union(young, old)


def fallen(market: Market) -> ir.Table:
    """Return model_id, fall: all-time counters that fell, the falls of a model added up."""
    table = restatements(up_to(market))
    return table.group_by("model_id").agg(fall=table.downloads.sum())


def pace(market: Market) -> ir.Table:
    """Return the Relative Adoption Metric of the models that history allows."""
    born = births(market)
    tables = []
    for age in AGES:
        known = counter_at_age(up_to(market), born, age=age, gap=max(_GAP, age // 2))
        tables.append(known.mutate(age=ibis.literal(age, "int64")))
    models = market.tables("models")
    classes = models.select("model_id", size_class=size_class(models.parameters))
    return relative_adoption(ibis.union(*tables), classes)
