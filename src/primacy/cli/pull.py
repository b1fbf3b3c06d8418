"""``primacy pull``: data from upstream into the lake."""

from __future__ import annotations

from typing import Annotated, Any

import pyarrow as pa
import typer

from primacy.cli.state import state
from primacy.errors import UsageError
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
            help="A directory or s3:// prefix in an OpenAlex snapshot layout, such as s3://openalex/data; or one "
            ".jsonl, .jsonl.gz or .parquet file of works.",
        ),
    ],
    s3_endpoint: Annotated[
        str | None,
        typer.Option("--s3-endpoint", metavar="URL", help="The S3 server's address; AWS by default."),
    ] = None,
    s3_signed: Annotated[
        bool, typer.Option("--s3-signed", help="Sign S3 requests with AWS_ACCESS_KEY_ID of the environment.")
    ] = False,
) -> None:
    """Works, institutions, sources and topics from OpenAlex; again and again, the newest record wins."""
    now = state(context)
    workspace = now.workspace
    with now.progress(f"pull {source}", unit="MB") as advance:
        summary = openalex.pull(
            workspace.lake,
            source,
            options=_s3(source, s3_endpoint or workspace.settings.openalex.s3_endpoint, s3_signed),
            progress=lambda p: advance(p.bytes_done // 1_000_000, p.bytes // 1_000_000),
        )
    workspace.refresh()
    for note in summary.notes:
        now.say(note)
    if summary.fetched:
        now.say(f"{source}: {summary.fetched / 1e6:,.1f} MB fetched, {summary.retries} retries")
    columns = ["read", "added", "updated", "unchanged", "deleted", "quarantined", "files", "seconds"]
    now.emit(pa.Table.from_pylist([summary.row()]), columns=columns, title=f"pulled {source}")


def _s3(source: str, endpoint: str | None, signed: bool) -> dict[str, Any]:
    """Return what a source on S3 needs; nothing for others."""
    if source.startswith("s3://"):
        return {"endpoint": endpoint, "signed": signed}
    if signed:
        raise UsageError(f"--s3-signed: {source} is not on S3")
    return {}
