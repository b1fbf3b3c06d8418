"""The engine: one Ibis connection that reads the lake's tables, whichever machine does the work."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.errors import NotThereError
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared

__all__ = ["Engine", "Keep"]

Keep: TypeAlias = Callable[[ir.Table], ir.Table]
"""Computes an expression once and returns it as a table to go on with."""

_NUMBERS = count()


class Engine:
    """Reads tables of a lake as Ibis tables and computes expressions over them.

    Parameters
    ----------
    backend
        An Ibis backend; use :meth:`duckdb`.
    name
        ``duckdb`` or ``spark``.
    copy
        Where the engine finds what lies in the lake's directory; there where None.
    """

    def __init__(self, backend: Any, name: str, *, copy: str | None = None) -> None:
        self.backend = backend
        self.name = name
        self.copy = copy

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
        backend = ibis.duckdb.connect(**settings)
        # Progress would stand on standard output, among the rows.
        backend.raw_sql("SET enable_progress_bar = false")
        return cls(backend, "duckdb")

    @classmethod
    def spark(cls, remote: str = "sail", *, copy: str | None = None) -> Engine:
        """Return an engine on Spark Connect.

        Parameters
        ----------
        remote
            ``sail`` starts a Sail server in this process; ``sc://host:port`` goes to one that runs.
        copy
            The lake's directory as the server sees it, such as ``s3://bucket/lake``; the same path where None.

        Raises
        ------
        NotThereError
            The packages of the extra ``spark`` are not installed.
        LakeError
            No server answers at that address.
        """
        if find_spec("pyspark") is None:
            raise NotThereError("--engine spark: install the extra, `pip install 'primacy[spark]'`")
        from primacy.lake.spark import connect

        return cls(connect(remote), "spark", copy=copy)

    def files(self, lake: Lake, name: str) -> list[str]:
        """Return the Parquet files of a table of the lake, at the lake's version, where the engine finds them."""
        files = lake.files(name)
        if self.copy is None:
            return files
        root = lake.path.resolve()
        return [
            f"{self.copy.rstrip('/')}/{Path(file).resolve().relative_to(root).as_posix()}" for file in files
        ]

    def table(self, lake: Lake, name: str) -> ir.Table:
        """Return a table of the lake, at the lake's version, with the columns of its schema."""
        files = self.files(lake, name)
        schema = declared(name).arrow
        if not files:
            return ibis.memtable(schema.empty_table())
        view = f"{name}_{hashlib.sha256(chr(0).join(files).encode()).hexdigest()[:12]}"
        if self.name == "spark":
            return self.backend.read_files(files, view)
        return self.backend.read_parquet(files, table_name=view)

    @contextmanager
    def scratch(self) -> Iterator[Keep]:
        """Yield a function that computes an expression now and returns it as a table to go on with.

        The tables are dropped when the block ends. Ibis' own ``cache`` drops its tables through a statement that
        DuckDB 2 no longer parses at exit.
        """
        held: dict[str, Any] = {}

        def keep(expression: ir.Table) -> ir.Table:
            name = f"scratch_{next(_NUMBERS)}"
            if self.name == "spark":
                held[name] = self.backend.keep(expression, name)
                return self.backend.table(name)
            held[name] = self.backend.create_table(name, expression, temp=True)
            return held[name]

        try:
            yield keep
        finally:
            for name in held:
                if self.name == "spark":
                    self.backend.forget(name)
                else:
                    self.backend.raw_sql(f'DROP TABLE "{name}"')

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        return self.backend.to_pyarrow(expression)
