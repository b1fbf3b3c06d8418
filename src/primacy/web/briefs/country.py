"""The brief of a country or bloc: where it stands in every technology, and among its peers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from primacy.errors import NotThereError
from primacy.present import brief as parts
from primacy.present import charts_shares as charts
from primacy.present.brief import Brief, Fact
from primacy.present.figure import Figure
from primacy.present.sentences import VERDICTS, percent, years
from primacy.present.terminal import SIMULATED
from primacy.web.briefs.shared import (
    figures_in_a_row,
    foot,
    interval,
    method_box,
    short,
    source_box,
    span,
)
from primacy.web.figures.countries import heat_map
from primacy.web.figures.parts import ALL_YEARS, Row, lines_in_words, names, path, table
from primacy.web.pages import subjects
from primacy.web.snapshot import Snapshot, is_year

__all__ = ["country"]

STRONGEST, MAPPED, PEERS = 20, 40, 4
"""How many technologies the table and the map have; how many peers."""


def country(snapshot: Snapshot, wanted: str, given: str | None = None) -> Brief:
    """Return the brief of a country or bloc in a window, the newest where None."""
    page = subjects.country(snapshot, wanted, given)
    known, unit, window = page.context, page.context["unit"], page.context["window"]
    rows: list[Row] = known["rows"]
    if not rows:
        raise NotThereError(f"brief '{unit}': it has no papers in {window}")
    shown, left = rows[:STRONGEST], len(rows) - STRONGEST
    return Brief(
        title=known["name"],
        kicker=f"primacy · brief on a {known['kind']} · all critical technologies",
        span=span(snapshot, window),
        foot=foot(snapshot),
        notice=SIMULATED if snapshot.simulated else None,
        first=[
            parts.Quotes(known["sentences"]),
            parts.Facts(_country_facts(snapshot, known)),
            *figures_in_a_row((_with_peers(snapshot, unit), False)),
            _technologies_table(snapshot, known, shown),
            *(
                [parts.Words([f"and {left} more, by rank; the explorer has all."], size=8)]
                if left > 0
                else []
            ),
        ],
        second=[
            *figures_in_a_row((heat_map(snapshot, unit, ALL_YEARS, most=MAPPED), False)),
            parts.Words(_how_surely(snapshot, known), "How surely it leads"),
            _peers_table(snapshot, known),
            method_box(snapshot),
            source_box(snapshot, ["overall", "shares", "leads", "yearly", "trends"]),
        ],
    )


def _country_facts(snapshot: Snapshot, known: Any) -> list[Fact]:
    overall, rows = known["overall"] or {}, known["rows"]
    among = "blocs" if known["kind"] == "bloc" else "countries"
    facts = [
        Fact("Share of all", percent(overall.get("share"), 1), f"95 % interval {interval(overall)}"),
        Fact("Rank overall", str(overall.get("rank") or "–"), f"among {among}"),
    ]
    if known["kind"] == "country":
        facts.append(Fact("Technologies led", str(len(known["leading"])), f"of {len(rows)} with papers"))
        sure = sum(1 for r in known["leading"] if r["verdict"] == "leads")
        facts.append(Fact("Surely led", str(sure), VERDICTS["leads"]))
    facts.append(
        Fact(
            "Highly cited papers",
            f"{overall.get('high_impact') or 0:,.0f}",
            f"of {overall.get('papers') or 0:,.0f} papers, summed over technologies",
        )
    )
    if known["kind"] == "country":
        three = sum(1 for r in rows if r["rank"] is not None and r["rank"] <= 3)
        facts.append(Fact("Among the first three in", str(three), f"of {len(rows)} technologies with papers"))
    return facts


def _technologies_table(snapshot: Snapshot, known: Any, rows: Sequence[Row]) -> parts.Sheet:
    leads, slopes = snapshot.leads(known["window"]), known["slopes"]
    number = {"number": True}
    return parts.Sheet(
        [
            parts.Column("Rank", **number),
            parts.Column("Technology", wide=True),
            parts.Column("Share", **number),
            parts.Column("95 % interval", **number),
            parts.Column("Change a year", **number),
            parts.Column("Leader"),
            parts.Column("Verdict"),
        ],
        [
            [
                str(r["rank"] or "–"),
                short(known["names"].get(r["technology"], r["technology"]), 48),
                percent(r["share"], 1),
                interval(r),
                _slope(slopes.get(r["technology"])),
                snapshot.name(leads[r["technology"]]["leader"]) if r["technology"] in leads else "–",
                str(leads[r["technology"]]["verdict"]) if r["technology"] in leads else "–",
            ]
            for r in rows
        ],
        "Technologies, by rank",
    )


def _how_surely(snapshot: Snapshot, known: Any) -> list[str]:
    """Return how many technologies a country leads by each verdict, or why a bloc leads none."""
    if known["kind"] == "bloc":
        return ["Blocs overlap with each other and with their members, so no bloc is ever called the leader."]
    counts = {v: sum(1 for r in known["leading"] if r["verdict"] == v) for v in VERDICTS}
    name = snapshot.said(known["unit"])
    found = [f"{count} “{verdict}” ({VERDICTS[verdict]})" for verdict, count in counts.items() if count]
    if not found:
        return [f"In {years(known['window'])}, {name} leads in none of {len(known['rows'])} technologies."]
    return [
        f"In {years(known['window'])}, {name} is first in {sum(counts.values())} of {len(known['rows'])} technologies; "
        f"by verdict: {'; '.join(found)}."
    ]


def _peers_table(snapshot: Snapshot, known: Any) -> parts.Sheet:
    """Return a unit and its peers: their share of all technologies together, and who is ahead in how many."""
    unit, window = known["unit"], known["window"]
    overall = {r["unit"]: r for r in snapshot.rows("overall", window=window, unit_kind=known["kind"])}
    mine = {r["technology"]: r["share"] or 0.0 for r in known["rows"]}
    rows = []
    for peer in [unit, *known["peers"][:PEERS]]:
        theirs = {
            r["technology"]: r["share"] or 0.0 for r in snapshot.rows("shares", unit=peer, window=window)
        }
        ahead = sum(1 for t in mine.keys() | theirs.keys() if mine.get(t, 0.0) > theirs.get(t, 0.0))
        row = overall.get(peer, {})
        rows.append(
            [
                str(row.get("rank") or "–"),
                snapshot.name(peer),
                percent(row.get("share"), 1),
                interval(row),
                "–" if peer == unit else f"in {ahead} technologies",
            ]
        )
    number = {"number": True}
    return parts.Sheet(
        [
            parts.Column("Rank", **number),
            parts.Column("All technologies together", wide=True),
            parts.Column("Share", **number),
            parts.Column("95 % interval", **number),
            parts.Column(f"{known['name']} is ahead", **number),
        ],
        rows,
        "Against its peers",
    )


def _with_peers(snapshot: Snapshot, unit: str) -> Figure:
    """Return a unit's share of all technologies together over the years, among its peers."""
    units = [unit, *snapshot.peers(unit)[:PEERS]]
    every = snapshot.rows("overall", unit_kind=snapshot.kinds[unit])
    rows = [{**r, "year": int(r["window"][:4])} for r in every if r["unit"] in units and is_year(r["window"])]
    rows.sort(key=lambda r: (units.index(r["unit"]), r["year"]))

    def draw(narrow: bool) -> Any:
        return charts.lines(
            rows,
            names=names(snapshot, units, narrow),
            title="All critical technologies together",
            subtitle=f"share of the {snapshot.top} most cited papers of each year; band: 95 % interval",
            simulated=snapshot.simulated,
            ribbons=[unit],
            width=620,
            height=370,
        )

    return Figure(
        path("overall", unit, ALL_YEARS),
        f"{snapshot.name(unit)} among its peers: share of the {snapshot.top} most cited papers",
        lines_in_words(snapshot, rows, units),
        table(rows, ["unit", "year", "share", "low", "high"]),
        draw,
        "overall",
    )


def _slope(row: Row | None) -> str:
    if row is None or row["slope"] is None:
        return "–"
    shown = f"{100 * row['slope']:+.1f}"
    return ("0.0" if shown in ("+0.0", "-0.0") else shown.replace("-", "−")) + " points"
