"""Figures of the research study: all technologies together, and one technology."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from primacy.errors import NotThereError
from primacy.present import charts_methods
from primacy.present import charts_shares as charts
from primacy.present.figure import Figure
from primacy.present.sentences import percent, years
from primacy.web.figures.parts import Row, lines_in_words, names, path, table, wrap
from primacy.web.snapshot import Snapshot, is_year

__all__ = ["choices", "curve", "home_bias", "intervals", "overall", "trend"]

LINES = 5
BARS = 15


def overall(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Shares of all technologies together over the years; subject is countries or blocs."""
    kind = {"countries": "country", "blocs": "bloc"}.get(subject)
    if kind is None:
        raise NotThereError(f"figure overall/{subject}: takes countries, blocs")
    every = [r for r in snapshot.rows("overall", unit_kind=kind) if is_year(r["window"])]
    units = _largest([{**r, "year": int(r["window"][:4])} for r in every], 6)
    rows = [{**r, "year": int(r["window"][:4])} for r in every if r["unit"] in units]
    rows.sort(key=lambda r: (units.index(r["unit"]), r["year"]))
    columns = ["unit", "year", "share", "low", "high", "papers", "high_impact", "technologies_led"]

    def draw(narrow: bool) -> Any:
        return charts.lines(
            rows,
            names=names(snapshot, units, narrow),
            title=wrap(f"Share of the {snapshot.top} most cited papers, all technologies", narrow),
            subtitle="each year; bands are 95 % intervals",
            simulated=snapshot.simulated,
            ribbons=units,
            width=230 if narrow else 560,
            height=260 if narrow else 300,
        )

    return Figure(
        path("overall", subject, window),
        f"Share of the {snapshot.top} most cited papers, all technologies",
        lines_in_words(snapshot, rows, units),
        table(rows, columns),
        draw,
        "overall",
    )


def trend(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Shares by country over the years."""
    technology = snapshot.technology(subject)
    every = snapshot.rows("yearly", technology=subject, unit_kind="country")
    units = _largest(every, LINES)
    rows = [r for r in every if r["unit"] in units]
    rows.sort(key=lambda r: (units.index(r["unit"]), r["year"]))
    drawn = _with_years_without_papers(rows, every, units)

    def draw(narrow: bool) -> Any:
        return charts.lines(
            drawn,
            names=names(snapshot, units, narrow),
            title="Share over time",
            subtitle=f"{snapshot.top} most cited papers of each year; bands: 95 % intervals",
            simulated=snapshot.simulated,
            ribbons=units[:2],
            width=230 if narrow else 400,
        )

    return Figure(
        path("trend", subject, window),
        f"{technology.name}: share of the {snapshot.top} most cited papers by country and year",
        lines_in_words(snapshot, rows, units),
        table(rows, ["technology", "unit", "year", "share", "low", "high", "papers", "high_impact", "rank"]),
        draw,
        "yearly",
    )


SHARE_COLUMNS = ["technology", "unit_kind", "unit", "window", "papers", "high_impact", "share", "low", "high"]
SHARE_COLUMNS += ["rank", "h_index", "name", "country"]


def intervals(kind: str, unit_kind: str, title: str) -> Callable[[Snapshot, str, str], Figure]:
    """Return what makes the figure of a technology's shares among units of a kind."""

    def make(snapshot: Snapshot, subject: str, window: str) -> Figure:
        technology = snapshot.technology(subject)
        rows = snapshot.rows("shares", technology=subject, window=window, unit_kind=unit_kind)[:BARS]
        drawn = [
            {
                **r,
                "label": snapshot.name(r["unit"]),
                "colour_of": r.get("country") or "" if unit_kind == "institution" else r["unit"],
            }
            for r in rows
        ]

        def draw(narrow: bool) -> Any:
            return charts.intervals(
                drawn,
                title=title,
                subtitle=f"share of the {snapshot.top} most cited papers, {years(window)}",
                simulated=snapshot.simulated,
                width=150 if narrow else 300,
                axis="dot: share; line: 95 % interval",
            )

        said = "; ".join(
            f"{r['label']} {percent(r['share'])} ({percent(r['low'])} to {percent(r['high'])})"
            for r in drawn[:5]
        )
        return Figure(
            path(kind, subject, window),
            f"{technology.name}: {title.casefold()}, {years(window)}",
            f"Shares with 95 % intervals. {said}.",
            table(rows, SHARE_COLUMNS),
            draw,
            "shares",
        )

    return make


def home_bias(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Shares with all citations and with those from abroad only."""
    technology = snapshot.technology(subject)
    rows = snapshot.rows("home_bias", technology=subject, window=window)[:10]
    ends = ("all citations", "from abroad only")
    drawn = [
        {"label": snapshot.name(r["unit"]), ends[0]: r["share_lake"], ends[1]: r["share_foreign"]}
        for r in rows
    ]

    def draw(narrow: bool) -> Any:
        return charts.dumbbells(
            drawn,
            ends=ends,
            colours=("#8A8F98", "#0072B2"),
            title=wrap("Without citations from home", narrow),
            subtitle=f"share of the {snapshot.top} most cited, {years(window)}",
            simulated=snapshot.simulated,
            width=150 if narrow else 300,
        )

    said = "; ".join(f"{d['label']} {percent(d[ends[0]])} to {percent(d[ends[1]])}" for d in drawn[:5])
    return Figure(
        path("home-bias", subject, window),
        f"{technology.name}: shares with and without citations from a work's own countries, {years(window)}",
        f"From all citations to those from abroad only: {said}.",
        table(rows, ["technology", "window", "unit", "share_lake", "share_foreign", "home_bias"]),
        draw,
        "home_bias",
        dict.fromkeys(["share_lake", "share_foreign", "home_bias"], "share"),
    )


CHOICE_NAMES = {
    "counting": "who gets credit",
    "domestic": "domestic citations",
    "length": "length of window",
    "missing": "missing addresses",
    "query": "search query",
    "scope": "papers compete within",
    "split": "credit is split by",
    "territories": "Hong Kong and Macao",
    "ties": "papers at the threshold",
    "top": "what is highly cited",
    "types": "document types",
}
"""What the choices of the method are called."""


def choices(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show what the answer hangs on."""
    technology = snapshot.technology(subject)
    every = snapshot.rows("choices", technology=subject, window=window)
    rows = sorted(every, key=lambda r: -(r["total"] or 0.0))
    lead = snapshot.leads(window).get(subject, {})
    leader = str(lead.get("leader") or "")
    drawn = [{**r, "choice": CHOICE_NAMES.get(r["choice"], r["choice"])} for r in rows]

    def draw(narrow: bool) -> Any:
        return charts_methods.options(
            drawn,
            leader=leader,
            title=wrap("What the answer hangs on", narrow),
            subtitle="most decisive choice on top",
            simulated=snapshot.simulated,
            width=150 if narrow else 280,
        )

    said = f"{snapshot.name(leader)} leads in {percent(lead.get('robustness'))} of {lead.get('universes')} methods."
    if drawn:
        said += f" The choice that matters most is: {drawn[0]['choice']}."
    columns = ["technology", "window", "choice", "option", "robustness", "margin", "universes"]
    return Figure(
        path("choices", subject, window),
        f"{technology.name}: in which methods the leader leads, {years(window)}",
        said,
        table(rows, [*columns, "first_order", "total"]),
        draw,
        "choices",
    )


def curve(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show by how much the leader leads in every method, sorted."""
    technology = snapshot.technology(subject)
    rows = snapshot.rows("curve", technology=subject, window=window)
    lead = snapshot.leads(window).get(subject, {})
    leader = str(lead.get("leader") or "")

    def draw(narrow: bool) -> Any:
        return charts_methods.margins(
            rows,
            leader=leader,
            title=wrap("Every defensible method", narrow),
            subtitle=f"by how much {snapshot.said(leader)} is ahead of the best other",
            simulated=snapshot.simulated,
            width=190 if narrow else 360,
        )

    ahead = sum(1 for r in rows if r["margin"] > 0)
    said = (
        f"{snapshot.name(leader)} is ahead in {percent(ahead / len(rows)) if rows else 'none'} of the methods"
    )
    if rows:
        half = rows[len(rows) // 2]["margin"]
        said += f", by {100 * half:.0f} percentage points in the middle one"
    return Figure(
        path("curve", subject, window),
        f"{technology.name}: the leader's margin in every defensible method, {years(window)}",
        f"{said}.",
        table(rows, ["technology", "window", "place", "margin"]),
        draw,
        "curve",
        {"place": "share", "margin": "share"},
    )


def _largest(rows: Sequence[Row], most: int) -> list[str]:
    """Return the units with the largest part over the last five years."""
    if not rows:
        return []
    last = max(r["year"] for r in rows)
    sums: dict[str, float] = {}
    for r in rows:
        if r["year"] > last - 5:
            sums[r["unit"]] = sums.get(r["unit"], 0.0) + (r["high_impact"] or 0.0)
    return sorted(sums, key=lambda u: (-sums[u], u))[:most]


def _with_years_without_papers(rows: Sequence[Row], every: Sequence[Row], units: Sequence[str]) -> list[Row]:
    """Return the rows with a share of 0 where a unit has no papers in a year in which others have shares."""
    there = {(r["unit"], r["year"]): r for r in rows}
    years = sorted({r["year"] for r in every if r["share"] is not None})
    nothing = {"share": 0.0, "low": None, "high": None}
    return [there.get((u, y), {"unit": u, "year": y, **nothing}) for u in units for y in years]
