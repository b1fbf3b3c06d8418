"""Answers of the research study: who leads, shares, and in how many methods the leader leads."""

from __future__ import annotations

from typing import Any

from primacy.present.answers.evidence import MOST, RESEARCH, Answer, answer, bounded, interval
from primacy.present.countries import country_in_sentence, country_name
from primacy.present.reading import By, Reading, Row
from primacy.present.sentences import VERDICTS, lead_sentence, percent, share_sentence, years
from primacy.workspace import Workspace

__all__ = ["robustness", "shares", "who_leads"]

BOOTSTRAP = "95 %, bootstrap over works"
LEAD = (
    "leader", "leader_share", "runner_up", "runner_up_share", "lead_ratio", "lead_ratio_low", "lead_ratio_high",
    "monopoly_risk", "probability", "robustness", "universes", "verdict", "papers", "coverage",
)  # fmt: skip
SHARE = ("unit", "name", "share", "low", "high", "rank", "rank_low", "rank_high", "papers", "h_index")


def who_leads(workspace: Workspace, technology: str, window: str | None = None) -> Answer:
    """Return who leads a technology in a window, by how much, and how surely.

    Parameters
    ----------
    workspace
        Whose results.
    technology
        Its id.
    window
        A window of the study; the newest where None.

    Raises
    ------
    NotThereError
        There is no such technology or window, or the research study was not run.
    """
    row, facts = _lead(workspace, technology, window)
    one = workspace.portfolio.find(technology)
    shares = Reading(workspace, "shares").found(technology=one.id, window=row["window"], unit_kind="country")
    leader = next((r for r in shares if r["unit"] == row["leader"]), None)
    if row["leader"] is None:
        said = f"no highly cited paper on {one.name}, {years(row['window'])}."
    else:
        said = lead_sentence(
            row,
            leader=country_in_sentence(row["leader"]),
            runner_up=country_in_sentence(row["runner_up"] or ""),
            subject=one.name,
            simulated=False,
        )
    if leader is not None and leader["low"] is not None:
        said += f" Its share: 95 % interval {percent(leader['low'])} to {percent(leader['high'])}."
    return answer(
        workspace,
        "leads",
        f"{said} Verdict: {row['verdict']} ({VERDICTS.get(row['verdict'], 'see primacy://method')}).",
        facts | {k: row.get(k) for k in LEAD},
        between=interval("leader_share", leader, BOOTSTRAP),
        method=RESEARCH,
        technology=one,
    )


def shares(
    workspace: Workspace,
    technology: str,
    by: By = "country",
    window: str | None = None,
    unit: str | None = None,
    limit: int = 10,
) -> Answer:
    """Return who wrote the most cited papers of a technology, each share with its interval.

    Parameters
    ----------
    workspace, technology, window
        As for :func:`who_leads`.
    by
        ``country``, ``institution`` or ``bloc``.
    unit
        Only this one: ``CN``, ``EU27``, ``I123``.
    limit
        At most so many units, the largest shares first.

    Raises
    ------
    NotThereError
        There is no such technology, window or unit.
    UsageError
        The limit is out of bounds.
    """
    reading, one = Reading(workspace, "shares"), workspace.portfolio.find(technology)
    asked: dict[str, object] = {"technology": one.id, "window": reading.window(window), "unit_kind": by}
    rows = reading.rows(**asked, **({"unit": unit} if unit else {}))[: bounded(limit)]
    first = rows[0]
    said = share_sentence(
        first,
        unit=first["name"] or country_in_sentence(first["unit"]),
        subject=one.name,
        top=reading.top(),
        simulated=False,
    )
    facts = {"technology": one.id, "technology_name": one.name, "window": asked["window"], "by": by}
    listed = [{k: r.get(k) for k in SHARE} | {"name": r["name"] or country_name(r["unit"])} for r in rows]
    return answer(
        workspace,
        "shares",
        said,
        {**facts, "shares": listed},
        between=interval("share of the first unit", first, f"{BOOTSTRAP}; every unit has its own"),
        method=RESEARCH,
        technology=one,
    )


def robustness(workspace: Workspace, technology: str, window: str | None = None) -> Answer:
    """Return in how many defensible methods the leader leads, and which choice of method matters most.

    Parameters
    ----------
    workspace, technology, window
        As for :func:`who_leads`.

    Raises
    ------
    NotThereError
        As for :func:`who_leads`.
    """
    row, facts = _lead(workspace, technology, window)
    one = workspace.portfolio.find(technology)
    found = Reading(workspace, "choices").found(technology=one.id, window=row["window"])
    options = [r for r in found if r["robustness"] is not None]
    options.sort(key=lambda r: (-(r["total"] or 0.0), r["choice"], r["option"]))
    said = (
        f"on {one.name}, {years(row['window'])}, {country_in_sentence(row['leader'] or '')} leads under "
        f"{percent(row['robustness'])} of {row['universes'] or 0:,} defensible methods"
    )
    between: dict[str, Any] = {"low": None, "high": None}
    if options:
        least = min(options, key=lambda r: r["robustness"])
        said += f", least often with {least['choice']} = {least['option']} ({percent(least['robustness'])})"
        between = {"low": least["robustness"], "high": max(r["robustness"] for r in options)}
    told = ("leader", "robustness", "universes", "challenger", "challenger_robustness", "probability")
    listed = [
        {k: r[k] for k in ("choice", "option", "robustness", "universes", "total")} for r in options[:MOST]
    ]
    return answer(
        workspace,
        "leads",
        f"{said}.",
        {**facts, **{k: row[k] for k in told}, "choices": listed},
        between=interval("robustness", between, "range over single options of the method"),
        method=RESEARCH,
        technology=one,
    )


def _lead(workspace: Workspace, technology: str, window: str | None) -> tuple[Row, dict[str, Any]]:
    """Return the row of a lead, and what it is about."""
    reading, one = Reading(workspace, "leads"), workspace.portfolio.find(technology)
    row = reading.rows(technology=one.id, window=reading.window(window))[0]
    return row, {"technology": one.id, "technology_name": one.name, "window": row["window"]}
