"""The pages of the assessment: every verdict side by side, and one opened down to its indicators."""

from __future__ import annotations

from collections import Counter

from primacy.present.sentences_assessment import chain_sentence, verdict_sentence
from primacy.web import figures
from primacy.web.figures.assessment import INPUTS, STAGES, subject_of
from primacy.web.page import Page
from primacy.web.snapshot import Row, Snapshot

__all__ = ["assessment", "assessment_of"]

KINDS = {"domain": "Domains", "technology": "Technologies"}
COUNTRIES = 6
PUBLISHED = 30


def assessment(snapshot: Snapshot) -> Page:
    """Return every verdict, with the chain from research to use."""
    rows = snapshot.rows("assessment")
    published = snapshot.rows("assessment_published")
    drawn = [figures.find(snapshot, "verdicts", kind, "stages") for kind in KINDS if rows]
    told = sorted(rows, key=lambda r: (not r["lost_at"], r["kind"] != "domain"))[:1]
    return Page(
        "assessment",
        "assessment.html",
        "Taken together: who leads?",
        "One verdict per domain and technology from research, people, compute and models, with its probability.",
        {
            "groups": [(text, [r for r in rows if r["kind"] == kind]) for kind, text in KINDS.items()],
            "there": bool(rows),
            "figures": [f for f in drawn if not f.empty],
            "verdicts": Counter(r["verdict"] for r in rows),
            "sentences": [s for r in told for s in _sentences(snapshot, r)]
            + [
                chain_sentence(r, simulated=snapshot.simulated)
                for r in rows
                if r["lost_at"] and r not in told
            ][:1],
            "published": published[:PUBLISHED],
            "agreement": Counter(r["agreement"] for r in published),
            "total": len(published),
            "names": {r["technology"]: r["name"] for r in rows},
            "stages": STAGES,
        },
    )


def assessment_of(snapshot: Snapshot, wanted: str) -> Page:
    """Return one verdict, opened: chain, scores, indicators with their sources, what it hangs on, what others say."""
    one = subject_of(snapshot, wanted)
    drawn = [
        figures.find(snapshot, "scores", wanted, "scores"),
        figures.find(snapshot, "effects", wanted, "effects"),
    ]
    scores = snapshot.rows("assessment_scores", technology=wanted)
    units = [r["unit"] for r in scores[:COUNTRIES]]
    return Page(
        f"assessment/{wanted}",
        "assessment_one.html",
        one["name"],
        verdict_sentence(one, simulated=snapshot.simulated),
        {
            "one": one,
            "sentences": _sentences(snapshot, one),
            "chain": sorted(
                snapshot.rows("assessment_chain", technology=wanted), key=lambda r: (r["place"], r["stage"])
            ),
            "scores": scores[:12],
            "figures": [f for f in drawn if not f.empty],
            "indicators": _indicators(snapshot, wanted, units),
            "units": units,
            "driver": INPUTS.get(one["driver"] or "", one["driver"]),
            "published": snapshot.rows("assessment_published", technology=wanted),
            "stages": STAGES,
            "names": {t.id: t.name for t in snapshot.workspace.portfolio.values()},
        },
    )


def _sentences(snapshot: Snapshot, row: Row) -> list[str]:
    said = [
        verdict_sentence(row, simulated=snapshot.simulated),
        chain_sentence(row, simulated=snapshot.simulated),
    ]
    return [s for s in said if s]


def _indicators(snapshot: Snapshot, wanted: str, units: list[str]) -> list[Row]:
    """Return each indicator once, with the values of the first countries; or why it has none."""
    found: dict[str, Row] = {}
    for row in snapshot.rows("assessment_indicators", technology=wanted):
        one = found.setdefault(row["indicator"], {**row, "values": {}})
        if row["unit"] in units:
            one["values"][row["unit"]] = row
    order = list(STAGES)
    return sorted(
        found.values(),
        key=lambda r: (order.index(r["stage"]) if r["stage"] in order else 9, -(r["weight"] or 0)),
    )
