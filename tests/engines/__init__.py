"""One suite of behaviour for every engine: what Spark computes is what DuckDB computes."""

from __future__ import annotations
