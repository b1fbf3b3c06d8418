"""Leads and verdicts: the leader of each technology and window, and how surely it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.inference.verdict import verdict
from primacy.measures import lead
from primacy.measures.credit import merge_territories
from primacy.measures.method import UnitKind, Window
from primacy.studies.research.intervals import Place, ToArrow
from primacy.studies.research.pipeline import Pipeline
from primacy.studies.research.robustness import Robustness
from primacy.studies.research.stability import lead_stability
from primacy.studies.tables import research as declared

__all__ = ["LEADS", "judged_leads", "plain_leads"]

LEADS: pa.Schema = declared.LEADS.arrow
"""Columns of ``leads``. ``probability``: over bootstrap and universes together, on which the verdict rests."""


def plain_leads(
    shares: Mapping[UnitKind, ir.Table], pipeline: Pipeline, windows: Sequence[str], compute: ToArrow
) -> pa.Table:
    """Return the leaders by the main method; see :func:`primacy.measures.lead.leads`."""
    table = lead.leads(
        shares["country"].filter(ibis._.window.isin(windows)),
        shares["institution"].filter(ibis._.window.isin(windows)),
        seats(pipeline),
    )
    return compute(table.order_by(["technology", "window"]))


def seats(pipeline: Pipeline) -> ir.Table:
    """Return unit, country: where each institution is."""
    institutions = pipeline.tables("institutions")
    return institutions.select(
        unit=institutions.institution_id, country=merge_territories(institutions.country, pipeline.method)
    )


def judged_leads(
    plain: pa.Table,
    pipeline: Pipeline,
    windows: Sequence[str],
    universes: Sequence[Robustness],
    trend: pa.Table,
    coverage: pa.Table,
    compute: ToArrow,
) -> pa.Table:
    """Add to leads what resampling, the multiverse, the trend and the coverage say, and the verdict."""
    places = compute(seats(pipeline))
    seat = dict(zip(places["unit"].to_pylist(), places["country"].to_pylist(), strict=True))
    stability = lead_stability(pipeline, list(windows), seat, plain, compute)
    robust = {(u.technology, u.window): u.row() for u in universes}
    sizes = _sizes(pipeline, windows, compute)
    slopes = {(r["technology"], r["window"], r["unit"]): r for r in trend.to_pylist()}
    covered = _covered(coverage)
    rows = []
    for row in plain.to_pylist():
        place = (row["technology"], row["window"])
        size = sizes[place]
        slope = slopes.get((*place, row["leader"]), {})
        one = {**row, **stability.get(place, {}), **robust.get(place, {}), **size}
        one |= {
            "trend": slope.get("slope"),
            "trend_low": slope.get("low"),
            "trend_high": slope.get("high"),
            "coverage": covered(*place),
            "verdict": verdict(one.get("probability"), size["papers"]),
        }
        rows.append(one)
    return pa.Table.from_pylist(rows, schema=LEADS)


def _sizes(pipeline: Pipeline, windows: Sequence[str], compute: ToArrow) -> dict[Place, dict[str, Any]]:
    scored = pipeline.cells("country").scored
    scored = scored.filter(scored.window.isin(windows))
    table = scored.group_by("technology", "window").agg(papers=scored.count(), score=scored.score.sum())
    return {
        (r["technology"], r["window"]): {"papers": r["papers"], "high_impact": round(r["score"], 9)}
        for r in compute(table).to_pylist()
    }


def _covered(coverage: pa.Table) -> Any:
    rows = coverage.to_pylist()

    def of(technology: str, window: str) -> float | None:
        span = Window.parse(window)
        mine = [r for r in rows if r["technology"] == technology and span.first <= r["year"] <= span.last]
        works = sum(r["works"] for r in mine)
        return 1 - sum(r["works_without_country"] for r in mine) / works if works else None

    return of
