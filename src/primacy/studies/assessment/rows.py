"""What was found of a subject, as rows of the result tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from primacy.inference.verdict import verdict
from primacy.lake.results import Results
from primacy.studies.assessment.chain import Chain
from primacy.studies.assessment.evidence import MEASURED, NO_DATA, Absent, Reading
from primacy.studies.assessment.judgement import Judgement
from primacy.studies.assessment.subjects import Subject

__all__ = ["Assessed", "effect_rows", "indicator_rows", "score_rows", "summary"]


@dataclass(frozen=True, eq=False)
class Assessed:
    """One subject and all that was found of it.

    Parameters
    ----------
    subject
        The domain or technology.
    readings
        Of each indicator by country, in the definition's order, or why there is none.
    blocs
        Of those indicators that are known of blocs.
    judgement
        The scores; None where countries could not be compared.
    chain
        Who leads at each stage.
    papers
        How many papers its technologies have in the newest window, one that is in two of them counted twice.
    reason
        Why there is no verdict, where there is none.
    """

    subject: Subject
    readings: list[Reading | Absent]
    blocs: list[Reading]
    judgement: Judgement | None
    chain: Chain
    papers: int
    reason: str | None

    @property
    def used(self) -> list[Reading]:
        """The readings that there are."""
        return [r for r in self.readings if isinstance(r, Reading)]


def summary(found: Assessed) -> dict[str, Any]:
    """Return the row of ``assessment``."""
    subject, judgement, chain = found.subject, found.judgement, found.chain
    without = [r for r in found.readings if isinstance(r, Absent) and r.state == NO_DATA]
    row: dict[str, Any] = {
        "technology": subject.id,
        "kind": subject.kind,
        "name": subject.name,
        "window": found.used[0].window if found.used else None,
        "leader": None,
        "verdict": "cannot be said",
        "probability": None,
        "speaks_of": ", ".join(k.stage.title for k in chain.links if k.state == MEASURED) or None,
        "stages_without_data": ", ".join(k.stage.title for k in chain.links if k.state == NO_DATA),
        "chain": chain.outcome,
        "lost_at": chain.lost_at,
        "lost_to": chain.lost_to,
        "chain_probability": chain.probability,
        "research_leader": chain.research.leader,
        "research_probability": chain.research.probability,
        "research_verdict": chain.research.verdict,
        "indicators": len(found.used),
        "indicators_without_data": len(without),
        "papers": found.papers,
        "measured_by": ", ".join(subject.measured_by),
        "stand_in": subject.stand_in,
        "reason": found.reason,
    }
    if judgement is None or judgement.leader is None:
        return row
    first, second, probability = judgement.leader, judgement.runner_up, judgement.probability
    others = np.where(np.arange(len(probability)) == first, np.nan, probability)
    row |= {
        "leader": judgement.units[first],
        "leader_score": float(judgement.result.score[first]),
        "probability": float(probability[first]),
        "verdict": verdict(float(probability[first]), found.papers),
        "coverage": float(judgement.result.coverage[first]),
    }
    if second is not None:
        challenger = int(np.nanargmax(others))
        row |= {
            "runner_up": judgement.units[second],
            "runner_up_score": float(judgement.result.score[second]),
            "ahead_of_runner_up": judgement.ahead(first, second),
            "agreement": judgement.agreement(first, second),
        }
        if probability[challenger] > 0:
            row |= {
                "challenger": judgement.units[challenger],
                "challenger_probability": float(probability[challenger]),
            }
    if judgement.effects:
        driver = max(judgement.effects, key=lambda e: (e.total, e.input))
        row |= {"driver": driver.input, "driver_effect": driver.total}
    return row


def score_rows(found: Assessed) -> list[dict[str, Any]]:
    """Return the rows of ``assessment_scores``, the first of the ranking first."""
    judgement = found.judgement
    if judgement is None:
        return []
    low, high = judgement.rank_interval()
    result, probability, here = judgement.result, judgement.probability, len(found.used)
    rows = []
    for i in sorted(
        range(len(judgement.units)), key=lambda i: (_last(float(result.rank[i])), judgement.units[i])
    ):
        have = here - int(result.missing[i])
        scored = not math.isnan(result.score[i])
        note = "" if have == here else f"{here - have} of {here} indicators missing: left out, not zero"
        rows.append(
            {
                "technology": found.subject.id,
                "unit": judgement.units[i],
                "score": _known(result.score[i]),
                "rank": _whole(result.rank[i]),
                "rank_low": _whole(low[i]) if scored else None,
                "rank_high": _whole(high[i]) if scored else None,
                "probability": _known(probability[i]),
                "coverage": float(result.coverage[i]),
                "indicators": have,
                "note": note if scored else f"{note}; too few for a score",
            }
        )
    return rows


def indicator_rows(found: Assessed, results: Results) -> list[dict[str, Any]]:
    """Return the rows of ``assessment_indicators``: every value with its source, and what has none."""
    weights = _weights(found)
    rows: list[dict[str, Any]] = []
    for reading in [*found.readings, *found.blocs]:
        spec = reading.spec
        row: dict[str, Any] = {
            "technology": found.subject.id,
            "stage": spec.stage,
            "indicator": spec.id,
            "title": spec.title,
            "counted_in": spec.counted_in,
            "direction": spec.direction,
            "study": spec.study,
            "table": spec.table,
        }
        if isinstance(reading, Absent):
            rows.append({**row, "state": reading.state, "reason": reading.reason})
            continue
        made = results.study(spec.study).manifest
        row |= {
            "state": MEASURED,
            "unit_kind": reading.kind,
            "window": reading.window,
            "uncertainty": reading.uncertainty,
            "weight": weights.get(spec.id),
            "table_version": made["tables"][spec.table]["sha256"][:12],
            "lake_version": made["lake_version"],
        }
        rows += [row | _figures(reading, i) for i in _ordered(reading)]
    stages = list(dict.fromkeys(r.spec.stage for r in found.readings))
    return sorted(rows, key=lambda r: (stages.index(r["stage"]), _place(found, r["indicator"])))


def _figures(reading: Reading, i: int) -> dict[str, Any]:
    country = reading.kind == "country"
    better = reading.value * reading.spec.direction
    return {
        "unit": reading.units[i],
        "value": _known(reading.value[i]),
        "low": _known(reading.low[i]),
        "high": _known(reading.high[i]),
        "coverage": _known(reading.coverage[i]),
        "probability": _known(reading.probability[i]) if country else None,
        "rank": 1 + int((np.round(better, 12) > round(float(better[i]), 12)).sum()) if country else None,
    }


def _ordered(reading: Reading) -> list[int]:
    better = reading.value * reading.spec.direction
    return sorted(range(len(reading.units)), key=lambda i: (-round(float(better[i]), 12), reading.units[i]))


def _place(found: Assessed, indicator: str) -> int:
    return [r.spec.id for r in found.readings].index(indicator)


def _weights(found: Assessed) -> dict[str, float]:
    """Return the weight of each indicator in the whole score."""
    if found.judgement is None:
        return {}
    result = found.judgement.result
    names = [i.path[-1] for i in result.definition.indicators]
    return dict(zip(names, result.effective_weights.tolist(), strict=True))


def effect_rows(found: Assessed) -> list[dict[str, Any]]:
    """Return the rows of ``assessment_sensitivity``, the largest effect first."""
    effects = found.judgement.effects if found.judgement else ()
    return [
        {
            "technology": found.subject.id,
            "input": e.input,
            "first_order": e.first_order,
            "total": e.total,
            "error": e.total_error,
        }
        for e in sorted(effects, key=lambda e: (-e.total, e.input))
    ]


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)


def _last(rank: float) -> float:
    return math.inf if math.isnan(rank) else rank
