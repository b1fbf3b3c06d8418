"""Which portfolio a command means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from primacy.cli.state import State
from primacy.technologies.portfolio import Portfolio, load_portfolio

PortfolioOption = Annotated[
    Path | None,
    typer.Option("--portfolio", metavar="DIR", help="Technology files; those of primacy.toml by default."),
]
Identifier = Annotated[str, typer.Argument(metavar="ID", help="Its id.")]


def portfolio_of(now: State, directory: Path | None) -> Portfolio:
    """Load the portfolio that is named; else that of primacy.toml; else the one last matched, or the bundled one."""
    directory = portfolio_directory(now, directory)
    if directory is None and now.in_workspace:
        return now.workspace.portfolio
    return load_portfolio(directory)


def portfolio_directory(now: State, directory: Path | None) -> Path | None:
    """Return the directory of the portfolio that is named, or that of primacy.toml; None where neither is."""
    if directory is None and now.in_workspace:
        return now.workspace.settings.portfolio
    return directory
