"""Figures of the models study: whose models are downloaded, under which rule, and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from primacy.errors import NotThereError
from primacy.present import charts_parts, charts_shares
from primacy.present.countries import country_name
from primacy.present.figure import Figure
from primacy.present.palette import KINDS, NOBODY, OTHER, STEPS, colour
from primacy.present.sentences import day, percent
from primacy.present.sentences_models import MEASURES, POPULATIONS, RULES
from primacy.web.figures.parts import Row, path, table, wrap
from primacy.web.snapshot import Snapshot

__all__ = ["DIMENSIONS", "View", "adoption", "attribution", "history", "mix", "rules", "view"]

UNIT_KINDS = {"region": "region", "country": "country", "owner": "owner"}
BARS = 12

DIMENSIONS = {
    "size": ("Sizes", "parameters"),
    "license": ("Licences", "terms of the licence"),
    "relation": ("Made how", "from scratch (root) or from another model"),
    "task": ("Tasks", "what the models are made for"),
}
"""By what downloads are divided: the title, and what is told apart."""
SIZES = ("<1B", "1-5B", "5-10B", "10-50B", "50-100B", "100-250B", "250B+")
LICENCES = ("permissive", "copyleft", "use-restricted", "non-commercial", "other", "undeclared")
KINDS_SHOWN = 6
SHORT = {"international": "Int’l", "other": "Other", "unattributed": "Unknown"}
"""Names of regions at the end of a line on a phone."""
PERIODS = {
    "downloads_30d": "30 days",
    "downloads_12m": "12 months",
    "downloads_all": "all time",
    "downloads_first_year": "first year",
}
"""Measures within a row's label."""


@dataclass(frozen=True)
class View:
    """What of the downloads is looked at.

    Attributes
    ----------
    by, measure, population
        To whom they are attributed, which downloads, and which models count.
    """

    by: str = "publisher"
    measure: str = "downloads_30d"
    population: str = "all"

    @property
    def path(self) -> str:
        """Where the page of this view stands."""
        return f"models/{self.by}/{self.measure}/{self.population}"

    @property
    def words(self) -> str:
        """What is looked at, for people."""
        return (
            f"{MEASURES.get(self.measure, self.measure)}, {POPULATIONS.get(self.population, self.population)}"
        )


def view(snapshot: Snapshot, by: str, measure: str, population: str) -> View:
    """Return a view that the results have.

    Raises
    ------
    NotThereError
        They lack it.
    """
    chosen = {"by": by, "measure": measure, "population": population}
    for column, value in chosen.items():
        known = snapshot.values("adoption", column)
        if value not in known:
            raise NotThereError(f"{column} '{value[:40]}': there are {', '.join(known) or 'no results yet'}")
    return View(**chosen)


def _view(snapshot: Snapshot, by: str, rest: str) -> View:
    measure, _, population = rest.partition(",")
    return view(snapshot, by, measure, population)


ADOPTION_COLUMNS = [
    "by", "measure", "population", "unit_kind", "unit", "downloads", "share", "rank", "models", "total", "coverage",
    "snapshot",
]  # fmt: skip


def adoption(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show who has which share; the subject is rule and kind of unit, ``origin,country``."""
    by, _, kind = subject.partition(",")
    if kind not in UNIT_KINDS:
        raise NotThereError(
            f"figure adoption/{subject[:40]}: takes publisher or origin and {', '.join(UNIT_KINDS)}"
        )
    chosen = _view(snapshot, by, rest)
    rows = snapshot.rows(
        "adoption", unit_kind=kind, by=by, measure=chosen.measure, population=chosen.population
    )[:BARS]
    title = {"region": "Share of downloads", "country": "By country", "owner": "By firm or group"}[kind]

    def draw(narrow: bool) -> Any:
        return charts_parts.bars(
            [
                {
                    "label": country_name(r["unit"]),
                    "value": r["share"],
                    "said": percent(r["share"]),
                    "paint": _paint(r["unit"]),
                }
                for r in rows
            ],
            title=title,
            subtitle=f"{RULES[by]}; {chosen.words}" if not narrow else RULES[by],
            simulated=snapshot.simulated,
            width=170 if narrow else 300,
        )

    said = "; ".join(f"{country_name(r['unit'])} {percent(r['share'])}" for r in rows[:6])
    return Figure(
        path("adoption", subject, rest),
        f"{title}, {RULES[by]} ({chosen.words})",
        f"{said}.",
        table(rows, ADOPTION_COLUMNS),
        draw,
        "adoption",
    )


def history(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show the regions' shares in every snapshot; the subject is the rule."""
    chosen = _view(snapshot, subject, rest)
    every = snapshot.rows(
        "adoption_history", by=chosen.by, measure=chosen.measure, population=chosen.population
    )
    days = sorted({r["snapshot"] for r in every})
    rows = every if len(days) > 1 else []
    newest = [r["unit"] for r in rows if r["snapshot"] == days[-1]]
    drawn = sorted(
        ({**r, "year": _year(r["snapshot"]), "low": None} for r in rows if r["unit"] in newest),
        key=lambda r: (newest.index(r["unit"]), r["year"]),
    )

    def draw(narrow: bool) -> Any:
        return charts_shares.lines(
            drawn,
            names={u: SHORT.get(u, country_name(u)) if narrow else country_name(u) for u in newest},
            title="From snapshot to snapshot",
            subtitle=f"{RULES[subject]}; {chosen.words}" if not narrow else RULES[subject],
            simulated=snapshot.simulated,
            width=180 if narrow else 360,
            ticks={_year(d): f"{day(d[:7])[:3]} {d[:4]}" for d in days},
        )

    said = "; ".join(
        f"{country_name(u)} {percent(mine[0]['share'])} on {day(mine[0]['snapshot'])}, "
        f"{percent(mine[-1]['share'])} on {day(mine[-1]['snapshot'])}"
        for u in newest[:4]
        if (mine := [r for r in drawn if r["unit"] == u])
    )
    return Figure(
        path("adoption-history", subject, rest),
        f"Share of downloads in each snapshot, {RULES[subject]} ({chosen.words})",
        f"{said}.",
        table(rows, ADOPTION_COLUMNS),
        draw,
        "adoption_history",
    )


def attribution(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show what the rule of attribution changes; the subject is the kind of unit."""
    if subject not in UNIT_KINDS:
        raise NotThereError(f"figure attribution/{subject[:40]}: takes {', '.join(UNIT_KINDS)}")
    chosen = _view(snapshot, "publisher", rest)
    shares: dict[str, dict[str, float]] = {}
    for r in snapshot.rows(
        "adoption", unit_kind=subject, measure=chosen.measure, population=chosen.population
    ):
        shares.setdefault(r["unit"], {})[r["by"]] = r["share"]
    order = sorted(shares, key=lambda u: (-max(shares[u].values()), u))[:BARS]
    rows: list[Row] = [
        {"measure": chosen.measure, "population": chosen.population, "unit_kind": subject, "unit": u}
        | {f"share_by_{by}": shares[u].get(by) for by in RULES}
        for u in order
    ]
    ends = ("by publisher", "by origin")

    def draw(narrow: bool) -> Any:
        return charts_shares.dumbbells(
            [
                {
                    "label": country_name(r["unit"]),
                    ends[0]: r["share_by_publisher"],
                    ends[1]: r["share_by_origin"],
                }
                for r in rows
            ],
            ends=ends,
            colours=(OTHER, "#0072B2"),
            title="What attribution changes",
            subtitle="share of downloads" if narrow else f"share of downloads; {chosen.words}",
            simulated=snapshot.simulated,
            width=150 if narrow else 300,
        )

    said = "; ".join(
        f"{country_name(r['unit'])} {percent(r['share_by_publisher'])} by publisher, "
        f"{percent(r['share_by_origin'])} by origin"
        for r in rows[:4]
    )
    columns = ["measure", "population", "unit_kind", "unit", "share_by_publisher", "share_by_origin"]
    return Figure(
        path("attribution", subject, rest),
        f"Shares by publisher and by origin ({chosen.words})",
        f"{said}.",
        table(rows, columns),
        draw,
        "adoption",
        {f"share_by_{by}": "share" for by in RULES},
    )


def rules(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show the two sides under every population and measure; the subject is the rule."""
    if subject not in RULES or rest != "all":
        raise NotThereError(f"figure rules/{subject[:40]}/{rest[:40]}: takes publisher or origin, then all")
    rows = snapshot.rows("attribution", by=subject, denominator="all")
    sides = (rows[0]["first"], rows[0]["second"]) if rows else ("us", "china")
    ends = (country_name(sides[0]), country_name(sides[1]))

    def draw(narrow: bool) -> Any:
        return charts_shares.dumbbells(
            [
                {
                    "label": _rule(r, narrow),
                    ends[0]: r["first_share"],
                    ends[1]: r["second_share"],
                }
                for r in rows
            ],
            ends=ends,
            colours=(colour(sides[0]), colour(sides[1])),
            title=wrap("The same records under every rule", narrow),
            subtitle=f"share of all downloads, {RULES[subject]}",
            simulated=snapshot.simulated,
            width=130 if narrow else 280,
            label=44,
        )

    leads = sum(1 for r in rows if r["leader"] == sides[1])
    return Figure(
        path("rules", subject, rest),
        f"{ends[0]} and {ends[1]} under every population and measure, {RULES[subject]}",
        f"{ends[1]} leads in {leads} of {len(rows)}.",
        table(
            rows,
            [
                "population", "measure", "by", "denominator", "first", "second", "first_share", "second_share",
                "unattributed", "leader", "lead", "flip_point", "flips", "total", "coverage", "snapshot",
            ],
        ),
        draw,
        "attribution",
        dict.fromkeys(["first_share", "second_share", "unattributed", "lead", "flip_point"], "share"),
    )  # fmt: skip


def mix(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show what the downloads of each region are made of; the subject is what is told apart."""
    if subject not in DIMENSIONS:
        raise NotThereError(f"figure mix/{subject[:40]}: takes {', '.join(DIMENSIONS)}")
    by, _, measure = rest.partition(",")
    view(snapshot, by, measure, "all")
    rows = snapshot.rows("model_mix", dimension=subject, by=by, measure=measure)
    kinds = _kinds(subject, rows)
    units = [
        "all",
        *(
            r["unit"]
            for r in snapshot.rows("adoption", unit_kind="region", by=by, measure=measure, population="all")
        ),
    ]
    there = {r["unit"] for r in rows}
    drawn: list[Row] = []
    for unit in [u for u in units if u in there]:
        parts: dict[str, float] = {}
        for r in rows:
            if r["unit"] == unit:
                kind = r["category"] if r["category"] in kinds else "others"
                parts[kind] = parts.get(kind, 0.0) + r["share"]
        label = "All downloads" if unit == "all" else country_name(unit)
        drawn += [{"label": label, "kind": k, "share": parts[k]} for k in kinds if k in parts]
    title, told = DIMENSIONS[subject]

    def draw(narrow: bool) -> Any:
        return charts_parts.stacks(
            drawn,
            kinds=kinds,
            title=title,
            subtitle=f"{told}; {RULES[by]}" if not narrow else told,
            simulated=snapshot.simulated,
            width=200 if narrow else 330,
        )

    whole = [d for d in drawn if d["label"] == "All downloads"]
    said = "; ".join(f"{d['kind']} {percent(d['share'])}" for d in whole)
    return Figure(
        path("mix", subject, rest),
        f"{title} of what is downloaded, by region ({RULES[by]}, {MEASURES.get(measure, measure)})",
        f"All downloads: {said}.",
        table(
            rows,
            ["dimension", "by", "measure", "unit", "category", "downloads", "share", "models", "snapshot"],
        ),
        draw,
        "model_mix",
    )


# ---------------------------------------------------------------------- helpers


def _kinds(dimension: str, rows: list[Row]) -> dict[str, str]:
    """Return the kinds in their order with their colours; the rare ones together as others."""
    found = {r["category"] for r in rows}
    if dimension == "size":
        kinds = dict(zip(SIZES, STEPS, strict=True))
    elif dimension == "license":
        kinds = dict(zip(LICENCES, KINDS, strict=False))
    else:
        whole = [r["category"] for r in rows if r["unit"] == "all" and r["category"] != "unknown"]
        kinds = dict(zip(whole[:KINDS_SHOWN], KINDS, strict=False))
    kept = {k: c for k, c in kinds.items() if k in found}
    if found - set(kept) - {"unknown"}:
        kept["others"] = OTHER
    if "unknown" in found:
        kept["unknown"] = NOBODY
    return kept


def _paint(unit: str) -> str:
    return NOBODY if unit == "unattributed" else colour(unit)


def _rule(row: Row, narrow: bool) -> str:
    population = row["population"] if narrow else POPULATIONS.get(row["population"], row["population"])
    return f"{population}, {PERIODS.get(row['measure'], row['measure'])}"


def _year(text: str) -> float:
    """Return a day as a year with its fraction, to draw."""
    year, month, rest = text.split("-")
    return int(year) + (int(month) - 1) / 12 + (int(rest) - 1) / 365
