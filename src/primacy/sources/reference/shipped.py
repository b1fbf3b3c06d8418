"""Reads the small CSV tables that ship with the package."""

from __future__ import annotations

import csv
import io
from importlib import resources

__all__ = ["shipped_rows"]


def shipped_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in ``data/``.

    Examples
    --------
    >>> shipped_rows("licenses.csv")[0]
    {'license': 'apache-2.0', 'class': 'permissive'}
    """
    file = resources.files("primacy.sources.reference") / "data" / name
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
