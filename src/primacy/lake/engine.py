"""The engine: one Ibis connection that reads the lake's tables, whichever machine does the work."""

from __future__ import annotations

import hashlib
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
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
_SERVERS: list[Any] = []  # a server that nobody holds shuts down


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
        backend = ibis.duckdb.connect(**settings)
        # Progress would stand on standard output, among the rows.
        backend.raw_sql("SET enable_progress_bar = false")
        return cls(backend, "duckdb")

    @classmethod
    def spark(cls, remote: str = "sail") -> Engine:
        """Return an engine on Spark Connect.

        Parameters
        ----------
        remote
            ``sail`` starts a Sail server in this process; ``sc://host:port`` goes to one that runs.

        Raises
        ------
        NotThereError
            The packages of the extra ``spark`` are not installed.
        """
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise NotThereError("--engine spark: install the extra, `pip install 'primacy[spark]'`") from None
        # Rows come and go as Arrow; what PySpark says of its own way to pandas concerns nobody here.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        if remote == "sail":
            remote = _sail()
        with _named_main():
            session = SparkSession.builder.remote(remote).getOrCreate()
        return cls(ibis.pyspark.connect(session), "spark")

    def table(self, lake: Lake, name: str) -> ir.Table:
        """Return a table of the lake, at the lake's version, with the columns of its schema."""
        files = lake.files(name)
        schema = declared(name).arrow
        if not files:
            return ibis.memtable(schema.empty_table())
        view = f"{name}_{hashlib.sha256(chr(0).join(files).encode()).hexdigest()[:12]}"
        if self.name == "spark":
            # Ibis hands a list of files to Spark as one path, and gets a table without columns.
            self.backend._session.read.parquet(*files).createOrReplaceTempView(view)
            return self.backend.table(view)
        return self.backend.read_parquet(files, table_name=view)

    @contextmanager
    def scratch(self) -> Iterator[Keep]:
        """Yield a function that computes an expression now and returns it as a table to go on with.

        The tables are dropped when the block ends. Ibis' own ``cache`` drops its tables through a statement that
        DuckDB 2 no longer parses at exit, and insists that Spark forgets at once, which Sail does not.
        """
        names: list[str] = []
        # Spark may compute a table only when it is asked for, and then again needs what it was made of.
        made_of: list[ir.Table] = []

        def keep(expression: ir.Table) -> ir.Table:
            name = f"scratch_{next(_NUMBERS)}"
            if self.name == "spark":
                made_of.append(expression)
                self.backend._register_in_memory_tables(expression)
                self.backend._session.sql(self.backend.compile(expression)).cache().createTempView(name)
                kept = self.backend.table(name)
            else:
                kept = self.backend.create_table(name, expression, temp=True)
            names.append(name)
            return kept

        try:
            yield keep
        finally:
            for name in names:
                if self.name == "spark":
                    self.backend._session.catalog.dropTempView(name)
                else:
                    self.backend.raw_sql(f'DROP TABLE "{name}"')

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""
        return self.backend.to_pyarrow(expression)


@contextmanager
def _named_main() -> Iterator[None]:
    """Keep pyspark from leaving a program that has no main file (``python -c``, an embedded interpreter).

    It takes such a program for its own documentation tests.
    """
    main = sys.modules["__main__"]
    if hasattr(main, "__file__"):
        yield
        return
    main.__file__ = "<no file>"
    try:
        yield
    finally:
        del main.__file__


@cache
def _sail() -> str:
    """Start a Sail server in this process, once, and return its address."""
    try:
        from pysail.spark import SparkConnectServer
    except ImportError:
        raise NotThereError("--engine spark: install the extra, `pip install 'primacy[spark]'`") from None
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _SERVERS.append(server)
    address, port = server.listening_address
    return f"sc://{address}:{port}"
