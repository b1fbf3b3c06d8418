"""Spark Connect as an Ibis backend: Apache Spark, or Sail, which needs no Java.

It is Ibis' own backend, but tables come and go as Arrow, a number is written as the double that it is, and what is
computed once is kept as a checkpoint. Needs the packages of the extra ``spark``.
"""

from __future__ import annotations

import atexit
import math
import os
import socket
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.formats.pyarrow import PyArrowData

from primacy.errors import LakeError, NotThereError


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


def _hush_pandas() -> None:
    """Keep back what PySpark says of its own way to pandas: rows come and go as Arrow here."""
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)


with _named_main(), warnings.catch_warnings():
    _hush_pandas()
    from ibis.backends import pyspark
    from ibis.backends.pyspark.datatypes import PySparkSchema
    from ibis.backends.sql.compilers.pyspark import PySparkCompiler
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as f

__all__ = ["SparkBackend", "connect"]

PORT = 15002
"""Of Spark Connect, where an address names none."""

PATIENCE = 10.0
"""Seconds in which a server must take up the connection."""

_SERVERS: list[Any] = []  # a server that nobody holds shuts down


class _Compiler(PySparkCompiler):
    """Ibis' compiler, but 0.3 is a double.

    Spark reads 0.3 as a decimal. Beside a double that is its neighbour, and where both become decimals
    (``nullif``, ``coalesce``) the double loses its digits.
    """

    __slots__ = ()

    def visit_NonNullLiteral(self, op: ops.Literal, *, value: Any, dtype: Any) -> Any:  # noqa: N802
        if dtype.is_floating() and math.isfinite(value):
            return self.cast(repr(float(value)), dtype)
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

    def visit_Median(self, op: ops.Median, *, arg: Any, where: Any) -> Any:  # noqa: N802
        """Of some rows: Ibis' own makes the fraction itself depend on the row, and Sail wants a constant."""
        return self.visit_Quantile(op, arg=arg, quantile=0.5, where=where)


class SparkBackend(pyspark.Backend):
    """Ibis' backend for Spark, where tables stay Arrow on their way and steps can be kept."""

    compiler = _Compiler()

    @property
    def session(self) -> SparkSession:
        """The session with the server."""
        return self._session

    def read_files(self, files: Sequence[str], name: str) -> ir.Table:
        """Return Parquet files, which the server reads, as one table.

        Ibis hands a list of files to Spark as one path, and gets a table without columns.
        """
        self.session.read.parquet(*files).createOrReplaceTempView(name)
        return self.table(name)

    def keep(self, expression: ir.Table, name: str) -> Any:
        """Compute an expression now, call its rows by a name, and return what must be held as long as they are needed.

        Spark's ``cache`` computes only when asked, and Sail's not at all: steps that follow each other would be
        computed anew for each that comes after, a number that doubles with every step.
        """
        stated = PySparkSchema.from_ibis(expression.schema())
        # Spark counts ranks and days as int; Ibis, and whoever goes on from here, as bigint.
        columns = [f.col(f"`{c.name}`").cast(c.dataType).alias(c.name) for c in stated]
        frame: Any = self._frame(expression).select(*columns).localCheckpoint()
        # PySpark takes it for that of this process' first session, which may be with another server.
        frame._session = frame._plan._spark_session = self.session
        frame.createTempView(name)
        return frame

    def forget(self, name: str) -> None:
        """Take away a name."""
        self.session.catalog.dropTempView(name)

    def to_pyarrow(self, expr: ir.Expr, /, **kwargs: Any) -> Any:
        """Compute an expression; the types of the columns are those that it states."""
        table = expr.as_table()
        rows = PyArrowData.convert_table(self._frame(table).toArrow(), table.schema())
        return expr.__pyarrow_result__(rows)

    def _frame(self, expression: ir.Table) -> Any:
        self._run_pre_execute_hooks(expression)
        return self.session.sql(self.compile(expression))

    def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
        rows = PyArrowData.convert_table(op.data.to_pyarrow(op.schema), op.schema)
        # Of no rows PySpark cannot tell the types.
        given = (rows,) if rows.num_rows else ([], PySparkSchema.from_ibis(op.schema))
        self.session.createDataFrame(*given).createOrReplaceTempView(op.name)


def connect(remote: str) -> SparkBackend:
    """Connect to a server of Spark Connect.

    Parameters
    ----------
    remote
        ``sail`` starts a Sail server in this process; ``sc://host:port`` goes to one that runs.

    Raises
    ------
    NotThereError
        ``sail``, and it is not installed.
    LakeError
        No server answers at that address.
    """
    _hush_pandas()
    address = _sail() if remote == "sail" else _listening(remote)
    SparkBackend.register_options()
    try:
        session = _session(address)
        backend: SparkBackend = SparkBackend().connect(session)
        # Both optimisers move a division before the filter that keeps zeros from it. It then must not fail, and Sail's
        # check for zeros fails where there are none.
        session.conf.set("spark.sql.ansi.enabled", "false")
        # What Spark infers of a checkpoint names columns that it no longer has, and a union over it fails.
        session.conf.set("spark.sql.constraintPropagation.enabled", "false")
    except PySparkException as error:
        reason = str(error).strip().partition("\n")[0]
        raise LakeError(f"--engine spark: {remote} does not answer ({reason})") from error
    return backend


def _listening(remote: str) -> str:
    """Return an address at which somebody listens; PySpark would try for ten minutes, and say nothing."""
    parts = urlsplit(remote)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or PORT), timeout=PATIENCE):
            return remote
    except (OSError, ValueError) as error:
        raise LakeError(f"--engine spark: {remote} cannot be reached ({error})") from None


@cache
def _session(address: str) -> SparkSession:
    """Return this process' session with a server; PySpark's ``getOrCreate`` returns that with any server."""
    with _named_main():
        return SparkSession.builder.remote(address).create()


@cache
def _sail() -> str:
    """Start a Sail server in this process, once, and return its address.

    Sail's own variables hold, such as ``SAIL_MODE=local-cluster`` for several workers.
    """
    try:
        from pysail.spark import SparkConnectServer
    except ImportError:
        raise NotThereError("--engine spark: install the extra, `pip install 'primacy[spark]'`") from None
    checkpoints = tempfile.TemporaryDirectory(prefix="primacy-sail-", ignore_cleanup_errors=True)
    atexit.register(checkpoints.cleanup)
    os.environ.setdefault("SAIL_EXECUTION__CHECKPOINT__PATH", f"file://{checkpoints.name}")
    os.environ.setdefault("RUST_LOG", "error")  # its diary would stand on standard error, among the messages
    server = SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _SERVERS.append(server)
    address, port = server.listening_address
    return f"sc://{address}:{port}"
