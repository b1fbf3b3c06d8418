"""Figures of the compute study: clusters, chips under export rules, prices, energy, usable compute."""

from __future__ import annotations

from typing import Any

from primacy.errors import NotThereError
from primacy.present import charts_parts, charts_shares, charts_time
from primacy.present.countries import country_name
from primacy.present.figure import Figure
from primacy.present.palette import NOBODY
from primacy.present.sentences import day, large, percent
from primacy.web.figures.parts import Row, names, path, table, wrap
from primacy.web.snapshot import Snapshot

__all__ = [
    "FILTERS",
    "MEASURES",
    "SCENARIOS",
    "STATUSES",
    "capacity",
    "chip_counts",
    "chip_periods",
    "energy",
    "usable",
]
__all__ += ["capacity_by_year", "destination"]

MEASURES = {"h100e": "H100-equivalents", "flops16": "16-bit operations", "megawatts": "megawatts"}
"""In what the capacity of a cluster is stated."""
FILTERS = {"all": False, "standard": True}
"""All clusters, or those of the source's own analysis only."""
STATUSES = {
    "unrestricted": "#009E73",
    "case_by_case": "#E69F00",
    "restricted": "#D55E00",
    "unknown": NOBODY,
}
"""What export rules say of a chip."""
STATUS_WORDS = {
    "unrestricted": "free to ship",
    "case_by_case": "case by case",
    "restricted": "restricted",
    "unknown": "not known",
}
SCENARIOS = ("open-small", "closed-frontier")
COUNTRIES = 12
CHIPS = 16
MODELS = 14
FIRST = "2022-01-01"
"""Before this day there were no rules to show."""

CAPACITY = [
    "country", "capacity", "share", "low", "high", "rank", "systems", "confirmed", "unmeasured", "coverage", "on",
    "measure", "standard",
]  # fmt: skip


def _filter(name: str) -> bool:
    if name not in FILTERS:
        raise NotThereError(f"filter '{name[:40]}': there are {', '.join(FILTERS)}")
    return FILTERS[name]


def capacity(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show each country's share of the capacity that is listed; the subject is the measure."""
    if subject not in MEASURES:
        raise NotThereError(f"figure clusters/{subject[:40]}: takes {', '.join(MEASURES)}")
    rows = snapshot.rows("cluster_variants", measure=subject, standard=_filter(rest))
    shown = [r for r in rows if r["share"] is not None][:COUNTRIES]

    def draw(narrow: bool) -> Any:
        return charts_shares.intervals(
            [{**r, "label": country_name(r["country"]), "colour_of": r["country"]} for r in shown],
            title="Clusters by country",
            subtitle=f"share of the listed {MEASURES[subject]}"
            + ("" if narrow else f", {day(shown[0]['on'])}"),
            simulated=snapshot.simulated,
            width=150 if narrow else 320,
            axis="dot: share; line: 95 % interval",
        )

    said = "; ".join(
        f"{country_name(r['country'])} {percent(r['share'])} ({percent(r['low'])} to {percent(r['high'])})"
        for r in shown[:4]
    )
    return Figure(
        path("clusters", subject, rest),
        f"Share of listed computing capacity by country ({MEASURES[subject]})",
        f"{said}.",
        table(shown, CAPACITY),
        draw,
        "cluster_variants",
    )


def capacity_by_year(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show the shares of H100-equivalents at the end of each year; the subject is the filter."""
    every = snapshot.rows("clusters_by_year", standard=_filter(subject))
    last = max((r["on"] for r in every), default="")
    units = [r["country"] for r in every if r["on"] == last and r["share"]][:5]
    rows = [r for r in every if r["country"] in units]
    there = {(r["country"], r["on"]): r for r in rows}
    days = sorted({r["on"] for r in every})
    nothing: Row = {"share": 0.0, "low": None, "high": None}
    drawn = [
        {
            **there.get((u, on), nothing),
            "unit": u,
            "year": int(on[:4]) + (int(on[5:7]) - 1) / 12 + int(on[8:]) / 365,
        }
        for u in units
        for on in days
    ]

    def draw(narrow: bool) -> Any:
        return charts_shares.lines(
            drawn,
            names=names(snapshot, units, narrow),
            title="Clusters through the years",
            subtitle="share of H100-equivalents" + ("" if narrow else " that are listed; bands: 95 % intervals"),
            simulated=snapshot.simulated,
            ribbons=units[:2],
            width=210 if narrow else 380,
            ticks={d["year"]: f"end {on[:4]}" if on.endswith("12-31") else f"{day(on[:7])[:3]} {on[:4]}"
                   for d, on in zip(drawn, days, strict=False)},
        )  # fmt: skip

    said = "; ".join(
        f"{country_name(u)} {percent(mine[0]['share'])} at first, {percent(mine[-1]['share'])} on {day(last)}"
        for u in units
        if (mine := [d for d in drawn if d["unit"] == u])
    )
    return Figure(
        path("clusters-by-year", subject, window),
        "Share of listed computing capacity at the end of each year (H100-equivalents)",
        f"{said}.",
        table(rows, CAPACITY),
        draw,
        "clusters_by_year",
    )


# ---------------------------------------------------------------------- chips


def destination(snapshot: Snapshot) -> str:
    """Return for which destination the chips' status is stated."""
    return next(iter(snapshot.values("chip_timeline", "destination")), "CN")


def _at(snapshot: Snapshot, kind: str, subject: str) -> None:
    if subject != destination(snapshot):
        raise NotThereError(f"figure {kind}/{subject[:40]}: these results are for {destination(snapshot)}")


def chip_periods(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show what export rules said when of the chips whose status changed most often; the subject is the destination."""
    _at(snapshot, "chips", subject)
    power = {r["chip"]: r["tpp"] or 0.0 for r in snapshot.rows("chips")}
    every = snapshot.rows("chip_timeline", destination=subject)
    changes: dict[str, int] = {}
    for r in every:
        changes[r["chip"]] = changes.get(r["chip"], 0) + 1
    order = sorted(changes, key=lambda c: (-changes[c], -power.get(c, 0.0), c))[:CHIPS]
    order = [c for c in order if changes[c] > 1]
    rows = sorted(
        (r for r in every if r["chip"] in order), key=lambda r: (order.index(r["chip"]), r["since"] or "")
    )
    end = _day_of_rules(snapshot, every)
    drawn = _merged(rows, end)

    def draw(narrow: bool) -> Any:
        return charts_time.periods(
            drawn,
            kinds={STATUS_WORDS[k]: c for k, c in STATUSES.items()},
            title=wrap(f"Which chip may go to {snapshot.said(subject)}", narrow),
            subtitle="by United States export rules; those that changed most often",
            simulated=snapshot.simulated,
            width=180 if narrow else 420,
            label=20 if narrow else 30,
        )

    now = [d for d in drawn if d["until"] == end]
    said = "; ".join(f"{d['label']}: {d['kind']}" for d in now[:6])
    return Figure(
        path("chips", subject, window),
        f"Export-rule status of chips for {snapshot.name(subject)} through time",
        f"On the day of the newest rule: {said}.",
        table(rows, ["chip", "maker_country", "destination", "since", "until", "status", "rule", "reason"]),
        draw,
        "chip_timeline",
    )


def _merged(rows: list[Row], end: str) -> list[Row]:
    """Return the bars of chips: periods that follow each other with the same status are one."""
    drawn: list[Row] = []
    for r in rows:
        until = r["until"] or end
        if until <= FIRST:
            continue
        one = {"label": r["chip"], "since": max(r["since"] or FIRST, FIRST), "until": until}
        one["kind"] = STATUS_WORDS[r["status"]]
        if drawn and all(drawn[-1][k] == one[k] for k in ("label", "kind")):
            drawn[-1]["until"] = until
        else:
            drawn.append(one)
    return drawn


def _day_of_rules(snapshot: Snapshot, periods: list[Row]) -> str:
    """Return where bars without an end stop: the end of the year of the newest rule."""
    newest = max((r["since"] for r in periods if r["since"]), default=FIRST)
    return f"{max(newest, FIRST)[:4]}-12-31"


def chip_counts(snapshot: Snapshot, subject: str, window: str) -> Figure:
    """Show how many chips stood where before and after each change of the rules."""
    _at(snapshot, "chip-counts", subject)
    rows = snapshot.rows("chip_counts", destination=subject)
    drawn = [
        {"label": day(r["on"]), "kind": STATUS_WORDS[status], "share": r[status] / total}
        for r in rows
        if (total := sum(r[s] for s in STATUSES))
        for status in STATUSES
        if r[status]
    ]

    def draw(narrow: bool) -> Any:
        return charts_parts.stacks(
            drawn,
            kinds={STATUS_WORDS[k]: c for k, c in STATUSES.items()},
            title="Chips by status",
            subtitle="the day before and the day of each change",
            simulated=snapshot.simulated,
            width=190 if narrow else 340,
        )

    last: Row = rows[-1] if rows else {"on": FIRST}
    said = ", ".join(f"{last.get(s, 0)} {STATUS_WORDS[s]}" for s in STATUSES)
    return Figure(
        path("chip-counts", subject, window),
        f"Chips by export-rule status for {snapshot.name(subject)}",
        f"On {day(last['on'])}: {said}.",
        table(rows, ["on", "destination", *STATUSES]),
        draw,
        "chip_counts",
    )


# ---------------------------------------------------------------------- tokens


def energy(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show the measured energy of a million tokens; the subject is the GPU."""
    if rest != "measured" or subject not in snapshot.values("self_host", "gpu"):
        raise NotThereError(
            f"figure energy/{subject[:40]}/{rest[:40]}: takes a GPU that was measured, then measured"
        )
    every = snapshot.rows("self_host", gpu=subject)
    once = {r["measured_model"]: r for r in every}
    rows = sorted(once.values(), key=lambda r: (r["wh_per_million"], r["measured_model"]))[:MODELS]

    def draw(narrow: bool) -> Any:
        return charts_parts.bars(
            [
                {
                    "label": r["measured_model"].split("/")[-1],
                    "value": r["wh_per_million"],
                    "said": f"{r['wh_per_million']:,.0f} Wh",
                    "paint": "#0072B2",
                }
                for r in rows
            ],
            title=wrap("Energy of a million tokens", narrow),
            subtitle=f"watt-hours, measured on {subject}",
            simulated=snapshot.simulated,
            width=150 if narrow else 300,
            format=",d",
        )

    said = "; ".join(f"{r['measured_model']} {r['wh_per_million']:,.0f} Wh" for r in rows[:4])
    return Figure(
        path("energy", subject, rest),
        f"Measured energy of a million output tokens on {subject}",
        f"{said}.",
        table(
            rows,
            ["measured_model", "gpu", "gpus", "precision", "parameters_billion", "tokens_per_second",
             "wh_per_million"],
        ),
        draw,
        "self_host",
    )  # fmt: skip


def usable(snapshot: Snapshot, subject: str, rest: str) -> Figure:
    """Show how many tokens a day each country could serve, with and without export rules; the subject: a scenario."""
    known = snapshot.values("usable_compute", "scenario")
    if rest != "tokens" or subject not in known:
        raise NotThereError(
            f"figure usable/{subject[:40]}/{rest[:40]}: takes {', '.join(known)}, then tokens"
        )
    rows = snapshot.rows("usable_compute", scenario=subject)
    free = {r["country"]: r for r in snapshot.rows("usable_compute", scenario=f"{subject}-no-rules")}
    rows = [*rows, *(r for c, r in free.items() if c == destination(snapshot))]
    rows.sort(key=lambda r: (-r["tokens_per_day"], r["country"], r["scenario"]))
    drawn = [
        {
            "label": country_name(r["country"]) + ("" if r["scenario"] == subject else ", no rules"),
            "colour_of": r["country"],
            "share": r["tokens_per_day"] / 1e12,
            "low": r["tokens_per_day_low"] / 1e12,
            "high": r["tokens_per_day_high"] / 1e12,
        }
        for r in rows
    ]
    title = {"open-small": "A small open model", "closed-frontier": "A closed frontier model"}.get(
        subject, subject
    )

    def draw(narrow: bool) -> Any:
        return charts_shares.intervals(
            drawn,
            title=title,
            subtitle="trillion tokens a day; 90 % intervals",
            simulated=snapshot.simulated,
            width=150 if narrow else 320,
            format=",~f",
            log=True,
            axis="logarithmic",
        )

    said = "; ".join(
        f"{d['label']} {large(1e12 * d['share'])} ({large(1e12 * d['low'])} to {large(1e12 * d['high'])})"
        for d in drawn[:4]
    )
    return Figure(
        path("usable", subject, rest),
        f"{title}: tokens a day that each country's clusters could serve",
        f"{said}.",
        table(
            rows,
            ["scenario", "country", "tokens_per_day", "tokens_per_day_low", "tokens_per_day_high", "usd_per_million",
             "usd_per_million_low", "usd_per_million_high", "viable", "installed_h100e", "on"],
        ),
        draw,
        "usable_compute",
    )  # fmt: skip
