"""``primacy pull``: data from upstream into the lake."""

from __future__ import annotations

import sys
from typing import Annotated, Any, Literal

import pyarrow as pa
import typer

from primacy.cli.state import State, state
from primacy.errors import UsageError
from primacy.sources import openalex
from primacy.sources.openalex.api import Estimate
from primacy.sources.openalex.summary import PullSummary

pull = typer.Typer(help="Bring upstream data into the lake.", no_args_is_help=True)

COLUMNS = ["read", "added", "updated", "unchanged", "deleted", "quarantined", "files", "seconds"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(pull, name="pull")


@pull.command("openalex")
def pull_openalex(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="SOURCE",
            help="A directory or s3:// prefix in an OpenAlex snapshot layout, such as s3://openalex/data; or one "
            ".jsonl, .jsonl.gz or .parquet file of works.",
            show_default=False,
        ),
    ] = None,
    s3_endpoint: Annotated[
        str | None,
        typer.Option("--s3-endpoint", metavar="URL", help="The S3 server's address; AWS by default."),
    ] = None,
    s3_signed: Annotated[
        bool, typer.Option("--s3-signed", help="Sign S3 requests with AWS_ACCESS_KEY_ID of the environment.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also pull a release that looks broken: one that takes much away.")
    ] = False,
    api: Annotated[bool, typer.Option("--api", help="From OpenAlex's API instead of a SOURCE.")] = False,
    technologies: Annotated[
        list[str] | None,
        typer.Option("--technology", metavar="ID", help="Works of a technology; may be repeated."),
    ] = None,
    query: Annotated[
        Literal["strict", "broad"] | None,
        typer.Option("--query", help="Which of the technology's queries; both by default."),
    ] = None,
    filter: Annotated[
        str | None,
        typer.Option("--filter", metavar="F", help="A filter of the API, such as publication_year:2024."),
    ] = None,
    most: Annotated[int | None, typer.Option("--max", metavar="N", min=1, help="Stop after N works.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what the pull would cost, and pull nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Pull whatever it costs, without asking.")] = False,
    api_url: Annotated[
        str | None, typer.Option("--api-url", metavar="URL", help="The API's address; OpenAlex's by default.")
    ] = None,
) -> None:
    """Works, institutions, sources and topics from OpenAlex; again and again, the newest record wins."""
    now = state(context)
    options = {
        "--technology": technologies,
        "--query": query,
        "--filter": filter,
        "--max": most,
        "--dry-run": dry_run,
        "--yes": yes,
        "--api-url": api_url,
    }
    if api and force:
        raise UsageError("--force: only with a SOURCE")
    if api and (source is not None or s3_endpoint is not None or s3_signed):
        raise UsageError(f"--api: takes no {'SOURCE' if source is not None else 'option of S3'}")
    if not api:
        given = next((name for name, value in options.items() if value), None)
        if given is not None:
            raise UsageError(f"{given}: only with --api")
        if source is None:
            raise UsageError("pull openalex: name a SOURCE, or --api")
        _from_files(now, source, s3_endpoint, s3_signed, force=force)
        return
    desk = now.workspace.openalex
    questions = desk.questions(technologies or (), query=query, filter=filter)
    for line in questions.widened:
        now.say(f"wider than asked, {line}")
    with desk.client(api_url) as client:
        estimate = desk.estimate(client, questions, most=most)
        if dry_run:
            for line in questions.filters:
                now.say(f"filter {line}")
            row = {"technology": ", ".join(technologies or ()) or None, **estimate.row()}
            now.emit(pa.Table.from_pylist([row]), title="what the pull would cost")
            return
        _confirm(estimate, yes)
        now.say(_cost(estimate))
        with now.progress(f"pull {client.base}", unit="works") as advance:
            summary = desk.pull(
                client, questions, most=most, advance=lambda works: advance(works, estimate.works)
            )
    _report(now, summary, client.base)


def _from_files(now: State, source: str, s3_endpoint: str | None, s3_signed: bool, *, force: bool) -> None:
    workspace = now.workspace
    with now.progress(f"pull {source}", unit="MB") as advance:
        summary = openalex.pull(
            workspace.lake,
            source,
            max_shrink=1.0 if force else workspace.settings.max_shrink,
            options=_s3(source, s3_endpoint or workspace.settings.openalex.s3_endpoint, s3_signed),
            progress=lambda p: advance(p.bytes_done // 1_000_000, p.bytes // 1_000_000),
        )
    workspace.refresh()
    _report(now, summary, source)


def _report(now: State, summary: PullSummary, source: str) -> None:
    for note in summary.notes:
        now.say(note)
    if summary.fetched:
        now.say(f"{source}: {summary.fetched / 1e6:,.1f} MB fetched, {summary.retries} retries")
    now.emit(pa.Table.from_pylist([summary.row()]), columns=COLUMNS, title=f"pulled {source}")


def _s3(source: str, endpoint: str | None, signed: bool) -> dict[str, Any]:
    """Return what a source on S3 needs; nothing for others."""
    if source.startswith("s3://"):
        return {"endpoint": endpoint, "signed": signed}
    if signed:
        raise UsageError(f"--s3-signed: {source} is not on S3")
    return {}


def _cost(estimate: Estimate) -> str:
    return (
        f"{estimate.works:,} works on {estimate.pages:,} pages cost {estimate.credits:,} credits "
        f"(${estimate.usd:,.4f}); {estimate.remaining:,} are left of today's budget"
    )


def _confirm(estimate: Estimate, yes: bool) -> None:
    """Go on where the day's budget covers the pull, or the user says so.

    Raises
    ------
    UsageError
        It does not, and there is nobody to ask.
    """
    if yes or estimate.free:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"--yes: {_cost(estimate)}; confirm with --yes, or take fewer works with --max")
    typer.confirm(f"{_cost(estimate)}; pull?", abort=True, err=True)
