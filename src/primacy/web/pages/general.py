"""The pages on the explorer itself: method, data, this build, the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from primacy.present.sentences import VERDICTS
from primacy.studies.tables import RESULT_TABLES
from primacy.web.page import Page
from primacy.web.snapshot import Snapshot

__all__ = ["about", "api", "data", "method"]


def method(snapshot: Snapshot) -> Page:
    """Return how the numbers are made."""
    return Page(
        "method",
        "method.html",
        "Method",
        "How shares, leads, intervals and verdicts are computed.",
        {
            "method": snapshot.method,
            "verdicts": VERDICTS,
            "query": snapshot.variant,
        },
    )


def data(snapshot: Snapshot) -> Page:
    """Return every table for download."""
    tables = [{"table": t, "study": s, **snapshot.entry(t)} for t, s in snapshot.tables.items()]
    return Page(
        "data",
        "data.html",
        "Data",
        "Every result table, for download.",
        {
            "tables": tables,
            "declared": RESULT_TABLES,
            "columns": {name: {c.name: c for c in t.columns} for name, t in RESULT_TABLES.items()},
        },
    )


def about(snapshot: Snapshot) -> Page:
    """Return what this build was made from."""
    return Page(
        "about",
        "about.html",
        "About this build",
        "What these results were made from: tables with versions, settings, code.",
        {"studies": snapshot.studies, "flat": {n: _flat(m) for n, m in snapshot.studies.items()}},
    )


def _flat(manifest: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the parts of a manifest that people read, as lines of key and value."""
    parts = {
        "Works at each step": manifest.get("funnel", {}),
        "Settings": manifest.get("settings", {}),
        "Code": manifest.get("code", {}),
    }
    return {title: list(_lines(part)) for title, part in parts.items() if part}


def _lines(value: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    found = []
    for key, item in value.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(item, Mapping):
            found += _lines(item, f"{name} › ")
        elif isinstance(item, bool):
            found.append((name, "yes" if item else "no"))
        elif isinstance(item, int):
            found.append((name, f"{item:,}"))
        else:
            found.append((name, ", ".join(map(str, item)) if isinstance(item, list) else str(item)))
    return found


def api(snapshot: Snapshot, openapi: Mapping[str, Any]) -> Page:
    """Return the API's documentation, made from its OpenAPI description."""
    tables = {t: dict(snapshot.entry(t)["columns"]) for t in snapshot.tables}
    return Page(
        "api", "api.html", "API", "The JSON API of the explorer.", {"openapi": openapi, "tables": tables}
    )
