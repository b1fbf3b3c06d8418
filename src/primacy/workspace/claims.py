"""Claims held against the results of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from primacy.lake.results import Results
from primacy.studies.claims import check_claims, load_claims
from primacy.studies.claims.findings import Tables

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["claims_of", "tables_of"]


def claims_of(workspace: Workspace, file: str | Path | None = None) -> pa.Table:
    """Return the claims of a file with their verdicts; see :meth:`Workspace.claims`."""
    return check_claims(load_claims(file), tables_of(workspace.results), simulated=workspace.simulated)


def tables_of(results: Results, first: Mapping[str, pa.Table] | None = None) -> Tables:
    """Return a function that hands out result tables, read once; those given go before those that are written."""
    read: dict[str, pa.Table | None] = dict(first or {})

    def table(name: str) -> pa.Table | None:
        if name not in read:
            read[name] = results.read(name) if results.owner(name) is not None else None
        return read[name]

    return table
