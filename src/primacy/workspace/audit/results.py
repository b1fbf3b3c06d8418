"""Results: manifests, the files that they name, and the versions of the lake that they were computed from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from primacy.errors import PrimacyError
from primacy.lake.results import StudyResults, column_types, inputs
from primacy.lake.store import Lake
from primacy.workspace.audit import research
from primacy.workspace.audit.finding import Finding

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["findings"]


def findings(workspace: Workspace, *, recompute: bool = True) -> list[Finding]:
    """Check every study that was run.

    Parameters
    ----------
    workspace
        Whose results.
    recompute
        Also hold numbers against the lake, which must be readable for that.
    """
    found: list[Finding] = []
    for directory in sorted(p for p in workspace.results.path.glob("*") if p.is_dir()):
        name = directory.name
        try:
            study = workspace.results.study(name)
            found += _study(workspace, name, study, recompute=recompute)
        except PrimacyError as error:
            found.append(Finding(f"results {name}: manifest", False, " ".join(str(error).split())))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            detail = f"{directory / 'manifest.json'}: not as a run writes it ({error!r})"
            found.append(Finding(f"results {name}: manifest", False, " ".join(detail.split())))
    return found


def _study(workspace: Workspace, name: str, study: StudyResults, *, recompute: bool) -> list[Finding]:
    bad = study.damaged()
    found = [
        Finding(
            f"results {name}: files",
            not bad,
            f"{', '.join(bad)}: gone, or not as written: run `primacy run {name}` again"
            if bad
            else f"{len(study.tables)} tables",
        )
    ]
    if bad:
        return found
    found.append(_rows(name, study))
    lake = _lake_of(workspace.lake, study.manifest)
    inputs_found = _inputs(name, study.manifest, lake)
    found += [inputs_found, _fresh(workspace.lake, name, study.manifest)]
    found += _others(workspace, name, study.manifest.get("results", {}))
    if recompute and inputs_found.ok and lake is not None and name == "research":
        found += research.findings(workspace, lake, study)
    return found


def _rows(name: str, study: StudyResults) -> Finding:
    """Check that every table has the rows and columns that the manifest states."""
    for table in study.tables:
        stated = study.manifest["tables"][table]
        metadata = pq.read_metadata(study.path(table))
        columns = column_types(metadata.schema.to_arrow_schema())
        if metadata.num_rows != stated["rows"] or columns != stated["columns"]:
            detail = f"{table}: {metadata.num_rows} rows in the file, {stated['rows']} in the manifest"
            return Finding(
                f"results {name}: rows",
                False,
                detail if columns == stated["columns"] else f"{table}: columns",
            )
    return Finding(
        f"results {name}: rows", True, f"{sum(t['rows'] for t in study.manifest['tables'].values())}"
    )


def _lake_of(lake: Lake, manifest: Mapping[str, Any]) -> Lake | None:
    """Return the lake as the study read it; None where it has no such version."""
    try:
        return lake.at(int(manifest["lake_version"]))
    except PrimacyError:
        return None


def _inputs(name: str, manifest: Mapping[str, Any], lake: Lake | None) -> Finding:
    """Check that the tables that the manifest names are those of its version of the lake."""
    check = f"results {name}: inputs"
    if lake is None:
        return Finding(check, False, f"the lake has no version {manifest['lake_version']}")
    there = inputs(lake, list(manifest["inputs"]))
    wrong = [t for t, stated in sorted(manifest["inputs"].items()) if there[t] != stated]
    detail = f"lake version {lake.version}"
    if wrong:
        detail += f" has other tables than the manifest says: {', '.join(wrong)}"
    return Finding(check, not wrong, detail)


def _fresh(lake: Lake, name: str, manifest: Mapping[str, Any]) -> Finding:
    """Check that nothing that the study reads has changed since."""
    now = lake.versions()
    moved = [t for t, stated in sorted(manifest["inputs"].items()) if stated["version"] != now.get(t)]
    detail = f"computed from lake version {manifest['lake_version']}"
    if moved:
        detail += f"; since then {', '.join(moved)} changed: run `primacy run {name}` again"
    return Finding(f"results {name}: up to date", not moved, detail)


def _others(workspace: Workspace, name: str, read: Mapping[str, Any]) -> list[Finding]:
    """Check that a study which reads the results of others read those that are there now."""
    if not read:
        return []
    moved = []
    for other, entry in sorted(read.items()):
        there = (
            workspace.results.study(other).manifest["tables"] if other in workspace.results.studies else {}
        )
        if {table: there.get(table, {}).get("sha256") for table in entry["tables"]} != entry["tables"]:
            moved.append(other)
    detail = f"computed from the results of {', '.join(sorted(read))}"
    if moved:
        detail += f"; since then {', '.join(moved)} changed: run `primacy run {name}` again"
    return [Finding(f"results {name}: other results", not moved, detail)]
