"""Commands that hand results over: export, cite."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.completion import result_tables, technology_ids
from primacy.cli.state import state
from primacy.errors import InputError
from primacy.present.citation import Citation, Style, day
from primacy.present.origin import Origin

Published = Annotated[
    str | None,
    typer.Option("--published", metavar="DATE", help="A date for the citation, such as 2026-11-24."),
]
Technology = Annotated[
    str | None,
    typer.Option(
        "--technology",
        metavar="ID",
        help="Only this technology, in tables that have them.",
        autocompletion=technology_ids,
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("export")(export_command)
    app.command("cite")(cite)


def export_command(
    context: typer.Context,
    target: Annotated[
        Path, typer.Argument(metavar="FILE.xlsx|DIR", help="A workbook, or a directory for a data package.")
    ],
    tables: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TABLE]...", help="Result tables; all by default.", autocompletion=result_tables
        ),
    ] = None,
    technology: Technology = None,
    published: Published = None,
) -> None:
    """Write result tables to a workbook, or to a data package (Parquet, CSV, Frictionless, Croissant, checksums)."""
    from primacy.present.exports import export

    now = state(context)
    with now.messages.status(f"export {target}"):
        written = export(now.workspace, target, tables or (), technology=technology, published=published)
    now.emit(
        pa.table(
            {
                "table": [t.name for t in written.tables],
                "study": [t.origin.study for t in written.tables],
                "rows": pa.array([t.rows.num_rows for t in written.tables], pa.int64()),
                "sha256": [t.origin.sha256 for t in written.tables],
            }
        ),
        columns=["table", "study", "rows"],
        title=f"exported to {target}",
    )


def cite(
    context: typer.Context,
    table: Annotated[
        str | None,
        typer.Argument(
            metavar="[TABLE]",
            help="A result table; the program itself by default.",
            autocompletion=result_tables,
        ),
    ] = None,
    technology: Annotated[
        str | None,
        typer.Option(
            "--technology",
            metavar="ID",
            help="The technology whose number is cited.",
            autocompletion=technology_ids,
        ),
    ] = None,
    style: Annotated[Style, typer.Option("--style", help="A sentence, BibTeX, or a Citation File.")] = "text",
    published: Published = None,
) -> None:
    """Say how to cite a result, with the versions that decide it."""
    now = state(context)
    origins = [] if table is None else [Origin.find(now.workspace.results, table)]
    one = None if technology is None else now.workspace.portfolio.find(technology)
    citation = Citation(origins, one, day(published))
    text = citation.render(style)
    if now.format != "table":
        now.emit(
            pa.table(
                {
                    "table": [table or "primacy"],
                    "technology": [technology],
                    "style": [style],
                    "citation": [text],
                }
            )
        )
    elif now.out is not None:
        try:
            now.out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{now.out}: cannot be written ({error.strerror})") from error
        now.say(f"wrote a citation to {now.out}")
    else:
        sys.stdout.write(text)
