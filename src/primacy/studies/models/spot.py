"""Adoption and concentration, computed on the spot for one choice of rule, unit, measure and population."""

from __future__ import annotations

from collections.abc import Collection

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.errors import UsageError
from primacy.lake.engine import Engine
from primacy.measures.adoption import Rule, UnitKind, adoption
from primacy.measures.concentration import concentration
from primacy.studies.models.market import LEVELS, Level, Market, Measure, Tables
from primacy.studies.models.whole import SIDES, downloads_of, in_order, model_units, nobody_at

__all__ = ["adoption_of", "attribution_of", "concentration_of"]


def adoption_of(
    tables: Tables,
    engine: Engine,
    *,
    by: Rule = "publisher",
    unit: UnitKind = "region",
    measure: Measure = "downloads_30d",
    only: Collection[str] | None = None,
    snapshot: str | None = None,
) -> pa.Table:
    """Return who has which share of the downloads of one snapshot.

    Parameters
    ----------
    tables, engine
        The lake's tables and what computes.
    by
        ``publisher`` or ``origin``.
    unit
        ``region``, ``country``, ``organization`` or ``owner``.
    measure
        ``downloads_30d`` or ``downloads_all``.
    only
        Ids of the models that count; all where None. Lineage goes through the others all the same.
    snapshot
        Its day; the newest where None.

    Returns
    -------
    pyarrow.Table
        by, measure, unit_kind, unit, downloads, share, rank, models, total (the denominator), coverage, snapshot; by
        rank.

    Raises
    ------
    NotThereError
        There is no such snapshot, none of the models is in it, or it lacks the measure.
    """
    market = Market(tables, engine, snapshot)
    values = market.require(market.values(measure, only), measure)
    return engine.to_arrow(_adoption_rows(market, values, by=by, unit=unit, measure=measure))


def _adoption_rows(market: Market, values: ir.Table, *, by: Rule, unit: UnitKind, measure: str) -> ir.Table:
    """Return the rows of :func:`adoption_of` for downloads that are given."""
    table = adoption(values, market.credits(by), market.organizations, unit=unit)
    return table.select(
        by=ibis.literal(by),
        measure=ibis.literal(measure),
        unit_kind=ibis.literal(unit),
        **{c: table[c] for c in table.columns},
        snapshot=ibis.literal(market.snapshot),
    ).order_by("rank", "unit")


def concentration_of(
    tables: Tables,
    engine: Engine,
    *,
    levels: Collection[Level] = LEVELS,
    by: Rule = "publisher",
    measure: Measure = "downloads_30d",
    only: Collection[str] | None = None,
    snapshot: str | None = None,
) -> pa.Table:
    """Return how concentrated the downloads of one snapshot are, at each level.

    Parameters
    ----------
    tables, engine, by, measure, only, snapshot
        See :func:`adoption_of`.
    levels
        ``model`` (by origin: the root), ``organization`` (the namespace), ``owner`` (accounts of one firm
        together), ``country``, ``region``. At the last two the unattributed count as one unit: see ``hhi_low``.

    Returns
    -------
    pyarrow.Table
        level, measure, hhi, hhi_low (the unattributed spread over countless units: the truth lies between), gini,
        top1_share, units, total, coverage, by, snapshot; in the order of :data:`LEVELS`.

    Raises
    ------
    NotThereError
        See :func:`adoption_of`.
    """
    market = Market(tables, engine, snapshot)
    values = market.require(market.values(measure, only), measure)
    rows = [
        _concentration_rows(market, values, level, by=by, measure=measure)
        for level in LEVELS
        if level in levels
    ]
    return pa.concat_tables([engine.to_arrow(r) for r in rows])


def _concentration_rows(
    market: Market, values: ir.Table, level: Level, *, by: Rule, measure: str
) -> ir.Table:
    """Return the one row of :func:`concentration_of` for downloads that are given."""
    shares = adoption(
        values, market.credits(by), market.organizations, unit="organization" if level == "model" else level
    )
    units = (
        model_units(values, market.credits(by))
        if level == "model"
        else shares.select("unit", value="downloads")
    )
    index = concentration(units, nobody=nobody_at(level))
    table = index.cross_join(shares.aggregate(coverage=shares.coverage.max()))
    return table.select(
        level=ibis.literal(level),
        measure=ibis.literal(measure),
        **{c: table[c] for c in (*index.columns, "coverage")},
        by=ibis.literal(by),
        snapshot=ibis.literal(market.snapshot),
    )


def attribution_of(
    tables: Tables,
    engine: Engine,
    *,
    sides: tuple[str, str] = SIDES,
    snapshot: str | None = None,
) -> pa.Table:
    """Return two sides' shares of one snapshot under every population, measure, rule and denominator.

    Parameters
    ----------
    tables, engine, snapshot
        See :func:`adoption_of`.
    sides
        Two regions of the organisations' list.

    Returns
    -------
    pyarrow.Table
        See :func:`primacy.measures.attribution.attribution_matrix`; in the order of the populations.

    Raises
    ------
    NotThereError
        There is no such snapshot.
    UsageError
        The list has no such region.
    """
    market = Market(tables, engine, snapshot)
    known = engine.to_arrow(market.organizations.select("region").distinct())["region"].to_pylist()
    for side in sides:
        if side not in known:
            there = ", ".join(sorted(r for r in known if r))
            raise UsageError(f"--sides: no region '{side}' in the organisations' list; there are {there}")
    with engine.scratch() as keep:
        downloads = downloads_of(market, keep)
        matrix = downloads.attribution(downloads.shares("region"), sides)
        matrix = matrix.mutate(snapshot=ibis.literal(market.snapshot))
        return in_order(engine.to_arrow(matrix), "population", "measure", "by", "denominator")
