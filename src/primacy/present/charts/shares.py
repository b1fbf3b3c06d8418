"""Shares with intervals, a country over technologies and years, and the specification curve of a lead."""

from __future__ import annotations

from typing import Any

from primacy.errors import NotThereError
from primacy.present import charts_research, charts_shares
from primacy.present.countries import country_name
from primacy.present.reading import By, Reading, at_least, named
from primacy.workspace import Workspace

__all__ = ["heatmap", "share", "spec_curve"]


def share(
    workspace: Workspace, technology: str, *, by: By = "country", window: str | None = None, limit: int = 15
) -> Any:
    """Return who wrote the most cited papers of a technology in a window, with 95 % intervals.

    Parameters
    ----------
    workspace
        Whose results.
    technology
        Its id.
    by
        ``country``, ``institution`` or ``bloc``.
    window
        A window of the study; the newest where None.
    limit
        At most so many units.

    Returns
    -------
    altair.LayerChart
        A dot and a line per unit, the largest share on top.

    Raises
    ------
    NotThereError
        The research study was not run, or has no such technology or window.
    """
    reading = Reading(workspace, "shares")
    one, when = reading.technology(technology), reading.window(window)
    rows = reading.rows(technology=one.id, unit_kind=by, window=when)[: at_least("limit", limit)]
    drawn = [{**r, "label": named(r), "colour_of": "" if by == "institution" else r["unit"]} for r in rows]
    return charts_shares.intervals(
        drawn,
        title=f"{one.name}: share of the {reading.top()} most cited papers",
        subtitle=reading.subtitle(f"by {by}", when),
        simulated=reading.simulated,
        width=440,
        axis="dot: share; line: 95 % interval",
    )


def heatmap(workspace: Workspace, unit: str) -> Any:
    """Return a country's or bloc's share by technology and year, darker for more.

    Parameters
    ----------
    workspace
        Whose results.
    unit
        ISO 3166-1 alpha-2, or the id of a bloc.

    Raises
    ------
    NotThereError
        The research study was not run, or knows no such unit.
    """
    reading = Reading(workspace, "yearly")
    names = {t.id: t.name for t in workspace.portfolio.values()}
    rows = [
        r for r in reading.rows(unit=unit) if r["technology"] in names and r["unit_kind"] != "institution"
    ]
    if not rows:
        raise NotThereError(f"heatmap {unit}: no country or bloc of that code in table yearly")
    last = {r["technology"]: r["share"] or 0.0 for r in sorted(rows, key=lambda r: r["year"])}
    rows.sort(key=lambda r: (-last[r["technology"]], r["technology"], r["year"]))
    return charts_shares.heat_map(
        [{**r, "label": names[r["technology"]]} for r in rows],
        unit=unit,
        title=f"{country_name(unit)} by technology and year",
        subtitle=reading.subtitle(f"share of the {reading.top()} most cited papers of each year"),
        simulated=reading.simulated,
        width=640,
        label=300,
    )


def spec_curve(workspace: Workspace, technology: str, *, window: str | None = None) -> Any:
    """Return the specification curve of a lead: the margin under every defensible method, and what it hangs on.

    Parameters
    ----------
    workspace
        Whose lake; the universes are computed on the spot.
    technology
        Its id.
    window
        Publication years; the newest window of the study where None.
    """
    found = workspace.robustness(technology, window=window)
    name = workspace.portfolio.find(technology).name
    return charts_research.spec_curve(
        found.margins,
        found.choices(),
        leader=found.leader,
        title=f"{name}, {found.window}: does {country_name(found.leader)} lead?",
        simulated=workspace.simulated,
    )
