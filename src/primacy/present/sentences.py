"""Sentences that may be quoted: each with its interval, its window and what is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "VERDICTS",
    "day",
    "large",
    "lead_sentence",
    "marked",
    "percent",
    "probability_words",
    "share_sentence",
    "years",
]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
VERDICTS = {
    "leads": "leads in at least 95 % of all resamplings under all defensible methods",
    "ahead, contestable": "ahead in 80 to 95 % of them: another method or another sample may say otherwise",
    "contested": "ahead in fewer than 80 % of them: the data do not settle who leads",
    "too few papers": "fewer than 100 papers in the window: too few to say",
}
"""What each verdict means."""


def percent(value: float | None, digits: int = 0) -> str:
    """Return a share as people read it.

    Examples
    --------
    >>> percent(0.4438), percent(0.004), percent(0.0), percent(None), percent(0.0312, 1), percent(0.0002)
    ('44 %', '0.4 %', '0 %', '–', '3.1 %', '< 0.1 %')
    >>> percent(0.996), percent(1.0)
    ('> 99 %', '100 %')
    """
    if value is None or value != value:
        return "–"
    shown = 100 * value
    if 0 < shown < 1 and digits == 0:
        digits = 1
    if digits == 1 and 0 < shown < 0.05:
        return "< 0.1 %"
    if digits == 0 and 99.5 <= shown < 100:
        return "> 99 %"
    return f"{shown:.{digits}f} %"


def years(window: str) -> str:
    """Return a window as people write it.

    Examples
    --------
    >>> years("2019-2023"), years("2019-2019")
    ('2019–2023', '2019')
    """
    first, _, last = window.partition("-")
    return first if first == last else f"{first}–{last}"


def share_sentence(row: Mapping[str, Any], *, unit: str, subject: str, top: str, simulated: bool) -> str:
    """Return a unit's share as a sentence.

    Examples
    --------
    >>> row = {"share": 0.444, "low": 0.334, "high": 0.561, "window": "2020-2024"}
    >>> share_sentence(row, unit="China", subject="additive manufacturing", top="top 10 %", simulated=False)
    'China wrote 44 % (95 % interval 33–56 %) of the top 10 % most cited papers on additive manufacturing, 2020–2024.'

    Where few papers carry the unit, the interval is the one that holds there:

    >>> row = {"share": 0.0, "low": 0.0, "high": 0.0, "window": "2020-2024"}
    >>> row |= {"few": True, "beta_low": 0.0, "beta_high": 0.09}
    >>> share_sentence(row, unit="Chile", subject="lasers", top="top 10 %", simulated=False)
    'Chile wrote 0 % (95 % interval 0–9 %) of the top 10 % most cited papers on lasers, 2020–2024.'
    """
    interval = ""
    few = row.get("few") and row.get("beta_high") is not None
    low, high = (row.get(f"beta_{end}" if few else end) for end in ("low", "high"))
    if low is not None and high is not None:
        interval = f" (95 % interval {100 * low:.0f}–{100 * high:.0f} %)"
    what = f"the {top} most cited papers on {subject}"
    return marked(
        f"{unit} wrote {percent(row['share'])}{interval} of {what}, {years(row['window'])}.", simulated
    )


def lead_sentence(
    row: Mapping[str, Any], *, leader: str, runner_up: str, subject: str, simulated: bool
) -> str:
    """Return a lead as a sentence: how far, and how surely."""
    if row["runner_up"] is None or row["lead_ratio"] is None:
        far = f"{leader} alone has highly cited papers on {subject}"
    else:
        far = (
            f"On {subject}, {leader} has {row['lead_ratio']:.1f} times the highly cited work of {runner_up} "
            f"({percent(row['leader_share'])} against {percent(row['runner_up_share'])})"
        )
    sure = "" if row["probability"] is None else f"; {probability_words(row['probability'])}"
    return marked(f"{far}, {years(row['window'])}{sure}.", simulated)


def probability_words(probability: float) -> str:
    """Return how surely a leader leads.

    Examples
    --------
    >>> probability_words(0.973)
    'it leads in 97 % of all resamplings and methods'
    """
    return f"it leads in {percent(probability)} of all resamplings and methods"


def marked(sentence: str, simulated: bool) -> str:
    """Return a sentence with a capital at its start and, where they are simulated, with what the data are."""
    sentence = sentence[:1].upper() + sentence[1:]
    return f"[SIMULATED DATA] {sentence}" if simulated else sentence


def large(value: float | None) -> str:
    """Return a large number as people say it.

    Examples
    --------
    >>> large(511_730_880), large(1_379_239.4), large(4_167), large(2e9), large(2.1e13), large(None)
    ('512 million', '1.4 million', '4,167', '2 billion', '21 trillion', '–')
    """
    if value is None or value != value:
        return "–"
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            shown = value / size
            return (
                f"{shown:,.0f} {name}"
                if abs(shown) >= 10
                else f"{shown:,.1f}".removesuffix(".0") + f" {name}"
            )
    return f"{value:,.0f}"


def day(text: str) -> str:
    """Return a day or month as people write it.

    Examples
    --------
    >>> day("2026-05-20"), day("2025-09"), day("2024")
    ('20 May 2026', 'September 2025', '2024')
    """
    year, *rest = text.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1]
    return f"{int(rest[1])} {month} {year}" if len(rest) > 1 else f"{month} {year}"
