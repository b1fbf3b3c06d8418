"""The page with the world map."""

from __future__ import annotations

from collections.abc import Mapping

from primacy.present.charts_map import countries_drawn
from primacy.present.sentences import percent, years
from primacy.web import figures
from primacy.web.figures.world import ALL, leaders, rows_of
from primacy.web.page import Page
from primacy.web.snapshot import Snapshot

__all__ = ["world", "world_at"]

LISTED = 40


def world(snapshot: Snapshot, query: Mapping[str, str]) -> Page:
    """Return the map of all technologies together, or of the one that the address asks for."""
    return world_at(snapshot, query.get("technology") or ALL, query.get("window"))


def world_at(snapshot: Snapshot, subject: str, given: str | None = None) -> Page:
    """Return the map of a technology, or of ``all`` together, in a window."""
    window = snapshot.window(given)
    chosen = None if subject == ALL else snapshot.technology(subject)
    rows = rows_of(snapshot, subject, window)
    led = leaders(snapshot, subject, window)
    what = "all critical technologies" if chosen is None else chosen.name
    title = "Who writes the research, on a map" if chosen is None else f"{chosen.name} on a map"
    return Page(
        ("map" if chosen is None and not given else f"map/{subject}") + (f"/{window}" if given else ""),
        "world.html",
        title,
        f"Shares of the {snapshot.top} most cited papers by country, {what}.",
        {
            "subject": subject,
            "chosen": chosen,
            "window": window,
            "rows": rows[:LISTED],
            "total": len(rows),
            "led": led,
            "figure": figures.find(snapshot, "map", subject, window) if rows else None,
            "undrawn": [
                f"{snapshot.name(r['unit'])} {percent(r['share'], 1)}"
                for r in rows
                if r["unit"] not in countries_drawn() and (r["share"] or 0) >= 0.0005
            ],
            "years": years(window) if window else "",
        },
    )
