"""The command that makes a brief."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.state import state
from primacy.errors import UsageError
from primacy.present.rows import write_bytes


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("brief")(brief_command)


def brief_command(
    context: typer.Context,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="TECHNOLOGY|COUNTRY",
            help="The id of a technology, or the code of a country or bloc (CN, EU27).",
        ),
    ],
    window: Annotated[
        str | None,
        typer.Option("--window", metavar="Y1-Y2", help="A window of the results; the newest by default."),
    ] = None,
) -> None:
    """Make a two-page PDF on a technology or a country: charts, numbers, intervals, verdict, method, sources.

    It is written to the file named with --out, by default to SUBJECT.pdf in the current directory.
    """
    from primacy.web import briefs
    from primacy.web.snapshot import Snapshot

    now = state(context)
    out = now.out or Path(f"{subject}.pdf")
    if out.suffix.lower() != ".pdf":
        raise UsageError(f"--out {out}: a brief is a PDF; end the name in .pdf")
    snapshot = Snapshot(now.workspace)
    kind = briefs.kind_of(snapshot, subject)
    with now.messages.status(f"brief {subject}"):
        content = briefs.brief(snapshot, kind, subject, window).pdf()
    write_bytes(out, content)
    row = {
        "subject": subject,
        "kind": kind,
        "window": snapshot.window(window),
        "file": str(out),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    # --out named the brief, not where this row goes.
    rows = replace(now, out=None)
    rows.emit(
        pa.Table.from_pylist([row]),
        columns=["subject", "kind", "window", "file", "bytes"],
        title=f"written to {out}",
        simulated=snapshot.simulated,
    )
