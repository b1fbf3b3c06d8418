"""The demonstration: a simulated world from nothing to a scoreboard, with the commands that anybody would use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.text import Text

from primacy.cli.research import print_scoreboard
from primacy.cli.state import State, state
from primacy.errors import InputError
from primacy.simulate import world
from primacy.workspace.settings import FILE, TEMPLATE

WORKS = 50_000
"""Enough for the leaders to show, few enough for two cores and three minutes."""

WINDOWS = ("2003-2007", "2019-2023", "2020-2024")
"""The windows for which lead counts were published, which the simulated world follows."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where the demonstration lives.")],
    works: Annotated[int, typer.Option("--works", metavar="N", help="Size of the simulated world.")] = WORKS,
) -> None:
    """Build a simulated world, pull and match it, run every study, print the scoreboard; needs no network."""
    now = state(context)
    made = directory / "world"
    if not (made / "SIMULATED.json").exists():
        if made.exists() and any(made.iterdir()):
            raise InputError(f"{made}: something else is there; name another directory")
        _do(now, f"simulate {made}", lambda: world.simulate(made, works=works))
    _workspace(directory)
    for words in _steps(directory, made):
        _do(now, " ".join(words), partial(_run, words))
    now.messages.print()
    print_scoreboard(State(directory=directory, format=now.format, out=now.out, quiet=now.quiet))
    now.say(
        f"\nlook further: primacy --workspace {directory} show leads, shares ID, robustness ID, explain leads"
    )


def _workspace(directory: Path) -> None:
    _run(["--quiet", "init", str(directory)])
    settings = directory / FILE
    if settings.read_text(encoding="utf-8") == TEMPLATE:
        windows = ", ".join(f'"{w}"' for w in WINDOWS)
        text = TEMPLATE.replace('# windows = ["2015-2019", "2020-2024"]', f"windows = [{windows}]")
        settings.write_text(text, encoding="utf-8")


def _steps(directory: Path, made: Path) -> Iterator[list[str]]:
    here = ["--workspace", str(directory)]
    yield [*here, "pull", "openalex", str(made / "openalex")]
    ids = str(made / "orcid" / "organization_ids.csv")
    yield [*here, "pull", "orcid", str(made / "orcid"), "--organizations", ids]
    for dump in sorted((made / "hub").glob("models_*.parquet"))[::2]:
        organizations = str(made / "hub" / "organizations.csv")
        yield [*here, "pull", "hub", str(dump), "--organizations", organizations]
    yield [*here, "pull", "compute", str(made / "compute")]
    yield [*here, "match"]
    yield [*here, "run"]


def _run(words: list[str]) -> None:
    """Run a command as the shell would, without its table; errors are raised."""
    from primacy.cli import run_quietly

    run_quietly(words)


def _do(now: State, command: str, action: Callable[[], object]) -> None:
    """Say the command, do it, and say how long it took."""
    began = monotonic()
    with now.messages.status(f"primacy {command}"):
        action()
    line = Text.assemble(("$ ", "dim"), f"primacy {command}", (f"  {monotonic() - began:.0f} s", "dim"))
    now.messages.print(line, soft_wrap=True)
