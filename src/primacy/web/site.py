"""The site: every page and file of the explorer by its path, independent of how it is served."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from primacy.errors import NotThereError
from primacy.present.charts_theme import png
from primacy.present.figure import Figure
from primacy.present.rows import RowFormat, encode
from primacy.web import briefs, figures, metadata, routes
from primacy.web.cache import Cache
from primacy.web.page import Page
from primacy.web.pages import search
from primacy.web.snapshot import Snapshot
from primacy.web.templating import render
from primacy.workspace import Workspace
from primacy.workspace.provenance import source_digest

__all__ = ["ENDINGS", "PICTURES", "ROW_FORMATS", "File", "Site", "figure_file"]

ENDINGS = {
    "narrow.svg": "image/svg+xml",
    "metadata.json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}
"""Every ending under which a figure may be had, with its media type."""
PICTURES = ("svg", "narrow.svg", "png")
"""The endings of those that are drawn."""
ROW_FORMATS: dict[str, RowFormat] = {"csv": "csv", "json": "json", "parquet": "parquet"}
TABLE_ENDINGS = ("metadata.json", "csv", "json", "parquet")
BATCH = 20_000


@dataclass(frozen=True)
class File:
    """What stands at an address that is no page."""

    media_type: str
    name: str
    parts: Iterator[bytes]


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n").encode()


def _json_parts(table: pa.Table) -> Iterator[bytes]:
    """Return a table as the JSON of :func:`primacy.present.rows.encode`, a batch at a time."""
    if table.num_rows <= BATCH:
        yield encode(table, "json")
        return
    yield b"[\n"
    for start in range(0, table.num_rows, BATCH):
        yield (b",\n" if start else b"") + encode(table.slice(start, BATCH), "json")[2:-3]
    yield b"\n]\n"


def split_ending(path: str) -> tuple[str, str]:
    """Return a path without its ending, and the ending.

    Raises
    ------
    NotThereError
        It has none that is known.

    Examples
    --------
    >>> split_ending("figures/trend/x/years.narrow.svg"), split_ending("data/leads.metadata.json")
    (('figures/trend/x/years', 'narrow.svg'), ('data/leads', 'metadata.json'))
    """
    for ending in ENDINGS:
        if path.endswith(f".{ending}"):
            return path.removesuffix(f".{ending}"), ending
    raise NotThereError(
        f"'{path[-40:]}': the address must end in one of {', '.join('.' + e for e in ENDINGS)}"
    )


def _seen(path: str) -> tuple[str, int, int]:
    """Return a file's name with what changes when it does; of a directory, when a file in it does."""
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return path, 0, 0
    return path, found.st_mtime_ns, found.st_size


class Site:
    """The explorer of a workspace.

    Parameters
    ----------
    workspace
        Whose results it shows; it follows them when a study is run again.
    static
        Whether pages are written to files rather than served.
    """

    def __init__(self, workspace: Workspace, *, static: bool = False) -> None:
        self.path: Path = workspace.path
        self.static = static
        self.openapi: Callable[[], Mapping[str, Any]] = dict
        self._cache: Cache[bytes] = Cache()
        self._lock = threading.Lock()
        self._state = self._look()
        self._snapshot = Snapshot(workspace)

    # ------------------------------------------------------------------ versions

    def _look(self) -> list[tuple[str, int, int]]:
        """Return what changes when a study is run or a portfolio matched; and that cheaply, for every request asks."""
        results = f"{self.path}/results"
        studies = os.listdir(results) if os.path.isdir(results) else []  # noqa: PTH112, PTH208 - Path costs thrice
        seen = [_seen(f"{results}/{study}/manifest.json") for study in sorted(studies)]
        return [*seen, _seen(f"{self.path}/lake/_catalog")]

    @property
    def snapshot(self) -> Snapshot:
        """The newest results; a site of files keeps those with which it began."""
        if self.static:
            return self._snapshot
        now = self._look()
        with self._lock:
            if now != self._state:
                self._snapshot, self._state = Snapshot(Workspace.open(self.path)), now
            return self._snapshot

    def etag(self, address: str) -> str:
        """Return the tag of what stands at an address, which changes with the results and with what shows them."""
        shown_by = source_digest(("present", "web"))
        digest = hashlib.sha256(f"{shown_by}{address}".encode("utf-8", "surrogateescape")).hexdigest()[:8]
        return f'W/"{self.snapshot.state}-{digest}"'

    # ------------------------------------------------------------------ pages

    def page(self, path: str, query: Mapping[str, str] | None = None) -> Page:
        """Return the page at a path.

        Raises
        ------
        NotThereError
            There is none.
        UsageError
            The path or the query has something that it cannot have.
        """
        return self._page(self.snapshot, path, query or {})

    def _page(self, snapshot: Snapshot, path: str, query: Mapping[str, str]) -> Page:
        return routes.page_at(snapshot, path, query, self.openapi())

    def html(self, page: Page, *, at: str | None = None) -> bytes:
        """Return a page as it is sent from a path, its own where None."""
        return render(self.snapshot, page, at=page.path if at is None else at, static=self.static).encode()

    def html_at(self, path: str, query: Mapping[str, str] | None = None) -> bytes:
        """Return the page at a path as it is sent, made once for a state of results and lake."""
        snapshot, asked = self.snapshot, query or {}
        key = (snapshot.state, path, *sorted(asked.items()))
        return self._cache.get(
            key,
            lambda: render(snapshot, self._page(snapshot, path, asked), at=path, static=self.static).encode(),
        )

    def paths(self) -> Iterator[str]:
        """Return the path of every page that links lead to, for publishing."""
        return routes.paths(self.snapshot)

    # ------------------------------------------------------------------ files

    def figure(self, kind: str, subject: str, window: str, ending: str) -> bytes:
        """Return a figure in a format, made once for a version of the results.

        Raises
        ------
        NotThereError
            There is no such figure.
        """
        snapshot = self.snapshot
        key = (snapshot.version, "figure", kind, subject, window, ending)
        if ending == "png":
            # A figure is drawn once: its PNG is made of its SVG.
            return self._cache.get(key, lambda: png(self.figure(kind, subject, window, "svg").decode()))
        return self._cache.get(
            key, lambda: figure_file(snapshot, figures.find(snapshot, kind, subject, window), ending)
        )

    def table(self, name: str, ending: str) -> File:
        """Return a whole result table for download.

        Raises
        ------
        NotThereError
            There is no such table or format.
        """
        snapshot = self.snapshot
        if ending not in TABLE_ENDINGS:
            raise NotThereError(f"tables come as {', '.join('.' + e for e in TABLE_ENDINGS)}")
        table = metadata.marked_rows(snapshot, snapshot.table(name))
        if ending == "metadata.json":
            parts: Iterator[bytes] = iter([_json(metadata.table_metadata(snapshot, name))])
        elif ending == "json":
            parts = _json_parts(table)
        else:
            parts = iter([encode(table, ROW_FORMATS[ending])])
        marked = f"SIMULATED-{name}" if snapshot.simulated else name
        return File(ENDINGS[ending], f"{marked}.{ending}", parts)

    def brief(self, kind: str, subject: str, window: str | None = None) -> File:
        """Return the brief of a technology or country as PDF, made once for a version of the results.

        Raises
        ------
        NotThereError
            There is no such subject or window, or the research study was not run.
        """
        snapshot = self.snapshot
        key = (snapshot.version, "brief", kind, subject, window)
        content = self._cache.get(key, lambda: briefs.brief(snapshot, kind, subject, window).pdf())
        mark = "SIMULATED-" if snapshot.simulated else ""
        name = "-".join([f"{mark}primacy", subject, *([window] if window else [])])
        return File("application/pdf", f"{name}.pdf", iter([content]))

    def index(self) -> bytes:
        """Return what the search box searches."""
        snapshot = self.snapshot
        return self._cache.get(
            (snapshot.version, "index"),
            lambda: json.dumps(search.entries(snapshot), ensure_ascii=False, separators=(",", ":")).encode(),
        )


def figure_file(snapshot: Snapshot, figure: Figure, ending: str) -> bytes:
    """Return a figure in any format but PNG.

    Raises
    ------
    NotThereError
        It has nothing to draw.
    """
    if ending == "metadata.json":
        return _json(metadata.figure_metadata(snapshot, figure))
    if ending in ROW_FORMATS:
        return encode(metadata.marked_rows(snapshot, figure.rows), ROW_FORMATS[ending])
    if figure.empty:
        raise NotThereError(f"{figure.path}: nothing to draw")
    return figure.svg(narrow=ending == "narrow.svg").encode()
