"""Sentences on the adoption of models that may be quoted: with rule, denominator and the range over all rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from primacy.present.countries import country_in_sentence
from primacy.present.sentences import day, large, marked, percent

__all__ = ["MEASURES", "POPULATIONS", "RULES", "adoption_sentence", "band_sentence"]

Row = Mapping[str, Any]

RULES = {"publisher": "by publisher", "origin": "by origin"}
"""To whom a model's downloads are attributed."""
MEASURES = {
    "downloads_30d": "last 30 days",
    "downloads_12m": "twelve months",
    "downloads_all": "all time",
    "downloads_first_year": "first year of each model",
}
"""Which downloads count."""
POPULATIONS = {
    "all": "all models",
    "mainline": "mainline list",
    "text-generation": "text generation",
    "after-chatgpt": "made after ChatGPT",
    "no-repacks": "without re-packs",
    "without-top": "without the most downloaded",
    "unflagged": "without flagged counters",
}
"""Which models count."""


def adoption_sentence(rows: Sequence[Row], rules: Sequence[Row], *, simulated: bool) -> str:
    """Return who has which part of the downloads, and between what it moves under all rules.

    Parameters
    ----------
    rows
        Regions of ``adoption`` under one rule, the largest first.
    rules
        Rows of ``attribution``; none where the list lacks the two sides.
    simulated
        Whether the data are of a simulated world.

    Examples
    --------
    >>> base = {"by": "origin", "measure": "downloads_all", "population": "all", "total": 7.4e9, "coverage": 0.98}
    >>> base["snapshot"] = "2026-05-20"
    >>> rows = [{**base, "unit": "us", "share": 0.65}, {**base, "unit": "china", "share": 0.25}]
    >>> rules = [{"first": "us", "second": "china", "first_share": 0.34, "second_share": 0.61}]
    >>> rules += [{"first": "us", "second": "china", "first_share": 0.65, "second_share": 0.25}]
    >>> adoption_sentence(rows, rules, simulated=False)
    'By origin, models from the United States have 65 % and from China 25 % of 7.4 billion downloads of all time (all \
models, 20 May 2026); under the 2 rules, populations and denominators compared it is 34–65 % and 25–61 %.'
    """
    known = [r for r in rows if r["unit"] not in ("unattributed", "other", "international")][:2]
    if not known:
        return ""
    row = known[0]
    parts = " and from ".join(
        f"{country_in_sentence(r['unit'])} {'have ' if r is row else ''}{percent(r['share'])}" for r in known
    )
    where = f"{POPULATIONS.get(row['population'], row['population'])}, {day(row['snapshot'])}"
    when = MEASURES.get(row["measure"], row["measure"])
    when = f"the {when}" if row["measure"] != "downloads_all" else when
    said = f"{RULES[row['by']]}, models from {parts} of {large(row['total'])} downloads of {when} ({where})"
    ranges = [_range(rules, r["unit"]) for r in known]
    if all(ranges):
        said += f"; under the {len(rules)} rules, populations and denominators compared it is {' and '.join(ranges)}"
    return marked(f"{said}.", simulated)


def band_sentence(row: Row, *, simulated: bool) -> str:
    """Return when one side overtook the other, over all rules, from a row of ``overtaking_bands``.

    Examples
    --------
    >>> row = {"basis": "creation", "measure": "downloads_30d", "low": "2024-01", "high": "2025-10"}
    >>> row |= {"overtaken_in": 14, "methods": 14, "overtaken": "us", "overtaker": "china"}
    >>> band_sentence(row, simulated=False)
    "In today's downloads of the last 30 days, models from China lead those from the United States in 14 of 14 rules; \
dated by the month up to which models count, the lead begins between January 2024 and October 2025."
    """
    basis = "today's downloads" if row["basis"] == "creation" else "the snapshots' downloads"
    what = (
        "dated by the month up to which models count" if row["basis"] == "creation" else "dated by snapshot"
    )
    said = (
        f"In {basis} of {_measured(row['measure'])}, models from {country_in_sentence(row['overtaker'])} lead "
        f"those from {country_in_sentence(row['overtaken'])} in {row['overtaken_in']} of {row['methods']} rules"
    )
    if row["low"] is not None:
        span = (
            day(row["low"])
            if row["low"] == row["high"]
            else f"between {day(row['low'])} and {day(row['high'])}"
        )
        said += f"; {what}, the lead begins {span if span.startswith('between') else f'in {span}'}"
    return marked(f"{said}.", simulated)


def _measured(measure: str) -> str:
    name = MEASURES.get(measure, measure)
    return name if measure == "downloads_all" else f"the {name}"


def _range(rules: Sequence[Row], unit: str) -> str:
    values = [
        r["first_share"] if r["first"] == unit else r["second_share"]
        for r in rules
        if unit in (r["first"], r["second"])
    ]
    values = [v for v in values if v is not None]
    return f"{100 * min(values):.0f}–{100 * max(values):.0f} %" if values else ""
