"""Sentences on the assessment that may be quoted: the verdict with its probability, and the fate of the lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from primacy.present.countries import country_in_sentence
from primacy.present.sentences import marked, percent, years

__all__ = ["chain_sentence", "verdict_sentence"]

Row = Mapping[str, Any]


def verdict_sentence(row: Row, *, simulated: bool) -> str:
    """Return a verdict as a sentence.

    Examples
    --------
    >>> row = {"name": "AI technologies", "leader": "CN", "verdict": "contested", "probability": 0.656, "reason": None}
    >>> row |= {"challenger": "US", "challenger_probability": 0.344, "speaks_of": "research, people"}
    >>> verdict_sentence({**row, "window": "2020-2024"}, simulated=False)
    'AI technologies: contested; China is first in 66 % of all draws of values, weights and rules, the United \
States in 34 % (research, people; papers of 2020–2024).'
    """
    if not row["leader"]:
        return marked(
            f"{row['name']}: {row['verdict']}" + (f" ({row['reason']})" if row["reason"] else "") + ".",
            simulated,
        )
    said = (
        f"{row['name']}: {row['verdict']}; {country_in_sentence(row['leader'])} is first in "
        f"{percent(row['probability'])} of all draws of values, weights and rules"
    )
    if row["challenger"]:
        said += f", {country_in_sentence(row['challenger'])} in {percent(row['challenger_probability'])}"
    return marked(f"{said} ({row['speaks_of']}; papers of {years(row['window'])}).", simulated)


def chain_sentence(row: Row, *, simulated: bool) -> str:
    """Return what becomes of the lead in research; nothing where no country leads there.

    Examples
    --------
    >>> row = {"research_leader": "CN", "name": "AI technologies", "lost_at": "compute", "lost_to": "US"}
    >>> chain_sentence({**row, "chain": "lost at compute to US", "chain_probability": 0.97}, simulated=False)
    'China leads the research on AI technologies and loses the lead at compute, to the United States (in 97 % of \
draws).'
    """
    if not row["research_leader"]:
        return ""
    who = country_in_sentence(row["research_leader"])
    how = (
        f" (in {percent(row['chain_probability'])} of draws)" if row["chain_probability"] is not None else ""
    )
    if row["lost_at"] and row["lost_to"]:
        fate = f"and loses the lead at {row['lost_at']}, to {country_in_sentence(row['lost_to'])}"
    elif row["chain"] == "holds throughout":
        fate = "and at every later stage that is about it and measured"
    else:
        fate = f"; {row['chain']}"
    said = f"{who} leads the research on {row['name']} {fate}".replace(" ;", ";")
    return marked(f"{said}{how}.", simulated)
