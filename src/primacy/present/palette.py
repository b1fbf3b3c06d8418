"""One colour per country, bloc and region, everywhere: safe for colour-blind readers (Okabe & Ito 2008)."""

from __future__ import annotations

__all__ = ["COLOURS", "KINDS", "NOBODY", "OTHER", "STEPS", "colour"]

COLOURS = {
    "CN": "#D55E00",
    "US": "#0072B2",
    "EU27": "#E69F00",
    "IN": "#009E73",
    "JP": "#CC79A7",
    "KR": "#56B4E9",
    "GB": "#8C6BB1",
    "DE": "#B8860B",
    "FR": "#4DB6AC",
    "RU": "#A65628",
    "IR": "#7F9A3B",
    "AU": "#B07AA1",
    "CA": "#9C755F",
    "IT": "#76B7B2",
    "TW": "#D4A6C8",
    "AUKUS": "#2F6DB5",
    "Quad": "#3C8DAD",
    "BRICS": "#C8553D",
    "FiveEyes": "#5B7DB1",
}
COLOURS |= {"china": COLOURS["CN"], "us": COLOURS["US"], "europe": COLOURS["EU27"]}
"""The regions of the models study wear the colours of their countries."""
STEPS = ("#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b")
"""From little to much, light to dark."""
KINDS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8860B")
"""For kinds of things that are no countries."""
OTHER = "#8A8F98"
"""The colour of everybody else."""
NOBODY = "#c9cdd4"
"""The colour of what is not known."""


def colour(unit: str) -> str:
    """Return the colour of a country or bloc."""
    return COLOURS.get(unit, OTHER)
