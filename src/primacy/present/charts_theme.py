"""The house's look for charts: one theme, light and dark in the same SVG, and the mark of simulated data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from xml.sax.saxutils import escape

import altair as alt
import vl_convert

from primacy.present.printable import printable

__all__ = [
    "SIMULATED_MARK",
    "finish",
    "inline",
    "labels",
    "png",
    "renumbered",
    "specification",
    "spread",
    "svg",
]

_ID = re.compile(r"\b(?:gradient_|clip)[0-9]+\b")
FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
INK, MUTED, RULE, PAPER = "#1d2129", "#5d6470", "#dfe2e7", "#ffffff"
DARK = {INK: "#e8eaee", MUTED: "#a3aab6", RULE: "#3a404b", PAPER: "#14171c", "#0072B2": "#3d9bdc"}
"""What each ink of the theme becomes where the reader's system is dark."""
_SWAPS = "".join(
    f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}' for light, dark in DARK.items()
)
SIMULATED_MARK = "SIMULATED DATA"


def finish(
    chart: Any,
    *,
    title: str | list[str],
    subtitle: str,
    simulated: bool,
) -> Any:
    """Put a chart into the house's look, with its title and, where they are simulated, what the data are."""
    lines = [subtitle] if subtitle else []
    if simulated:
        lines.append(f"{SIMULATED_MARK}: a made-up world")
    # Set one by one: ``properties`` would copy the whole chart and check the look anew for each chart.
    chart.title = alt.Title(title, subtitle=lines, anchor="start")
    chart.background, chart.padding, chart.config = "transparent", 4, _LOOK
    return chart


_TEXT = {"labelColor": MUTED, "titleColor": MUTED, "labelFontSize": 12, "titleFontSize": 12}
_LOOK = {
    "font": FONT,
    # A drawing says as a whole what it shows; what each mark shows stands in the table beside it.
    "aria": False,
    "view": {"stroke": None},
    "title": {
        "fontSize": 15,
        "fontWeight": 600,
        "color": INK,
        "subtitleColor": MUTED,
        "subtitleFontSize": 12,
        "subtitlePadding": 4,
        "offset": 12,
        "frame": "bounds",
    },
    "axis": {
        **_TEXT,
        "titleFontWeight": "normal",
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
        "labelPadding": 5,
        # Names come cut to fit, and ticks as many as have room; to measure each anew is most of the time of drawing.
        "labelLimit": 0,
        "labelOverlap": False,
    },
    "legend": _TEXT,
    "text": {"color": INK, "fontSize": 12},
}
NAMES = {"title": None, "domain": False, "ticks": False, "labelPadding": 9}
"""The axis on which the names of what is compared stand."""


class _Rows:
    """Rows that Altair hands through: it copies what it understands at every step of making a chart."""

    _schema: ClassVar[Mapping[str, Any]] = {"type": "array"}

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def to_dict(self, *_: Any, **__: Any) -> Any:
        return self.rows


def inline(rows: Any, **options: Any) -> Any:
    """Return rows, or a topology, as the data of a chart."""
    return alt.Data(values=_Rows(rows), **options)


def specification(chart: Any) -> str:
    """Return a chart as the Vega-Lite, in JSON, from which the renderer draws it."""
    return json.dumps(printable(chart.to_dict(validate=False)), ensure_ascii=False, allow_nan=False)


def svg(chart: str, *, title: str, description: str) -> str:
    """Draw a specification as SVG that follows the reader's light or dark setting and says in words what it shows."""
    drawn = renumbered(vl_convert.vegalite_to_svg(chart))
    start = drawn.index(">", drawn.index("<svg")) + 1
    head = (
        f"<title>{escape(printable(title))}</title><desc>{escape(printable(description))}</desc>"
        f"<style>@media (prefers-color-scheme:dark){{{_SWAPS}}}</style>"
    )
    return drawn[:start] + head + drawn[start:]


def renumbered(drawn: str) -> str:
    """Return an SVG whose ids count from 0; the renderer counts on from drawing to drawing."""
    order = {name: i for i, name in enumerate(dict.fromkeys(_ID.findall(drawn)))}
    return _ID.sub(lambda found: f"{found[0].rstrip('0123456789')}{order[found[0]]}", drawn)


def png(drawing: str, *, scale: float = 1.5) -> bytes:
    """Return an SVG of this module as PNG on white paper."""
    start = drawing.index(">", drawing.index("<svg")) + 1
    paper = f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    return bytes(vl_convert.svg_to_png(drawing[:start] + paper + drawing[start:], scale=scale))


def labels(texts: Sequence[str], most: int) -> list[str]:
    r"""Return labels that fit, each different from the others, so that no two rows fall on one another.

    Examples
    --------
    >>> labels(["University of Simulation", "University of Simulacra", "CERN"], 15)
    ['University of…', 'University of…\u200b', 'CERN']
    """
    found: list[str] = []
    for text in texts:
        short = text if len(text) <= most else text[: most - 1].rstrip() + "…"
        while short in found:
            short += "\N{ZERO WIDTH SPACE}"
        found.append(short)
    return found


def spread(values: Sequence[float], gap: float, *, least: float = float("-inf")) -> list[float]:
    """Return where to put labels of these values so that neighbours are at least ``gap`` apart, none below ``least``.

    Labels keep the order of the values and move as little as that allows (pool adjacent violators).

    Examples
    --------
    >>> spread([0.1, 0.5, 0.12], 0.1)
    [0.06, 0.5, 0.16]
    >>> spread([0.0, 0.0, 0.5], 0.1, least=0.0)
    [0.0, 0.1, 0.5]
    """
    order = sorted(range(len(values)), key=lambda i: values[i])
    # Less their own place in the row of labels, positions need only be non-decreasing.
    pools: list[tuple[float, int]] = []
    for place, i in enumerate(order):
        mean, size = values[i] - gap * place, 1
        while pools and pools[-1][0] > mean:
            other, count = pools.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        pools.append((mean, size))
    flat = [max(least, mean) for mean, size in pools for _ in range(size)]
    placed = [0.0] * len(values)
    for place, i in enumerate(order):
        placed[i] = round(flat[place] + gap * place, 9)
    return placed
