"""A matrix of verdicts: who leads where, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from primacy.present.charts_theme import PAPER, RULE, finish, labels

__all__ = ["matrix"]

Row = Mapping[str, Any]


def matrix(
    rows: Sequence[Row],
    *,
    columns: Sequence[str],
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 480,
    label: int = 44,
) -> Any:
    """Return a tile per row and column, in the colour of who leads there, paler where that is less sure.

    Parameters
    ----------
    rows
        label, column, said (what stands in the tile), paint (a colour; None where there is no answer), sure (0 to 1).
    columns
        In the order in which they stand.
    title, subtitle, simulated
        What stands above.
    width
        Of the plot, in pixels.
    label
        At most so many characters of a row's label.
    """
    every = list(dict.fromkeys(str(r["label"]) for r in rows))
    names = dict(zip(every, labels(every, label), strict=True))
    data = [
        {
            **r,
            "label": names[str(r["label"])],
            "paint": r["paint"] or RULE,
            "opacity": 0.25 + 0.65 * (r["sure"] or 0.0) if r["paint"] else 0.35,
        }
        for r in rows
    ]
    base = alt.Chart(alt.Data(values=data)).encode(
        x=alt.X(
            "column:N",
            sort=list(columns),
            axis=alt.Axis(title=None, orient="top", labelAngle=0, domain=False, ticks=False),
        ),
        y=alt.Y(
            "label:N",
            sort=list(names.values()),
            axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=320),
        ),
    )
    tiles = base.mark_rect(stroke=PAPER, strokeWidth=2, cornerRadius=3).encode(
        color=alt.Color("paint:N", scale=None), opacity=alt.Opacity("opacity:Q", scale=None)
    )
    words = base.mark_text(fontWeight=600, fontSize=11).encode(text="said:N")
    return finish(
        alt.layer(tiles, words).properties(width=width, height=max(40, 26 * len(every))),
        title=title,
        subtitle=subtitle,
        simulated=simulated,
    )
