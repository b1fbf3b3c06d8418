"""Charts of the research study, as Altair charts that render with no network."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

from primacy.present.charts_theme import inline
from primacy.present.palette import OTHER, colour
from primacy.present.speccurve import curve

__all__ = ["spec_curve"]


def spec_curve(
    margins: npt.NDArray[np.float64],
    choices: list[dict[str, Any]],
    *,
    leader: str,
    title: str,
    simulated: bool,
    points: int = 400,
) -> alt.VConcatChart:
    """Return the specification curve of a lead, with what each option does to it below.

    Parameters
    ----------
    margins
        The leader's share less the best other share in every universe.
    choices
        Rows of :meth:`primacy.studies.research.robustness.Robustness.choices`.
    leader
        Its code, which gives the colour.
    title
        Of the chart.
    simulated
        Whether to say that the data are simulated.
    points
        How many places of the curve to draw.
    """
    values = curve(margins, points)
    rows = [
        {"place": (i + 0.5) / len(values), "margin": v, "ahead": "ahead" if v > 0 else "not ahead"}
        for i, v in enumerate(values)
    ]
    scale = alt.Scale(domain=["ahead", "not ahead"], range=[colour(leader), OTHER])
    top = (
        alt.Chart(inline(rows))
        .mark_bar(width=1.5)
        .encode(
            x=alt.X("place:Q", axis=alt.Axis(format="%", title="universes, sorted", grid=False)),
            y=alt.Y("margin:Q", axis=alt.Axis(format="+%", title=f"margin of {leader}")),
            color=alt.Color("ahead:N", scale=scale, legend=None),
        )
        .properties(width=560, height=180)
    )
    known = [{**c, "label": f"{c['choice']}: {c['option']}"} for c in choices if c["robustness"] is not None]
    bottom = (
        alt.Chart(inline(known))
        .mark_circle(size=60, color=colour(leader))
        .encode(
            x=alt.X(
                "robustness:Q",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format="%", title=f"{leader} leads in"),
            ),
            y=alt.Y("label:N", sort=None, axis=alt.Axis(title=None, labelLimit=220)),
        )
        .properties(width=420, height=14 * len(known))
    )
    subtitle = ["every defensible method, from the least to the most favourable"]
    if simulated:
        subtitle.append("SIMULATED DATA")
    return (
        alt.vconcat(top, bottom, spacing=24)
        .properties(title=alt.Title(title, subtitle=subtitle, anchor="start"))
        .configure_view(strokeWidth=0)
    )
