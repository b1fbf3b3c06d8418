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
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Which; all that measure time by default.")
    ] = None,
    works: Annotated[
        int, typer.Option("--works", metavar="N", help="Size of the simulated world that is timed.")
    ] = 10_000,
    worlds: Annotated[
        int, typer.Option("--worlds", metavar="N", min=2, help="How many worlds calibration draws.")
    ] = 200,
    kills: Annotated[
        int,
        typer.Option("--kills", metavar="N", min=1, help="How many times crash kills a pull, match or run."),
    ] = 200,
) -> None:
    """Time primacy against what a user would do instead: ratios measured in one run, as JSON.

    Two run only where they are named: `calibration` counts how often intervals cover the truth of simulated worlds,
    `crash` kills pulls, matches and runs at random moments and holds what is left against an undisturbed run.
    """
    from primacy.bench import run

    now = state(context)
    with now.messages.status("bench") as status:
        found = [
            m.row() for m in run(names or (), works=works, worlds=worlds, kills=kills, step=status.update)
        ]
    columns = dict.fromkeys(name for row in found for name in row)
    rows = pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in found])
    if now.format == "table" and now.out is None:
        sys.stdout.write(encode(rows, "json").decode())
    else:
        now.emit(rows, simulated=True)
