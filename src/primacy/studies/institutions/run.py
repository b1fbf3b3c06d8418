"""The whole study of one basket: every year and kind of unit, what growth is made of, and what ranks rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from primacy.lake.engine import Engine
from primacy.measures import basket, basket_credit, basket_growth, basket_relative
from primacy.measures.basket import ALL, DIGITS, UNASSIGNED, BasketKind
from primacy.sources.reference.attribution import Override
from primacy.studies.institutions.choices import Choices
from primacy.studies.institutions.journals import left_out, venue_names
from primacy.studies.institutions.pipeline import Tables
from primacy.studies.institutions.resolution import Resolved
from primacy.studies.institutions.rows import (
    DECOMPOSITION_KEYS,
    GROWTH_KEYS,
    JOURNAL_KEYS,
    LIST_KEYS,
    PARTNER_KEYS,
    RELATIVE_KEYS,
    named,
)
from primacy.studies.institutions.series import Series
from primacy.studies.outcome import Outcome, Step

__all__ = ["run"]

KINDS: tuple[BasketKind, ...] = ("institution", "country", "bloc", "sector", "subject")
GROWING: tuple[BasketKind, ...] = ("institution", "country", "bloc", "sector")
"""Kinds of unit whose growth is taken apart."""

PLACES: tuple[BasketKind, ...] = ("institution", "country")
"""Kinds of unit of the tables that say what a rank rests on."""

RECENT = 5
"""Years back to which journals and partners are told apart."""

BASE = 10
"""Years back at which indices of growth begin."""

MONTHS = 12
"""Rolling windows, one for each of the last months."""

LEADING = 30
"""Units whose journals and partners are listed."""

LAKE_ARTICLES = "articles in the lake"


def run(
    tables: Tables,
    engine: Engine,
    *,
    resolved: Resolved,
    choices: Choices,
    overrides: Sequence[Override],
    others: Sequence[Resolved] = (),
    denominators: pa.Table | None = None,
    step: Step = lambda _: None,
) -> Outcome:
    """Run the institutions study.

    Parameters
    ----------
    tables, engine
        The lake's tables and what computes.
    resolved
        The basket of all tables.
    choices, overrides
        How credit is given, and exceptions to the roll-up.
    others
        Other baskets to compare it with.
    denominators
        What Shares are related to beside articles; columns of
        :data:`primacy.sources.reference.denominators.DENOMINATORS`.
    step
        Told what is being computed.

    Returns
    -------
    Outcome
        ``basket`` (units in years), ``basket_subjects``, ``basket_rolling`` (twelve months), ``basket_growth``
        (indices), ``basket_decomposition``, ``basket_journals`` (each left out), ``basket_partners``,
        ``basket_lists`` (against other baskets), ``basket_relative`` (per article, per head), ``basket_venues``.
    """
    with engine.scratch() as keep:
        series = Series(tables, keep, engine.to_arrow, resolved, choices, overrides)
        makers: dict[str, Callable[[], pa.Table]] = {
            "basket": lambda: _every_year(series),
            "basket_subjects": lambda: _subjects(series),
            "basket_rolling": lambda: _rolling(series),
            "basket_growth": lambda: _growth(series),
            "basket_decomposition": lambda: _decomposition(series),
            "basket_journals": lambda: _journals(series),
            "basket_partners": lambda: _partners(series),
            "basket_relative": lambda: _relative(series, denominators),
            "basket_lists": lambda: _lists(series, others),
            "basket_venues": lambda: _venues(series),
        }
        made = {}
        for name, make in makers.items():
            step(name.replace("_", " "))
            made[name] = make()
        return Outcome(made, {"funnel": _funnel(series), **_notes(series, made["basket"])})


# ---------------------------------------------------------------------------- Count and Share


def _every_year(series: Series) -> pa.Table:
    """Return every kind of unit in every year."""
    return _sorted((series.rows(kind) for kind in KINDS), "year", "unit_kind", "rank", "unit")


def _subjects(series: Series) -> pa.Table:
    """Return institutions and countries in every year and subject."""
    every = basket.with_subjects(series.placed, series.pipeline.subjects)
    placed = series.keep(every.filter(every.subject != ALL))
    volumes = series.keep(basket.volumes(placed))
    rows = (series.rows_of(placed, volumes, kind, span="year") for kind in PLACES)
    return _sorted(rows, "year", "subject", "unit_kind", "rank", "unit")


def _rolling(series: Series) -> pa.Table:
    """Return institutions and countries in the twelve months that end with each of the last months."""
    articles = series.pipeline.articles
    last = series.compute(articles.aggregate(last=articles.date.max()))["last"][0].as_py()
    end = 0 if last is None else 12 * int(last[:4]) + int(last[5:7]) - 1
    first = end - MONTHS + 1
    placed = series.keep(basket.by_month(articles, range(first - 12, end + 1)))
    volumes = series.keep(basket.volumes(placed))
    rows = (series.rows_of(placed, volumes, kind, span="month", first=first) for kind in PLACES)
    return _sorted(rows, "period", "unit_kind", "rank", "unit")


# ---------------------------------------------------------------------------- growth


def _growth(series: Series) -> pa.Table:
    """Return indices of Share, 100 in the base year."""
    base = next((y for y in series.years if y > series.years[-1] - BASE), 0)
    volumes = series.volumes.filter(series.volumes.period >= base)

    def rows(kind: BasketKind) -> pa.Table:
        cells = series.cells(kind)
        cells = cells.filter(cells.period >= base, cells.unit != UNASSIGNED)
        table = basket_growth.growth(cells, volumes, base=base)
        return series.dress(table.mutate(base_year=ibis.literal(base, "int32")), kind, GROWTH_KEYS)

    return _sorted(map(rows, GROWING), "unit_kind", "unit", "year")


def _decomposition(series: Series) -> pa.Table:
    """Return changes of Share from year to year, as volume, within and mix."""

    def rows(kind: BasketKind) -> pa.Table:
        table = basket_growth.decomposition(series.cells(kind), series.volumes)
        return series.dress(table, kind, DECOMPOSITION_KEYS)

    return _sorted(map(rows, GROWING), "year", "unit_kind", "unit")


# ---------------------------------------------------------------------------- what a rank rests on


def _journals(series: Series) -> pa.Table:
    """Return the leading units' journals, each left out in turn."""
    names = venue_names([v.name for v in series.resolved.basket.venues])

    def rows(kind: BasketKind) -> pa.Table:
        found = left_out(_recent(series, series.cells(kind)), series.compute, leading=LEADING)
        table = ibis.memtable(found).join(names, "venue").drop("venue").rename(venue="venue_name")
        return series.dress(table, kind, JOURNAL_KEYS)

    return _sorted(map(rows, PLACES), "year", "unit_kind", "rank", "unit", "venue")


def _partners(series: Series) -> pa.Table:
    """Return the leading units' partners with the highest collaboration scores."""

    def rows(kind: BasketKind) -> pa.Table:
        shares = _recent(series, series.shares(kind))
        units = series.keep(shares.filter(shares["rank"] <= LEADING).select("period", "unit"))
        placed = _recent(series, series.placed)
        pairs = basket.collaboration(placed, series.pipeline.credit(kind), units.select("unit").distinct())
        pairs = series.keep(pairs.semi_join(units, ["period", "unit"]))
        order = pairs.score.round(DIGITS).desc()
        ranked = pairs.mutate(rank=ibis.rank().over(group_by=["period", "unit"], order_by=order) + 1)
        leading = ranked.filter(ranked["rank"] <= LEADING)
        with_names = named(leading, kind, series.tables("institutions"), unit="partner")
        return series.dress(with_names, kind, PARTNER_KEYS)

    return _sorted(map(rows, PLACES), "year", "unit_kind", "unit", "rank", "partner")


def _relative(series: Series, denominators: pa.Table | None) -> pa.Table:
    """Return Shares per thousand articles of the lake, and per thousand of what the user states."""
    works = basket.research_articles(series.tables("works"))
    works = series.keep(works.filter(works.year.isin(series.years)).select("work_id", "year"))
    parts = basket_credit.parts(works, series.tables("authorships"), split=series.choices.split)
    parts = series.keep(parts)

    def rows(kind: BasketKind) -> pa.Table:
        whole = basket_relative.output(works, series.pipeline.credit_of(parts, kind))
        whole = whole.mutate(relative_to=ibis.literal(LAKE_ARTICLES))
        whole = whole.select("period", "unit", "relative_to", "denominator")
        if denominators is not None:
            whole = whole.union(ibis.memtable(denominators).rename(period="year").select(*whole.columns))
        table = basket_relative.per_thousand(series.shares(kind), whole)
        return series.dress(table, kind, RELATIVE_KEYS)

    return _sorted(map(rows, PLACES), "year", "unit_kind", "relative_to", "rank", "unit")


# ---------------------------------------------------------------------------- the list


def _lists(series: Series, others: Sequence[Resolved]) -> pa.Table:
    """Return the same years under other baskets."""

    def rows(kind: BasketKind, old: Series) -> pa.Table:
        table = basket_growth.list_difference(series.shares(kind), old.shares(kind))
        table = table.mutate(other_basket=ibis.literal(old.resolved.basket.id))
        return series.dress(table, kind, LIST_KEYS)

    different = [o for o in others if o.basket.version != series.resolved.basket.version]
    olds = [old for old in map(series.of, different) if old.years]
    made = [rows(kind, old) for old in olds for kind in PLACES]
    # Without another list the table is there, and empty.
    made = made or [rows("country", series).slice(0, 0)]
    return _sorted(made, "other_basket", "year", "unit_kind", "rank", "unit")


def _venues(series: Series) -> pa.Table:
    """Return the report on the basket's venues, with the number of articles of each."""
    report = series.resolved.report
    sums = series.volumes.group_by("venue").agg(
        articles=series.volumes.articles.sum().cast("int64"),
        first_year=series.volumes.period.min(),
        last_year=series.volumes.period.max(),
    )
    found = {r["venue"]: r for r in series.compute(sums).to_pylist()}
    for name, default in (("articles", 0), ("first_year", None), ("last_year", None)):
        values = [found.get(place, {}).get(name, default) for place in range(report.num_rows)]
        report = report.append_column(name, pa.array(values, pa.int64()))
    return report


def _funnel(series: Series) -> dict[str, Any]:
    """Return how many works came through each step."""
    works = series.tables("works")
    members = ibis.memtable(series.resolved.members)
    inside = works.semi_join(members, "source_id")
    counts = inside.aggregate(
        works_in_basket=inside.count(),
        not_articles=(inside.type != "article").fill_null(True).sum().cast("int64"),
        retracted=inside.is_retracted.sum().cast("int64"),
        paratext=inside.is_paratext.sum().cast("int64"),
        expansion=inside.is_xpac.sum().cast("int64"),
        without_year=inside.year.isnull().sum().cast("int64"),
    )
    articles = series.pipeline.articles
    kept = articles.aggregate(
        articles=articles.count(), without_date=articles.date.isnull().sum().cast("int64")
    )
    research = basket.research_articles(inside).count()
    return {
        "works_in_lake": series.compute(works.count().as_table())[0][0].as_py(),
        **{k: v or 0 for k, v in series.compute(counts).to_pylist()[0].items()},
        "before_titles": series.compute(research.as_table())[0][0].as_py(),
        **{k: v or 0 for k, v in series.compute(kept).to_pylist()[0].items()},
    }


def _notes(series: Series, rows: pa.Table) -> dict[str, Any]:
    """Return what the manifest says of the basket, and which part of all credit resolves to nobody."""
    resolved = series.resolved
    return {
        "basket": {
            "id": resolved.basket.id,
            "version": resolved.basket.version,
            "title": resolved.basket.title,
            "venues": len(resolved.basket.venues),
            "not_found": resolved.missing,
            "ambiguous": resolved.ambiguous,
            "notes": list(resolved.basket.notes),
        },
        "lost_weight": _lost_weight(rows),
    }


def _lost_weight(rows: pa.Table) -> dict[str, Any]:
    """Return how much credit of all articles resolves to nobody: by country, and by every kind of unit."""
    needed = pc.or_(pc.equal(rows["unit"], UNASSIGNED), pc.equal(rows["unit_kind"], "subject"))
    found = rows.filter(needed).select(["unit_kind", "unit", "share"]).to_pylist()
    articles = sum(r["share"] for r in found if r["unit_kind"] == "subject")
    lost = {
        kind: sum(r["share"] for r in found if r["unit_kind"] == kind and r["unit"] == UNASSIGNED)
        for kind in KINDS
    }

    def part(weight: float) -> dict[str, float | None]:
        return {"weight": weight, "share": weight / articles if articles else None}

    by_kind = {kind: part(weight) for kind, weight in lost.items()}
    return {"works": round(articles), **by_kind["country"], "by_unit_kind": by_kind}


def _recent(series: Series, table: ir.Table) -> ir.Table:
    last = series.years[-1] if series.years else 0
    return table.filter(table.period > last - RECENT)


def _sorted(tables: Iterable[pa.Table], *keys: str) -> pa.Table:
    return pa.concat_tables(tables).sort_by([(key, "ascending") for key in keys])
