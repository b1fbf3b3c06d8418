"""The brief of a technology: who leads, how surely, and what that hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from primacy.errors import NotThereError
from primacy.present import brief as parts
from primacy.present.brief import Brief, Fact
from primacy.present.sentences import VERDICTS, percent
from primacy.present.terminal import SIMULATED
from primacy.web.briefs.shared import foot, interval, method_box, row_of, short, source_box, span
from primacy.web.figures.parts import Row
from primacy.web.pages import subjects
from primacy.web.snapshot import Snapshot

__all__ = ["technology"]

COUNTRIES = 12
"""How many countries the table has."""
DEFINITION = 320
"""Characters of a definition that are shown."""


def technology(snapshot: Snapshot, wanted: str, given: str | None = None) -> Brief:
    """Return the brief of a technology in a window, the newest where None."""
    page = subjects.technology(snapshot, wanted, given)
    known, one, window = page.context, page.context["technology"], page.context["window"]
    lead: Row | None = known["lead"]
    if lead is None:
        raise NotThereError(f"brief '{one.id}': no papers on it were counted in {window}")
    drawn = {figure.path.split("/")[1]: figure for figure in known["figures"]}
    return Brief(
        title=one.name,
        kicker=f"primacy · brief on a technology · {one.domain}",
        span=span(snapshot, window),
        foot=foot(snapshot),
        notice=SIMULATED if snapshot.simulated else None,
        first=[
            parts.Words([short(one.definition, DEFINITION)]),
            parts.Quotes(known["sentences"]),
            parts.Facts(_lead_facts(snapshot, lead)),
            *row_of(drawn, ("trend", False), ("countries", True)),
            *row_of(drawn, ("institutions", False), ("blocs", True)),
        ],
        second=[
            parts.Words(_evidence(snapshot, lead, known), "Would the answer survive another method?"),
            *row_of(drawn, ("choices", False), ("home-bias", True)),
            _countries_table(snapshot, known["shares"][:COUNTRIES]),
            method_box(snapshot, one),
            source_box(snapshot, ["leads", "shares", "yearly", "choices", "home_bias"], one),
        ],
    )


def _lead_facts(snapshot: Snapshot, lead: Row) -> list[Fact]:
    """Return the six numbers of a technology."""
    second = lead["runner_up"]
    ratio = "–" if lead["lead_ratio"] is None else f"{lead['lead_ratio']:.1f}×"
    over = f"over {snapshot.said(second)}" if second else "nobody else has highly cited papers"
    if lead["lead_ratio_low"] is not None and lead["lead_ratio_high"] is not None:
        over += f"; 95 % interval {lead['lead_ratio_low']:.1f}× to {lead['lead_ratio_high']:.1f}×"
    return [
        Fact(
            "Leader",
            snapshot.name(lead["leader"]),
            f"{percent(lead['leader_share'])} of the {snapshot.top} most cited papers",
        ),
        Fact("Verdict", str(lead["verdict"]).capitalize(), VERDICTS.get(lead["verdict"], "")),
        Fact("Leads in", percent(lead["probability"]), "of all resamplings and methods together"),
        Fact("Lead ratio", ratio, over),
        Fact(
            "Monopoly risk",
            str(lead["monopoly_risk"]).capitalize(),
            f"{lead['top10_in_leader']} of the ten leading institutions are in {snapshot.said(lead['leader'])}; the "
            f"same grade in {percent(lead['monopoly_risk_stability'])} of resamplings",
        ),
        Fact(
            "Papers",
            f"{lead['papers']:,}",
            f"{lead['high_impact']:,.1f} highly cited; {percent(lead['coverage'])} have a country",
        ),
    ]


def _evidence(snapshot: Snapshot, lead: Row, known: Any) -> list[str]:
    """Return what the verdict stands on, in words."""
    leader = snapshot.said(lead["leader"])
    leader = leader[:1].upper() + leader[1:]
    said = [
        f"{leader} leads in {percent(lead['bootstrap_probability'])} of resamplings of the papers by the main method, "
        f"and in {percent(lead['robustness'])} of {lead['universes']:,} defensible methods."
        if lead["robustness"] is not None and lead["universes"]
        else f"{leader} leads in {percent(lead['bootstrap_probability'])} of resamplings of the papers."
    ]
    if lead["challenger"]:
        said.append(
            f"Where it does not, {snapshot.said(lead['challenger'])} most often does: in "
            f"{percent(lead['challenger_robustness'])} of the methods."
        )
    shown = {r["unit"] for r in known["shares"][:COUNTRIES]}
    overtaken = [
        f"{snapshot.name(r['overtaker'])} overtook {snapshot.said(r['overtaken'])} in {r['year']}"
        + ("" if r["low"] is None or r["high"] is None else f" (95 % interval {r['low']} to {r['high']})")
        for r in known["crossings"]
        if {r["overtaker"], r["overtaken"]} <= shown
    ]
    if overtaken:
        said.append("; ".join(overtaken[:3]) + ".")
    return [" ".join(said), f"The verdict “{lead['verdict']}” means: {VERDICTS.get(lead['verdict'], '–')}."]


def _countries_table(snapshot: Snapshot, shares: Sequence[Row]) -> parts.Sheet:
    number = {"number": True}
    return parts.Sheet(
        [
            parts.Column("Rank", **number),
            parts.Column("Country", wide=True),
            parts.Column("Share", **number),
            parts.Column("95 % interval", **number),
            parts.Column("Papers", **number),
            parts.Column("Highly cited", **number),
            parts.Column("H-index", **number),
        ],
        [
            [
                str(r["rank"]),
                snapshot.name(r["unit"]),
                percent(r["share"], 1),
                interval(r),
                f"{r['papers']:,.1f}",
                f"{r['high_impact']:,.1f}",
                str(r["h_index"]),
            ]
            for r in shares
        ],
        "Countries",
    )
