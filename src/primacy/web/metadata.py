"""What goes with a download: source, versions, method, licence, how to cite."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from primacy.present.citation import Citation
from primacy.present.figure import Figure
from primacy.present.origin import SIMULATED_WORLD, Origin
from primacy.present.terminal import SIMULATED
from primacy.web.snapshot import Snapshot

__all__ = ["figure_metadata", "marked_rows", "table_metadata"]


def marked_rows(snapshot: Snapshot, rows: pa.Table) -> pa.Table:
    """Return rows for download; where the data are simulated, the last column, ``simulated``, says so on each."""
    if not snapshot.simulated or "simulated" in rows.column_names:
        return rows
    return rows.append_column("simulated", pa.array([True] * rows.num_rows, pa.bool_()))


def table_metadata(snapshot: Snapshot, table: str) -> dict[str, Any]:
    """Return where a table comes from."""
    manifest = snapshot.studies[snapshot.tables[table]]
    origin = Origin.of(manifest, table)
    declared = {c.name: c for c in origin.declared.columns} if origin.declared else {}
    return {
        "table": table,
        "study": origin.study,
        "source": SIMULATED_WORLD if snapshot.simulated else origin.source_text,
        "simulated": snapshot.simulated,
        "notice": SIMULATED if snapshot.simulated else None,
        "method": origin.settings,
        "inputs": origin.inputs,
        "lake_version": origin.lake_version,
        "code": manifest.get("code", {}),
        "results_version": snapshot.version,
        "sha256": origin.sha256,
        "rows": origin.rows,
        "columns": {
            **manifest["tables"][table]["columns"],
            **({"simulated": "bool"} if snapshot.simulated else {}),
        },
        "meanings": {name: column.meaning for name, column in declared.items()},
        "licence": "CC0-1.0" if snapshot.simulated else origin.licence,
        "cite": str(Citation([origin])).strip(),
    }


def figure_metadata(snapshot: Snapshot, figure: Figure) -> dict[str, Any]:
    """Return where a figure comes from."""
    whole = table_metadata(snapshot, figure.source)
    for key in ("rows", "columns", "meanings", "sha256"):
        whole.pop(key)
    return {
        "title": figure.title,
        "description": figure.description,
        "figure": figure.path,
        "rows": figure.rows.num_rows,
        "columns": {f.name: str(f.type) for f in marked_rows(snapshot, figure.rows).schema},
        **whole,
    }
