"""Charts of what holds from when to when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from primacy.present.charts_theme import PAPER, finish, labels

__all__ = ["periods"]

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
        alt.Chart(alt.Data(values=data))
        .mark_bar(height=13, stroke=PAPER, strokeWidth=0.8)
        .encode(
            x=alt.X(
                "since:T",
                axis=alt.Axis(format="%Y", title=None, tickCount="year", labelOverlap=True),
                scale=alt.Scale(nice=False),
            ),
            x2="until:T",
            y=alt.Y(
                "label:N",
                sort=list(names.values()),
                axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=230),
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
