"""Results handed over: as a workbook for people, or as a data package for programs and archives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from primacy.errors import UsageError
from primacy.present.citation import day
from primacy.present.exports.package import write_package
from primacy.present.exports.selection import Selection
from primacy.present.exports.workbook import write_workbook
from primacy.workspace import Workspace

__all__ = ["export"]


def export(
    workspace: Workspace,
    target: Path,
    tables: Sequence[str] = (),
    *,
    technology: str | None = None,
    published: str | None = None,
) -> Selection:
    """Write result tables to a workbook (``.xlsx``) or, where the name has no ending, to a data package.

    Parameters
    ----------
    workspace
        Whose results.
    target
        The file or directory.
    tables
        Names of result tables; all where none is given.
    technology
        Only its rows, in the tables that have a column of technologies.
    published
        A date for the citation, such as ``2026-11-24``.

    Returns
    -------
    Selection
        What was written.

    Raises
    ------
    NotThereError
        There is no such result table, no result at all, or no such technology.
    UsageError
        The name has another ending, or a table has more rows than a sheet can hold.
    InputError
        It cannot be written, or something else is there.
    """
    suffix = target.suffix.lower()
    if suffix not in ("", ".xlsx"):
        raise UsageError(
            f"export {target}: end the name in .xlsx for a workbook, or name a directory for a package"
        )
    selection = Selection.of(workspace, tables, technology=technology, published=day(published))
    if suffix:
        write_workbook(selection, target)
    else:
        write_package(selection, target)
    return selection
