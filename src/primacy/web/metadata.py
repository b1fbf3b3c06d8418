"""What goes with a download: source, versions, method, licence, how to cite."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from primacy.present.figure import Figure
from primacy.present.terminal import SIMULATED
from primacy.web.snapshot import Snapshot

__all__ = ["figure_metadata", "marked_rows", "table_metadata"]

LICENCES = {"research": "CC0-1.0, as OpenAlex", "institutions": "CC0-1.0, as OpenAlex"}
"""Of the numbers; where a study is not named, the terms of its sources hold."""
SOURCES = {
    "research": "OpenAlex (https://openalex.org, CC0)",
    "institutions": "OpenAlex (https://openalex.org, CC0)",
    "models": "Hugging Face Hub (https://huggingface.co)",
    "compute": "Epoch AI (https://epoch.ai, CC BY 4.0) and the price and power sources named in the tables",
    "assessment": "the other studies of this workspace",
}


def marked_rows(snapshot: Snapshot, rows: pa.Table) -> pa.Table:
    """Return rows for download; where the data are simulated, the last column, ``simulated``, says so on each."""
    if not snapshot.simulated or "simulated" in rows.column_names:
        return rows
    return rows.append_column("simulated", pa.array([True] * rows.num_rows, pa.bool_()))


def table_metadata(snapshot: Snapshot, table: str) -> dict[str, Any]:
    """Return where a table comes from."""
    study = snapshot.tables[table]
    manifest = snapshot.studies[study]
    entry = snapshot.entry(table)
    return {
        "table": table,
        "study": study,
        "source": "a simulated world" if snapshot.simulated else SOURCES.get(study, ""),
        "simulated": snapshot.simulated,
        "notice": SIMULATED if snapshot.simulated else None,
        "method": manifest.get("settings", {}),
        "inputs": manifest.get("inputs", {}),
        "lake_version": manifest.get("lake_version"),
        "code": manifest.get("code", {}),
        "results_version": snapshot.version,
        "sha256": entry["sha256"],
        "rows": entry["rows"],
        "columns": {**entry["columns"], **({"simulated": "bool"} if snapshot.simulated else {})},
        "licence": "CC0-1.0" if snapshot.simulated else LICENCES.get(study, "the terms of its sources"),
        "cite": f"primacy {manifest.get('code', {}).get('primacy', '')}, {study} study, table '{table}', "
        f"results {snapshot.version}" + (" (simulated data)" if snapshot.simulated else ""),
    }


def figure_metadata(snapshot: Snapshot, figure: Figure) -> dict[str, Any]:
    """Return where a figure comes from."""
    whole = table_metadata(snapshot, figure.source)
    for key in ("rows", "columns", "sha256"):
        whole.pop(key)
    return {
        "title": figure.title,
        "description": figure.description,
        "figure": figure.path,
        "rows": figure.rows.num_rows,
        "columns": {f.name: str(f.type) for f in marked_rows(snapshot, figure.rows).schema},
        **whole,
    }
