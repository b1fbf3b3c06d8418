"""DuckDB in this process, for what is no measure: loading, settling and comparing tables."""

from __future__ import annotations

from typing import Any

import duckdb

__all__ = ["connect"]


def connect(**config: Any) -> duckdb.DuckDBPyConnection:
    """Return a connection of its own that says nothing: DuckDB shows the progress of long queries on standard output.

    Parameters
    ----------
    **config
        DuckDB's settings, such as ``threads`` or ``memory_limit``.

    Examples
    --------
    >>> with connect(threads=1) as connection:
    ...     connection.execute("SELECT current_setting('threads'), 1 + 1").fetchall()
    [(1, 2)]
    """
    connection = duckdb.connect(config=config)
    connection.execute("SET enable_progress_bar = false")
    return connection
