"""Claims and their verdicts as a page for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from primacy.present.terminal import SIMULATED

__all__ = ["render_claims"]

COLOURS = {"confirmed": "bold green", "contradicted": "bold red", "cannot be said": "bold yellow"}


def render_claims(rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Lay out claims: the text, the verdict, what the results say, why, and what would be needed.

    Parameters
    ----------
    rows
        Of the table ``claims``.
    """
    simulated = any(row["simulated"] for row in rows)
    parts: list[RenderableType] = [Text(SIMULATED, "bold yellow")] if simulated else []
    for row in rows:
        parts += [*_claim(row), Text()]
    counts = Counter(row["verdict"] for row in rows)
    summary = ", ".join(f"{counts[v]} {v}" for v in COLOURS if counts[v])
    return Group(*parts, Text(f"{len(rows)} claims: {summary}", "bold"))


def _claim(row: Mapping[str, Any]) -> Iterable[RenderableType]:
    yield Text(row["text"], "bold") + Text(f"  {row['claim']}", "dim")
    yield Padding(Text(row["verdict"], COLOURS[row["verdict"]]) + Text(f": {row['reason']}"), (0, 0, 0, 2))
    lines = {"says": row["says"], "needs": row["needs"], "note": row["note"], "source": row["source"]}
    if row["verdict"] != "cannot be said":
        lines.pop("needs")
    for name, text in lines.items():
        if text:
            yield Padding(Text(f"{name}  ", "dim") + Text(text), (0, 0, 0, 2))
