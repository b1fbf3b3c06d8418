"""The command on claims."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from primacy.cli.state import state
from primacy.present.claims import render_claims

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("claims")(claims)


def claims(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="A claims file; the article's figures where left out."),
    ] = None,
) -> None:
    """Hold claims against the results: confirmed, contradicted, or cannot be said, and what would be needed.

    Every claim has a verdict, so the exit code is 0 whatever they are.
    """
    now = state(context)
    rows = now.workspace.claims(file)
    if now.for_people:
        now.output.print(render_claims(rows.to_pylist()))
    else:
        now.emit(rows)
