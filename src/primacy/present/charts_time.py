"""Charts of time: what holds from when to when, and what became of what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from primacy.present.charts_theme import NAMES, PAPER, finish, inline, labels, spread
from primacy.present.sentences import percent

__all__ = ["periods", "slopes"]

Row = Mapping[str, Any]


def periods(
    rows: Sequence[Row],
    *,
    kinds: Mapping[str, str],
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 420,
    label: int = 26,
) -> Any:
    """Return a bar of time per row, in the colour of what held then.

    Parameters
    ----------
    rows
        label, since, until (days, ISO 8601), kind, in the order in which the labels stand.
    kinds
        Every kind with its colour, in the order of the legend.
    title, subtitle, simulated
        What stands above.
    width
        Of the plot, in pixels.
    label
        At most so many characters of a row's label.
    """
    every = list(dict.fromkeys(str(r["label"]) for r in rows))
    names = dict(zip(every, labels(every, label), strict=True))
    data = [{**r, "label": names[str(r["label"])]} for r in rows]
    chart = (
        alt.Chart(inline(data))
        .mark_bar(height=13, stroke=PAPER, strokeWidth=0.8)
        .encode(
            x=alt.X(
                "since:T",
                axis=alt.Axis(format="%Y", title=None, tickCount="year", labelOverlap=True),
                scale=alt.Scale(nice=False),
            ),
            x2=alt.X2("until:T"),
            y=alt.Y(
                "label:N",
                sort=list(names.values()),
                axis=NAMES,
            ),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=list(kinds), range=list(kinds.values())),
                legend=alt.Legend(
                    title=None, orient="top", direction="horizontal", columns=max(2, width // 105), offset=4
                ),
            ),
        )
        .properties(width=width, height=max(40, 20 * len(names)))
    )
    return finish(chart, title=title, subtitle=subtitle, simulated=simulated)


def slopes(
    rows: Sequence[Row],
    *,
    ends: tuple[str, str],
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 300,
    height: int = 300,
) -> Any:
    """Return a line per unit from what was to what is, named and with its number at both ends.

    Parameters
    ----------
    rows
        label, before, after (0 to 1), paint (a colour).
    ends
        What the two moments are called.
    title, subtitle, simulated
        What stands above.
    width, height
        Of the plot, in pixels.
    """
    peak = max((max(r["before"], r["after"]) for r in rows), default=1.0) or 1.0
    gap = peak * 16 / height
    left = spread([r["before"] for r in rows], gap, least=0.0)
    right = spread([r["after"] for r in rows], gap, least=0.0)
    points = [
        {"label": r["label"], "end": end, "share": r[key], "paint": r["paint"]}
        for r in rows
        for end, key in zip(ends, ("before", "after"), strict=True)
    ]
    names = [
        {"end": ends[0], "at": at, "said": percent(r["before"]), "paint": r["paint"], "side": "left"}
        for r, at in zip(rows, left, strict=True)
    ] + [
        {
            "end": ends[1],
            "at": at,
            "said": f"{percent(r['after'])}  {r['label']}",
            "paint": r["paint"],
            "side": "right",
        }
        for r, at in zip(rows, right, strict=True)
    ]
    x = alt.X(
        "end:N",
        sort=list(ends),
        axis=alt.Axis(title=None, labelAngle=0, domain=False, ticks=False, orient="top"),
        scale=alt.Scale(type="point", padding=0.15),
    )
    top = 1.07 * max([peak, *left, *right])
    y = alt.Y("share:Q", axis=None, scale=alt.Scale(domain=[0, top], nice=False))
    paint = alt.Color("paint:N", scale=None)
    base = alt.Chart(inline(points)).encode(x=x, y=y, color=paint, detail=alt.Detail("label:N"))
    layers = [base.mark_line(strokeWidth=2.5), base.mark_circle(size=70, opacity=1)]
    for side, align, dx in (("left", "right", -9), ("right", "left", 9)):
        layers.append(
            alt.Chart(inline([n for n in names if n["side"] == side]))
            .mark_text(align=align, dx=dx, fontWeight=600)
            .encode(x=x, y=alt.Y("at:Q", axis=None), text=alt.Text("said:N"), color=paint)
        )
    return finish(
        alt.layer(*layers).properties(width=width, height=height),
        title=title,
        subtitle=subtitle,
        simulated=simulated,
    )
