"""The scoreboard: who leads how many technologies, the biggest leads, and the shares over time, at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from primacy.present.countries import country_name
from primacy.present.palette import colour
from primacy.present.terminal import SIMULATED

__all__ = ["scoreboard"]

Row = Mapping[str, Any]
BARS = "▁▂▃▄▅▆▇█"
MARKS = {"leads": "■", "ahead, contestable": "▣", "contested": "□", "too few papers": "·"}


def scoreboard(
    leads: pa.Table,
    overall: pa.Table,
    names: Mapping[str, tuple[str, str]],
    *,
    top: float,
    simulated: bool,
    biggest: int = 8,
) -> RenderableType:
    """Return the scoreboard of the newest window.

    Parameters
    ----------
    leads, overall
        Result tables of the research study.
    names
        Name and domain of each technology.
    top
        The top share of the method, for the sentence that says what is counted.
    simulated
        Whether the data are of a simulated world.
    biggest
        How many leads to list.
    """
    rows = leads.to_pylist()
    windows = sorted({r["window"] for r in rows})
    if not windows:
        return Text("No technology has a leader yet: run `primacy run research`.")
    now = [r for r in rows if r["window"] == windows[-1]]
    parts: list[RenderableType] = []
    if simulated:
        parts += [Text(SIMULATED, style="bold yellow"), Text()]
    years = windows[-1].replace("-", "–")
    parts += [
        Text(f"Who leads {len(now)} critical technologies? {years}", style="bold"),
        Text(f"by share of each technology's {top:.0%} most cited papers", style="dim"),
        Text(),
        _standing(now),
        Text(_verdicts(now), style="dim"),
        Text(),
        _domains(now, names),
        Text("■ leads   ▣ ahead, contestable   □ contested   · too few papers", style="dim"),
        Text(),
        Text("The biggest leads", style="bold"),
        _leads(sorted(now, key=_size, reverse=True)[:biggest], names),
        Text(),
    ]
    close = [r for r in now if r["verdict"] == "contested"]
    if close:
        parts += [
            Text(f"Contested: {len(close)} of {len(now)}", style="bold"),
            Text(
                "led in fewer than 80 % of draws over papers and methods",
                style="dim",
            ),
            _leads(sorted(close, key=lambda r: r["probability"] or 0)[:5], names),
            Text(),
        ]
    parts += _over_time(overall, now, windows)
    return Group(*parts)


def _size(row: Row) -> float:
    return float(row["lead_ratio"]) if row["lead_ratio"] is not None else float("inf")


def _standing(now: Sequence[Row]) -> RenderableType:
    counts = sorted(Counter(r["leader"] for r in now).items(), key=lambda c: (-c[1], c[0]))
    grid = Table.grid(padding=(0, 1))
    for unit, count in counts:
        bar = "█" * max(1, round(44 * count / len(now)))
        grid.add_row(country_name(unit), Text(bar, style=colour(unit)), Text(str(count), style="bold"))
    return grid


def _verdicts(now: Sequence[Row]) -> str:
    counts = Counter(r["verdict"] for r in now)
    return ", ".join(f"{counts[v]} {v}" for v in MARKS if counts[v]).replace("leads", "clear leads")


def _domains(now: Sequence[Row], names: Mapping[str, tuple[str, str]]) -> RenderableType:
    """One square per technology, by domain: its colour is the leader's, its filling the verdict's."""
    domains: dict[str, list[Row]] = {}
    for row in now:
        domains.setdefault(names.get(row["technology"], ("", "other"))[1], []).append(row)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(max_width=48, no_wrap=True, overflow="ellipsis")
    for domain, members in sorted(domains.items()):
        squares = Text()
        for row in sorted(members, key=lambda r: (r["leader"], list(MARKS).index(r["verdict"]), -_size(r))):
            squares.append(f"{MARKS[row['verdict']]} ", style=colour(row["leader"]))
        grid.add_row(domain, squares)
    return grid


def _leads(rows: Sequence[Row], names: Mapping[str, tuple[str, str]]) -> RenderableType:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    grid.add_column("technology", max_width=36, no_wrap=True, overflow="ellipsis")
    for heading in ("leader", "second", "lead"):
        grid.add_column(heading, justify="left" if heading != "lead" else "right", no_wrap=True)
    grid.add_column("monopoly risk", no_wrap=True)
    for r in rows:
        second = "–" if r["runner_up"] is None else f"{r['runner_up']} {100 * r['runner_up_share']:.0f} %"
        ratio = "alone" if r["lead_ratio"] is None else f"{r['lead_ratio']:.1f}×"
        grid.add_row(
            names.get(r["technology"], (r["technology"], ""))[0],
            Text(f"{r['leader']} {100 * r['leader_share']:.0f} %", style=colour(r["leader"])),
            second,
            ratio,
            Text(r["monopoly_risk"], style="bold" if r["monopoly_risk"] == "high" else ""),
        )
    return grid


def _over_time(overall: pa.Table, now: Sequence[Row], windows: Sequence[str]) -> list[RenderableType]:
    rows = [r for r in overall.to_pylist() if r["unit_kind"] == "country"]
    single = sorted({r["window"] for r in rows if r["window"][:4] == r["window"][5:]})
    if not single:
        return []
    share = {(r["window"], r["unit"]): r["share"] or 0.0 for r in rows}
    last = {u: s for (w, u), s in share.items() if w == windows[-1]}
    units = sorted(last, key=lambda u: (-last[u], u))[:4]
    grid = Table.grid(padding=(0, 2))
    peak = max((share.get((w, u), 0.0) for w in single for u in units), default=0.0) or 1.0
    first = windows[0]
    for unit in units:
        marks = "".join(BARS[min(7, int(8 * share.get((w, unit), 0.0) / peak))] for w in single)
        a, b = share.get((first, unit), 0.0), last[unit]
        grid.add_row(
            country_name(unit), Text(marks, style=colour(unit)), f"{100 * a:.0f} % → {100 * b:.0f} %"
        )
    heading = f"All technologies together, {single[0][:4]} to {single[-1][:4]}"
    return [
        Text(heading, style="bold"),
        Text(f"share of the most cited papers a year; figures: {first} → {windows[-1]}", style="dim"),
        grid,
    ]
