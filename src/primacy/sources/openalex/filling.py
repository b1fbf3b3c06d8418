"""What was prepared goes into the lake's tables: parts, entities, lists of deleted works."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction
from primacy.sources.openalex import ledger
from primacy.sources.openalex.parts import Part
from primacy.sources.openalex.resolve import merge

__all__ = ["adopt", "load_entities", "remember_deleted"]


def adopt(tx: Transaction, part: Part) -> None:
    """Move the files of a part into the lake; those that were left without rows are gone already."""
    for name, path in part.files.items():
        if Path(path).exists():
            file = tx.new_file(name)
            Path(path).replace(file)
            tx.adopt(name, file)


def load_entities(
    name: str, tx: Transaction, now: Lake, new: Sequence[pa.Table], connection: duckdb.DuckDBPyConnection
) -> None:
    """Merge what is newly said of institutions, sources or topics into their table."""
    before = ledger.rows(now, name)
    merged = merge(name, connection, [before, *new])
    if not merged.equals(before.sort_by(declared(name).key[0])):
        tx.overwrite(name, merged)


def remember_deleted(
    tx: Transaction, now: Lake, listed: pa.Table, connection: duckdb.DuckDBPyConnection
) -> None:
    """Add a list of deleted works to those that the lake remembers, each with its latest date."""
    before = ledger.rows(now, "deleted_works")
    connection.register("before", before)
    connection.register("listed", listed)
    merged = connection.sql(
        "SELECT work_id, max(deleted_date) AS deleted_date FROM (FROM before UNION ALL FROM listed) "
        "GROUP BY work_id ORDER BY work_id"
    ).to_arrow_table()
    merged = merged.cast(before.schema)
    if not merged.equals(before.sort_by("work_id")):
        tx.overwrite("deleted_works", merged)
