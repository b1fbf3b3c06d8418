"""The benchmark suite as a command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import pyarrow as pa
import typer

from primacy.cli.state import state
from primacy.errors import UsageError
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
    sizes: Annotated[
        str, typer.Option("--sizes", metavar="N,N,...", help="Sizes over which the exponent is fitted.")
    ] = "",
    portion: Annotated[
        int,
        typer.Option("--portion", metavar="N", min=1, help="Works that chain writes and pulls at a time."),
    ] = 2_000_000,
    copies: Annotated[
        Literal["jsonl", "parquet"], typer.Option("--copies", help="The format that chain pulls.")
    ] = "jsonl",
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep", metavar="DIR", help="Keep what is written here; a chain goes on from its log."
        ),
    ] = None,
) -> None:
    """Time primacy against what a user would do instead: ratios measured in one run, as JSON.

    Three run only where they are named: `calibration` counts how often intervals cover the truth of simulated worlds,
    `crash` kills pulls, matches and runs at random moments and holds what is left against an undisturbed run, `chain`
    goes from snapshots of all `--sizes` to results and says what each stage costs and how the whole grows.
    """
    from primacy.bench import run

    now = state(context)
    with now.messages.status("bench") as status:
        found = [
            m.row()
            for m in run(
                names or (),
                works=works,
                worlds=worlds,
                kills=kills,
                sizes=_sizes(sizes),
                portion=portion,
                copies=copies,
                keep=keep,
                step=status.update,
            )
        ]
    columns = dict.fromkeys(name for row in found for name in row)
    rows = pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in found])
    if now.format == "table" and now.out is None:
        sys.stdout.write(encode(rows, "json").decode())
    else:
        now.emit(rows, simulated=True)


def _sizes(text: str) -> list[int]:
    """Return the numbers of a list."""
    try:
        return [int(word.replace("_", "")) for word in text.split(",") if word]
    except ValueError:
        raise UsageError(
            f"--sizes {text}: takes whole numbers with commas between, such as 20000,200000"
        ) from None
