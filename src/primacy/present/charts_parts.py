"""Charts of parts of a whole: bars by unit, and bars divided among kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from primacy.present.charts_shares import ticks_in
from primacy.present.charts_theme import NAMES, PAPER, finish, inline, labels

__all__ = ["bars", "stacks"]

Row = Mapping[str, Any]


def bars(
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
    """Return a bar per unit with its number at the end, in the order of the rows.

    Parameters
    ----------
    rows
        label, value, said (the value in words), paint (a colour); low and high, the 95 % interval, where there is one.
    title, subtitle, simulated
        What stands above.
    width
        Of the plot, in pixels.
    axis, format
        What the axis shows, and how its numbers are written.
    log
        Whether the axis is logarithmic.
    """
    shown = labels([str(r["label"]) for r in rows], 22 if width < 250 else 34)
    data = [{**r, "label": name} for r, name in zip(rows, shown, strict=True)]
    peak = max((r.get("high") or r["value"] for r in data), default=1.0)
    least = min((r["value"] for r in data if r["value"] > 0), default=1.0)
    scale = (
        alt.Scale(type="log", domain=[least / 2, peak * 4], nice=False)
        if log
        else alt.Scale(domain=[0, peak * (1.32 if width < 250 else 1.18)], nice=False)
    )
    ticks = alt.Axis(
        format=format,
        title=axis or None,
        tickCount=max(2, min(6, width // 60)),
        grid=not log,
        labelOverlap=log,
    )
    base = alt.Chart(inline(data)).encode(y=alt.Y("label:N", sort=None, axis=NAMES))
    bar = base.mark_bar(height=11).encode(
        x=alt.X("value:Q", axis=ticks, scale=scale), color=alt.Color("paint:N", scale=None)
    )
    said = base.transform_calculate(end="isValid(datum.high) ? datum.high : datum.value")
    text = said.mark_text(align="left", dx=5).encode(x=alt.X("end:Q", scale=scale), text=alt.Text("said:N"))
    ranges = [r for r in data if r.get("low") is not None and r.get("high") is not None]
    rule = (
        alt.Chart(inline(ranges))
        .mark_rule(strokeWidth=1.5, color="#5d6470")
        .encode(x=alt.X("low:Q", scale=scale), x2=alt.X2("high:Q"), y=alt.Y("label:N", sort=None))
    )
    layers = [bar, *([rule] if ranges else []), text]
    return finish(
        alt.layer(*layers).properties(width=width, height=max(40, 21 * len(data))),
        title=title,
        subtitle=subtitle,
        simulated=simulated,
    )


def stacks(
    rows: Sequence[Row],
    *,
    kinds: Mapping[str, str],
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 300,
) -> Any:
    """Return a bar per unit, divided among kinds that sum to the whole.

    Parameters
    ----------
    rows
        label, kind, share (0 to 1), in the order in which the units stand.
    kinds
        Every kind with its colour, in the order in which they stand.
    title, subtitle, simulated
        What stands above.
    width
        Of the plot, in pixels.
    """
    order = {kind: place for place, kind in enumerate(kinds)}
    data = [{**r, "place": order[r["kind"]]} for r in rows]
    units = list(dict.fromkeys(r["label"] for r in data))
    chart = (
        alt.Chart(inline(data))
        .mark_bar(height=15, stroke=PAPER, strokeWidth=0.8)
        .encode(
            x=alt.X(
                "share:Q",
                stack="zero",
                axis=alt.Axis(format="%", title=None, tickCount=ticks_in(width)),
                scale=alt.Scale(domain=[0, 1]),
            ),
            y=alt.Y("label:N", sort=units, axis=NAMES),
            color=alt.Color(
                "kind:N",
                sort=list(kinds),
                scale=alt.Scale(domain=list(kinds), range=list(kinds.values())),
                legend=alt.Legend(
                    title=None,
                    orient="top",
                    direction="horizontal",
                    columns=max(2, width // 105),
                    labelLimit=105 if width < 250 else 180,
                    offset=4,
                ),
            ),
            order=alt.Order("place:Q"),
        )
        .properties(width=width, height=max(40, 25 * len(units)))
    )
    return finish(chart, title=title, subtitle=subtitle, simulated=simulated)
