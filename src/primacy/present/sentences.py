"""Sentences that may be quoted: each with its interval, its window and what is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["VERDICTS", "lead_sentence", "marked", "percent", "probability_words", "share_sentence", "years"]

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
    """
    if value is None or value != value:
        return "–"
    shown = 100 * value
    if 0 < shown < 1 and digits == 0:
        digits = 1
    if digits == 1 and 0 < shown < 0.05:
        return "< 0.1 %"
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
    """
    interval = ""
    if row.get("low") is not None and row.get("high") is not None:
        interval = f" (95 % interval {100 * row['low']:.0f}–{100 * row['high']:.0f} %)"
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
