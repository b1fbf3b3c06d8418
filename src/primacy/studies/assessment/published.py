"""What published assessments say of the same things, beside ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from primacy.sources.reference.assessments import PublishedAssessment

__all__ = ["beside"]

RESEARCH = "research"
"""What a source measures that counts papers alone, and what a row of ours speaks of that has no other stage."""


def beside(
    published: Iterable[PublishedAssessment], ours: Mapping[str, Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Return one row per published statement on who leads and subject of ours: agree, differ or not comparable.

    Parameters
    ----------
    published
        The statements.
    ours
        Rows of ``assessment`` by technology. A source that counts papers is set beside the stage of research, every
        other beside the whole; what speaks of research alone is never compared with what speaks of more.
    """
    rows = []
    for claim in _leaders(published):
        for subject in claim.about:
            row = ours.get(subject)
            if row is not None:
                rows.append(_row(claim, row))
        if not claim.about:
            rows.append({**_stated(claim), "agreement": "not comparable", "reason": _elsewhere(claim)})
    return sorted(rows, key=lambda r: (r.get("technology") or "~", r["source"], r["year"], r["topic"]))


def _leaders(published: Iterable[PublishedAssessment]) -> list[PublishedAssessment]:
    """Return what names a leader, or might have: of a list of scores, the country that stands first."""
    every = list(published)
    said = {(p.source, p.year, p.topic) for p in every if p.kind in ("verdict", "mixed", "unknown")}
    return [
        p
        for p in every
        if p.kind in ("verdict", "mixed", "unknown", "count")
        or (p.rank == 1 and p.unit is not None and (p.source, p.year, p.topic) not in said)
    ]


def _stated(claim: PublishedAssessment) -> dict[str, Any]:
    return {
        "source": claim.source,
        "year": claim.year,
        "topic": claim.topic,
        "measures": claim.measures,
        "published_leader": claim.unit,
        "statement": claim.statement or "rank 1",
        "published_score": claim.value,
        "url": claim.url,
        "note": claim.note,
    }


def _elsewhere(claim: PublishedAssessment) -> str:
    if claim.kind == "count":
        return "a count of technologies: `primacy claims` checks it"
    return f"nothing here is about {claim.topic}"


def _row(claim: PublishedAssessment, row: Mapping[str, Any]) -> Mapping[str, Any]:
    research = claim.measures == RESEARCH
    leader = row["research_leader"] if research else row["leader"]
    verdict = row["research_verdict"] if research else row["verdict"]
    probability = row["research_probability"] if research else row["probability"]
    speaks_of = RESEARCH if research else row["speaks_of"]
    agreement, reason = _compared(claim, leader, verdict, speaks_of)
    return {
        "technology": row["technology"],
        **_stated(claim),
        "leader": leader,
        "probability": probability,
        "verdict": verdict,
        "speaks_of": speaks_of,
        "same_leader": leader == claim.unit if leader and claim.unit else None,
        "agreement": agreement,
        "reason": reason,
    }


def _compared(
    claim: PublishedAssessment, leader: str | None, verdict: str | None, speaks_of: str | None
) -> tuple[str, str]:
    if claim.kind == "unknown":
        return "not comparable", "its verdict could not be found"
    if claim.kind == "mixed" or claim.unit is None:
        return "not comparable", "it names no single leader"
    if leader is None or verdict in (None, "too few papers", "cannot be said"):
        return "not comparable", f"ours: {verdict or 'cannot be said'}"
    if claim.measures != RESEARCH and speaks_of == RESEARCH:
        return "not comparable", f"it speaks of {claim.measures}, ours of research alone"
    if verdict == "contested":
        return "differ", f"it names {claim.unit}; ours is contested"
    if leader == claim.unit:
        return "agree", f"both name {leader}"
    return "differ", f"it names {claim.unit}, ours {leader}"
