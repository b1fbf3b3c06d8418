"""The whole study: every technology, window, year and kind of unit, as result tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.engine import Engine, Keep
from primacy.measures import coverage as missing
from primacy.measures import lead
from primacy.measures.credit import merge_territories
from primacy.measures.method import Method, UnitKind, Window
from primacy.measures.overall import pooled
from primacy.studies.outcome import Outcome, Step
from primacy.studies.research.intervals import (
    ToArrow,
    interval_rows,
    pooled_intervals,
    resampled,
    with_intervals,
)
from primacy.studies.research.pipeline import Pipeline, Tables, Variant
from primacy.studies.research.rows import ORDER, SHARE_KEYS, named

__all__ = ["default_windows", "run"]

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
        ``leads``, ``coverage``.
    """
    with engine.scratch() as keep:
        return _run(tables, engine.to_arrow, keep, method, sorted(set(windows)), variant, step)


def _run(
    tables: Tables,
    compute: ToArrow,
    keep: Keep,
    method: Method,
    windows: Sequence[Window],
    variant: Variant,
    step: Step,
) -> Outcome:
    step("finding the works that count")
    span = compute(
        tables("memberships")
        .filter(ibis._.query == variant)
        .join(tables("works"), "work_id")
        .aggregate(first=ibis._.year.min(), last=ibis._.year.max())
    ).to_pylist()[0]
    years = range(span["first"], span["last"] + 1) if span["first"] is not None else range(0)
    single = [Window(y, y) for y in years]
    pipeline = Pipeline(tables, keep, method, [*windows, *single], variant=variant)
    institutions = tables("institutions")

    shares: dict[UnitKind, ir.Table] = {}
    finished: list[pa.Table] = []
    overall: list[pa.Table] = []
    for kind in KINDS:
        step(f"shares by {kind}")
        cells = pipeline.cells(kind)
        sets = list(resampled(cells, method, compute))
        plain = keep(cells.shares())
        shares[kind] = keep(with_intervals(plain, interval_rows(sets), replicates=method.replicates))
        finished.append(compute(named(shares[kind], kind, institutions).select(*SHARE_KEYS, "name")))
        if kind != "institution":
            table = pooled(cells.scored, plain).mutate(unit_kind=ibis.literal(kind))
            overall.append(pooled_intervals(compute(table), sets))
    everything = pa.concat_tables(finished)
    names = {str(w) for w in windows}
    step("leads and coverage")
    leads = _leads(shares, pipeline, institutions, windows, compute)
    covered = missing.coverage(
        pipeline.members.filter(pipeline.members.window.isin([str(w) for w in single])),
        pipeline.authorships,
        method,
    )
    in_windows = [w in names for w in everything["window"].to_pylist()]
    lost = compute(missing_totals(pipeline, method))
    return Outcome(
        {
            "shares": _sorted(everything.filter(pa.array(in_windows)), ORDER),
            "yearly": _yearly(everything, {str(w) for w in single}),
            "overall": _sorted(pa.concat_tables(overall), ["window", "unit_kind", "rank", "unit"]),
            "leads": leads,
            "coverage": compute(covered.order_by(["technology", "year"])),
        },
        {"funnel": lost.to_pylist()[0], "windows": [str(w) for w in windows], "query": variant},
    )


def missing_totals(pipeline: Pipeline, method: Method) -> ir.Table:
    """Return how many works came through each step: the study's funnel, in one row."""
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


def _leads(
    shares: Mapping[UnitKind, ir.Table],
    pipeline: Pipeline,
    institutions: ir.Table,
    windows: Sequence[Window],
    compute: ToArrow,
) -> pa.Table:
    wanted = [str(w) for w in windows]
    countries = shares["country"].filter(ibis._.window.isin(wanted))
    seats = institutions.select(
        unit=institutions.institution_id, country=merge_territories(institutions.country, pipeline.method)
    )
    table = lead.leads(countries, shares["institution"].filter(ibis._.window.isin(wanted)), seats)
    chance = countries.select(
        "technology", "window", leader=countries.unit, probability=countries.probability
    )
    keys = ["technology", "window", "leader"]
    table = table.left_join(chance, keys).select(*table.columns, "probability")
    return compute(table.order_by(["technology", "window"]))


def _yearly(rows: pa.Table, single: set[str]) -> pa.Table:
    keep = rows.filter(pa.array([w in single for w in rows["window"].to_pylist()]))
    year = pa.array([int(w[:4]) for w in keep["window"].to_pylist()], pa.int32())
    keep = keep.set_column(keep.column_names.index("window"), "year", year)
    return _sorted(keep, ["technology", "unit_kind", "unit", "year"])


def _sorted(table: pa.Table, keys: Sequence[str]) -> pa.Table:
    return table.sort_by([(k, "ascending") for k in keys])
