"""Leads and verdicts: the leader of each technology and window, and how surely it leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

__all__ = ["LEADS", "Evidence", "judged_leads", "plain_leads"]

LEADS: pa.Schema = declared.LEADS.arrow
"""Columns of ``leads``. ``probability``: over bootstrap and universes together, on which the verdict rests."""

GROUP = ["technology", "window"]


@dataclass(frozen=True)
class Evidence:
    """What is known of the leads beside the shares.

    Parameters
    ----------
    universes
        The multiverse of every lead.
    pairs
        The result table ``pairwise``.
    trend
        The result table ``trends``.
    coverage
        The result table ``coverage``.
    """

    universes: Sequence[Robustness]
    pairs: pa.Table
    trend: pa.Table
    coverage: pa.Table


def plain_leads(
    shares: Mapping[UnitKind, ir.Table], pipeline: Pipeline, windows: Sequence[str], compute: ToArrow
) -> pa.Table:
    """Return the leaders by the main method, and their monopoly risk with institutions rolled up too.

    See :func:`primacy.measures.lead.leads`.
    """
    countries = shares["country"].filter(ibis._.window.isin(windows))
    institutions = shares["institution"].filter(ibis._.window.isin(windows))
    table = lead.leads(countries, institutions, seats(pipeline))
    rolled = lead.leads(countries, pipeline.rolled_up().shares(windows), seats(pipeline))
    rolled = rolled.select(
        *GROUP,
        top10_in_leader_rolled_up=rolled.top10_in_leader,
        monopoly_risk_rolled_up=rolled.monopoly_risk,
    )
    chance = countries.select(*GROUP, leader=countries.unit, bootstrap_probability=countries.probability)
    return compute(table.join(rolled, GROUP).join(chance, [*GROUP, "leader"]).order_by(GROUP))


def seats(pipeline: Pipeline) -> ir.Table:
    """Return unit, country: where each institution is."""
    institutions = pipeline.tables("institutions")
    return institutions.select(
        unit=institutions.institution_id, country=merge_territories(institutions.country, pipeline.method)
    )


def judged_leads(
    plain: pa.Table, pipeline: Pipeline, windows: Sequence[str], evidence: Evidence, compute: ToArrow
) -> pa.Table:
    """Add to leads what resampling, the multiverse, the trend and the coverage say, and the verdict."""
    places = compute(seats(pipeline))
    seat = dict(zip(places["unit"].to_pylist(), places["country"].to_pylist(), strict=True))
    stability = lead_stability(pipeline, list(windows), seat, plain, compute)
    robust = {(u.technology, u.window): u.row() for u in evidence.universes}
    sizes = _sizes(pipeline, windows, compute)
    slopes = {(r["technology"], r["window"], r["unit"]): r for r in evidence.trend.to_pylist()}
    pairs = {(r["technology"], r["window"], r["unit"], r["other"]): r for r in evidence.pairs.to_pylist()}
    covered = _covered(evidence.coverage)
    alone = 1.0 if pipeline.method.replicates else None
    rows = []
    for row in plain.to_pylist():
        place = (row["technology"], row["window"])
        size = sizes[place]
        slope = slopes.get((*place, row["leader"]), {})
        pair = pairs.get((*place, row["leader"], row["runner_up"]), {})
        one = {**row, **stability.get(place, {}), **robust.get(place, {}), **size}
        one |= {
            "margin": row["leader_share"] - (row["runner_up_share"] or 0.0),
            "margin_low": pair.get("low"),
            "margin_high": pair.get("high"),
            "ahead_of_runner_up": alone if row["runner_up"] is None else pair.get("probability"),
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
