"""The whole study: every result table of the newest snapshot, and of the history where there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.engine import Engine
from primacy.measures.adoption import UnitKind
from primacy.measures.flow import restatements
from primacy.measures.overtaking import bands, overtakings
from primacy.studies.models import contents
from primacy.studies.models.history import pace, up_to
from primacy.studies.models.market import LEVELS, Market, Tables
from primacy.studies.models.populations import POPULATIONS
from primacy.studies.models.whole import GROUP, SIDES, Downloads, downloads_of, in_order
from primacy.studies.outcome import Outcome, Step

__all__ = ["run"]

FIRST = 200
"""How many owners and organisations results hold: the Hub has a million accounts; `primacy adoption` gives all."""

_MANY: tuple[UnitKind, ...] = ("owner", "organization")

HISTORY = [p.name for p in POPULATIONS if p.name != "unflagged"]
"""The populations that are followed through all snapshots: flags are of the newest one."""


def run(tables: Tables, engine: Engine, *, step: Step = lambda _: None) -> Outcome:
    """Compute the models study.

    Parameters
    ----------
    tables, engine
        The lake's tables and what computes.
    step
        Told what is being computed.

    Returns
    -------
    Outcome
        The result tables; ``coverage`` is the share of the downloads whose account is known, in the market that the
        row is about.

        - ``adoption``, ``concentration``: every population, measure and rule;
        - ``attribution``: the two sides under all of them, with flip points;
        - ``adoption_history``, ``overtakings``, ``overtaking_bands``: through time;
        - ``publishers_origins``: who publishes what descends from whom;
        - ``model_mix``, ``model_sizes``, ``license_drift``, ``new_models``: what the downloads are made of;
        - ``lineage``, ``lineage_roots``: the forest;
        - ``anomalies``, ``restatements``: counters out of line;
        - ``relative_adoption``: pace after release, where history allows.

    Raises
    ------
    NotThereError
        The lake has no snapshot of the Hub.
    """
    with engine.scratch() as keep:
        step("models: downloads under every population")
        market = Market(tables, engine)
        downloads = downloads_of(market, keep)
        found: dict[str, ir.Table] = {}
        regions = downloads.shares("region")
        found["adoption"] = _adoption(downloads, regions)
        listed = engine.to_arrow(market.organizations.select("region").distinct())["region"].to_pylist()
        sides = SIDES if set(SIDES) <= set(listed) else None
        if sides is not None:
            found["attribution"] = downloads.attribution(regions, sides)
        found["concentration"] = ibis.union(*(downloads.concentration(level) for level in LEVELS))
        step("models: what the downloads are made of")
        found |= contents.tables(downloads)
        step("models: history")
        found |= _history(market, downloads, keep, sides)
        found["anomalies"] = _anomalies(downloads)
        found["restatements"] = _restatements(market)
        found["relative_adoption"] = pace(market)
        step("models: writing")
        known = keep(regions.group_by(*GROUP, "by").agg(coverage=regions.coverage.max()))
        rows = {n: engine.to_arrow(_covered(t, known, market)) for n, t in found.items()}
        rows["lineage"] = _lineage(market)
        notes = {
            **_notes(market, engine),
            "sides": list(sides) if sides else f"no {' and '.join(SIDES)} in the list",
        }
        return Outcome({n: in_order(t, *_ORDER[n]) for n, t in sorted(rows.items())}, notes)


_ORDER: Mapping[str, tuple[str, ...]] = {
    "adoption": ("population", "measure", "by", "unit_kind", "rank", "unit"),
    "attribution": ("population", "measure", "by", "denominator"),
    "concentration": ("population", "measure", "by", "level"),
    "adoption_history": ("population", "measure", "by", "snapshot", "rank", "unit"),
    "overtakings": ("basis", "population", "measure", "by"),
    "overtaking_bands": ("basis", "measure"),
    "publishers_origins": ("measure", "publisher", "origin"),
    "model_mix": ("dimension", "measure", "by", "unit", "-downloads", "category"),
    "model_sizes": ("measure", "by", "unit", "created"),
    "license_drift": ("-edges", "parent_class", "child_class"),
    "new_models": ("month", "by", "unit"),
    "lineage": ("fact",),
    "lineage_roots": ("-descendants", "root_id"),
    "anomalies": ("flag", "model_id"),
    "restatements": ("start", "model_id"),
    "relative_adoption": ("size_class", "age", "-ram", "model_id"),
}


def _adoption(downloads: Downloads, regions: ir.Table) -> ir.Table:
    """Return regions and countries of every population, and the first owners and organisations of all models."""
    everybody = downloads.values.filter(downloads.values.population == "all")
    first = [downloads.shares(unit, everybody).filter(ibis._["rank"] <= FIRST) for unit in _MANY]
    return ibis.union(regions, downloads.shares("country"), *first)


def _history(
    market: Market,
    newest: Downloads,
    keep: Callable[[ir.Table], ir.Table],
    sides: tuple[str, str] | None,
) -> dict[str, ir.Table]:
    """Return the shares of every snapshot and, for two sides that the list knows, when one overtook the other."""
    past, markets = [], []
    for day in market.days:
        if day == market.snapshot:
            one = newest.shares("region", newest.values.filter(newest.values.population.isin(HISTORY)))
        else:
            then = Market(market.tables, market.engine, day)
            markets.append(then)  # its tables must live until they are read
            one = downloads_of(then, keep, populations=HISTORY).shares("region")
        past.append(one.mutate(snapshot=ibis.literal(day)))
    history = keep(ibis.union(*past) if len(past) > 1 else past[0])
    if sides is None:
        return {"adoption_history": history}
    keys = [*GROUP, "by"]
    by_creation = newest.by_creation(sides).mutate(basis=ibis.literal("creation"))
    series = [by_creation.select("basis", *keys, "period", "unit", "value")]
    if len(market.days) > 1:
        seen = history.mutate(
            basis=ibis.literal("snapshot"), period=history.snapshot, value=history.downloads
        )
        series.append(seen.select("basis", *keys, "period", "unit", "value"))
    whole = ibis.union(*series) if len(series) > 1 else series[0]
    overtaken, overtaker = sides
    dates = keep(overtakings(whole, overtaken=overtaken, overtaker=overtaker, group=["basis", *keys]))
    named = {"overtaken": ibis.literal(overtaken), "overtaker": ibis.literal(overtaker)}
    return {
        "adoption_history": history,
        "overtakings": dates.mutate(**named),
        "overtaking_bands": bands(dates, group=["basis", "measure"]).mutate(**named),
    }


def _anomalies(downloads: Downloads) -> ir.Table:
    flags = downloads.flags
    told = downloads.market.models.select(
        "model_id", "namespace", "created", "downloads_30d", "downloads_all", "likes"
    )
    return flags.inner_join(told, "model_id").select(
        *flags.columns, *(c for c in told.columns if c != "model_id")
    )


def _restatements(market: Market) -> ir.Table:
    table = restatements(up_to(market))
    return table.select("model_id", "start", "end", fall=table.downloads)


def _covered(table: ir.Table, known: ir.Table, market: Market) -> ir.Table:
    """Add the snapshot and, to rows about downloads that lack it, the coverage of their market."""
    if "coverage" not in table.columns and {"measure", "by"} <= set(table.columns):
        keys = [*GROUP, "by"] if "population" in table.columns else ["measure", "by"]
        some = known if "population" in table.columns else known.filter(known.population == "all")
        joined = table.left_join(some.select(*keys, "coverage"), keys)
        table = joined.select(*table.columns, coverage=joined.coverage)
    if "snapshot" not in table.columns:
        table = table.mutate(snapshot=ibis.literal(market.snapshot))
    return table


def _lineage(market: Market) -> pa.Table:
    report = {k: int(v) for k, v in asdict(market.lineage.report).items()}
    told = market.tables("hub_snapshots")
    (read,) = market.engine.to_arrow(told.filter(told.snapshot == market.snapshot)).to_pylist()
    for fact in ("card_only_parents", "invalid_parents", "repeated_parents"):
        report[fact] = int(read[fact])
    return pa.table(
        {
            "fact": list(report),
            "count": pa.array(list(report.values()), pa.int64()),
            "snapshot": [market.snapshot] * len(report),
        }
    )


def _notes(market: Market, engine: Engine) -> dict[str, Any]:
    counters = market.counters
    (row,) = engine.to_arrow(
        counters.aggregate(
            models=counters.count(),
            without_30d=counters.downloads_30d.isnull().sum(),
            without_all=counters.downloads_all.isnull().sum(),
            downloads_30d=counters.downloads_30d.sum(),
            downloads_all=counters.downloads_all.sum(),
        )
    ).to_pylist()
    told = market.tables("hub_snapshots")
    (read,) = engine.to_arrow(told.filter(told.snapshot == market.snapshot)).to_pylist()
    listing = engine.to_arrow(market.organizations.aggregate(listing=market.organizations.listing.min()))
    return {
        "funnel": {**read, **row},
        "snapshots": market.days,
        "organizations": listing["listing"][0].as_py(),
        "populations": {p.name: p.meaning for p in POPULATIONS},
    }
