"""One colour per country and bloc, everywhere: safe for colour-blind readers (Okabe & Ito 2008)."""

from __future__ import annotations

__all__ = ["COLOURS", "OTHER", "colour"]

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
OTHER = "#8A8F98"
"""The colour of everybody else."""


def colour(unit: str) -> str:
    """Return the colour of a country or bloc."""
    return COLOURS.get(unit, OTHER)
