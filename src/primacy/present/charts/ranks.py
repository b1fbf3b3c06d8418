"""Who passed whom: ranks over time, and shares then and now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from primacy.errors import UsageError
from primacy.present.charts_theme import finish, inline, labels, spread
from primacy.present.palette import colour
from primacy.present.reading import By, Reading, Row, at_least, named
from primacy.present.sentences import percent, years
from primacy.workspace import Workspace

__all__ = ["bump", "slope"]


def bump(workspace: Workspace, technology: str, *, by: By = "country", limit: int = 8) -> Any:
    """Return the ranks of a technology's leading units over the windows of the study.

    Parameters
    ----------
    workspace
        Whose results.
    technology
        Its id.
    by
        ``country``, ``institution`` or ``bloc``.
    limit
        How many ranks are drawn: units that were among the first so many in any window.

    Raises
    ------
    NotThereError
        The research study was not run, or has no such technology.
    UsageError
        The study has one window only: ranks over time need two.
    """
    reading = Reading(workspace, "shares")
    one, windows = reading.technology(technology), _several(reading, "bump")
    every = [r for r in reading.rows(technology=one.id, unit_kind=by) if r["window"] in windows]
    first = {r["unit"] for r in every if r["rank"] <= at_least("limit", limit) and r["share"]}
    rows = [
        {"unit": r["unit"], "name": named(r), "window": years(r["window"]), "rank": r["rank"]}
        for r in every
        if r["unit"] in first and r["rank"] <= 2 * limit
    ]
    last = years(windows[-1])
    ends = [r for r in rows if r["window"] == last]
    for end, text in zip(ends, labels([r["name"] for r in ends], 28), strict=True):
        end["label"] = text
    x = alt.X(
        "window:O", sort=[years(w) for w in windows], axis=alt.Axis(title=None, labelAngle=0, grid=False)
    )
    y = alt.Y(
        "rank:Q",
        scale=alt.Scale(reverse=True, nice=False, domainMin=0.5),
        axis=alt.Axis(title="rank", tickMinStep=1, format="d"),
    )
    paint = alt.Color("unit:N", scale=_scale(rows), legend=None)
    base = alt.Chart(inline(rows)).encode(x=x, y=y, color=paint, detail=alt.Detail("unit:N"))
    names = alt.Chart(inline(ends)).mark_text(align="left", dx=12, fontWeight=600)
    return finish(
        alt.layer(
            base.mark_line(strokeWidth=3, interpolate="monotone"),
            base.mark_circle(size=140, opacity=1),
            names.encode(x=x, y=y, color=paint, text=alt.Text("label:N")),
        ).properties(width=max(240, 130 * len(windows)), height=max(160, 30 * limit)),
        title=f"{one.name}: rank by share of the {reading.top()} most cited papers",
        subtitle=reading.subtitle(f"by {by}"),
        simulated=reading.simulated,
    )


def slope(
    workspace: Workspace,
    technology: str,
    *,
    by: By = "country",
    first: str | None = None,
    last: str | None = None,
    limit: int = 8,
) -> Any:
    """Return the shares of a technology's leading units in two windows, joined by lines.

    Parameters
    ----------
    workspace
        Whose results.
    technology
        Its id.
    by
        ``country``, ``institution`` or ``bloc``.
    first, last
        Two windows of the study; its first and its last where None.
    limit
        How many units: those with the largest share in either window.

    Raises
    ------
    NotThereError
        The research study was not run, or has no such technology or window.
    UsageError
        The two windows are one.
    """
    reading = Reading(workspace, "shares")
    one, windows = reading.technology(technology), _several(reading, "slope")
    before = windows[0] if first is None else reading.window(first)
    after = reading.window(last)
    if before == after:
        raise UsageError(f"slope: {before} is both windows; name two of {', '.join(windows)}")
    every = [r for r in reading.rows(technology=one.id, unit_kind=by) if r["window"] in (before, after)]
    largest = sorted((r for r in every if r["share"]), key=lambda r: (-r["share"], r["unit"]))
    units = list(dict.fromkeys(r["unit"] for r in largest))[: at_least("limit", limit)]
    rows = [
        {"unit": r["unit"], "name": named(r), "window": years(r["window"]), "share": r["share"] or 0.0}
        for r in every
        if r["unit"] in units
    ]
    x = alt.X(
        "window:O", sort=[years(before), years(after)], axis=alt.Axis(title=None, labelAngle=0, grid=False)
    )
    y = alt.Y("share:Q", axis=None, scale=alt.Scale(zero=True))
    paint = alt.Color("unit:N", scale=_scale(rows), legend=None)
    base = alt.Chart(inline(rows)).encode(x=x, y=y, color=paint, detail=alt.Detail("unit:N"))
    height = 320
    layers = [base.mark_line(strokeWidth=2.5), base.mark_circle(size=80, opacity=1)]
    for window, align, dx in ((before, "right", -10), (after, "left", 10)):
        told = _told([r for r in rows if r["window"] == years(window)], height)
        text = alt.Chart(inline(told)).mark_text(align=align, dx=dx, fontWeight=600)
        layers.append(text.encode(x=x, y=alt.Y("at:Q", axis=None), color=paint, text=alt.Text("label:N")))
    return finish(
        alt.layer(*layers).properties(width=260, height=height),
        title=f"{one.name}: share of the {reading.top()} most cited papers",
        subtitle=reading.subtitle(f"{years(before)} and {years(after)}, by {by}"),
        simulated=reading.simulated,
    )


def _told(rows: Sequence[Row], height: int) -> list[Row]:
    """Return name and share of each unit, and where they stand without falling on one another."""
    top = max((r["share"] for r in rows), default=1.0) or 1.0
    places = spread([r["share"] for r in rows], top * 15 / height, least=0.0)
    names = labels([r["name"] for r in rows], 28)
    return [
        {**r, "at": place, "label": f"{name} {percent(r['share'])}"}
        for r, place, name in zip(rows, places, names, strict=True)
    ]


def _several(reading: Reading, kind: str) -> list[str]:
    windows = reading.windows()
    if len(windows) < 2:
        raise UsageError(
            f"{kind}: the study has one window, {windows[0]}; state several under [research] windows in primacy.toml"
        )
    return windows


def _scale(rows: Sequence[Row]) -> Any:
    units = list(dict.fromkeys(r["unit"] for r in rows))
    return alt.Scale(domain=units, range=[colour(u) for u in units])
