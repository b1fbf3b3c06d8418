"""Where the authors of highly cited works were and are, shown where the results have it."""

from __future__ import annotations

from typing import Any

from primacy.present import charts_shares
from primacy.present.figure import Figure
from primacy.present.palette import OTHER
from primacy.present.sentences import percent, years
from primacy.web.figures.parts import Row, path, table, wrap
from primacy.web.snapshot import Snapshot

__all__ = ["STAGES", "flows_of", "known_by", "people", "stages_of"]

STAGES = {
    "undergraduate": "first degree",
    "postgraduate": "doctorate",
    "first": "first affiliation",
    "employment": "work now",
}
"""The stages of a career, in order."""
LARGEST = 10


def stages_of(snapshot: Snapshot, technology: str, window: str) -> tuple[list[Row], str, str]:
    """Return the stocks by the better evidence, the earliest stage that it has, and the evidence."""
    every = snapshot.rows("stocks", technology=technology, window=window)
    weighting = "once" if any(r["weighting"] == "once" for r in every) else "credit"
    mine = [r for r in every if r["weighting"] == weighting]
    top = min(
        (r["top"] for r in mine), default=0.0, key=lambda t: abs(t - float(snapshot.method.get("top", 0.1)))
    )
    mine = [r for r in mine if r["top"] == top and r["stage"] in STAGES]
    covered: dict[str, float] = {}
    for r in mine:
        covered[r["evidence"]] = max(covered.get(r["evidence"], 0.0), r["coverage"] or 0.0)
    if not covered:
        return [], "", ""
    evidence = max(covered, key=lambda e: (covered[e], e))
    rows = [r for r in mine if r["evidence"] == evidence]
    earlier = next((s for s in STAGES if any(r["stage"] == s for r in rows)), "")
    return rows, earlier, evidence


def known_by(evidence: str) -> str:
    """Return in words what tells where somebody was."""
    return {"orcid": "what people state in ORCID", "affiliations": "the addresses on their works"}.get(
        evidence, evidence
    )


def flows_of(snapshot: Snapshot, technology: str, window: str) -> list[Row]:
    """Return the largest moves between two countries, from the earliest stage known to work now."""
    stocks, earlier, evidence = stages_of(snapshot, technology, window)
    if not stocks:
        return []
    weighting, top = stocks[0]["weighting"], stocks[0]["top"]
    rows = snapshot.rows(
        "flows",
        technology=technology,
        window=window,
        weighting=weighting,
        evidence=evidence,
        from_stage=earlier,
    )
    moved = [
        r
        for r in rows
        if r["origin"] != r["destination"]
        and r["to_stage"] == "employment"
        and r["top"] == top
        and r["authors"] > 0
    ]
    return sorted(moved, key=lambda r: (-r["authors"], r["origin"], r["destination"]))[:LARGEST]


def people(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show each country's share of the authors at the earliest stage known, and where they work now."""
    technology = snapshot.technology(subject)
    stocks, earlier, evidence = stages_of(snapshot, subject, window)
    shares: dict[str, dict[str, float]] = {}
    for r in stocks:
        if r["stage"] in (earlier, "employment") and r["share"] is not None:
            shares.setdefault(r["unit"], {})[r["stage"]] = r["share"]
    order = sorted(shares, key=lambda u: (-max(shares[u].values()), u))[:LARGEST]
    if earlier in ("", "employment"):
        order = []
    rows: list[Row] = [
        {"technology": subject, "window": window, "unit": u, "evidence": evidence, "earlier_stage": earlier}
        | {"share_earlier": shares[u].get(earlier, 0.0), "share_employed": shares[u].get("employment", 0.0)}
        for u in order
    ]
    ends = (STAGES.get(earlier, earlier), STAGES["employment"])

    def draw(narrow: bool) -> Any:
        return charts_shares.dumbbells(
            [
                {"label": snapshot.name(r["unit"]), ends[0]: r["share_earlier"], ends[1]: r["share_employed"]}
                for r in rows
            ],
            ends=ends,
            colours=(OTHER, "#0072B2"),
            title=wrap("Where the authors were and are", narrow),
            subtitle="share of authors" if narrow else f"share of the authors, by {known_by(evidence)}",
            simulated=snapshot.simulated,
            width=150 if narrow else 300,
        )

    said = "; ".join(
        f"{snapshot.name(r['unit'])} {percent(r['share_earlier'])} and {percent(r['share_employed'])}"
        for r in rows[:4]
    )
    columns = ["technology", "window", "unit", "evidence", "earlier_stage", "share_earlier", "share_employed"]
    return Figure(
        path("people", subject, window),
        f"{technology.name}: where the authors of the most cited papers were and are, {years(window)}",
        f"At {ends[0]} and at {ends[1]}: {said}.",
        table(rows, columns),
        draw,
        "stocks",
        {"share_earlier": "share", "share_employed": "share"},
    )
