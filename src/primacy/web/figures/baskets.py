"""Figures of the institutions study: who publishes in the journals of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from primacy.errors import NotThereError
from primacy.present import charts_shares
from primacy.present.charts_theme import labels
from primacy.present.figure import Figure
from primacy.present.sentences import percent
from primacy.present.sentences_baskets import signed
from primacy.web.figures.parts import Row, path, table
from primacy.web.snapshot import Snapshot, slug

__all__ = ["KINDS", "UNASSIGNED", "YEARS", "BasketView", "basket", "basket_changes", "basket_trend", "called"]
__all__ += ["rows_of", "subjects", "view", "years"]

KINDS = {
    "institution": "Institutions",
    "country": "Countries",
    "bloc": "Blocs",
    "sector": "Sectors",
    "subject": "Subjects",
}
UNASSIGNED = "unassigned"
"""Credit that resolves to no unit: never ranked, always shown."""
YEARS = 5
"""So many of the newest years have pages."""
BARS = 15
LINES = 5
COLUMNS = [
    "basket", "basket_version", "year", "unit_kind", "unit", "name", "country", "subject", "count", "share", "low",
    "high", "rank", "rank_low", "rank_high", "adjusted_change", "change_low", "change_high", "articles", "rollup",
]  # fmt: skip
NUMBERS = dict.fromkeys(["share", "low", "high"], "") | {"year": "year"}
"""A Share of the index is a number of articles, not a part of one."""


@dataclass(frozen=True)
class BasketView:
    """What of the articles is looked at.

    Attributes
    ----------
    basket, kind, year, subject
        The list of journals, the kind of unit, the year, and the slug of the subject; ``all`` for every subject.
    """

    basket: str
    kind: str
    year: int
    subject: str = "all"

    @property
    def path(self) -> str:
        """Where the page of this view stands."""
        return f"baskets/{slug(self.basket)}/{self.kind}/{self.year}/{self.subject}"


def years(snapshot: Snapshot) -> list[int]:
    """Return the newest years that have pages, the newest first."""
    every = set(snapshot.table("basket")["year"].to_pylist()) if snapshot.has("basket") else set()
    return sorted(every, reverse=True)[:YEARS]


def subjects(snapshot: Snapshot) -> dict[str, str]:
    """Return the subjects by their slugs, ``all`` first."""
    named = sorted(snapshot.values("basket_subjects", "subject"))
    return {"all": "all"} | {slug(s): s for s in named}


def view(snapshot: Snapshot, basket: str, kind: str, year: str, subject: str) -> BasketView:
    """Return a view that the results have, from the parts of its address.

    Raises
    ------
    NotThereError
        They lack it.
    """
    baskets = {slug(b): b for b in snapshot.values("basket", "basket")}
    for name, value, known in (
        ("basket", basket, list(baskets)),
        ("kind", kind, list(KINDS)),
        ("year", year, [str(y) for y in years(snapshot)]),
        ("subject", subject, list(subjects(snapshot)) if kind in ("institution", "country") else ["all"]),
    ):
        if value not in known:
            raise NotThereError(f"{name} '{value[:40]}': there are {', '.join(known) or 'no results yet'}")
    return BasketView(baskets[basket], kind, int(year), subject)


def rows_of(snapshot: Snapshot, chosen: BasketView) -> list[Row]:
    """Return the rows of a view, the largest Share first, what resolves to nobody last."""
    if chosen.subject == "all":
        rows = snapshot.rows("basket", basket=chosen.basket, unit_kind=chosen.kind, year=chosen.year)
    else:
        rows = snapshot.rows(
            "basket_subjects",
            basket=chosen.basket,
            unit_kind=chosen.kind,
            year=chosen.year,
            subject=subjects(snapshot)[chosen.subject],
        )
    return sorted(rows, key=lambda r: (r["unit"] == UNASSIGNED, -r["share"], r["unit"]))


def called(snapshot: Snapshot, row: Row) -> str:
    """Return what a row's unit is called."""
    if row["unit"] == UNASSIGNED:
        return "Nobody known"
    if row["unit_kind"] in ("country", "bloc"):
        return snapshot.name(row["unit"])
    name = str(row["name"] or row["unit"])
    return name[0].upper() + name[1:]


def _view(snapshot: Snapshot, subject: str, rest: str) -> BasketView:
    basket, _, kind = subject.partition(",")
    year, _, topic = rest.partition(",")
    return view(snapshot, basket, kind, year, topic)


def basket(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show the Shares with their intervals; the subject is ``LIST,KIND``, what follows ``YEAR,SUBJECT``."""
    chosen = _view(snapshot, subject, rest)
    rows = [r for r in rows_of(snapshot, chosen) if r["unit"] != UNASSIGNED][:BARS]

    def draw(narrow: bool) -> Any:
        return charts_shares.intervals(
            [{**r, "label": called(snapshot, r), "colour_of": r["country"] or r["unit"]} for r in rows],
            title=f"Share, {chosen.year}",
            subtitle="articles, each divided among its authors and their institutions",
            simulated=snapshot.simulated,
            width=150 if narrow else 300,
            axis="dot: Share; line: 95 % interval",
            format=",~f",
        )

    said = "; ".join(
        f"{called(snapshot, r)} {r['share']:,.1f} ({r['low']:,.1f} to {r['high']:,.1f})" for r in rows[:4]
    )
    return Figure(
        path("basket", subject, rest),
        f"Share of the articles in the journals of the list, {KINDS[chosen.kind].lower()}, {chosen.year}",
        f"{said}.",
        table(rows, COLUMNS),
        draw,
        "basket" if chosen.subject == "all" else "basket_subjects",
        NUMBERS,
    )


def basket_changes(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show the adjusted change of the largest units since the year before; addressed as :func:`basket`."""
    chosen = _view(snapshot, subject, rest)
    first = [r for r in rows_of(snapshot, chosen) if r["unit"] != UNASSIGNED][:BARS]
    rows = [r for r in first if r["adjusted_change"] is not None]

    def draw(narrow: bool) -> Any:
        return charts_shares.intervals(
            [
                {
                    "label": called(snapshot, r),
                    "colour_of": r["country"] or r["unit"],
                    "share": r["adjusted_change"],
                    "low": r["change_low"],
                    "high": r["change_high"],
                }
                for r in rows
            ],
            title=f"Adjusted change since {chosen.year - 1}",
            subtitle="per cent, as if the list had as many articles as before",
            simulated=snapshot.simulated,
            width=150 if narrow else 300,
            axis="dot: change; line: 95 % interval",
            format="+d",
        )

    said = "; ".join(
        f"{called(snapshot, r)} {signed(r['adjusted_change'])} % "
        f"({signed(r['change_low'])} to {signed(r['change_high'])})"
        for r in rows[:4]
    )
    return Figure(
        path("basket-changes", subject, rest),
        f"Adjusted change of Share from {chosen.year - 1} to {chosen.year}, {KINDS[chosen.kind].lower()}",
        f"{said}.",
        table(rows, COLUMNS),
        draw,
        "basket" if chosen.subject == "all" else "basket_subjects",
        NUMBERS,
    )


def basket_trend(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show each unit's part of the articles over the years; the subject is ``LIST,KIND``."""
    newest = years(snapshot)[:1]
    name, _, kind = subject.partition(",")
    chosen = view(snapshot, name, kind, str(newest[0]) if newest else "", "all")
    last = [r for r in rows_of(snapshot, chosen) if r["unit"] != UNASSIGNED][:LINES]
    units = [r["unit"] for r in last]
    names = {r["unit"]: called(snapshot, r) for r in last}
    every = snapshot.rows("basket", basket=chosen.basket, unit_kind=chosen.kind)
    articles = {r["year"]: r["articles"] for r in every}
    there = {(r["unit"], r["year"]): r for r in every if r["unit"] in units and r["articles"]}
    rows: list[Row] = [
        {
            "basket": chosen.basket, "unit_kind": chosen.kind, "unit": u, "year": y, "articles": articles[y],
            "share": r["share"] if r else 0.0, "part": (r["share"] if r else 0.0) / articles[y],
            "low": r["low"] / articles[y] if r and r["low"] is not None else None,
            "high": r["high"] / articles[y] if r and r["high"] is not None else None,
        }
        for u in units
        for y in sorted(articles)
        if articles[y]
        for r in [there.get((u, y))]
    ]  # fmt: skip

    def draw(narrow: bool) -> Any:
        return charts_shares.lines(
            [{**r, "share": r["part"]} for r in rows],
            names=dict(zip(units, labels([names[u] for u in units], 14 if narrow else 26), strict=True)),
            title="Part of all articles of the list",
            subtitle="Share over the number of articles, each year",
            simulated=snapshot.simulated,
            ribbons=units[:2],
            width=170 if narrow else 320,
        )  # fmt: skip

    said = "; ".join(
        f"{names[u]} {percent(mine[0]['part'])} in {mine[0]['year']}, "
        f"{percent(mine[-1]['part'])} in {mine[-1]['year']}"
        for u in units
        if (mine := [r for r in rows if r["unit"] == u])
    )
    return Figure(
        path("basket-trend", subject, window),
        f"Part of the articles in the journals of the list, {KINDS[chosen.kind].lower()}, by year",
        f"{said}.",
        table(rows, ["basket", "unit_kind", "unit", "year", "share", "articles", "part", "low", "high"]),
        draw,
        "basket",
        {"share": "", "part": "share", "year": "year"},
    )
