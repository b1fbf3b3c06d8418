"""The scoreboard, the domains, and the lists of countries and institutions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from primacy.present.sentences import marked, percent, share_sentence, years
from primacy.web import figures
from primacy.web.page import Page
from primacy.web.snapshot import Snapshot

__all__ = ["countries", "domain", "institutions", "scoreboard"]

Row = dict[str, Any]
LISTED = 100
"""How many institutions the list shows."""


def scoreboard(snapshot: Snapshot, wanted: str | None = None) -> Page:
    """Return who leads each technology in a window."""
    window = snapshot.window(wanted)
    leads = snapshot.leads(window)
    standing = sorted(Counter(r["leader"] for r in leads.values()).items(), key=lambda c: (-c[1], c[0]))
    verdicts = Counter(r["verdict"] for r in leads.values())
    return Page(
        f"scoreboard/{window}" if wanted else "",
        "scoreboard.html",
        f"Who leads {len(leads)} critical technologies?",
        "Who leads each critical technology, by how much, and how surely.",
        {
            "window": window,
            "leads": leads,
            "standing": standing,
            "verdicts": verdicts,
            "domains": snapshot.domains,
            "sentences": _headlines(snapshot, window, leads, standing) if leads else [],
            "overall": figures.find(snapshot, "overall", "countries", "years") if leads else None,
            "biggest": sorted(leads.values(), key=lambda r: (-(r["leader_share"] or 0), r["technology"]))[:8],
            "closest": sorted(
                (r for r in leads.values() if r["runner_up_share"] is not None),
                key=lambda r: (r["leader_share"] - r["runner_up_share"], r["technology"]),
            )[:8],
            "names": {t.id: t.name for t in snapshot.workspace.portfolio.values()},
        },
    )


def _headlines(
    snapshot: Snapshot, window: str, leads: dict[str, Row], standing: list[tuple[str, int]]
) -> list[str]:
    first, count = standing[0]
    others = ", ".join(f"{snapshot.said(u)} in {n}" for u, n in standing[1:4])
    said = [
        f"{snapshot.said(first)} writes the largest part of the {snapshot.top} most cited papers in {count} of "
        f"{len(leads)} critical technologies, {years(window)}{f'; {others}' if others else ''}."
    ]
    sure = sum(1 for r in leads.values() if r["verdict"] == "leads")
    ahead = sum(1 for r in leads.values() if r["verdict"] == "ahead, contestable")
    said.append(
        f"In {sure or 'none'} of {len(leads)} technologies does the lead hold in at least 95 % of all "
        f"resamplings under all defensible methods, {years(window)}; in {ahead} more it holds in 80 to 95 %. In "
        f"the others, who leads depends on the method or the sample."
    )
    said = [marked(sentence, snapshot.simulated) for sentence in said]
    for row in snapshot.rows("overall", window=window, unit=first):
        one = share_sentence(
            row,
            unit=snapshot.said(first),
            subject="all critical technologies together",
            top=snapshot.top,
            simulated=snapshot.simulated,
        )
        before = snapshot.rows("overall", window=snapshot.windows[0], unit=first)
        if before and snapshot.windows[0] != window:
            one = f"{one[:-1]}; it was {percent(before[0]['share'])} in {years(snapshot.windows[0])}."
        said.append(one)
    return said


def domain(snapshot: Snapshot, wanted: str) -> Page:
    """Return the technologies of a domain."""
    one = snapshot.domain(wanted)
    leads = snapshot.leads(snapshot.newest)
    return Page(
        f"domain/{one.id}",
        "domain.html",
        one.name,
        f"Who leads the {len(one.technologies)} technologies of the domain {one.name}.",
        {
            "domain": one,
            "window": snapshot.newest,
            "leads": leads,
            "standing": sorted(
                Counter(leads[t.id]["leader"] for t in one.technologies if t.id in leads).items(),
                key=lambda c: (-c[1], c[0]),
            ),
        },
    )


def countries(snapshot: Snapshot) -> Page:
    """Return the countries and blocs, all technologies together."""
    rows = snapshot.rows("overall", window=snapshot.newest) if snapshot.newest else []
    return Page(
        "countries",
        "countries.html",
        "Countries",
        "Countries and blocs by their part of the most cited papers in all critical technologies together.",
        {
            "window": snapshot.newest,
            "countries": [r for r in rows if r["unit_kind"] == "country"],
            "blocs": [r for r in rows if r["unit_kind"] == "bloc"],
        },
    )


def institutions(snapshot: Snapshot) -> Page:
    """Return the institutions with the most highly cited work."""
    rows: list[Row] = []
    if snapshot.newest:
        table = snapshot.select("shares", unit_kind="institution", window=snapshot.newest)
        sums = table.group_by("unit").aggregate(
            [("high_impact", "sum"), ("papers", "sum"), ("technology", "count"), ("rank", "min")]
        )
        rows = sorted(sums.to_pylist(), key=lambda r: (-r["high_impact_sum"], r["unit"]))
    return Page(
        "institutions",
        "institutions.html",
        "Institutions",
        "The institutions with the most highly cited work in critical technologies.",
        {"window": snapshot.newest, "rows": rows[:LISTED], "total": len(rows)},
    )
