"""Sentences on articles in chosen journals that may be quoted: with interval, rank, list and year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from primacy.present.sentences import marked

__all__ = ["basket_sentence", "signed"]

Row = Mapping[str, Any]


def signed(value: float | None, digits: int = 0) -> str:
    """Return a number with its sign.

    Examples
    --------
    >>> signed(9.44), signed(-20.8), signed(0.2), signed(None)
    ('+9', '−21', '0', '–')
    """
    if value is None or value != value:
        return "–"
    shown = f"{value:+,.{digits}f}".replace("-", "−")
    return shown if shown.strip("+−0.") else shown.strip("+−")


def basket_sentence(row: Row, *, unit: str, title: str, simulated: bool) -> str:
    """Return a unit's Share in a list of journals as a sentence.

    Examples
    --------
    >>> row = {"share": 295.7, "low": 271.9, "high": 317.7, "articles": 645, "year": 2024, "rank": 1, "rank_low": 1}
    >>> row |= {"rank_high": 2, "adjusted_change": 0.94, "change_low": -9.5, "change_high": 11.9, "subject": "all"}
    >>> basket_sentence(row, unit="China", title="Nature Index, 145 journals", simulated=False)
    'China has a Share of 296 (95 % interval 272–318) of the 645 articles of 2024 in “Nature Index, 145 journals”, \
rank 1 (1 to 2); adjusted change since 2023: +1 % (−10 to +12).'
    """
    digits = 0 if row["share"] >= 10 else 1
    interval = ""
    if row["low"] is not None:
        interval = f" (95 % interval {row['low']:,.{digits}f}–{row['high']:,.{digits}f})"
    topic = "" if row["subject"] == "all" else f" on {str(row['subject']).lower()}"
    said = (
        f"{unit} has a Share of {row['share']:,.{digits}f}{interval} of the {row['articles']:,} articles{topic} "
        f"of {row['year']} in “{title}”"
    )
    if row["rank"] is not None:
        likely = f" ({row['rank_low']} to {row['rank_high']})" if row["rank_low"] is not None else ""
        said += f", rank {row['rank']}{likely}"
    if row["adjusted_change"] is not None:
        low, high = row["change_low"], row["change_high"]
        span = f" ({signed(low)} to {signed(high)})" if low is not None else ""
        said += f"; adjusted change since {row['year'] - 1}: {signed(row['adjusted_change'])} %{span}"
    return marked(f"{said}.", simulated)
