"""Charts of shares: over time, of a window with intervals, between two units, and over technologies and years."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from primacy.present.charts_theme import MUTED, NAMES, RULE, finish, inline, labels, spread
from primacy.present.palette import OTHER, colour

__all__ = ["dumbbells", "heat_map", "intervals", "lines", "ticks_in"]

Row = Mapping[str, Any]
NONE = "#eeeeee"
"""The start of a scale: a neutral grey, from which a colour grows without changing its hue."""
PERCENT = alt.Axis(format="%", title=None, tickCount=5)


def lines(
    rows: Sequence[Row],
    *,
    names: Mapping[str, str],
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    ribbons: Sequence[str] = (),
    width: int = 440,
    height: int = 260,
    ticks: Mapping[float, str] | None = None,
) -> Any:
    """Return shares over the years, one line per unit, named at its end.

    Parameters
    ----------
    rows
        unit, year, share, low, high.
    names
        How each unit is called.
    title, subtitle, simulated
        What stands above.
    ribbons
        The units whose 95 % interval is drawn behind the line.
    width, height
        Of the plot, in pixels.
    ticks
        What the axis says at which year, where it is not whole years.
    """
    drawn = [r for r in rows if r["share"] is not None]
    units = list(dict.fromkeys(r["unit"] for r in drawn))
    peak = max((r["share"] for r in drawn), default=1.0)
    ribbon = [r for r in drawn if r["unit"] in set(ribbons) and r["low"] is not None]
    top = min(1.0, max([peak * 1.08, *(min(r["high"], peak * 1.6) for r in ribbon)]))
    last = max((r["year"] for r in drawn), default=0)
    ends = {r["unit"]: r for r in drawn if r["year"] == last}
    ends |= {
        u: max((r for r in drawn if r["unit"] == u), key=lambda r: r["year"]) for u in units if u not in ends
    }
    places = spread([ends[u]["share"] for u in units], top * 15 / height, least=0.0)
    ends_named = [
        {"unit": u, "year": last, "at": min(place, top), "name": names.get(u, u)}
        for u, place in zip(units, places, strict=True)
    ]
    paint = alt.Color("unit:N", scale=_scale(units), legend=None)
    years = alt.X(
        "year:Q",
        axis=_moments(ticks, most=width // 75)
        if ticks
        else alt.Axis(format="d", title=None, grid=False, tickMinStep=1, tickCount=max(2, width // 75)),
        scale=alt.Scale(nice=False, zero=False),
    )
    shares = alt.Y("share:Q", axis=PERCENT, scale=alt.Scale(domain=[0, top], nice=False))
    area = (
        alt.Chart(inline([_capped(r, top) for r in ribbon]))
        .mark_area(opacity=1, fillOpacity=0.15)
        .encode(x=years, y=alt.Y("low:Q", axis=PERCENT), y2=alt.Y2("high:Q"), color=paint)
    )
    path = (
        alt.Chart(inline([_plain(r) for r in drawn]))
        .mark_line(strokeWidth=2)
        .encode(x=years, y=shares, color=paint)
    )
    text = (
        alt.Chart(inline(ends_named))
        .mark_text(align="left", dx=6, fontWeight=600)
        .encode(x=years, y=alt.Y("at:Q", axis=PERCENT), text=alt.Text("name:N"), color=paint)
    )
    layers = ([area] if ribbon else []) + [path, text]
    return finish(
        alt.layer(*layers).properties(width=width, height=height),
        title=title,
        subtitle=subtitle,
        simulated=simulated,
    )


def intervals(
    rows: Sequence[Row],
    *,
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 300,
    axis: str = "",
    format: str = "%",
    log: bool = False,
) -> Any:
    """Return a dot with its interval per unit, the largest on top.

    Parameters
    ----------
    rows
        label, colour_of (the unit whose colour it takes), share, low, high, in the order in which they stand.
    title, subtitle, simulated
        What stands above.
    width
        Of the plot, in pixels.
    axis, format
        What the axis shows, and how its numbers are written.
    log
        Whether the axis is logarithmic.
    """
    known = [r for r in rows if r["share"] is not None]
    data = [
        {
            "label": name,
            "share": r["share"],
            "low": r["low"],
            "high": r["high"],
            "paint": colour(str(r["colour_of"])),
        }
        for r, name in zip(known, labels([str(r["label"]) for r in known], 30), strict=True)
    ]
    base = alt.Chart(inline(data)).encode(
        y=alt.Y("label:N", sort=None, axis=NAMES),
        color=alt.Color("paint:N", scale=None),
    )
    axis_x = alt.Axis(format=format, title=axis or None, tickCount=ticks_in(width), labelOverlap=log)
    scale = alt.Scale(type="log") if log else alt.Undefined
    bars = base.mark_rule(strokeWidth=2.5, strokeOpacity=0.45).encode(
        x=alt.X("low:Q", axis=axis_x, scale=scale), x2=alt.X2("high:Q")
    )
    dots = base.mark_circle(size=75, opacity=1).encode(x=alt.X("share:Q", axis=axis_x, scale=scale))
    return finish(
        alt.layer(bars, dots).properties(width=width, height=max(60, 20 * len(data))),
        title=title,
        subtitle=subtitle,
        simulated=simulated,
    )


def dumbbells(
    rows: Sequence[Row],
    *,
    ends: tuple[str, str],
    colours: tuple[str, str],
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 300,
    label: int = 34,
) -> Any:
    """Return two dots joined by a line per row: what changes from one to the other.

    Parameters
    ----------
    rows
        label, and a number from 0 to 1 under each of the two names.
    ends
        The two names, which are also the legend.
    colours
        Of the two dots.
    title, subtitle, simulated
        What stands above.
    width
        Of the plot, in pixels.
    label
        At most so many characters of a row's label.
    """
    data = [
        {"label": name, "a": r[ends[0]] or 0.0, "b": r[ends[1]] or 0.0}
        for r, name in zip(rows, labels([str(r["label"]) for r in rows], label), strict=True)
    ]
    base = alt.Chart(inline(data)).encode(y=alt.Y("label:N", sort=None, axis=NAMES))
    axis = alt.Axis(format="%", title=None, tickCount=ticks_in(width))
    rule = base.mark_rule(strokeWidth=2, color=RULE).encode(x=alt.X("a:Q", axis=axis), x2=alt.X2("b:Q"))
    points = alt.Chart(
        inline(
            [
                {"label": d["label"], "value": d[key], "which": name}
                for d in data
                for key, name in (("a", ends[0]), ("b", ends[1]))
            ]
        )
    )
    dots = points.mark_circle(size=75, opacity=1).encode(
        x=alt.X("value:Q", axis=axis),
        y=alt.Y("label:N", sort=None),
        color=alt.Color(
            "which:N",
            scale=alt.Scale(domain=list(ends), range=list(colours)),
            legend=alt.Legend(title=None, orient="top", direction="horizontal", offset=4),
        ),
    )
    return finish(
        alt.layer(rule, dots).properties(width=width, height=max(60, 20 * len(data))),
        title=title,
        subtitle=subtitle,
        simulated=simulated,
    )


def heat_map(
    rows: Sequence[Row],
    *,
    unit: str,
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 620,
    label: int = 48,
) -> Any:
    """Return a unit's share by technology and year, darker for more.

    Parameters
    ----------
    rows
        label, year, share, in the order in which the technologies stand.
    unit
        Whose colour it takes.
    title, subtitle, simulated
        What stands above.
    width
        Of the plot, in pixels.
    label
        At most so many characters of a technology's name.
    """
    every = list(dict.fromkeys(str(r["label"]) for r in rows))
    names = dict(zip(every, labels(every, label), strict=True))
    data = [{"label": names[str(r["label"])], "year": r["year"], "share": r["share"] or 0.0} for r in rows]
    years = sorted({r["year"] for r in data})
    shown = [y for y in years if y % (5 if width < 400 else 2) == 0]
    gaps = alt.Scale(paddingInner=0.06)
    chart = (
        alt.Chart(inline(data))
        .mark_rect()
        .encode(
            x=alt.X("year:O", axis={**NAMES, "labelAngle": 0, "values": shown}, scale=gaps),
            y=alt.Y("label:N", sort=None, axis={**NAMES, "labelFontSize": 11}, scale=gaps),
            color=alt.Color(
                "share:Q",
                scale=alt.Scale(range=[NONE, colour(unit)], domainMin=0, interpolate="lab"),
                legend=alt.Legend(title=None, format="%", orient="top", gradientLength=160, tickCount=4),
            ),
        )
        .properties(width=width, height=max(40, 14 * len(every)))
    )
    return finish(chart, title=title, subtitle=subtitle, simulated=simulated)


def _moments(ticks: Mapping[float, str], *, most: int) -> Any:
    """Return an axis that names some of these moments, the last one always."""
    step = -(-len(ticks) // max(2, most))
    shown = sorted(ticks)[::-1][::step]
    names = {f"{moment:.3f}": ticks[moment] for moment in shown}
    return alt.Axis(
        title=None, grid=False, values=shown, labelExpr=f"({json.dumps(names)})[format(datum.value, '.3f')]"
    )


def ticks_in(width: int) -> int:
    """Return how many ticks of an axis in per cent have room."""
    return max(2, min(6, width // 55))


def _scale(units: Sequence[str]) -> Any:
    return alt.Scale(domain=list(units), range=[colour(u) if colour(u) != OTHER else MUTED for u in units])


def _plain(row: Row) -> dict[str, Any]:
    return {"unit": row["unit"], "year": row["year"], "share": row["share"]}


def _capped(row: Row, top: float) -> dict[str, Any]:
    return {
        "unit": row["unit"],
        "year": row["year"],
        "low": min(row["low"], top),
        "high": min(row["high"], top),
    }
