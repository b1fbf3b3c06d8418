"""The commands: thin layers over the workspace."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from primacy._version import __version__
from primacy.cli import (
    assessment,
    assistants,
    basket,
    bench,
    brief,
    charts,
    claims,
    composite,
    compute,
    demo,
    exchange,
    exports,
    models,
    people,
    pull,
    research,
    simulate,
    technologies,
    versions,
    web,
    workspace,
)
from primacy.cli.globals import hoist
from primacy.cli.state import State
from primacy.errors import PrimacyError, UsageError

__all__ = ["app", "main", "run_quietly"]

app = typer.Typer(
    name="primacy",
    help="Who leads each critical technology, since when, by how much, and how surely.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Global options may stand before or after the command.",
)
for area in (
    workspace,
    versions,
    pull,
    exchange,
    technologies,
    research,
    basket,
    models,
    people,
    compute,
    assessment,
    claims,
    composite,
    simulate,
    exports,
    charts,
    assistants,
    demo,
    web,
    bench,
    brief,
):
    area.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"primacy {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    context: typer.Context,
    directory: Annotated[
        Path, typer.Option("--workspace", metavar="DIR", envvar="PRIMACY_WORKSPACE", help="The workspace.")
    ] = Path(),
    engine: Annotated[
        Literal["duckdb", "spark"] | None, typer.Option("--engine", help="What computes; see primacy.toml.")
    ] = None,
    format: Annotated[
        Literal["table", "json", "csv", "parquet"],
        typer.Option("--format", help="For people, or for programs."),
    ] = "table",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the rows to a file.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback when something fails.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no messages.")] = False,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Print the version.")
    ] = False,
) -> None:
    context.obj = State(directory=directory, engine=engine, format=format, out=out, debug=debug, quiet=quiet)


def run_quietly(arguments: Sequence[str]) -> None:
    """Run a command without its table, messages and exit; what it refuses is raised."""
    with contextlib.redirect_stdout(io.StringIO()):
        app(hoist(["--quiet", *arguments]), prog_name="primacy", standalone_mode=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code.

    0 done; 1 refused or failed, with a one-line reason on standard error; 2 wrong usage.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    try:
        app(hoist(given), prog_name="primacy")
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
    except BrokenPipeError:
        # The reader went away, as `head` does; keep the interpreter from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("primacy: stopped\n")
        return 130
    except PrimacyError as error:
        if debug:
            traceback.print_exc()
        sys.stderr.write(f"primacy: {' '.join(str(error).split())}\n")
        return 2 if isinstance(error, UsageError) else 1
    except Exception as error:
        if debug:
            traceback.print_exc()
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:500]
        sys.stderr.write(f"primacy: unexpected failure, {reason} (--debug shows where)\n")
        return 1
    return 0
