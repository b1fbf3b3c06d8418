"""Charts of what an answer hangs on: the choices of the method, and every defensible method in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from primacy.present.charts_shares import ticks_in
from primacy.present.charts_theme import MUTED, NAMES, RULE, finish, inline
from primacy.present.palette import OTHER, colour

__all__ = ["margins", "options"]

Row = Mapping[str, Any]


def options(
    rows: Sequence[Row],
    *,
    leader: str,
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 270,
) -> Any:
    """Return what an answer hangs on: per choice of the method, in what part of the methods the leader leads.

    Parameters
    ----------
    rows
        choice, option, robustness (0 to 1), in the order in which the choices stand.
    leader
        Whose colour the dots take.
    title, subtitle, simulated
        What stands above.
    width
        Of the plot, in pixels.
    """
    known = [r for r in rows if r["robustness"] is not None]
    choices = list(dict.fromkeys(r["choice"] for r in known))
    dots, spans = [], []
    for choice in choices:
        mine = sorted((r for r in known if r["choice"] == choice), key=lambda r: r["robustness"])
        spans.append({"choice": choice, "a": mine[0]["robustness"], "b": mine[-1]["robustness"]})
        dots += [{"choice": choice, "at": r["robustness"], "option": r["option"]} for r in mine]
        spans[-1] |= {"low": mine[0]["option"], "high": mine[-1]["option"]}
    place = alt.Y("choice:N", sort=None, axis=NAMES)
    axis = alt.Axis(format="%", title="part of the methods in which it leads", tickCount=ticks_in(width))
    scale = alt.Scale(domain=[0, 1])
    span = alt.Chart(inline(spans))
    rule = span.mark_rule(strokeWidth=2.5, color=RULE).encode(
        x=alt.X("a:Q", axis=axis, scale=scale), x2=alt.X2("b:Q"), y=place
    )
    circles = (
        alt.Chart(inline(dots))
        .mark_circle(size=65, opacity=1, color=colour(leader))
        .encode(x=alt.X("at:Q", axis=axis, scale=scale), y=place)
    )
    apart = [s for s in spans if s["b"] - s["a"] > 0.01]
    names = alt.Chart(inline(apart))
    left = names.mark_text(align="right", dx=-8, fontSize=11, color=MUTED).encode(
        x=alt.X("a:Q", scale=scale), y=place, text=alt.Text("low:N")
    )
    right = names.mark_text(align="left", dx=8, fontSize=11, color=MUTED).encode(
        x=alt.X("b:Q", scale=scale), y=place, text=alt.Text("high:N")
    )
    layers = [rule, circles, *([left, right] if apart else [])]
    return finish(
        alt.layer(*layers).properties(width=width, height=max(60, 24 * len(choices))),
        title=title,
        subtitle=subtitle,
        simulated=simulated,
    )


def margins(
    rows: Sequence[Row],
    *,
    leader: str,
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 300,
    height: int = 200,
) -> Any:
    """Return a specification curve: how far the leader is ahead, method by method, from the least favourable on.

    Parameters
    ----------
    rows
        place (0 to 1, among the methods sorted), margin (a difference of shares).
    leader
        Whose colour it takes where it is ahead.
    title, subtitle, simulated
        What stands above.
    width, height
        Of the plot, in pixels.
    """
    data = [{"place": r["place"], "margin": r["margin"], "ahead": r["margin"] > 0} for r in rows]
    scale = alt.Scale(domain=[True, False], range=[colour(leader), OTHER])
    bars = (
        alt.Chart(inline(data))
        .mark_bar(width=max(1.5, width / max(1, len(data)) - 0.6))
        .encode(
            x=alt.X(
                "place:Q",
                axis=alt.Axis(format="%", title="methods, sorted", grid=False, tickCount=ticks_in(width)),
            ),
            y=alt.Y("margin:Q", axis=alt.Axis(format="+.0%", title=None, tickCount=5)),
            color=alt.Color("ahead:N", scale=scale, legend=None),
        )
    )
    zero = alt.Chart(inline([{"y": 0}])).mark_rule(color=MUTED).encode(y=alt.Y("y:Q"))
    return finish(
        alt.layer(bars, zero).properties(width=width, height=height),
        title=title,
        subtitle=subtitle,
        simulated=simulated,
    )
