"""What a shell completes after an option or argument: ids that the portfolio and the results know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer

from primacy.errors import PrimacyError
from primacy.studies.tables import RESULT_TABLES
from primacy.technologies.portfolio import locate_portfolio, portfolio_files
from primacy.workspace.settings import FILE, Settings

__all__ = ["result_tables", "technology_ids"]


def technology_ids(context: typer.Context, incomplete: str) -> Iterator[str]:
    """Yield the ids of the workspace's portfolio that begin so; a portfolio that cannot be found has none."""
    directory = _directory(context)
    try:
        stated = Settings.read(directory / FILE).portfolio if (directory / FILE).is_file() else None
        files = portfolio_files(locate_portfolio(stated))
    except PrimacyError:
        return  # a shell that completes has no place for a message; the command itself will say it
    yield from (file.stem for file in files if file.stem.startswith(incomplete))


def result_tables(context: typer.Context, incomplete: str) -> Iterator[tuple[str, str]]:
    """Yield the result tables whose name begins so, with what one row is."""
    for name, table in RESULT_TABLES.items():
        if name.startswith(incomplete):
            yield name, table.meaning


def _directory(context: typer.Context) -> Path:
    """Return the workspace that the line names so far."""
    given = context.find_root().params.get("directory")
    return Path(given) if given is not None else Path()
