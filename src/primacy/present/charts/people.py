"""Where people went: bands from a country at one stage to a country at a later one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import altair as alt

from primacy.errors import UsageError
from primacy.present.charts_theme import finish, inline
from primacy.present.countries import country_name
from primacy.present.palette import OTHER, colour
from primacy.present.reading import Evidence, Reading, Row, at_least
from primacy.present.sentences import percent
from primacy.workspace import Workspace

__all__ = ["flows"]

REST = "others"
STEPS, GAP, BAR = 24, 0.02, 0.035
"""Points of a band's edge; room between two countries and width of their bars, as parts of the picture."""


def flows(
    workspace: Workspace,
    technology: str,
    *,
    window: str | None = None,
    evidence: Evidence | None = None,
    stages: tuple[str, str] | None = None,
    limit: int = 7,
) -> Any:
    """Return from where to where the authors of a technology's most cited papers went between two stages.

    Parameters
    ----------
    workspace
        Whose results.
    technology
        Its id.
    window
        A window of the study; the newest where None.
    evidence
        ``orcid``: what people state in ORCID; ``affiliations``: what their works state; where None, ORCID if the
        results hold any between these stages.
    stages
        The earlier and the later stage; the first pair of the results where None.
    limit
        How many countries are named; the others are one.

    Returns
    -------
    altair.LayerChart
        Bands as wide as the authors are many, in the colour of where they came from.

    Raises
    ------
    NotThereError
        The study was not run, or has no such technology, window, evidence or stages.
    UsageError
        The results have several settings of works, and none of them is the method's.
    """
    reading = Reading(workspace, "flows")
    one, when = reading.technology(technology), reading.window(window)
    asked = {} if evidence is None else {"evidence": evidence}
    rows = reading.rows(technology=one.id, window=when, **asked)
    evidence = _best_evidence(rows, stages) if evidence is None else evidence
    rows = _one_set([r for r in rows if r["evidence"] == evidence], reading)
    pairs = list(dict.fromkeys((r["from_stage"], r["to_stage"]) for r in rows))
    chosen = pairs[0] if stages is None else stages
    if chosen not in pairs:
        there = ", ".join(" to ".join(p) for p in pairs)
        raise UsageError(f"flows: no flow from {chosen[0]} to {chosen[1]}; there is {there}")
    kept = [r for r in rows if (r["from_stage"], r["to_stage"]) == chosen]
    known = percent(kept[0]["coverage"])
    return finish(
        _picture(_merged(kept, at_least("limit", limit)), chosen),
        title=f"{one.name}: from {chosen[0]} to {chosen[1]}",
        subtitle=reading.subtitle(
            f"authors of the {100 * kept[0]['top']:g} % most cited papers, by {evidence}, known of {known}",
            when,
        ),
        simulated=reading.simulated,
    )


def _best_evidence(rows: Sequence[Row], stages: tuple[str, str] | None) -> Evidence:
    """Return what people state themselves, where there is any of it between these stages."""
    asked = [r for r in rows if stages is None or (r["from_stage"], r["to_stage"]) == stages]
    return "orcid" if any(r["evidence"] == "orcid" for r in asked) else "affiliations"


def _one_set(rows: Sequence[Row], reading: Reading) -> list[Row]:
    """Return the rows of one set of works: that of the method's top share."""
    top = reading.origin.settings.get("method", {}).get("top", 0.1)
    kept = [r for r in rows if r["top"] == top and r["weighting"] == rows[0]["weighting"]]
    if not kept:
        there = ", ".join(f"{t:g}" for t in sorted({r["top"] for r in rows}))
        raise UsageError(f"flows: none of the {top:g} most cited; there are {there}")
    return kept


def _merged(rows: Sequence[Row], limit: int) -> list[tuple[str, str, float]]:
    """Return origin, destination and authors, all but the largest countries being one."""
    sizes: dict[str, float] = defaultdict(float)
    for r in rows:
        sizes[r["origin"]] += r["authors"]
        sizes[r["destination"]] += r["authors"]
    kept = sorted(sizes, key=lambda u: (-sizes[u], u))[:limit]
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for r in rows:
        origin, destination = (u if u in kept else REST for u in (r["origin"], r["destination"]))
        sums[origin, destination] += r["authors"]
    order = [*kept, REST]
    keys = sorted(sums, key=lambda k: (order.index(k[0]), order.index(k[1])))
    return [(*k, sums[k]) for k in keys]


def _picture(links: Sequence[tuple[str, str, float]], stages: tuple[str, str]) -> Any:
    left, right = _stack([(o, n) for o, _, n in links]), _stack([(d, n) for _, d, n in links])
    starts, ends = {u: b[0] for u, b in left.items()}, {u: b[0] for u, b in right.items()}
    whole = sum(n for _, _, n in links)
    bands: list[Row] = []
    for place, (origin, destination, authors) in enumerate(links):
        size = authors / whole
        a, b = starts[origin], ends[destination]
        starts[origin], ends[destination] = a + size, b + size
        told = f"{_name(origin)} to {_name(destination)}: {authors:,.1f}"
        for step in range(STEPS + 1):
            t = step / STEPS
            bend = t * t * (3 - 2 * t)
            low = a + (b - a) * bend
            bands.append({"link": place, "x": BAR + t * (1 - 2 * BAR), "low": low, "high": low + size,
                          "paint": _colour(origin), "told": told})  # fmt: skip
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1], nice=False))
    y = alt.Y("low:Q", axis=None, scale=alt.Scale(reverse=True, nice=False, zero=False))
    area = (
        alt.Chart(inline(bands))
        .mark_area(opacity=1, fillOpacity=0.45)
        .encode(
            x=x,
            y=y,
            y2=alt.Y2("high:Q"),
            detail=alt.Detail("link:N"),
            color=alt.Color("paint:N", scale=None),
            tooltip=alt.Tooltip("told:N"),
        )
    )
    layers = [area]
    for side, stack, align, at in (("left", left, "right", -0.01), ("right", right, "left", 1.01)):
        begin = 0.0 if side == "left" else 1 - BAR
        boxes = [
            {"x": begin, "x2": begin + BAR, "low": low, "high": high, "middle": (low + high) / 2, "at": at,
             "paint": _colour(unit), "label": f"{_name(unit)} {percent(high - low)}"}
            for unit, (low, high) in stack.items()
        ]  # fmt: skip
        base = alt.Chart(inline(boxes))
        paint = alt.Color("paint:N", scale=None)
        layers.append(base.mark_rect().encode(x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("high:Q"), color=paint))
        layers.append(
            base.mark_text(align=align, fontWeight=600).encode(
                x=alt.X("at:Q", axis=None),
                y=alt.Y("middle:Q", axis=None),
                text=alt.Text("label:N"),
                color=paint,
            )
        )
    return alt.layer(*layers).properties(width=420, height=380)


def _stack(parts: Sequence[tuple[str, float]]) -> dict[str, tuple[float, float]]:
    """Return where each country's bar begins and ends, the countries one below the other."""
    sums: dict[str, float] = defaultdict(float)
    for unit, size in parts:
        sums[unit] += size
    whole, at, found = sum(sums.values()), 0.0, {}
    for unit in [*(u for u in sums if u != REST), *(u for u in sums if u == REST)]:
        found[unit] = (at, at + sums[unit] / whole)
        at = found[unit][1] + GAP
    return found


def _name(unit: str) -> str:
    return unit if unit == REST else country_name(unit)


def _colour(unit: str) -> str:
    return OTHER if unit == REST else colour(unit)
