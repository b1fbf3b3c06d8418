"""Results of the assessment written by hand: a lead that holds, one that is lost, one that cannot be said."""

from __future__ import annotations

import pyarrow as pa

from tests.web.world_models import HOSTILE

SUBJECTS = {
    "energy": ("domain", "Energy", "CN", "leads", 0.99, None, "holds throughout"),
    "ai-technologies": (
        "domain",
        "AI technologies",
        "CN",
        "contested",
        0.66,
        "compute",
        "lost at compute to US",
    ),
    "unknown": ("technology", HOSTILE, None, "cannot be said", None, None, None),
}


def _subject(id: str) -> dict:
    kind, name, leader, verdict, probability, lost, chain = SUBJECTS[id]
    return {
        "technology": id, "kind": kind, "name": name, "window": "2020-2024", "leader": leader, "verdict": verdict,
        "probability": probability, "leader_score": 79.0 if leader else None, "runner_up": "US" if leader else None,
        "runner_up_score": 52.0 if leader else None, "agreement": 0.75 if leader else None,
        "challenger": "US" if lost else None, "challenger_probability": 0.34 if lost else None,
        "speaks_of": "research, people", "chain": chain, "lost_at": lost, "lost_to": "US" if lost else None,
        "chain_probability": 0.97 if leader else None, "research_leader": leader,
        "driver": "weights" if leader else None,
        "driver_effect": 0.6 if leader else None, "indicators": 2, "indicators_without_data": 1,
        "measured_by": "supercapacitors, elsewhere", "stand_in": id == "unknown",
        "reason": None if leader else "no two countries can be compared",
    }  # fmt: skip


def _stage(id: str, place: int, stage: str, leader: str | None) -> dict:
    return {
        "technology": id, "stage": stage, "place": place, "state": "measured" if leader else "not about it",
        "leader": leader, "probability": 0.9 if leader else None, "verdict": "leads" if leader else None,
        "runner_up": None, "research_leader": SUBJECTS[id][2], "research_leader_rank": 2 if leader == "US" else None,
        "research_leader_probability": None, "reason": "" if leader else f"says nothing about {id}",
    }  # fmt: skip


def _indicator(id: str, indicator: str, unit: str | None, value: float | None) -> dict:
    return {
        "technology": id, "stage": "research" if indicator == "research_share" else "compute", "indicator": indicator,
        "title": indicator.replace("_", " "), "state": "measured" if unit else "no data", "unit": unit, "value": value,
        "low": None if value is None else 0.8 * value, "high": None if value is None else 1.2 * value,
        "counted_in": "share" if indicator == "research_share" else "usd", "direction": 1 if unit else -1,
        "weight": 0.25,
        "table": "shares" if unit else None, "reason": None if unit else "study compute was not run",
    }  # fmt: skip


def _published(id: str, agreement: str) -> dict:
    return {
        "technology": id, "source": f"Index {HOSTILE}", "year": 2025, "topic": SUBJECTS[id][1], "measures": "research",
        "statement": "China leads", "leader": SUBJECTS[id][2], "probability": SUBJECTS[id][4],
        "verdict": SUBJECTS[id][3], "agreement": agreement, "reason": "both name CN",
    }  # fmt: skip


def tables() -> dict[str, pa.Table]:
    stages = ("research", "people", "compute", "models")
    leaders = {
        "energy": ("CN", "CN", None, None),
        "ai-technologies": ("CN", "CN", "US", "CN"),
        "unknown": (None,) * 4,
    }
    scores = [
        {"technology": id, "unit": u, "score": s, "rank": r, "rank_low": 1, "rank_high": 2, "probability": 0.5,
         "coverage": 0.75, "indicators": 2, "note": ""}
        for id in SUBJECTS for u, s, r in (("CN", 79.0, 1), ("US", 52.0, 2), ("DE", None, None))
    ]  # fmt: skip
    effects = [
        {"technology": id, "input": i, "first_order": 0.1, "total": t, "error": 0.01}
        for id in SUBJECTS for i, t in (("values", -0.01), ("weights", 0.6))
    ]  # fmt: skip
    indicators = [
        row
        for id in SUBJECTS
        for row in (
            _indicator(id, "research_share", "CN", 0.5),
            _indicator(id, "research_share", "US", 0.25),
            _indicator(id, "token_cost", None, None),
        )
    ]
    claims = [
        {"claim": f"claim-{i}", "file": "mine", "text": f"Said {HOSTILE}.", "source": f"https://example.org/{HOSTILE}",
         "table": "leads", "needs": "a run", "says": says, "probability": None, "verdict": verdict,
         "reason": "so it is", "simulated": True, "note": ""}
        for i, (verdict, says) in enumerate(
            (("cannot be said", None), ("confirmed", "CN is first"), ("contradicted", HOSTILE))
        )
    ]  # fmt: skip
    return {
        "assessment": pa.Table.from_pylist([_subject(id) for id in SUBJECTS]),
        "assessment_chain": pa.Table.from_pylist(
            [_stage(id, i, s, leaders[id][i - 1]) for id in SUBJECTS for i, s in enumerate(stages, start=1)]
        ),
        "assessment_scores": pa.Table.from_pylist(scores),
        "assessment_sensitivity": pa.Table.from_pylist(effects),
        "assessment_indicators": pa.Table.from_pylist(indicators),
        "claims": pa.Table.from_pylist(claims),
        "assessment_published": pa.Table.from_pylist(
            [_published("energy", "agree"), _published("unknown", "not comparable")]
        ),
    }


def manifest() -> dict:
    return {"code": {"primacy": "0", "source": "0"}, "inputs": {}, "settings": {}, "simulated": True}
