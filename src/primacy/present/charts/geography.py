"""Shares on a map of the world."""

from __future__ import annotations

from typing import Any

from primacy.present import charts_map
from primacy.present.reading import Reading
from primacy.workspace import Workspace

__all__ = ["world_map"]


def world_map(workspace: Workspace, technology: str | None = None, *, window: str | None = None) -> Any:
    """Return the share of every country on a map, the leader outlined; countries too small for the scale are dots.

    Parameters
    ----------
    workspace
        Whose results.
    technology
        Its id; all technologies together where None.
    window
        A window of the study; the newest where None.

    Raises
    ------
    NotThereError
        The research study was not run, or has no such technology or window.
    """
    reading = Reading(workspace, "overall" if technology is None else "shares")
    when = reading.window(window)
    if technology is None:
        name, rows = "All technologies", reading.rows(unit_kind="country", window=when)
    else:
        name = reading.technology(technology).name
        rows = reading.rows(technology=technology, unit_kind="country", window=when)
    return charts_map.world(
        {r["unit"]: r["share"] for r in rows if r["share"] is not None},
        outlined=[r["unit"] for r in rows if r["rank"] == 1],
        title=f"{name}: share of the {reading.top()} most cited papers",
        subtitle=reading.subtitle("by country, the leader outlined", when),
        simulated=reading.simulated,
    )
