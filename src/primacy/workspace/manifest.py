"""The manifest beside a study's results: what leads from each number back to the lake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from primacy.lake.results import StudyResults, inputs
from primacy.studies.outcome import Outcome
from primacy.workspace.provenance import code_version

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["write_outcome"]


def write_outcome(
    workspace: Workspace, study: str, outcome: Outcome, *, tables: list[str], settings: Mapping[str, Any]
) -> StudyResults:
    """Write a study's results with its manifest: code, lake and table versions, settings, and the study's notes.

    Parameters
    ----------
    workspace
        Where the results go.
    study
        Its name.
    outcome
        Result tables and notes.
    tables
        The lake tables that the study read.
    settings
        What decides the numbers beside the data.
    """
    manifest = {
        "code": code_version(),
        "lake_version": workspace.lake.version,
        "inputs": inputs(workspace.lake, tables),
        "settings": settings,
        "simulated": workspace.simulated,
        **outcome.notes,
    }
    return workspace.results.write(study, outcome.tables, manifest)
