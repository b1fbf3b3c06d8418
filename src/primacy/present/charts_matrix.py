"""A matrix of verdicts: who leads where, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from primacy.present.charts_theme import INK, NAMES, PAPER, RULE, finish, inline, labels

__all__ = ["matrix"]

Row = Mapping[str, Any]
LIGHT = "#fffffe"
"""White on strong colours; not the paper's white, which turns dark where the reader's system is."""


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
            "ink": LIGHT if r["paint"] and (r["sure"] or 0.0) > 0.7 and _luminance(r["paint"]) < 0.2 else INK,
        }
        for r in rows
    ]
    base = alt.Chart(inline(data)).encode(
        x=alt.X(
            "column:N",
            sort=list(columns),
            axis=alt.Axis(title=None, orient="top", labelAngle=0, domain=False, ticks=False),
        ),
        y=alt.Y(
            "label:N",
            sort=list(names.values()),
            axis=NAMES,
        ),
    )
    tiles = base.mark_rect(stroke=PAPER, strokeWidth=2, cornerRadius=3).encode(
        color=alt.Color("paint:N", scale=None), opacity=alt.Opacity("opacity:Q", scale=None)
    )
    words = base.mark_text(fontWeight=600, fontSize=11).encode(
        text=alt.Text("said:N"), color=alt.Color("ink:N", scale=None)
    )
    return finish(
        alt.layer(tiles, words).properties(width=width, height=max(40, 26 * len(every))),
        title=title,
        subtitle=subtitle,
        simulated=simulated,
    )


def _luminance(paint: str) -> float:
    """Return the relative luminance of a colour (WCAG 2).

    Examples
    --------
    >>> round(_luminance("#ffffff"), 3), round(_luminance("#0072B2"), 3)
    (1.0, 0.152)
    """
    parts = [int(paint[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
