"""Integrity: what must hold between the lake's tables, and between the lake and the results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from primacy.errors import LakeError, PrimacyError
from primacy.lake.tables import TABLES
from primacy.workspace.workspace import Workspace

__all__ = ["Finding", "check"]


@dataclass(frozen=True)
class Finding:
    """One check: what, whether it holds, and the figures."""

    check: str
    ok: bool
    detail: str


def check(workspace: Workspace) -> list[Finding]:
    """Run every check that the workspace's tables allow.

    Files of every table are there, are undamaged to the last page and hold the rows that the catalog states; keys are
    unique; every row of a child table belongs to a work; the credit of each work sums to 1; results are what their
    manifests say.
    """
    findings = [*_files(workspace)]
    if all(f.ok for f in findings):
        findings += _keys(workspace) + _works(workspace)
    return findings + _results(workspace)


def _files(workspace: Workspace) -> list[Finding]:
    lake = workspace.lake
    found = []
    for name, pin in sorted(lake.catalog.tables.items()):
        try:
            rows = sum(_read_whole(Path(f)) for f in lake.files(name))
        except (OSError, PrimacyError, ValueError) as error:
            found.append(Finding(f"{name}: files", False, " ".join(str(error).split())))
            continue
        found.append(
            Finding(f"{name}: rows", rows == pin.rows, f"{rows} in files, {pin.rows} in the catalog")
        )
    return found


def _read_whole(file: Path) -> int:
    """Return the number of rows of a file, having held every page of it against its checksum."""
    with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
        try:
            return sum(batch.num_rows for batch in parquet.iter_batches())
        except (OSError, ValueError) as error:
            raise LakeError(f"{file}: is damaged ({error})") from error


UNIQUE = ("works", "texts", "institutions", "sources", "topics", "memberships", "pulled_files")


def _keys(workspace: Workspace) -> list[Finding]:
    found = []
    for name in UNIQUE:
        if not workspace.lake.has(name):
            continue
        table = workspace.table(name)
        key = list(TABLES[name].key)
        twice = _number(workspace, table.group_by(key).agg(n=table.count()).filter(lambda t: t.n > 1).count())
        found.append(
            Finding(f"{name}: one row per {', '.join(key)}", twice == 0, f"{twice} keys stand more than once")
        )
    return found


CHILDREN = (
    "authorships",
    "author_orcids",
    "work_topics",
    "citations_by_year",
    "references",
    "texts",
    "memberships",
)


def _works(workspace: Workspace) -> list[Finding]:
    if not workspace.lake.has("works"):
        return []
    works = workspace.table("works")
    found = []
    for name in CHILDREN:
        if workspace.lake.has(name):
            orphans = _number(workspace, workspace.table(name).anti_join(works, "work_id").count())
            found.append(
                Finding(f"{name}: belong to works", orphans == 0, f"{orphans} rows of works not in the lake")
            )
    if workspace.lake.has("authorships"):
        rows = workspace.table("authorships")
        sums = rows.group_by("work_id").agg(a=rows.weight.sum(), b=rows.weight_affiliation.sum())
        off = _number(
            workspace, sums.filter(((sums.a - 1).abs() > 1e-9) | ((sums.b - 1).abs() > 1e-9)).count()
        )
        found.append(
            Finding("authorships: credit of a work sums to 1", off == 0, f"{off} works where it does not")
        )
    return found


def _number(workspace: Workspace, scalar: object) -> int:
    return int(workspace.engine.backend.to_pyarrow(scalar).as_py())


def _results(workspace: Workspace) -> list[Finding]:
    found = []
    for name in workspace.results.studies:
        try:
            study = workspace.results.study(name)
        except PrimacyError as error:
            found.append(Finding(f"results {name}: manifest", False, str(error)))
            continue
        bad = study.damaged()
        found.append(
            Finding(f"results {name}: files", not bad, ", ".join(bad) or f"{len(study.tables)} tables")
        )
        stale = study.manifest["lake_version"] != workspace.lake.version
        now = {t: i["version"] for t, i in study.manifest["inputs"].items()}
        moved = [t for t, v in now.items() if v != workspace.lake.versions().get(t)]
        detail = f"computed from lake version {study.manifest['lake_version']}"
        if stale and moved:
            detail += f"; since then {', '.join(moved)} changed: run `primacy run {name}` again"
        found.append(Finding(f"results {name}: inputs", not moved, detail))
    return found
