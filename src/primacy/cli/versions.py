"""Versions of the lake as commands: what releases brought, and what changed between two of them."""

from __future__ import annotations

from typing import Annotated, Literal

import pyarrow.compute as pc
import typer

from primacy.cli.completion import technology_ids
from primacy.cli.state import state


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("releases")(releases)
    app.command("diff")(diff)


def releases(
    context: typer.Context,
    last: Annotated[
        int | None, typer.Option("--last", min=1, metavar="N", help="Only the newest N; all by default.")
    ] = None,
    years: Annotated[
        bool, typer.Option("--years", help="Show every year too; programs get them anyway.")
    ] = False,
) -> None:
    """Say what each release brought: rows by entity and year, works with countries and abstracts, what moved."""
    now = state(context)
    with now.messages.status("comparing versions"):
        rows = now.workspace.versions.releases(last=last)
    if now.for_people and not years:
        rows = rows.filter(pc.is_null(rows["year"]))
    now.emit(
        rows,
        title="releases",
        note="redealt: works whose authors have other institutions; read a version with --at, compare two with diff",
    )


def diff(
    context: typer.Context,
    before: Annotated[int, typer.Argument(metavar="A", min=0, help="The earlier version of the lake.")],
    after: Annotated[int, typer.Argument(metavar="B", min=0, help="The later version.")],
    technologies: Annotated[
        list[str] | None,
        typer.Option(
            "--technology",
            metavar="ID",
            help="Only this one; may be repeated.",
            autocompletion=technology_ids,
        ),
    ] = None,
    table: Annotated[
        Literal["leads", "works"],
        typer.Option("--table", help="Leads that changed, or the works that did it."),
    ] = "leads",
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, metavar="N", help="At most N works of each lead.")
    ] = None,
) -> None:
    """Say which leads changed between two versions of the lake because of the data, and which works did it."""
    now = state(context)
    with now.messages.status(f"lake versions {before} and {after}"):
        found = now.workspace.versions.diff(before, after, technologies=technologies or None)
    works = found.works if limit is None else found.works.filter(pc.less_equal(found.works["rank"], limit))
    now.emit(
        found.leads if table == "leads" else works,
        title=f"{table} from lake version {before} to {after}",
        note=f"{found.leads.num_rows} leads changed; --table works says which works did it"
        if table == "leads"
        else "contribution: to the change of the new leader's share less the old one's",
        limit=40,
    )
