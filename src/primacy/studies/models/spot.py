"""Adoption and concentration, computed on the spot for one choice of rule, unit, measure and population."""

from __future__ import annotations

from collections.abc import Collection

import ibis
import pyarrow as pa

from primacy.errors import UsageError
from primacy.lake.engine import Engine
from primacy.measures.adoption import Rule, UnitKind, adoption
from primacy.measures.concentration import concentration
from primacy.studies.models.market import LEVELS, Level, Market, Tables
from primacy.studies.models.selection import Selection
from primacy.studies.models.whole import SIDES, downloads_of, in_order, model_units, nobody_at

__all__ = ["adoption_of", "attribution_of", "concentration_of"]


def adoption_of(
    tables: Tables,
    engine: Engine,
    selection: Selection,
    *,
    by: Rule = "publisher",
    unit: UnitKind = "region",
) -> pa.Table:
    """Return who has which share of the downloads of one snapshot.

    Parameters
    ----------
    tables, engine
        The lake's tables and what computes.
    selection
        Which downloads count.
    by
        ``publisher`` or ``origin``.
    unit
        ``region``, ``country``, ``organization`` or ``owner``.

    Returns
    -------
    pyarrow.Table
        by, measure, unit_kind, unit, downloads, share, rank, models, total (the denominator), coverage, population,
        snapshot; by rank.

    Raises
    ------
    NotThereError
        There is no such snapshot, none of the models is in it, or it lacks the measure.
    """
    market, values = selection.downloads(tables, engine)
    table = adoption(values, market.credits(by), market.organizations, unit=unit)
    rows = table.select(
        by=ibis.literal(by),
        measure=ibis.literal(selection.measure),
        unit_kind=ibis.literal(unit),
        **{c: table[c] for c in table.columns},
        population=ibis.literal(selection.population),
        snapshot=ibis.literal(market.snapshot),
    )
    return engine.to_arrow(rows.order_by("rank", "unit"))


def concentration_of(
    tables: Tables,
    engine: Engine,
    selection: Selection,
    *,
    levels: Collection[Level] = LEVELS,
    by: Rule = "publisher",
) -> pa.Table:
    """Return how concentrated the downloads of one snapshot are, at each level.

    Parameters
    ----------
    tables, engine, selection, by
        See :func:`adoption_of`.
    levels
        ``model`` (by origin: the root), ``organization`` (the namespace), ``owner`` (accounts of one firm
        together), ``country``, ``region``. At the last two the unattributed count as one unit: see ``hhi_low``.

    Returns
    -------
    pyarrow.Table
        level, measure, hhi, hhi_low (the unattributed spread over countless units: the truth lies between), gini,
        top1_share, units, total, coverage, by, population, snapshot; in the order of
        :data:`primacy.studies.models.market.LEVELS`.

    Raises
    ------
    NotThereError
        See :func:`adoption_of`.
    """
    market, values = selection.downloads(tables, engine)
    credits = market.credits(by)
    found = []
    for level in (one for one in LEVELS if one in levels):
        unit: UnitKind = "organization" if level == "model" else level
        shares = adoption(values, credits, market.organizations, unit=unit)
        units = model_units(values, credits) if level == "model" else shares.select("unit", value="downloads")
        index = concentration(units, nobody=nobody_at(level))
        table = index.cross_join(shares.aggregate(coverage=shares.coverage.max()))
        rows = table.select(
            level=ibis.literal(level),
            measure=ibis.literal(selection.measure),
            **{c: table[c] for c in (*index.columns, "coverage")},
            by=ibis.literal(by),
            population=ibis.literal(selection.population),
            snapshot=ibis.literal(market.snapshot),
        )
        found.append(engine.to_arrow(rows))
    return pa.concat_tables(found)


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
    tables, engine
        See :func:`adoption_of`.
    sides
        Two regions of the organisations' list.
    snapshot
        Its day, ISO 8601; the newest where None.

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
