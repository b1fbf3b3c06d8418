"""Figures of a country by technology, and of two side by side."""

from __future__ import annotations

from typing import Any

from primacy.errors import UsageError
from primacy.present import charts_shares as charts
from primacy.present import charts_time
from primacy.present.figure import Figure
from primacy.present.palette import colour
from primacy.present.sentences import percent, years
from primacy.web.figures.parts import Row, path, table, wrap
from primacy.web.snapshot import Snapshot

__all__ = ["compare", "heat_map", "largest_apart", "slope"]


def heat_map(snapshot: Snapshot, subject: str, window: str, *, most: int | None = None) -> Figure:
    """Show a country's share by technology and year: in all technologies, or in so many where it is largest."""
    snapshot.require_unit(subject, ["country", "bloc"])
    names = {t.id: t.name for t in snapshot.workspace.portfolio.values()}
    rows = [r for r in snapshot.rows("yearly", unit=subject) if r["technology"] in names]
    now = {
        r["technology"]: r["share"] or 0.0
        for r in snapshot.rows("shares", unit=subject, window=snapshot.newest)
    }
    rows.sort(key=lambda r: (-now.get(r["technology"], 0.0), r["technology"], r["year"]))
    kept = list(dict.fromkeys(r["technology"] for r in rows))[:most]
    rows = [r for r in rows if r["technology"] in kept]

    def draw(narrow: bool) -> Any:
        return charts.heat_map(
            [{**r, "label": names[r["technology"]]} for r in rows],
            unit=subject,
            title=wrap(f"{snapshot.name(subject)} by technology and year", narrow),
            subtitle=f"share of the {snapshot.top} most cited papers",
            simulated=snapshot.simulated,
            width=180 if narrow else 640,
            label=22 if narrow else 52,
        )

    best = "; ".join(names[t] for t, _ in sorted(now.items(), key=lambda p: -p[1])[:3] if t in names)
    return Figure(
        path("heat-map", subject, window),
        f"{snapshot.name(subject)}: share of the {snapshot.top} most cited papers by technology and year",
        f"Largest shares now: {best}.",
        table(rows, ["technology", "unit", "year", "share", "low", "high", "papers", "high_impact", "rank"]),
        draw,
        "yearly",
    )


def compare(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Two units side by side over the technologies in which they differ most; subject is ``CN,US``."""
    units = subject.split(",")
    if len(units) < 2:
        raise UsageError(f"compare '{subject[:40]}': give two or more units with commas, such as CN,US")
    for unit in units:
        snapshot.require_unit(unit, ["country", "bloc"])
    a, b = units[:2]
    names = {t.id: t.name for t in snapshot.workspace.portfolio.values()}
    rows = largest_apart(snapshot, a, b, window)
    ends = (snapshot.name(a), snapshot.name(b))
    paint = (colour(a), colour(b) if colour(b) != colour(a) else "#1d2129")
    drawn = [
        {"label": names.get(r["technology"], r["technology"]), ends[0]: r[a], ends[1]: r[b]}
        for r in rows[:24]
    ]

    def draw(narrow: bool) -> Any:
        return charts.dumbbells(
            drawn,
            ends=ends,
            colours=paint,
            title=wrap(f"Where {ends[0]} and {ends[1]} are furthest apart", narrow),
            subtitle=f"share of the {snapshot.top} most cited papers, {years(window)}",
            simulated=snapshot.simulated,
            width=130 if narrow else 560,
        )

    said = "; ".join(f"{d['label']}: {percent(d[ends[0]])} and {percent(d[ends[1]])}" for d in drawn[:4])
    return Figure(
        path("compare", subject, window),
        f"{ends[0]} and {ends[1]} by technology, {years(window)}",
        f"{said}.",
        table([{**r, "window": window} for r in rows], ["technology", "window", a, b]),
        draw,
        "shares",
    )


def largest_apart(snapshot: Snapshot, a: str, b: str, window: str) -> list[Row]:
    """Return the shares of two units by technology, those furthest apart first."""
    mine = {
        u: {r["technology"]: r["share"] for r in snapshot.rows("shares", unit=u, window=window)}
        for u in (a, b)
    }
    ids = {*mine[a], *mine[b]}
    rows = [{"technology": t, a: mine[a].get(t), b: mine[b].get(t)} for t in ids]
    return sorted(rows, key=lambda r: (-abs((r[a] or 0.0) - (r[b] or 0.0)), r["technology"]))


def slope(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show what became of the shares from the oldest window to the newest, all technologies; subject is ``CN,US``."""
    units = subject.split(",")
    for unit in units:
        snapshot.require_unit(unit, ["country", "bloc"])
    first, last = (snapshot.windows[0], snapshot.newest) if snapshot.windows else ("", "")
    then, now = (
        {r["unit"]: r for r in snapshot.rows("overall", window=w) if r["unit"] in units}
        for w in (first, last)
    )
    there = [u for u in units if u in now and first != last]
    nothing: Row = {"share": 0.0, "low": None, "high": None}
    rows: list[Row] = [
        {"unit": u, "window": w, **{k: mine.get(u, nothing).get(k) for k in ("share", "low", "high")}}
        for u in there
        for w, mine in ((first, then), (last, now))
    ]

    def draw(narrow: bool) -> Any:
        return charts_time.slopes(
            [
                {
                    "label": u if narrow else snapshot.name(u),
                    "before": then.get(u, nothing)["share"] or 0.0,
                    "after": now[u]["share"] or 0.0,
                    "paint": colour(u),
                }
                for u in there
            ],
            ends=(years(first), years(last)),
            title="What became of them",
            subtitle=f"share of the {snapshot.top} most cited papers, all technologies",
            simulated=snapshot.simulated,
            width=250 if narrow else 380,
        )

    said = "; ".join(
        f"{snapshot.name(u)} {percent(then.get(u, nothing)['share'])} in {years(first)}, "
        f"{percent(now[u]['share'])} in {years(last)}"
        for u in there
    )
    return Figure(
        path("slope", subject, window),
        f"Shares of all technologies together, {years(first)} and {years(last)}",
        f"{said}.",
        table(rows, ["unit", "window", "share", "low", "high"]),
        draw,
        "overall",
    )
