"""Tables for people at a terminal: few columns, right precision, readable at eighty columns."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

PERCENT = frozenset(
    {"share", "low", "high", "leader_share", "runner_up_share", "probability", "robustness", "coverage", "lost",
     "top1_share", "precision", "recall", "estimate",
     "total", "first_order", "challenger_robustness", "bootstrap_probability"}
)  # fmt: skip
RATIO = frozenset({"lead_ratio"})
LABELS = {
    "technology": "technology",
    "high_impact": "top papers",
    "h_index": "H",
    "runner_up": "2nd",
    "leader_share": "share",
    "runner_up_share": "2nd share",
    "lead_ratio": "lead",
    "top10_in_leader": "top-10 inst.",
    "monopoly_risk": "monopoly risk",
    "unit_kind": "kind",
}
SIMULATED = "SIMULATED DATA: a made-up world; says nothing about any real country"


def cell(name: str, value: object) -> str:
    """Return a value as a person reads it; the column's name tells shares from numbers.

    Examples
    --------
    >>> cell("share", 0.2481), cell("papers", 1234.5), cell("year", 2019), cell("unit", None)
    ('24.8 %', '1,234.5', '2019', '–')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if value != value:
            return "–"
        if name in PERCENT:
            return f"{100 * value:.1f} %"
        if name in RATIO:
            return f"{value:.1f}×"
        return f"{value:,.1f}" if abs(value) >= 10 or value == 0 else f"{value:,.3g}"
    if isinstance(value, int):
        return str(value) if name in {"year", "line"} or name.endswith("_id") else f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(str(v) for v in value)
    return str(value)


def render(
    table: pa.Table,
    *,
    columns: Sequence[str] | None = None,
    title: str = "",
    note: str = "",
    simulated: bool = False,
    limit: int | None = None,
    width: int = 80,
) -> RenderableType:
    """Return a table as something that Rich prints.

    Parameters
    ----------
    table
        The rows.
    columns
        Which columns, in which order; all where None. Names that the table lacks are left out.
    title, note
        Lines above and below.
    simulated
        Say above the table that its data are simulated.
    limit
        How many rows; what is left out is counted below.
    width
        Of the terminal, in characters.
    """
    names = [c for c in (columns or table.column_names) if c in table.column_names]
    shown = table.select(names).slice(0, limit if limit is not None else table.num_rows)
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", collapse_padding=True)
    for place, name in enumerate(names):
        kind = table.schema.field(name).type
        wraps = place == len(names) - 1 and pa.types.is_string(kind)
        numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind)
        grid.add_column(
            LABELS.get(name, name.replace("_", " ")),
            justify="right" if numeric else "left",
            no_wrap=not wraps,
            overflow="fold" if wraps else "ellipsis",
        )
    for row in shown.to_pylist():
        grid.add_row(*(Text(cell(n, row[n])) for n in names))
    parts: list[RenderableType] = []
    if simulated:
        parts.append(Text(SIMULATED, style="bold yellow"))
    if title:
        parts.append(Text(title, style="bold"))
    parts.append(grid if table.num_rows else Text("no rows", style="dim"))
    if shown.num_rows < table.num_rows:
        parts.append(Text(f"… and {table.num_rows - shown.num_rows:,} more rows", style="dim"))
    if note:
        parts.append(Text(note, style="dim"))
    return Group(*parts)
