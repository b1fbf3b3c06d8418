"""``primacy pull``: data from upstream into the lake."""

from __future__ import annotations

from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.state import state
from primacy.sources import openalex

pull = typer.Typer(help="Bring upstream data into the lake.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(pull, name="pull")


@pull.command("openalex")
def pull_openalex(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A directory in an OpenAlex snapshot layout, or one .jsonl, .jsonl.gz or .parquet file of works.",
        ),
    ],
) -> None:
    """Works, institutions, sources and topics from OpenAlex; again and again, the newest record wins."""
    now = state(context)
    workspace = now.workspace
    with now.progress(f"pull {source}", unit="MB") as advance:
        summary = openalex.pull(
            workspace.lake,
            source,
            progress=lambda p: advance(p.bytes_done // 1_000_000, p.bytes // 1_000_000),
        )
    workspace.refresh()
    for note in summary.notes:
        now.say(note)
    columns = ["read", "added", "updated", "unchanged", "deleted", "quarantined", "files", "seconds"]
    now.emit(pa.Table.from_pylist([summary.row()]), columns=columns, title=f"pulled {source}")
