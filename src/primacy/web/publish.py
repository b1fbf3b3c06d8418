"""The explorer as files: the same pages, for a plain file server, under any path prefix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from primacy.errors import InputError
from primacy.web.app import create_app
from primacy.web.replacing import replacing
from primacy.web.site import ENDINGS, TABLE_ENDINGS, Site
from primacy.web.templating import ASSETS, asset
from primacy.workspace import Workspace

__all__ = ["Published", "publish"]

MARK = ".primacy-site"
"""Says that a directory was published by this program, so that it may be replaced."""
Advance = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Published:
    """What was written."""

    pages: int
    figures: int
    files: int
    bytes: int


def publish(
    workspace: Workspace, directory: Path, *, png: bool = True, advance: Advance = lambda done, total: None
) -> Published:
    """Write the explorer of a workspace as a static site.

    Parameters
    ----------
    workspace
        Whose results.
    directory
        Where; it must be new, empty, or hold a site published before, which is replaced as a whole when the new one
        is complete.
    png
        Also write every figure as PNG.
    advance
        Told how many pages and figures are done, of how many.

    Raises
    ------
    InputError
        Something else is in the directory, it or the one above cannot be written, or another process publishes there.
    """
    site = Site(workspace, static=True)
    site.openapi = create_app(workspace).openapi
    try:
        with replacing(directory, MARK) as staging:
            (staging / MARK).write_text(
                "written by primacy publish; replaced when it runs again\n", encoding="utf-8"
            )
            return _write(site, staging, png, advance)
    except OSError as error:
        raise InputError(
            f"{error.filename or directory}: cannot be written ({error.strerror or error}); "
            f"{directory} is as it was before"
        ) from error


def _write(site: Site, directory: Path, png: bool, advance: Advance) -> Published:
    size = files = pages = 0

    def put(path: str, parts: Iterator[bytes]) -> None:
        nonlocal size, files
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            size += sum(stream.write(part) for part in parts)
        files += 1

    for name in ASSETS:
        put(f"static/{name}", iter([asset(name)]))
    put("search.json", iter([site.index()]))
    for table in site.snapshot.tables:
        for ending in TABLE_ENDINGS:
            put(f"data/{table}.{ending}", site.table(table, ending).parts)
    paths = list(site.paths())
    figures: dict[str, Any] = {}
    for path in paths:
        page = site.page(path)
        figures |= {f.path: f for f in _figures_of(page.context)}
        put(f"{path or 'index'}.html", iter([site.html(page, at=path)]))
        pages += 1
        advance(pages, len(paths))
    for done, path in enumerate(sorted(figures), start=1):
        kind, subject, window = path.removeprefix("figures/").split("/")
        put(f"{path}.html", iter([site.html(site.page(path))]))
        for ending in ENDINGS:
            if ending != "png" or png:
                put(f"{path}.{ending}", iter([site.figure(kind, subject, window, ending)]))
        advance(len(paths) + done, len(paths) + len(figures))
    return Published(pages, len(figures), files, size)


def _figures_of(context: Any) -> Iterator[Any]:
    for value in context.values():
        for one in value if isinstance(value, list) else [value]:
            if hasattr(one, "draw") and not one.empty:
                yield one
