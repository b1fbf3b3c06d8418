"""The figures of the explorer by kind; each stands at ``figures/KIND/SUBJECT/WINDOW``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from primacy.errors import NotThereError, UsageError
from primacy.present import charts_shares as charts
from primacy.present.figure import Figure
from primacy.present.palette import colour
from primacy.present.sentences import percent, years
from primacy.web.snapshot import Snapshot, is_year

__all__ = ["KINDS", "find", "largest_apart"]

Row = dict[str, Any]
ALL_YEARS = "years"
"""Stands for the window where a figure is over all years."""
LINES = 5
BARS = 15


def find(snapshot: Snapshot, kind: str, subject: str, window: str) -> Figure:
    """Return a figure.

    Raises
    ------
    NotThereError
        There is none of that kind, subject or window.
    """
    if kind not in KINDS:
        raise NotThereError(f"figure '{kind}': there are {', '.join(KINDS)}")
    make, over_years = KINDS[kind]
    if over_years and window != ALL_YEARS:
        raise NotThereError(f"figure '{kind}': it is over all years; end the address in /{ALL_YEARS}")
    return make(snapshot, subject, window if over_years else snapshot.window(window))


def _path(kind: str, subject: str, window: str) -> str:
    return f"figures/{kind}/{subject}/{window}"


def _table(rows: Sequence[Row], columns: Sequence[str]) -> pa.Table:
    return pa.table({c: [r.get(c) for r in rows] for c in columns})


# ---------------------------------------------------------------------- all technologies


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
            names=_names(snapshot, units, narrow),
            title=_wrap(f"Share of the {snapshot.top} most cited papers, all technologies", narrow),
            subtitle="each year; bands are 95 % intervals",
            simulated=snapshot.simulated,
            ribbons=units,
            width=230 if narrow else 560,
            height=260 if narrow else 300,
        )

    return Figure(
        _path("overall", subject, window),
        f"Share of the {snapshot.top} most cited papers, all technologies",
        _lines_in_words(snapshot, rows, units),
        _table(rows, columns),
        draw,
        "overall",
    )


# ---------------------------------------------------------------------- a technology


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
            names=_names(snapshot, units, narrow),
            title="Share over time",
            subtitle=f"{snapshot.top} most cited papers of each year; bands: 95 % intervals",
            simulated=snapshot.simulated,
            ribbons=units[:2],
            width=230 if narrow else 400,
        )

    return Figure(
        _path("trend", subject, window),
        f"{technology.name}: share of the {snapshot.top} most cited papers by country and year",
        _lines_in_words(snapshot, rows, units),
        _table(rows, ["technology", "unit", "year", "share", "low", "high", "papers", "high_impact", "rank"]),
        draw,
        "yearly",
    )


SHARE_COLUMNS = ["technology", "unit_kind", "unit", "window", "papers", "high_impact", "share", "low", "high"]
SHARE_COLUMNS += ["rank", "h_index", "name"]


def _intervals(kind: str, unit_kind: str, title: str) -> Callable[[Snapshot, str, str], Figure]:
    def make(snapshot: Snapshot, subject: str, window: str) -> Figure:
        technology = snapshot.technology(subject)
        rows = snapshot.rows("shares", technology=subject, window=window, unit_kind=unit_kind)[:BARS]
        drawn = [
            {
                **r,
                "label": snapshot.name(r["unit"]),
                "colour_of": r["unit"] if unit_kind != "institution" else "",
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
            _path(kind, subject, window),
            f"{technology.name}: {title.casefold()}, {years(window)}",
            f"Shares with 95 % intervals. {said}.",
            _table(rows, SHARE_COLUMNS),
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
            title=_wrap("Without citations from home", narrow),
            subtitle=f"share of the {snapshot.top} most cited, {years(window)}",
            simulated=snapshot.simulated,
            width=150 if narrow else 300,
        )

    said = "; ".join(f"{d['label']} {percent(d[ends[0]])} to {percent(d[ends[1]])}" for d in drawn[:5])
    return Figure(
        _path("home-bias", subject, window),
        f"{technology.name}: shares with and without citations from a work's own countries, {years(window)}",
        f"From all citations to those from abroad only: {said}.",
        _table(rows, ["technology", "window", "unit", "share_lake", "share_foreign", "home_bias"]),
        draw,
        "home_bias",
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
        return charts.options(
            drawn,
            leader=leader,
            title=_wrap("What the answer hangs on", narrow),
            subtitle="most decisive choice on top",
            simulated=snapshot.simulated,
            width=150 if narrow else 280,
        )

    said = f"{snapshot.name(leader)} leads in {percent(lead.get('robustness'))} of {lead.get('universes')} methods."
    if drawn:
        said += f" The choice that matters most is: {drawn[0]['choice']}."
    columns = ["technology", "window", "choice", "option", "robustness", "margin", "universes"]
    return Figure(
        _path("choices", subject, window),
        f"{technology.name}: in which methods the leader leads, {years(window)}",
        said,
        _table(rows, [*columns, "first_order", "total"]),
        draw,
        "choices",
    )


# ---------------------------------------------------------------------- a country, two units


def heat_map(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show a country's share by technology and year."""
    snapshot.require_unit(subject, ["country", "bloc"])
    names = {t.id: t.name for t in snapshot.workspace.portfolio.values()}
    rows = [r for r in snapshot.rows("yearly", unit=subject) if r["technology"] in names]
    now = {
        r["technology"]: r["share"] or 0.0
        for r in snapshot.rows("shares", unit=subject, window=snapshot.newest)
    }
    rows.sort(key=lambda r: (-now.get(r["technology"], 0.0), r["technology"], r["year"]))

    def draw(narrow: bool) -> Any:
        return charts.heat_map(
            [{**r, "label": names[r["technology"]]} for r in rows],
            unit=subject,
            title=_wrap(f"{snapshot.name(subject)} by technology and year", narrow),
            subtitle=f"share of the {snapshot.top} most cited papers",
            simulated=snapshot.simulated,
            width=180 if narrow else 640,
            label=130 if narrow else 300,
        )

    best = "; ".join(names[t] for t, _ in sorted(now.items(), key=lambda p: -p[1])[:3] if t in names)
    return Figure(
        _path("heat-map", subject, window),
        f"{snapshot.name(subject)}: share of the {snapshot.top} most cited papers by technology and year",
        f"Largest shares now: {best}.",
        _table(rows, ["technology", "unit", "year", "share", "low", "high", "papers", "high_impact", "rank"]),
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
            title=_wrap(f"Where {ends[0]} and {ends[1]} are furthest apart", narrow),
            subtitle=f"share of the {snapshot.top} most cited papers, {years(window)}",
            simulated=snapshot.simulated,
            width=130 if narrow else 560,
        )

    said = "; ".join(f"{d['label']}: {percent(d[ends[0]])} and {percent(d[ends[1]])}" for d in drawn[:4])
    return Figure(
        _path("compare", subject, window),
        f"{ends[0]} and {ends[1]} by technology, {years(window)}",
        f"{said}.",
        _table([{**r, "window": window} for r in rows], ["technology", "window", a, b]),
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


KINDS: dict[str, tuple[Callable[[Snapshot, str, str], Figure], bool]] = {
    "overall": (overall, True),
    "trend": (trend, True),
    "countries": (_intervals("countries", "country", "Countries"), False),
    "blocs": (_intervals("blocs", "bloc", "Blocs"), False),
    "institutions": (_intervals("institutions", "institution", "Institutions"), False),
    "home-bias": (home_bias, False),
    "choices": (choices, False),
    "heat-map": (heat_map, True),
    "compare": (compare, False),
}
"""What makes a figure of each kind, and whether it is over all years."""


# ---------------------------------------------------------------------- helpers


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


def _names(snapshot: Snapshot, units: Sequence[str], narrow: bool) -> dict[str, str]:
    return {u: u if narrow else snapshot.name(u) for u in units}


def _wrap(title: str, narrow: bool) -> str | list[str]:
    """Break a title in two for a narrow screen."""
    if not narrow or len(title) <= 34:
        return title
    lines: list[str] = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) > 34:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _lines_in_words(snapshot: Snapshot, rows: Sequence[Row], units: Sequence[str]) -> str:
    said = []
    for unit in units:
        mine = [r for r in rows if r["unit"] == unit and r["share"] is not None]
        if mine:
            a, b = mine[0], mine[-1]
            name = snapshot.name(unit)
            said.append(f"{name} {percent(a['share'])} in {a['year']}, {percent(b['share'])} in {b['year']}")
    return "; ".join(said) + "." if said else "No data."
