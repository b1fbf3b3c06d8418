"""What every command shares: the global options, the workspace, and how rows leave the program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, cast

import pyarrow as pa
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from primacy.errors import UsageError
from primacy.present import rows as formats
from primacy.present import terminal
from primacy.workspace import Workspace
from primacy.workspace.settings import FILE as SETTINGS

AT = typer.Option(
    "--at", min=0, metavar="V", help="As the lake was at version V; `primacy releases` lists them."
)
"""The option of commands that read an earlier version of the lake."""

Format = Literal["table", "json", "csv", "parquet"]
Advance = Callable[[int, int | None], None]
"""Called with how much is done and, where it is known, with the total."""


@dataclass
class State:
    """The global options of one run of the program."""

    directory: Path = field(default_factory=Path)
    engine: Literal["duckdb", "spark"] | None = None
    format: Format = "table"
    out: Path | None = None
    debug: bool = False
    quiet: bool = False

    @cached_property
    def messages(self) -> Console:
        """Where progress and messages go: standard error, or nowhere with ``--quiet``."""
        return Console(stderr=True, quiet=self.quiet, highlight=False)

    @cached_property
    def output(self) -> Console:
        """Where results for people go."""
        return Console(file=sys.stdout, highlight=False)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace named by ``--workspace``.

        Raises
        ------
        NotThereError
            The directory is no workspace.
        """
        return Workspace.open(self.directory, engine=self.engine)

    @property
    def in_workspace(self) -> bool:
        """Whether ``--workspace`` names a workspace."""
        return (self.directory / SETTINGS).is_file()

    @property
    def for_people(self) -> bool:
        """Whether the output is read by a person rather than by a program."""
        return self.format == "table" and self.out is None

    def say(self, text: str) -> None:
        """Tell the user something that is not a result."""
        self.messages.print(text, soft_wrap=True, markup=False)

    def emit(
        self,
        table: pa.Table,
        *,
        columns: Sequence[str] | None = None,
        title: str = "",
        note: str = "",
        simulated: bool | None = None,
        limit: int | None = None,
    ) -> None:
        """Hand over rows in the format that the user asked for.

        Parameters
        ----------
        table
            The rows; programs get all columns.
        columns
            The columns that people get on a terminal; all where None.
        title, note
            Said above and below the table on a terminal.
        simulated
            Whether the rows come from a simulated world; asked of the workspace where None.
        limit
            Rows shown to people; the rest is counted in a line below.
        """
        if self.for_people:
            if simulated is None:
                simulated = "workspace" in self.__dict__ and self.workspace.simulated
            self.output.print(
                terminal.render(
                    table,
                    columns=columns,
                    title=title,
                    note=note,
                    simulated=simulated,
                    limit=limit,
                    width=self.output.width,
                )
            )
            return
        wanted = None if self.format == "table" else self.format
        if self.out is not None:
            formats.write(table, self.out, wanted)
            self.say(f"wrote {table.num_rows} rows to {self.out}")
        elif wanted == "parquet":
            raise UsageError("--format parquet: name the file with --out FILE")
        elif wanted is not None:
            sys.stdout.write(formats.encode(table, wanted).decode())
            sys.stdout.flush()

    def emit_records(self, records: Sequence[dict[str, Any]]) -> None:
        """Hand over records as JSON whose values are of more than one type, which no table holds."""
        content = formats.encode_records(records)
        if self.out is not None:
            formats.write_bytes(self.out, content)
            self.say(f"wrote {len(records)} rows to {self.out}")
        else:
            sys.stdout.write(content.decode())
            sys.stdout.flush()

    @contextmanager
    def progress(self, text: str, *, unit: str = "") -> Iterator[Advance]:
        """Show a progress bar on standard error while the block runs; yields a function to move it."""
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn(unit),
            TimeRemainingColumn(),
            console=self.messages,
            transient=True,
            disable=self.quiet or not self.messages.is_terminal,
        )
        with bar:
            task = bar.add_task(text, total=None)

            def advance(done: int, total: int | None = None) -> None:
                bar.update(task, completed=done, total=total)

            yield advance


def state(context: typer.Context) -> State:
    """Return the state of the run that a command belongs to."""
    return cast(State, context.find_root().obj)
