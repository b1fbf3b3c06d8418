"""The pages of one technology, one country, one institution, and of several countries side by side."""

from __future__ import annotations

from typing import Any

from primacy.errors import NotThereError, UsageError
from primacy.present.sentences import VERDICTS, lead_sentence, marked, share_sentence, years
from primacy.web import figures
from primacy.web.figures.countries import largest_apart
from primacy.web.figures.people import STAGES, flows_of
from primacy.web.page import Page
from primacy.web.snapshot import Snapshot

__all__ = ["compare", "comparison_units", "country", "default_units", "institution", "technology"]

Row = dict[str, Any]
UNITS_COMPARED = 6
"""At most so many units side by side."""
TECHNOLOGY_FIGURES = (
    "trend",
    "countries",
    "institutions",
    "choices",
    "curve",
    "home-bias",
    "people",
    "blocs",
)


def technology(snapshot: Snapshot, wanted: str, given: str | None = None) -> Page:
    """Return all that is known of a technology in a window."""
    one = snapshot.technology(wanted)
    window = snapshot.window(given)
    lead = snapshot.leads(window).get(one.id)
    shares = snapshot.rows("shares", technology=one.id, window=window, unit_kind="country")
    sentences = []
    if lead:
        subject = one.name if one.name[:2].isupper() else one.name[0].lower() + one.name[1:]
        leader = snapshot.said(lead["leader"])
        sentences.append(
            share_sentence(
                shares[0], unit=leader, subject=subject, top=snapshot.top, simulated=snapshot.simulated
            )
        )
        sentences.append(
            lead_sentence(
                lead,
                leader=leader,
                runner_up=snapshot.said(lead["runner_up"] or ""),
                subject=subject,
                simulated=snapshot.simulated,
            )
        )
    drawn = [figures.of(snapshot, kind, one.id, window) for kind in TECHNOLOGY_FIGURES if lead]
    return Page(
        f"technology/{one.id}" + (f"/{window}" if given else ""),
        "technology.html",
        one.name,
        sentences[0] if sentences else one.definition,
        {
            "technology": one,
            "domain": next(d for d in snapshot.domains if one in d.technologies),
            "window": window,
            "lead": lead,
            "verdict": VERDICTS.get(lead["verdict"], "") if lead else "",
            "shares": shares[:25],
            "more": max(0, len(shares) - 25),
            "institutions": snapshot.rows(
                "shares", technology=one.id, window=window, unit_kind="institution"
            )[:15],
            "figures": [f for f in drawn if not f.empty],
            "sentences": sentences,
            "flows": flows_of(snapshot, one.id, window),
            "stages": STAGES,
            "crossings": _crossings(snapshot, one.id, lead),
            "coverage": snapshot.rows("coverage", technology=one.id),
            "method": snapshot.method,
        },
    )


def _crossings(snapshot: Snapshot, technology: str, lead: Row | None) -> list[Row]:
    """Return whom the leader overtook and when, and who else overtook it."""
    leader = lead["leader"] if lead else None
    rows = [r for r in snapshot.rows("crossings", technology=technology) if r["status"] == "crossed"]
    mine = [r for r in rows if leader in (r["overtaker"], r["overtaken"])]
    return sorted(mine, key=lambda r: (r["overtaker"] != leader, -r["year"], r["overtaken"]))[:10]


def country(snapshot: Snapshot, wanted: str, given: str | None = None) -> Page:
    """Return all technologies of a country or bloc."""
    unit = snapshot.require_unit(wanted, ["country", "bloc"])
    window = snapshot.window(given)
    kind = snapshot.kinds[unit]
    rows = _by_technology(snapshot, unit, window)
    overall = next(iter(snapshot.rows("overall", window=window, unit=unit)), None)
    leads = snapshot.leads(window)
    slopes = {r["technology"]: r for r in snapshot.rows("trends", unit=unit, window=window)}
    name = snapshot.name(unit)
    sentences = []
    if overall:
        sentences.append(
            share_sentence(
                {**overall, "window": window},
                unit=snapshot.said(unit),
                subject="all critical technologies together",
                top=snapshot.top,
                simulated=snapshot.simulated,
            )
        )
    return Page(
        f"country/{unit}" + (f"/{window}" if given else ""),
        "country.html",
        name,
        sentences[0] if sentences else f"{name} in critical technologies.",
        {
            "unit": unit,
            "kind": kind,
            "name": name,
            "window": window,
            "rows": rows,
            "slopes": slopes,
            "overall": overall,
            "leading": [
                leads[r["technology"]] for r in rows if leads.get(r["technology"], {}).get("leader") == unit
            ],
            "sentences": sentences,
            "peers": snapshot.peers(unit),
            "figure": figures.of(snapshot, "heat-map", unit, window),
            "names": _names(snapshot),
        },
    )


def institution(snapshot: Snapshot, wanted: str, given: str | None = None) -> Page:
    """Return all technologies of an institution."""
    unit = snapshot.require_unit(wanted, ["institution"])
    window = snapshot.window(given)
    rows = _by_technology(snapshot, unit, window)
    name = snapshot.name(unit)
    sentences = []
    if rows and rows[0]["share"]:
        title = _names(snapshot).get(rows[0]["technology"], rows[0]["technology"])
        sentences.append(
            share_sentence(
                rows[0], unit=name, subject=f"“{title}”", top=snapshot.top, simulated=snapshot.simulated
            )
        )
    return Page(
        f"institution/{unit}" + (f"/{window}" if given else ""),
        "institution.html",
        name,
        sentences[0] if sentences else f"{name} in critical technologies.",
        {
            "unit": unit,
            "name": name,
            "country": next((c for r in rows if (c := r.get("country"))), None),
            "window": window,
            "rows": rows,
            "first": sum(1 for r in rows if r["rank"] == 1),
            "ten": sum(1 for r in rows if r["rank"] is not None and r["rank"] <= 10),
            "sentences": sentences,
            "names": _names(snapshot),
        },
    )


def comparison_units(snapshot: Snapshot, wanted: str) -> list[str]:
    """Return the units of ``CN,US``.

    Raises
    ------
    UsageError
        They are fewer than two, more than six, or name one twice.
    NotThereError
        One is no country or bloc of the results.
    """
    units = [u.strip() for u in wanted.split(",") if u.strip()]
    if not 2 <= len(units) <= UNITS_COMPARED or len(set(units)) != len(units):
        raise UsageError(f"units '{wanted[:60]}': give two to {UNITS_COMPARED} different ones, such as CN,US")
    return [snapshot.require_unit(u, ["country", "bloc"]) for u in units]


def compare(snapshot: Snapshot, wanted: str, given: str | None = None) -> Page:
    """Return several countries side by side."""
    units = comparison_units(snapshot, wanted)
    window = snapshot.window(given)
    shares = {u: {r["technology"]: r for r in snapshot.rows("shares", unit=u, window=window)} for u in units}
    rows = largest_apart(snapshot, units[0], units[1], window)
    a, b = units[:2]
    ahead = sum(1 for r in rows if (r[a] or 0) > (r[b] or 0))
    behind = sum(1 for r in rows if (r[a] or 0) < (r[b] or 0))
    said = marked(
        f"{snapshot.said(a)} has the larger part of the {snapshot.top} most cited papers in {ahead} "
        f"technologies, {snapshot.said(b)} in {behind}, {years(window)}.",
        snapshot.simulated,
    )
    path = "compare/" + ",".join(units)
    names = " and ".join([", ".join(snapshot.name(u) for u in units[:-1]), snapshot.name(units[-1])])
    return Page(
        path + (f"/{window}" if given else ""),
        "compare.html",
        f"{names} compared",
        said,
        {
            "units": units,
            "base": path,
            "window": window,
            "technologies": [r["technology"] for r in rows],
            "shares": shares,
            "overall": {r["unit"]: r for r in snapshot.rows("overall", window=window) if r["unit"] in units},
            "sentences": [said],
            "figures": [
                f
                for kind in ("slope", "compare")
                if not (f := figures.of(snapshot, kind, ",".join(units), window)).empty
            ],
            "names": _names(snapshot),
            "choices": [*snapshot.units("country")[:40], *snapshot.units("bloc")],
            "peers": [u for u in snapshot.peers(a) if u not in units],
            "overlap": _kinds_mixed(snapshot, units),
        },
    )


def default_units(snapshot: Snapshot) -> str:
    """Return the two countries with the most highly cited work.

    Raises
    ------
    NotThereError
        There are not two.
    """
    units = snapshot.units("country")[:2]
    if len(units) < 2:
        raise NotThereError(
            "fewer than two countries have papers in these results; `primacy run research` first"
        )
    return ",".join(units)


def _kinds_mixed(snapshot: Snapshot, units: list[str]) -> bool:
    return len({snapshot.kinds[u] for u in units}) > 1


def _by_technology(snapshot: Snapshot, unit: str, window: str) -> list[Row]:
    rows = snapshot.rows("shares", unit=unit, window=window)
    return sorted(rows, key=lambda r: (r["rank"] or 10**9, -(r["share"] or 0.0), r["technology"]))


def _names(snapshot: Snapshot) -> dict[str, str]:
    return {t.id: t.name for t in snapshot.workspace.portfolio.values()}
