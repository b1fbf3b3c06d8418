"""Tables for people at a terminal: few columns, right precision, readable at eighty columns."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

PERCENT = frozenset(
    {"share", "low", "high", "leader_share", "runner_up_share", "probability", "robustness", "coverage", "lost",
     "top1_share", "precision", "recall", "estimate",
     "total", "first_order", "challenger_robustness", "bootstrap_probability", "difference", "margin", "margin_low",
     "margin_high", "beta_low", "beta_high", "share_lake", "share_foreign", "home_bias"}
)  # fmt: skip
RATIO = frozenset({"lead_ratio"})
PLAIN = frozenset({"year", "line", "low", "high", "since"})
"""Whole numbers that are years or places, not counts: no comma for thousands."""
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
        return str(value) if name in PLAIN or name.endswith("_id") else f"{value:,}"
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

    What is wider than the terminal is never cut to stumps: a single row is written as a line per column, and of
    several rows the columns that fit are shown, the others named below.

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
    cells = [[cell(n, row[n]) for n in names] for row in shown.to_pylist()]
    widths = _widths(names, shown.schema, cells, width)
    left_out = names[len(widths) :]
    body: RenderableType
    if not table.num_rows:
        body, left_out = Text("no rows", style="dim"), []
    elif left_out and len(cells) == 1:
        body, left_out = _lines(names, cells[0]), []
    else:
        body = _grid(names[: len(widths)], shown.schema, cells, widths)
    parts: list[RenderableType] = []
    if simulated:
        parts.append(Text(SIMULATED, style="bold yellow"))
    if title:
        parts.append(Text(title, style="bold"))
    parts.append(body)
    if shown.num_rows < table.num_rows:
        parts.append(Text(f"… and {table.num_rows - shown.num_rows:,} more rows", style="dim"))
    if left_out:
        more = ", ".join(map(_label, left_out))
        parts.append(Text(f"not shown for want of room: {more}", style="dim"))
    if note:
        parts.append(Text(note, style="dim"))
    return Group(*parts)


_GAP = 2
"""Blanks between two columns."""
_TEXT = 12
"""How narrow a column of text may be cut or wrapped; numbers are never cut."""


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " "))


def _widths(names: Sequence[str], schema: pa.Schema, cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the widths of the columns, from the left, that stand in the width; of one at least.

    The widest columns of text give way first.
    """
    wanted: list[int] = []
    least: list[int] = []
    for place, name in enumerate(names):
        label = cell_len(_label(name))
        natural = max([label, *(cell_len(row[place]) for row in cells)])
        text = pa.types.is_string(schema.field(name).type)
        floor = min(natural, max(label, _TEXT)) if text else natural
        if place and sum(least) + floor + _GAP * place > width:
            break
        wanted.append(natural)
        least.append(floor)
    for _ in range(sum(wanted) + _GAP * (len(wanted) - 1) - width):
        spare = [w - floor for w, floor in zip(wanted, least, strict=True)]
        if not any(spare):
            break
        wanted[max(range(len(wanted)), key=lambda i: (spare[i] > 0, wanted[i]))] -= 1
    return wanted


def _grid(
    names: Sequence[str], schema: pa.Schema, cells: Sequence[Sequence[str]], widths: Sequence[int]
) -> Table:
    """Return columns under their names; the texts of the last one are broken over lines, others are cut."""
    grid = Table(
        box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold", collapse_padding=True
    )
    for place, (name, width) in enumerate(zip(names, widths, strict=True)):
        kind = schema.field(name).type
        wraps = place == len(names) - 1 and pa.types.is_string(kind)
        numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind)
        grid.add_column(
            _label(name),
            justify="right" if numeric else "left",
            no_wrap=not wraps,
            overflow="fold" if wraps else "ellipsis",
            width=width,
        )
    for row in cells:
        grid.add_row(*map(Text, row[: len(names)]))
    return grid


def _lines(names: Sequence[str], cells: Sequence[str]) -> Table:
    """Return one row as a line per column."""
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in zip(names, cells, strict=True):
        grid.add_row(_label(name), Text(text))
    return grid
