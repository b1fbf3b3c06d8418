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

_RATIOS = ["benchmark", "works", "cpu_seconds", "baseline", "basis", "ratio", "bar", "holds"]
_STAGES = ["stage", "works", "cpu_seconds", "cpu_hours", "memory_gb", "disk_gb", "exponent", "by", "distance"]
"""What people see of ratios and of stages, with ``--table``."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def bench(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Which; all that measure time by default.")
    ] = None,
    works: Annotated[
        int, typer.Option("--works", metavar="N", min=100, help="Size of the simulated world that is timed.")
    ] = 50_000,
    sizes: Annotated[
        str,
        typer.Option("--sizes", metavar="N,N,...", help="Several sizes, and the exponent of cost over them."),
    ] = "",
    repeat: Annotated[
        int, typer.Option("--repeat", metavar="N", min=1, help="How often both sides are run in turn.")
    ] = 3,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="The JSON of an earlier run.")
    ] = None,
    threshold: Annotated[
        float,
        typer.Option("--threshold", metavar="X", min=1, help="Fail if X times worse than --against."),
    ] = 1.2,
    table: Annotated[bool, typer.Option("--table", help="A table for people instead of JSON.")] = False,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep", metavar="DIR", help="Keep what is written here; a chain goes on from its log."
        ),
    ] = None,
    portion: Annotated[
        int,
        typer.Option("--portion", metavar="N", min=1, help="Works that chain writes and pulls at a time."),
    ] = 2_000_000,
    copies: Annotated[
        Literal["jsonl", "parquet"], typer.Option("--copies", help="The format that chain pulls.")
    ] = "jsonl",
    through: Annotated[
        Literal["pull", "match", "shares", "run"], typer.Option("--through", help="The last stage of chain.")
    ] = "run",
    target: Annotated[
        int | None,
        typer.Option("--target", metavar="N", min=1, help="chain: work out what N works would take, too."),
    ] = None,
    worlds: Annotated[
        int, typer.Option("--worlds", metavar="N", min=2, help="How many worlds calibration draws.")
    ] = 200,
    kills: Annotated[
        int,
        typer.Option("--kills", metavar="N", min=1, help="How many times crash kills a pull, match or run."),
    ] = 200,
) -> None:
    """Time primacy against what a user would do instead: ratios measured in one run, as JSON.

    Some run only where they are named: `research` times the whole study; `chain` goes from snapshots of all `--sizes`
    to results and says what each stage costs and how the whole grows; `explorer` serves the demonstration to twenty
    readers at once and publishes it; `calibration` counts how often intervals cover
    the truth of simulated worlds; `crash` kills pulls, matches and runs at random moments and holds what is left
    against an undisturbed run.
    """
    from primacy.bench.regression import refuse_slower
    from primacy.bench.suite import Options, run

    now = state(context)
    options = Options(_sizes(sizes) or (works,), repeat, portion, copies, through, target, worlds, kills)
    with now.messages.status("bench") as status:
        found = [one.row() for one in run(names or (), options=options, keep=keep, step=status.update)]
    columns = dict.fromkeys(name for row in found for name in row)
    rows = pa.Table.from_pylist([{name: row.get(name) for name in columns} for row in found])
    if now.for_people and not table:
        sys.stdout.write(encode(rows, "json").decode())
    else:
        wanted = _RATIOS if "ratio" in columns else _STAGES
        shown = [name for name in wanted if name in columns] if {"ratio", "stage"} & set(columns) else None
        now.emit(rows, columns=shown, title="benchmarks", simulated=True)
    if against is not None:
        refuse_slower(found, against, threshold)


def _sizes(text: str) -> tuple[int, ...]:
    """Return the numbers of a list."""
    try:
        found = tuple(int(word) for word in text.split(",") if word)
    except ValueError:
        found = (0,)
    if any(size < 1 for size in found):
        raise UsageError(f"--sizes {text}: takes whole numbers with commas between, such as 20000,200000")
    return found
