"""Sentences on compute that may be quoted: with the interval, the day and what is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from primacy.present.countries import country_in_sentence
from primacy.present.sentences import day, marked, percent

__all__ = ["capacity_sentence", "chips_sentence", "prices_sentence"]

Row = Mapping[str, Any]


def capacity_sentence(row: Row, *, measured: str, simulated: bool) -> str:
    """Return a country's part of the listed capacity.

    Examples
    --------
    >>> row = {"country": "CN", "share": 0.126, "low": 0.104, "high": 0.165, "on": "2025-07-22", "coverage": 0.83}
    >>> capacity_sentence(row, measured="H100-equivalents", simulated=False)
    'China has 13 % (95 % interval 10–16 %) of the listed H100-equivalents of compute clusters, 22 July 2025.'
    """
    interval = ""
    if row["low"] is not None and row["high"] is not None:
        interval = f" (95 % interval {100 * row['low']:.0f}–{100 * row['high']:.0f} %)"
    said = (
        f"{country_in_sentence(row['country'])} has {percent(row['share'])}{interval} of the listed {measured} of "
        f"compute clusters, {day(row['on'])}."
    )
    return marked(said, simulated)


def chips_sentence(row: Row, *, simulated: bool) -> str:
    """Return how many chips may go where, on the day of the newest rule.

    Examples
    --------
    >>> row = {"on": "2026-01-15", "destination": "CN", "unrestricted": 88, "case_by_case": 38, "restricted": 11}
    >>> chips_sentence({**row, "unknown": 38}, simulated=False)
    'Of 175 chips, United States export rules of 15 January 2026 restrict 11 for China and leave 38 to case by case; \
88 are free to ship, and of 38 the published numbers do not tell.'
    """
    total = sum(row[k] for k in ("unrestricted", "case_by_case", "restricted", "unknown"))
    said = (
        f"Of {total:,} chips, United States export rules of {day(row['on'])} restrict {row['restricted']:,} for "
        f"{country_in_sentence(row['destination'])} and leave {row['case_by_case']:,} to case by case; "
        f"{row['unrestricted']:,} are free to ship, and of {row['unknown']:,} the published numbers do not tell."
    )
    return marked(said, simulated)


def prices_sentence(opened: Row, closed: Row, *, simulated: bool) -> str:
    """Return what a million tokens cost of open and of closed models.

    Examples
    --------
    >>> opened, closed = {"median_blended_paid": 0.466, "prices": 1396}, {"median_blended_paid": 1.125, "prices": 2299}
    >>> prices_sentence(opened, closed, simulated=False)
    'A million tokens cost $0.47 where the weights are open and $1.12 where they are closed (medians of 1,396 and \
2,299 listed prices without the free ones, three input tokens to one of output).'
    """
    said = (
        f"A million tokens cost ${opened['median_blended_paid']:.2f} where the weights are open and "
        f"${closed['median_blended_paid']:.2f} where they are closed (medians of {opened['prices']:,} and "
        f"{closed['prices']:,} listed prices without the free ones, three input tokens to one of output)."
    )
    return marked(said, simulated)
