"""Integrity: what must hold along the whole way, from the lines of the sources to the rows of the results."""

from __future__ import annotations

from primacy.workspace.audit import files, ledger, memberships, relations, results
from primacy.workspace.audit.finding import Finding
from primacy.workspace.workspace import Workspace

__all__ = ["Finding", "check", "check_results", "check_rows"]


def check(workspace: Workspace) -> list[Finding]:
    """Run every check that the workspace's tables allow.

    Files of every table are there, of today's schema, undamaged to the last page, and hold the rows that the
    catalog states; then :func:`check_rows`, unless a file is damaged, and :func:`check_results`.

    Parameters
    ----------
    workspace
        Which; its newest version is looked at.
    """
    workspace.refresh()
    found = files.findings(workspace.lake)
    sound = all(f.ok for f in found)
    rows = check_rows(workspace) if sound else []
    return [*found, *rows, *check_results(workspace, recompute=sound)]


def check_rows(workspace: Workspace) -> list[Finding]:
    """Check the rows of the lake that a workspace has open.

    Every line of every source is accounted for; keys are unique, and what points at a row finds it; each work is
    complete and its credit sums to 1; memberships are what their queries find.
    """
    lake, engine = workspace.lake, workspace.engine
    return [
        *ledger.findings(lake, workspace.table, engine),
        *relations.findings(lake, workspace.table, engine),
        *memberships.findings(workspace),
    ]


def check_results(workspace: Workspace, *, recompute: bool = True) -> list[Finding]:
    """Check that results are what their manifests say, and those of the research study what the lake gives.

    Parameters
    ----------
    workspace
        Which.
    recompute
        Also hold numbers against the lake, whose files must be sound for that.
    """
    return results.findings(workspace, recompute=recompute)
