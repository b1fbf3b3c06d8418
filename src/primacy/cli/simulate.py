"""The command that writes a simulated world."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pyarrow as pa
import typer

from primacy.cli.state import state
from primacy.simulate import world


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate")(simulate)


def simulate(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where; a new or empty directory.")],
    works: Annotated[int, typer.Option("--works", metavar="N", help="How many works.")] = world.WORKS,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Which sample of the world.")] = 0,
    copies: Annotated[
        Literal["jsonl", "parquet", "both"],
        typer.Option("--copies", help="Formats of OpenAlex's snapshot; each is a copy of the other."),
    ] = "jsonl",
) -> None:
    """Write a simulated world in the upstream formats, with its truth beside it."""
    now = state(context)
    with now.progress("simulating", unit="works") as advance:
        made = world.simulate(
            directory,
            works=works,
            seed=seed,
            copies=("jsonl", "parquet") if copies == "both" else (copies,),
            advance=advance,
        )
    row = {
        "directory": str(made.directory),
        "seed": seed,
        "works": made.works,
        "superseded": made.superseded,
        "withdrawn": made.withdrawn,
        "records": made.records,
        "technologies": made.technologies,
    }
    now.emit(
        pa.Table.from_pylist([row]),
        title="a simulated world",
        note=f"next: primacy pull openalex {directory / 'openalex'}; the truth is in {directory / 'truth'}",
        simulated=True,
    )
