"""Which portfolio a command means."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from primacy.cli.state import State
from primacy.errors import NotThereError
from primacy.technologies.portfolio import Portfolio, load_portfolio

PortfolioOption = Annotated[
    Path | None,
    typer.Option("--portfolio", metavar="DIR", help="Technology files; those of primacy.toml by default."),
]
Identifier = Annotated[str, typer.Argument(metavar="ID", help="Its id.")]


def portfolio_of(now: State, directory: Path | None) -> Portfolio:
    """Load the portfolio that is named, or that of the workspace, or (outside any) the bundled one."""
    return load_portfolio(portfolio_directory(now, directory))


def portfolio_directory(now: State, directory: Path | None) -> Path | None:
    """Return the directory of the portfolio that is meant; None for the bundled one."""
    try:
        return directory or now.workspace.settings.portfolio
    except NotThereError:
        return None
