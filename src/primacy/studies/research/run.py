"""The whole study: every technology, window, year and kind of unit, as result tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.engine import Engine, Keep
from primacy.measures import coverage as missing
from primacy.measures.method import Method, UnitKind, Window
from primacy.measures.overall import pooled
from primacy.studies.outcome import Outcome, Step
from primacy.studies.research import homebias
from primacy.studies.research.intervals import (
    Resampled,
    ToArrow,
    intervals_of,
    pooled_intervals,
    resampled,
    with_intervals,
)
from primacy.studies.research.leads import Evidence, judged_leads, plain_leads
from primacy.studies.research.overtaking import crossing_years, crossings, overtakings, trends
from primacy.studies.research.pairwise import LEADING, PAIRWISE, pairwise
from primacy.studies.research.pairwise import ORDER as PAIR_ORDER
from primacy.studies.research.pipeline import Pipeline, Tables, Variant
from primacy.studies.research.robustness import CHOICES, CURVE, robustness, share_draws
from primacy.studies.research.rows import ORDER, SHARE_KEYS, named

__all__ = ["default_windows", "lost_weight", "run"]

KINDS: tuple[UnitKind, ...] = ("country", "bloc", "institution")
SPAN = 5
"""Years in a default window."""


def default_windows(years: Sequence[int]) -> list[Window]:
    """Return five-year windows that end with the last year, back to the first.

    Examples
    --------
    >>> [str(w) for w in default_windows([2011, 2024])]
    ['2010-2014', '2015-2019', '2020-2024']
    """
    if not years:
        return []
    first, last = min(years), max(years)
    ends = range(last, first - 1, -SPAN)
    return sorted(Window(end - SPAN + 1, end) for end in ends)


def run(
    tables: Tables,
    engine: Engine,
    *,
    method: Method,
    windows: Iterable[Window],
    variant: Variant = "strict",
    step: Step = lambda _: None,
) -> Outcome:
    """Run the research study.

    Parameters
    ----------
    tables, engine
        The lake's tables and what computes.
    method
        The method of all tables.
    windows
        The windows; every single year is added for the yearly series.
    variant
        Whose memberships: of the strict or of the broad queries.
    step
        Told what is being computed.

    Returns
    -------
    Outcome
        ``shares`` (units in windows), ``yearly`` (units in single years), ``overall`` (all technologies pooled),
        ``leads`` (with verdicts), ``pairwise`` (leading units against each other), ``choices`` (what the leads depend
        on), ``curve`` (their specification curves), ``crossings`` and ``crossing_years``, ``trends``, ``home_bias``,
        ``coverage``, ``share_draws`` (the newest window's shares in every joint draw of a method and of works).
    """
    with engine.scratch() as keep:
        return _run(tables, engine, keep, method, sorted(set(windows)), variant, step)


@dataclass
class _Shares:
    """Shares by kind of unit, as tables of the engine and as rows, with the replicates by country."""

    by_kind: dict[UnitKind, ir.Table] = field(default_factory=dict)
    rows: list[pa.Table] = field(default_factory=list)
    overall: list[pa.Table] = field(default_factory=list)
    pairs: list[pa.Table] = field(default_factory=list)
    countries: list[Resampled] = field(default_factory=list)


def _run(
    tables: Tables,
    engine: Engine,
    keep: Keep,
    method: Method,
    windows: Sequence[Window],
    variant: Variant,
    step: Step,
) -> Outcome:
    compute = engine.to_arrow
    step("finding the works that count")
    single = [Window(y, y) for y in _years(tables, variant, compute)]
    pipeline = Pipeline(tables, keep, method, [*windows, *single], variant=variant)
    shares = _shares(pipeline, keep, compute, step)
    everything = pa.concat_tables(shares.rows)
    named_windows = [str(w) for w in windows]
    yearly = _yearly(everything, {str(w) for w in single})

    step("leads")
    plain = plain_leads(shares.by_kind, pipeline, named_windows, compute)
    leaders = {(r["technology"], r["window"]): r["leader"] for r in plain.to_pylist()}
    universes = list(robustness(tables, engine, keep, method, leaders, step=step))
    step("overtaking and trends")
    overtaken = overtakings(yearly, shares.countries, method.replicates)
    trend = trends(yearly, shares.countries, method.replicates, windows)
    covered = compute(_coverage(pipeline, single).order_by(["technology", "year"]))
    pairs = _sorted(pa.concat_tables([PAIRWISE.empty_table(), *shares.pairs]), PAIR_ORDER)
    leads = judged_leads(plain, pipeline, named_windows, Evidence(universes, pairs, trend, covered), compute)
    step("home bias")
    in_windows = pa.array([w in set(named_windows) for w in everything["window"].to_pylist()], pa.bool_())
    return Outcome(
        {
            "shares": _sorted(everything.filter(in_windows), ORDER),
            "yearly": yearly,
            "overall": _sorted(pa.concat_tables(shares.overall), ["window", "unit_kind", "rank", "unit"]),
            "leads": leads,
            "pairwise": pairs,
            "choices": pa.Table.from_pylist([c for u in universes for c in u.choices()], schema=CHOICES),
            "curve": pa.Table.from_pylist([c for u in universes for c in u.curve()], schema=CURVE),
            "share_draws": share_draws(u for u in universes if u.window == named_windows[-1]),
            "crossings": crossings(overtaken),
            "crossing_years": crossing_years(overtaken),
            "trends": trend,
            "home_bias": homebias.home_bias(tables, engine, keep, method, windows, variant),
            "coverage": covered,
        },
        {
            "funnel": compute(_funnel(pipeline)).to_pylist()[0],
            "lost_weight": lost_weight(covered),
            "windows": named_windows,
            "query": variant,
            "pairwise_units": LEADING,
        },
    )


def _years(tables: Tables, variant: Variant, compute: ToArrow) -> range:
    span = compute(
        tables("memberships")
        .filter(ibis._.query == variant)
        .join(tables("works"), "work_id")
        .aggregate(first=ibis._.year.min(), last=ibis._.year.max())
    ).to_pylist()[0]
    return range(0) if span["first"] is None else range(span["first"], span["last"] + 1)


def _shares(pipeline: Pipeline, keep: Keep, compute: ToArrow, step: Step) -> _Shares:
    done = _Shares()
    institutions = pipeline.tables("institutions")
    replicates = pipeline.method.replicates
    for kind in KINDS:
        step(f"shares by {kind}")
        cells = pipeline.cells(kind)
        sets: list[Resampled] = []
        intervals = intervals_of(_watched(resampled(cells, pipeline.method, compute), kind, done, sets))
        plain = keep(cells.shares())
        done.by_kind[kind] = keep(with_intervals(plain, intervals, replicates=replicates))
        done.rows.append(compute(named(done.by_kind[kind], kind, institutions).select(*SHARE_KEYS)))
        if kind == "country":
            done.countries = sets
        if kind != "institution":
            table = pooled(cells.scored, plain).mutate(unit_kind=ibis.literal(kind))
            done.overall.append(pooled_intervals(compute(table), sets))
    return done


def _watched(
    sets: Iterable[Resampled], kind: UnitKind, done: _Shares, kept: list[Resampled]
) -> Iterator[Resampled]:
    """Pass resampled works on; keep their pairs, and those whose replicates are needed again.

    Replicates by institution are the largest of all, and only their pairs are.
    """
    label = str if kind == "country" else "I{}".format
    for one in sets:
        if kind != "bloc":  # blocs share members: none is ahead of another
            done.pairs.append(pairwise([one], kind, label=label))
        if kind != "institution":
            kept.append(one)
        yield one


def _coverage(pipeline: Pipeline, single: Sequence[Window]) -> ir.Table:
    years = pipeline.members.filter(pipeline.members.window.isin([str(w) for w in single]))
    return missing.coverage(years, pipeline.authorships, pipeline.method)


def lost_weight(covered: pa.Table) -> dict[str, Any]:
    """Return how much credit resolves to no country, over all years: in all, and by technology.

    Parameters
    ----------
    covered
        The result table ``coverage``: technology, works and lost, one row per year.
    """
    rows = covered.to_pylist()

    def summed(mine: list[dict[str, Any]]) -> dict[str, float | int | None]:
        works = sum(r["works"] for r in mine)
        weight = math.fsum(r["lost"] * r["works"] for r in mine)
        return {"works": works, "weight": weight, "share": weight / works if works else None}

    names = sorted({r["technology"] for r in rows})
    return {
        **summed(rows),
        "by_technology": {n: summed([r for r in rows if r["technology"] == n]) for n in names},
    }


def _funnel(pipeline: Pipeline) -> ir.Table:
    """Return how many works came through each step, in one row."""
    works = pipeline.tables("works")
    in_sets = pipeline.members.select("work_id").distinct()
    credited = in_sets.semi_join(pipeline.cells("country").credit, "work_id")
    return works.aggregate(
        works_in_lake=works.count(),
        retracted=works.is_retracted.sum().cast("int64"),
        paratext=works.is_paratext.sum().cast("int64"),
        expansion=works.is_xpac.sum().cast("int64"),
        without_year=works.year.isnull().sum().cast("int64"),
        counted_works=pipeline.counted.count().as_scalar(),
        works_in_technologies=in_sets.count().as_scalar(),
        works_with_a_country=credited.count().as_scalar(),
    )


def _yearly(rows: pa.Table, single: set[str]) -> pa.Table:
    keep = rows.filter(pa.array([w in single for w in rows["window"].to_pylist()], pa.bool_()))
    year = pa.array([int(w[:4]) for w in keep["window"].to_pylist()], pa.int32())
    keep = keep.set_column(keep.column_names.index("window"), "year", year)
    return _sorted(keep, ["technology", "unit_kind", "unit", "year"])


def _sorted(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    return table.sort_by([(k, "ascending") for k in keys])
