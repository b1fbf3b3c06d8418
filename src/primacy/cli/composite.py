"""The command for composite indicators, which needs no workspace: an index file is enough."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from primacy import composite as library
from primacy.cli.state import state

TABLES = {
    "scores": library.scores_table,
    "sensitivity": library.sensitivity_table,
    "audit": library.audit_table,
    "groups": library.groups_table,
}
COLUMNS = {
    "scores": ["rank", "unit", "score", "rank_low", "rank_high", "coverage", "note"],
    "sensitivity": ["input", "first_order", "total"],
    "audit": ["check", "value", "flag", "item", "other"],
    "groups": ["group", "rank", "unit", "score"],
}

_WIDE = 110
"""Columns of text that a terminal needs to name both members of a pair."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("composite")(composite)


def composite(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.toml", help="The index: its data, method, uncertainty.")
    ],
    table: Annotated[
        Literal["scores", "sensitivity", "audit", "groups"],
        typer.Option(
            "--table",
            help="Scores and ranks; which choice moves the ranks; whether the index is sound; the groups' scores.",
        ),
    ] = "scores",
) -> None:
    """Compute a composite indicator, with the interval of every rank."""
    spec = library.load_index(file)
    now = state(context)
    columns = list(COLUMNS[table])
    if table == "audit" and now.output.width < _WIDE:
        columns.remove("other")
    now.emit(TABLES[table](spec), columns=columns, title=f"{spec.name}: {table}", note=_note(spec, table))


def _note(spec: library.IndexSpec, table: str) -> str:
    uncertainty = spec.uncertainty
    if table == "scores" and uncertainty.replicates:
        return f"ranks: {uncertainty.interval:.0%} interval over {uncertainty.replicates} draws"
    if table == "sensitivity":
        return "shares of the variance of the mean rank shift: alone, and with interactions"
    if table == "audit":
        return "flags name what to look at; docs/composite.md says what each check is"
    return ""
