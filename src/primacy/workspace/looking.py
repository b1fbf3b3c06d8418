"""Looking at tables: rows of results and of the lake, and where a result comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.errors import NotThereError, UsageError
from primacy.lake.tables import TABLES
from primacy.workspace.assessment import opened

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["evidence_of", "rows_of"]


def rows_of(
    workspace: Workspace,
    name: str,
    *,
    technology: str | None = None,
    unit: str | None = None,
    window: str | None = None,
    limit: int | None = None,
) -> pa.Table:
    """Return rows of a result table, or of a lake table; see :meth:`Workspace.show`."""
    filters = {"technology": technology, "unit": unit, "window": window}
    if workspace.results.owner(name) is not None:
        table = ibis.memtable(workspace.results.read(name))
        ordered = table
    elif name in TABLES:
        ordered = _lake_rows(workspace, name)
        table = ordered
    else:
        there = sorted(
            {*TABLES, *(t for s in workspace.results.studies for t in workspace.results.study(s).tables)}
        )
        raise NotThereError(f"no table '{name}'; there are {', '.join(there)}")
    for column, value in filters.items():
        if value is None:
            continue
        if column not in table.columns:
            raise UsageError(f"--{column}: table {name} has no column '{column}'")
        ordered = ordered.filter(ordered[column] == value)
    if limit is not None:
        ordered = ordered.limit(limit)
    return workspace.engine.to_arrow(ordered)


def evidence_of(workspace: Workspace, name: str, *, technology: str | None = None) -> Mapping[str, Any]:
    """Return where a result table comes from; see :meth:`Workspace.explain`."""
    manifest = dict(workspace.results.study_of(name).manifest)
    manifest["table"] = {"name": name, **manifest.pop("tables")[name]}
    lost = dict(manifest.pop("lost_weight", {}))
    by_technology = lost.pop("by_technology", {})
    if lost:
        manifest["lost_weight"] = lost
    if technology is not None and manifest["study"] == "assessment":
        manifest["technology"] = opened(workspace, technology)
    elif technology is not None:
        one = workspace.portfolio.find(technology)
        if one.id in by_technology:
            manifest["lost_weight"] = by_technology[one.id]
        manifest["technology"] = {
            "id": one.id,
            "name": one.name,
            "version": one.version,
            "definition": one.definition,
            "strict": one.strict.text,
            "broad": one.broad.text,
        }
    return manifest


def _lake_rows(workspace: Workspace, name: str) -> ir.Table:
    table = workspace.table(name)
    if name == "memberships":
        table = table.filter(table.query == workspace.variant)
    shown = table.order_by([c for c in table.columns if not table[c].type().is_array()])
    letters = {
        "work_id": "W",
        "cited_id": "W",
        "author_id": "A",
        "institution_id": "I",
        "source_id": "S",
        "topic_id": "T",
    }
    return shown.mutate(
        **{
            c: ibis.literal(letter).concat(shown[c].cast("string"))
            for c, letter in letters.items()
            if c in shown.columns and shown[c].type().is_integer()
        }
    )
