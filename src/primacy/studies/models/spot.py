"""Adoption and concentration, computed on the spot for one choice of rule, unit, measure and population."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.engine import Engine
from primacy.measures.adoption import UNATTRIBUTED, Rule, UnitKind, adoption, attribution
from primacy.measures.concentration import concentration
from primacy.measures.exact import exact_sum
from primacy.studies.models.market import Market, Measure, Tables

__all__ = ["LEVELS", "Level", "adoption_of", "adoption_rows", "concentration_of", "concentration_rows"]

Level: TypeAlias = Literal["model", "organization", "owner", "country", "region"]
LEVELS: tuple[Level, ...] = ("model", "organization", "owner", "country", "region")


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
    return engine.to_arrow(adoption_rows(market, values, by=by, unit=unit, measure=measure))


def adoption_rows(market: Market, values: ir.Table, *, by: Rule, unit: UnitKind, measure: str) -> ir.Table:
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
        concentration_rows(market, values, level, by=by, measure=measure)
        for level in LEVELS
        if level in levels
    ]
    return pa.concat_tables([engine.to_arrow(r) for r in rows])


def concentration_rows(market: Market, values: ir.Table, level: Level, *, by: Rule, measure: str) -> ir.Table:
    """Return the one row of :func:`concentration_of` for downloads that are given."""
    shares = adoption(
        values, market.credits(by), market.organizations, unit="organization" if level == "model" else level
    )
    units = (
        _model_units(values, market.credits(by))
        if level == "model"
        else shares.select("unit", value="downloads")
    )
    index = concentration(units)
    nobody = shares.aggregate(
        _nobody=shares.share.max(where=shares.unit == UNATTRIBUTED).coalesce(0.0),
        coverage=shares.coverage.max(),
    )
    if level not in ("country", "region"):
        nobody = nobody.mutate(_nobody=ibis.literal(0.0))
    table = index.cross_join(nobody)
    return table.select(
        level=ibis.literal(level),
        measure=ibis.literal(measure),
        hhi=table.hhi,
        hhi_low=table.hhi - 10_000 * table["_nobody"] * table["_nobody"],
        gini=table.gini,
        top1_share=table.top1_share,
        units=table.units,
        total=table.total,
        coverage=table.coverage,
        by=ibis.literal(by),
        snapshot=ibis.literal(market.snapshot),
    )


def _model_units(values: ir.Table, credits: ir.Table) -> ir.Table:
    parts = attribution(values, credits)
    return parts.group_by(unit=parts.root_id).agg(value=exact_sum(parts.part, large=True))
