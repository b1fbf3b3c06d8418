"""A verdict of the assessment as a page for a terminal, opened down to its indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from primacy.present.countries import country_name
from primacy.present.terminal import SIMULATED, cell

__all__ = ["render_verdict"]

Row = Mapping[str, Any]
SHOWN = 4
"""Countries shown of each indicator, beside the leader and the runner-up."""


def render_verdict(
    verdict: Row,
    *,
    chain: Sequence[Row],
    indicators: Sequence[Row],
    drivers: Sequence[Row],
    published: Sequence[Row],
    simulated: bool = False,
) -> RenderableType:
    """Lay out a verdict, the chain, every indicator with its source, what the lead hangs on, and what others say.

    Parameters
    ----------
    verdict
        A row of ``assessment``.
    chain, indicators, drivers, published
        The rows of ``assessment_chain``, ``_indicators``, ``_sensitivity`` and ``_published`` on the same technology.
    simulated
        Say on the first line that the data are simulated.
    """
    parts: list[RenderableType] = [Text(SIMULATED, "bold yellow")] if simulated else []
    parts += [
        *_head(verdict),
        Text(),
        Text("The chain", "bold"),
        Text(f"  {verdict['chain']}", "dim"),
        _chain(chain),
    ]
    parts += [Text(), Text("Indicators", "bold"), *_indicators(indicators, verdict)]
    if drivers:
        named = ", ".join(f"{d['input']} {cell('share', d['total'])}" for d in drivers)
        parts += [Text(), Text("What the lead hangs on", "bold"), Text(f"  {named}", "dim")]
    if published:
        parts += [Text(), Text("Published elsewhere", "bold"), _published(published)]
    return Group(*parts)


def _head(row: Row) -> Iterable[RenderableType]:
    yield Text(row["name"], "bold") + Text(f"  {row['technology']}", "dim")
    if row["stand_in"]:
        yield Text(f"measured by others that stand for it: {row['measured_by']}", "dim")
    if row["leader"] is None:
        yield Text(f"cannot be said: {row['reason']}")
        return
    yield Text(f"{country_name(row['leader'])}: {row['verdict']}, ", "bold") + Text(
        f"first in {cell('probability', row['probability'])} of the draws"
    )
    if row["challenger"] is not None:
        yield Text(
            f"{country_name(row['challenger'])} is first in {cell('probability', row['challenger_probability'])}"
        )
    yield Text(f"speaks of {row['speaks_of']}; not of capability", "dim")
    if row["stages_without_data"]:
        yield Text(f"no data for {row['stages_without_data']}", "yellow")


def _grid(*columns: str) -> Table:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for place, name in enumerate(columns):
        grid.add_column(name, overflow="fold" if place == len(columns) - 1 else "ellipsis", no_wrap=False)
    return grid


def _chain(rows: Sequence[Row]) -> Table:
    grid = _grid("  stage", "leader", "probability", "leader in research", "")
    for row in rows:
        rank = row["research_leader_rank"]
        place = (
            "–" if rank is None else f"rank {rank}, {cell('probability', row['research_leader_probability'])}"
        )
        measured = row["state"] == "measured"
        grid.add_row(
            f"  {row['stage']}",
            cell("leader", row["leader"]),
            cell("probability", row["probability"]),
            place,
            Text(row["reason"] if measured else f"{row['state']}: {row['reason']}", "dim"),
        )
    return grid


def _indicators(rows: Sequence[Row], verdict: Row) -> Iterable[RenderableType]:
    first = {verdict["leader"], verdict["runner_up"]}
    for name, group in groupby(rows, key=lambda r: r["indicator"]):
        mine = list(group)
        head = mine[0]
        if head["state"] != "measured":
            yield Text(f"  {name}  ") + Text(f"{head['state']}: {head['reason']}", "dim")
            continue
        source = f"{head['study']}: {head['table']}-{head['table_version']}, lake {head['lake_version']}"
        yield Text(f"  {name}  ") + Text(f"{head['title']}, {head['counted_in']}, {head['window']}", "dim")
        yield Text(
            f"    weight {cell('share', head['weight'])}, coverage {cell('coverage', head['coverage'])}, "
            f"{head['uncertainty']}; {source}",
            "dim",
        )
        countries = [r for r in mine if r["unit_kind"] == "country"]
        for place, row in enumerate(countries):
            if place < SHOWN or row["unit"] in first:
                yield Text(f"    {row['rank']:>3}  {row['unit']}  {_value(row)}")


def _value(row: Row) -> str:
    name = "share" if row["counted_in"] == "share" else "value"
    text = cell(name, row["value"])
    if row["low"] is not None:
        text += f" ({cell(name, row['low'])} to {cell(name, row['high'])})"
    return f"{text}  first in {cell('probability', row['probability'])}"


def _published(rows: Sequence[Row]) -> Table:
    grid = _grid("  source", "says", "ours", "", "")
    for row in rows:
        grid.add_row(
            f"  {row['source']} {row['year']}",
            row["statement"],
            f"{cell('leader', row['leader'])}, {row['verdict']}",
            row["agreement"],
            Text(row["reason"], "dim"),
        )
    return grid
