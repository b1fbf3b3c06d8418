"""Answers of the models study: whose open-weights models are downloaded."""

from __future__ import annotations

from typing import Literal

from primacy.errors import NotThereError
from primacy.present.answers.evidence import MODELS, Answer, answer, bounded, interval
from primacy.present.reading import Reading
from primacy.present.sentences import percent
from primacy.workspace import Workspace

__all__ = ["adoption"]


def adoption(
    workspace: Workspace,
    by: Literal["publisher", "origin"] = "publisher",
    unit: Literal["region", "country", "owner", "organization"] = "region",
    measure: Literal["downloads_30d", "downloads_all"] = "downloads_30d",
    limit: int = 10,
) -> Answer:
    """Return whose open-weights models are downloaded, each share with its range over the populations of models.

    Parameters
    ----------
    workspace
        Whose results.
    by
        ``publisher`` (the account) or ``origin`` (the roots of the lineage).
    unit
        ``region``, ``country``, ``owner`` or ``organization``.
    measure
        ``downloads_30d`` or ``downloads_all``.
    limit
        At most so many units, the largest shares first.

    Raises
    ------
    NotThereError
        The models study was not run, or has no such rows.
    UsageError
        The limit is out of bounds.
    """
    rows = Reading(workspace, "adoption").rows(by=by, unit_kind=unit, measure=measure)
    main = sorted((r for r in rows if r["population"] == "all"), key=lambda r: (r["rank"], r["unit"]))
    if not main:
        raise NotThereError(f"table adoption: no {unit} by {by} among all models")
    listed = []
    for row in main[: bounded(limit)]:
        range_of = [r["share"] for r in rows if r["unit"] == row["unit"] and r["share"] is not None]
        bounds = {"low": min(range_of, default=None), "high": max(range_of, default=None)}
        listed.append({k: row[k] for k in ("unit", "share", "rank", "downloads", "models")} | bounds)
    first, facts = listed[0], {"snapshot": main[0]["snapshot"], "coverage": main[0]["coverage"]}
    what = {"downloads_30d": "downloads of 30 days", "downloads_all": "all downloads"}[measure]
    said = (
        f"{first['unit']}: {percent(first['share'])} of {what} of open-weights models, by {by} "
        f"({percent(first['low'])} to {percent(first['high'])} over the populations of models), snapshot of "
        f"{facts['snapshot']}; the account behind {percent(facts['coverage'])} of the downloads is known."
    )
    return answer(
        workspace,
        "adoption",
        said,
        {"by": by, "unit_kind": unit, "measure": measure, **facts, "shares": listed},
        between=interval("share of the first unit", first, "range over the populations of models"),
        method=MODELS,
    )
