"""The specification curve: every universe of a lead, sorted by how far the leader is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.text import Text

__all__ = ["curve", "flips", "text_curve"]

UP = " ▁▂▃▄▅▆▇█"


def curve(margins: npt.NDArray[np.float64], points: int) -> list[float]:
    """Return the sorted margins at evenly spaced places of the curve.

    Examples
    --------
    >>> import numpy as np
    >>> curve(np.array([0.3, -0.1, np.nan, 0.1]), 3)
    [-0.1, 0.1, 0.3]
    """
    known = np.sort(margins[~np.isnan(margins)], axis=None)
    if not len(known):
        return []
    places = np.linspace(0, len(known) - 1, points).round().astype(int)
    return [float(v) for v in known[places]]


def text_curve(margins: npt.NDArray[np.float64], *, colour: str, width: int = 72) -> list[Text]:
    """Return the curve as two lines of blocks: above where the leader is ahead, below where another is.

    Parameters
    ----------
    margins
        The leader's share less the best other share, in any shape.
    colour
        Of the leader.
    width
        In characters.
    """
    values = curve(margins, width)
    if not values:
        return [Text("no universe defines a leader", style="dim")]
    peak = max(abs(v) for v in values) or 1.0
    ahead, behind = Text(), Text()
    for v in values:
        level = max(1, round(8 * abs(v) / peak)) if v else 0
        ahead.append(UP[level] if v > 0 else " ", style=colour)
        behind.append(UP[8 - level] if v < 0 else " ", style="reverse dim" if v < 0 else "")
    return [ahead, Text("─" * len(values), style="dim"), behind]


def flips(choices: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the choices in the order in which they move the lead, each with its best and worst option."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in choices:
        if row["robustness"] is not None:
            found.setdefault(row["choice"], []).append(row)
    rows = []
    for choice, options in found.items():
        best = max(options, key=lambda o: o["robustness"])
        worst = min(options, key=lambda o: o["robustness"])
        rows.append(
            {
                "choice": choice,
                "total": options[0]["total"],
                "first_order": options[0]["first_order"],
                "most": f"{best['option']}: {100 * best['robustness']:.0f} %",
                "least": f"{worst['option']}: {100 * worst['robustness']:.0f} %",
            }
        )
    return sorted(rows, key=lambda r: -r["total"])
