"""What the figures share: their addresses, their rows, titles that fit, and lines in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from primacy.present.sentences import percent
from primacy.web.snapshot import Snapshot

__all__ = ["ALL_YEARS", "Row", "lines_in_words", "names", "path", "table", "wrap"]

Row = dict[str, Any]
ALL_YEARS = "years"
"""Stands for the window where a figure is over all years."""


def path(kind: str, subject: str, window: str) -> str:
    """Return where a figure stands."""
    return f"figures/{kind}/{subject}/{window}"


def table(rows: Sequence[Row], columns: Sequence[str]) -> pa.Table:
    """Return rows as a table of these columns; what a row lacks is missing."""
    return pa.table({c: [r.get(c) for r in rows] for c in columns})


def names(snapshot: Snapshot, units: Sequence[str], narrow: bool) -> dict[str, str]:
    """Return what units are called: by code where it is narrow."""
    return {u: u if narrow else snapshot.name(u) for u in units}


def wrap(title: str, narrow: bool) -> str | list[str]:
    """Break a title in two for a narrow screen."""
    if not narrow or len(title) <= 34:
        return title
    lines: list[str] = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) > 34:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def lines_in_words(snapshot: Snapshot, rows: Sequence[Row], units: Sequence[str]) -> str:
    """Return what lines over the years show, in words: where each begins and ends."""
    said = []
    for unit in units:
        mine = [r for r in rows if r["unit"] == unit and r["share"] is not None]
        if mine:
            a, b = mine[0], mine[-1]
            name = snapshot.name(unit)
            said.append(f"{name} {percent(a['share'])} in {a['year']}, {percent(b['share'])} in {b['year']}")
    return "; ".join(said) + "." if said else "No data."
