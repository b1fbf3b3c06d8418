"""The benchmark suite as a command."""

from __future__ import annotations

import sys
from typing import Annotated

import pyarrow as pa
import typer

from primacy.cli.state import state
from primacy.present.rows import encode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def bench(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Which; all by default.")
    ] = None,
    works: Annotated[int, typer.Option("--works", metavar="N", help="Size of the simulated world.")] = 10_000,
) -> None:
    """Time primacy against what a user would do instead: ratios measured in one run, as JSON."""
    from primacy.bench import run

    now = state(context)
    with now.messages.status("bench") as status:
        rows = pa.Table.from_pylist([m.row() for m in run(names or (), works=works, step=status.update)])
    if now.format == "table" and now.out is None:
        sys.stdout.write(encode(rows, "json").decode())
    else:
        now.emit(rows, simulated=True)
