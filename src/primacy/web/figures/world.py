"""The world map: each country's share of the highly cited papers, all technologies together or one."""

from __future__ import annotations

from typing import Any

from primacy.present import charts_map
from primacy.present.figure import Figure
from primacy.present.sentences import percent, years
from primacy.web.figures.parts import Row, path, table, wrap
from primacy.web.snapshot import Snapshot

__all__ = ["ALL", "leaders", "rows_of", "world"]

ALL = "all"
"""The subject that stands for all technologies together."""


def rows_of(snapshot: Snapshot, subject: str, window: str) -> list[Row]:
    """Return the countries with their shares, the largest first."""
    if subject == ALL:
        return snapshot.rows("overall", window=window, unit_kind="country")
    technology = snapshot.technology(subject).id
    return snapshot.rows("shares", technology=technology, window=window, unit_kind="country")


def leaders(snapshot: Snapshot, subject: str, window: str) -> dict[str, int]:
    """Return in how many technologies each country leads: in all, or in the one."""
    counts: dict[str, int] = {}
    for technology, lead in snapshot.leads(window).items():
        if subject in (ALL, technology):
            counts[lead["leader"]] = counts.get(lead["leader"], 0) + 1
    return counts


def world(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show the world; the subject is a technology or ``all``."""
    rows = rows_of(snapshot, subject, window)
    led = leaders(snapshot, subject, window)
    what = "all technologies" if subject == ALL else snapshot.technology(subject).name
    note = "outlined: leads in a technology" if subject == ALL else "outlined: the leader"

    def draw(narrow: bool) -> Any:
        return charts_map.world(
            {r["unit"]: r["share"] for r in rows if r["share"]},
            outlined=sorted(led),
            title=wrap(what[0].upper() + what[1:], narrow),
            subtitle=f"share of the {snapshot.top} most cited papers, {years(window)}"
            + ("" if narrow else f"; {note}"),
            simulated=snapshot.simulated,
            width=350 if narrow else 900,
        )

    said = "; ".join(f"{snapshot.name(r['unit'])} {percent(r['share'])}" for r in rows[:5])
    return Figure(
        path("map", subject, window),
        f"World map of shares of the {snapshot.top} most cited papers, {what}, {years(window) if window else ''}",
        f"{said}.",
        table(
            [{**r, "window": window, "technologies_led": led.get(r["unit"], 0)} for r in rows],
            ["unit", "window", "share", "low", "high", "rank", "papers", "high_impact", "technologies_led"],
        ),
        draw,
        "overall" if subject == ALL else "shares",
    )
