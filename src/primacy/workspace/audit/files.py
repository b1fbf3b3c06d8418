"""The lake's files: every version can be read, every page is undamaged, every table is of its schema."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from primacy.errors import LakeError, PrimacyError
from primacy.lake.catalog import Catalog
from primacy.lake.store import Lake
from primacy.lake.tables import TABLES
from primacy.workspace.audit.finding import Finding

__all__ = ["findings"]


def findings(lake: Lake) -> list[Finding]:
    """Check the versions of the lake, and the schema, the files and the rows of every table at this version."""
    found = [_versions(lake)]
    for name, pin in sorted(lake.catalog.tables.items()):
        today = TABLES[name].fingerprint if name in TABLES else None
        if pin.fingerprint != today:
            detail = f"written as {pin.fingerprint}, declared as {today}: pull into a new workspace"
            found.append(Finding(f"{name}: schema", False, detail))
            continue
        try:
            rows = sum(_read_whole(name, Path(f)) for f in lake.files(name))
        except (OSError, PrimacyError, ValueError) as error:
            found.append(Finding(f"{name}: files", False, " ".join(str(error).split())))
            continue
        found.append(
            Finding(f"{name}: rows", rows == pin.rows, f"{rows} in files, {pin.rows} in the catalog")
        )
    return found


def _versions(lake: Lake) -> Finding:
    """Read the catalog of every version from 0 to this one."""
    check = "catalog: versions"
    try:
        catalogs: list[Catalog] = [lake.at(v).catalog for v in range(lake.version + 1)]
    except PrimacyError as error:
        return Finding(check, False, " ".join(str(error).split()))
    misnamed = [v for v, catalog in enumerate(catalogs) if catalog.version != v]
    if misnamed:
        return Finding(
            check, False, f"the catalog of version {misnamed[0]} says {catalogs[misnamed[0]].version}"
        )
    return Finding(check, True, f"0 to {lake.version} can be read")


def _read_whole(name: str, file: Path) -> int:
    """Return the rows of a file, having held its columns against the schema and each page against its sum."""
    with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
        try:
            TABLES[name].check(parquet.schema_arrow)
            return sum(batch.num_rows for batch in parquet.iter_batches())
        except (OSError, ValueError) as error:
            raise LakeError(f"{file}: is damaged ({error})") from error
