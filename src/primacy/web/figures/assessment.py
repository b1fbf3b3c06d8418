"""Figures of the assessment: who leads at which stage, scores, and what a lead hangs on."""

from __future__ import annotations

from typing import Any

from primacy.errors import NotThereError
from primacy.present import charts_matrix, charts_parts
from primacy.present.figure import Figure
from primacy.present.palette import colour
from primacy.present.sentences import percent
from primacy.web.figures.parts import Row, path, table
from primacy.web.snapshot import Snapshot

__all__ = ["INPUTS", "STAGES", "effects", "matrix", "scores", "subject_of"]

STAGES = {"research": "research", "people": "people", "compute": "compute", "models": "models adopted"}
"""The chain, in order, with what each stage is called."""
INPUTS = {
    "values": "the values",
    "weights": "the weights",
    "normalise": "how values are made comparable",
    "missing": "what fills gaps",
    "gaps": "what fills gaps",
    "aggregate": "which mean is taken",
    "mean": "which mean is taken",
}
"""What a lead may hang on."""
BARS = 10


def subject_of(snapshot: Snapshot, wanted: str) -> Row:
    """Return the row of ``assessment`` of a domain or technology.

    Raises
    ------
    NotThereError
        It was not assessed.
    """
    for row in snapshot.rows("assessment"):
        if row["technology"] == wanted:
            return row
    known = ", ".join(snapshot.values("assessment", "technology"))
    raise NotThereError(f"assessment of '{wanted[:60]}': there are {known or 'no results yet'}")


def matrix(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show who leads each domain and technology at each stage; the subject is ``domain`` or ``technology``."""
    if rest != "stages" or subject not in ("domain", "technology"):
        raise NotThereError(
            f"figure verdicts/{subject[:40]}/{rest[:40]}: takes domain or technology, then stages"
        )
    assessed = {r["technology"]: r for r in snapshot.rows("assessment", kind=subject)}
    chain = [r for r in snapshot.rows("assessment_chain") if r["technology"] in assessed]
    rows = sorted(chain, key=lambda r: (list(assessed).index(r["technology"]), r["place"]))

    def draw(narrow: bool) -> Any:
        tiles: list[Row] = [
            {
                "label": assessed[r["technology"]]["name"],
                "column": _short(r["stage"]) if narrow else STAGES.get(r["stage"], r["stage"]),
                "said": _said(snapshot, r, narrow),
                "paint": colour(r["leader"]) if r["leader"] else None,
                "sure": r["probability"],
            }
            for r in rows
        ]
        tiles += [
            {
                "label": one["name"],
                "column": "all" if narrow else "together",
                "said": _said(snapshot, one, narrow),
                "paint": colour(one["leader"]) if one["leader"] else None,
                "sure": one["probability"],
            }
            for one in assessed.values()
        ]
        columns = [_short(s) if narrow else text for s, text in STAGES.items()]
        return charts_matrix.matrix(
            tiles,
            columns=[*columns, "all" if narrow else "together"],
            title="Who leads at each stage",
            subtitle="stronger colour: surer"
            if narrow
            else "stronger colour: a higher probability; grey: no answer",
            simulated=snapshot.simulated,
            width=225 if narrow else 560,
            label=16 if narrow else 48,
        )

    said = "; ".join(
        f"{one['name']}: {snapshot.name(one['leader']) if one['leader'] else 'no leader'}, {one['verdict']}"
        for one in list(assessed.values())[:5]
    )
    columns = ["technology", "stage", "place", "state", "leader", "probability", "verdict", "runner_up"]
    columns += ["research_leader", "research_leader_rank", "research_leader_probability", "reason"]
    return Figure(
        path("verdicts", subject, rest),
        f"Who leads each {subject} at each stage from research to use",
        f"{said}.",
        table(rows, columns),
        draw,
        "assessment_chain",
        {"research_leader_probability": "share"},
    )


def _short(stage: str) -> str:
    return {"research": "papers", "people": "people", "compute": "comp.", "models": "models"}.get(
        stage, stage
    )


def _said(snapshot: Snapshot, row: Row, narrow: bool) -> str:
    if not row["leader"]:
        return "–"
    name = row["leader"] if narrow else snapshot.name(row["leader"])
    return f"{name} {percent(row['probability'])}" if not narrow else str(name)


def scores(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show the countries' scores in one assessment."""
    one = subject_of(snapshot, subject)
    if rest != "scores":
        raise NotThereError(f"figure scores/{subject[:40]}/{rest[:40]}: ends in /scores")
    rows = [r for r in snapshot.rows("assessment_scores", technology=subject) if r["score"] is not None][
        :BARS
    ]

    def draw(narrow: bool) -> Any:
        return charts_parts.bars(
            [
                {
                    "label": snapshot.name(r["unit"]),
                    "value": r["score"],
                    "said": f"{r['score']:.0f}",
                    "paint": colour(r["unit"]),
                }
                for r in rows
            ],
            title="Scores",
            subtitle="0 to 100 by the stated rule",
            simulated=snapshot.simulated,
            width=170 if narrow else 320,
            format="d",
        )

    said = "; ".join(
        f"{snapshot.name(r['unit'])} {r['score']:.0f}, rank {r['rank']} ({r['rank_low']} to {r['rank_high']})"
        for r in rows[:4]
    )
    return Figure(
        path("scores", subject, rest),
        f"{one['name']}: scores of the assessment",
        f"{said}.",
        table(
            rows,
            [
                "technology",
                "unit",
                "score",
                "rank",
                "rank_low",
                "rank_high",
                "probability",
                "coverage",
                "indicators",
            ],
        ),
        draw,
        "assessment_scores",
    )


def effects(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show what the size of a lead hangs on."""
    one = subject_of(snapshot, subject)
    if rest != "effects":
        raise NotThereError(f"figure effects/{subject[:40]}/{rest[:40]}: ends in /effects")
    every = [r for r in snapshot.rows("assessment_sensitivity", technology=subject) if r["total"] is not None]
    rows = sorted(every, key=lambda r: (-r["total"], r["input"]))

    def draw(narrow: bool) -> Any:
        return charts_parts.bars(
            [
                {
                    "label": INPUTS.get(r["input"], r["input"]),
                    "value": max(0.0, r["total"]),
                    "said": percent(max(0.0, r["total"])),
                    "paint": "#0072B2",
                }
                for r in rows
            ],
            title="What the size of the lead hangs on",
            subtitle="part of its variance, with interactions",
            simulated=snapshot.simulated,
            width=150 if narrow else 300,
        )

    said = "; ".join(f"{INPUTS.get(r['input'], r['input'])} {percent(max(0.0, r['total']))}" for r in rows)
    return Figure(
        path("effects", subject, rest),
        f"{one['name']}: what the size of the lead hangs on",
        f"{said}.",
        table(rows, ["technology", "input", "first_order", "total", "error"]),
        draw,
        "assessment_sensitivity",
    )
