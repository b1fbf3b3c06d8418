"""``primacy pull works`` and ``pull citations``: files that users have from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.pull import pull
from primacy.cli.state import state
from primacy.sources import exchange


def register(app: typer.Typer) -> None:
    """Add the commands."""
    pull.command("works")(pull_works)
    pull.command("citations")(pull_citations)


def pull_works(
    context: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Exports: OpenAlex CSV, pages of pyalex or openalexR (JSON), Web of Science (tagged, tab), Scopus "
            "(CSV, BibTeX), RIS.",
        ),
    ],
    format: Annotated[
        exchange.Format | None, typer.Option("--from", help="Their format; recognised by default.")
    ] = None,
    citations: Annotated[
        Path | None,
        typer.Option(
            "--citations", metavar="FILE", help="Your own counts: a CSV of work_id or doi, and citations."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="Day of the exports; by default when each file was changed."
        ),
    ] = None,
) -> None:
    """Works from other places: what they lack is said, what cannot be read goes into quarantine."""
    now = state(context)
    workspace = now.workspace
    with now.messages.status("pull works") as status:
        summary = exchange.pull_works(
            workspace.lake,
            files,
            format=format,
            citations=citations,
            as_of=as_of,
            progress=lambda name: status.update(f"pull works {name}"),
        )
    workspace.refresh()
    for note in summary.notes:
        now.say(note)
    if summary.quarantined:
        now.say(f"{summary.quarantined} records could not be loaded: primacy show quarantine")
    now.emit(pa.Table.from_pylist([summary.row()]), title="pulled works")


def pull_citations(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV of work_id or doi, and citations.")],
) -> None:
    """Your own citation counts for works of the lake."""
    now = state(context)
    summary = exchange.pull_citations(now.workspace.lake, file)
    now.workspace.refresh()
    now.emit(pa.Table.from_pylist([summary.row()]), title=f"pulled {file}")
