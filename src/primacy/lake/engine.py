"""The engine: one Ibis connection that reads the lake's tables, whichever machine does the work."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.store import Lake
from primacy.lake.tables import table as declared

__all__ = ["Engine"]


class Engine:
    """Reads tables of a lake as Ibis tables and computes expressions over them.

    Parameters
    ----------
    backend
        An Ibis backend; use :meth:`duckdb`.
    name
        ``duckdb`` or ``spark``.
    """

    def __init__(self, backend: Any, name: str) -> None:
        self.backend = backend
        self.name = name

    @classmethod
    def duckdb(cls, *, threads: int | None = None, spill: str | Path | None = None) -> Engine:
        """Return an engine embedded in this process.

        Parameters
        ----------
        threads
            How many; DuckDB's own choice where None.
        spill
            A directory for what does not fit in memory.
        """
        settings: dict[str, Any] = {"preserve_insertion_order": False}
        if threads is not None:
            settings["threads"] = threads
        if spill is not None:
            settings["temp_directory"] = str(spill)
        return cls(ibis.duckdb.connect(**settings), "duckdb")

    def table(self, lake: Lake, name: str) -> ir.Table:
        """Return a table of the lake, at the lake's version, with the columns of its schema."""
        files = lake.files(name)
        schema = declared(name).arrow
        if not files:
            return ibis.memtable(schema.empty_table())
        view = f"{name}_{hashlib.sha256(chr(0).join(files).encode()).hexdigest()[:12]}"
        return self.backend.read_parquet(files, table_name=view)

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        return self.backend.to_pyarrow(expression)
