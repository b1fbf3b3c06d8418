"""What the lake remembers of pulls: files read whole, records in quarantine, and what became of every line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.parquet as pq

from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction

SOURCE = "openalex"
"""The name of this upstream in tables that all upstreams share."""


@dataclass(frozen=True)
class Entry:
    """One file of records that was read whole.

    Parameters
    ----------
    file, entity, digest
        Its name below the source's root, what it holds, and the SHA-256 of its bytes.
    read
        Records.
    quarantined
        Records that could not be loaded.
    """

    file: str
    entity: str
    digest: str
    read: int
    quarantined: int


def rows(lake: Lake, name: str) -> pa.Table:
    """Return a lake table whole; without rows where it was never written."""
    files = lake.files(name)
    schema = declared(name).arrow
    return pq.read_table(files, schema=schema) if files else schema.empty_table()


def known(lake: Lake) -> dict[str, int]:
    """Return the files that need not be read again: digest and number of records."""
    found = rows(lake, "pulled_files").select(["digest", "source", "rows"]).to_pylist()
    return {r["digest"]: r["rows"] for r in found if r["source"] == SOURCE}


def quarantined(lake: Lake) -> set[tuple[str, str, int | None]]:
    """Return what is in quarantine: short name of the file, its digest, the line."""
    found = rows(lake, "quarantine").select(["source", "file", "digest", "line"]).to_pylist()
    return {(short(r["file"]), r["digest"], r["line"]) for r in found if r["source"] == SOURCE}


def short(name: str) -> str:
    """Return what identifies a file within a source wherever its root is: partition and name.

    Examples
    --------
    >>> short("data/jsonl/works/updated_date=2026-01-01/part_0000.gz")
    'updated_date=2026-01-01/part_0000.gz'
    """
    return "/".join(PurePosixPath(name).parts[-2:])


def remember(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Note that files need not be read again."""
    distinct = {
        e.digest: {
            "digest": e.digest,
            "source": SOURCE,
            "entity": e.entity,
            "file": e.file,
            "rows": e.read,
            "quarantined": e.quarantined,
        }
        for e in entries
    }
    if distinct:
        tx.append("pulled_files", pa.Table.from_pylist([*distinct.values()], declared("pulled_files").arrow))


def account(tx: Transaction, entries: Sequence[Entry], counts: Mapping[str, int]) -> None:
    """Write down what a transaction did with the lines of works that it read.

    Parameters
    ----------
    tx
        The transaction.
    entries
        The files that it read; those that hold no works are left out.
    counts
        Records by verdict (``added``, ``updated``, ``unchanged``, ``superseded``, ``withdrawn``), and works that were
        ``deleted``.
    """
    works = [e for e in entries if e.entity == "works"]
    verdicts = ("added", "updated", "unchanged", "superseded", "withdrawn", "deleted")
    pull = {
        "lake_version": tx.version,
        "files": len(works),
        "lines": sum(e.read + e.quarantined for e in works),
        "quarantined": sum(e.quarantined for e in works),
        **{name: counts.get(name, 0) for name in verdicts},
    }
    tx.append("pulls", pa.Table.from_pylist([pull], declared("pulls").arrow))
    files = [
        {
            "lake_version": tx.version,
            "file": e.file,
            "digest": e.digest,
            "lines": e.read + e.quarantined,
            "quarantined": e.quarantined,
        }
        for e in works
    ]
    if files:
        tx.append("pull_files", pa.Table.from_pylist(files, declared("pull_files").arrow))
