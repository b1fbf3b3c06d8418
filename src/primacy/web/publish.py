"""The explorer as files: the same pages, for a plain file server, under any path prefix."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from primacy.errors import InputError
from primacy.web.replacing import replacing
from primacy.web.site import Site
from primacy.web.workers import Orders, workers
from primacy.web.writing import DRAWINGS, Done, Writer
from primacy.workspace import Workspace

__all__ = ["Published", "publish"]

MARK = ".primacy-site"
"""Says that a directory was published by this program, so that it may be replaced."""
FEW = 50
"""Figures for which a process more is not worth its start."""
Advance = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Published:
    """What was written."""

    pages: int
    figures: int
    files: int
    bytes: int


def publish(
    workspace: Workspace,
    directory: Path,
    *,
    png: bool = True,
    processes: int | None = None,
    advance: Advance = lambda done, total: None,
) -> Published:
    """Write the explorer of a workspace as a static site; the bytes do not depend on the processes.

    Parameters
    ----------
    workspace
        Whose results.
    directory
        Where; it must be new, empty, or hold a site published before, which is replaced as a whole when the new one
        is complete. What did not change since is taken over from there.
    png
        Also write every figure as PNG.
    processes
        How many share the work; one per core where None.
    advance
        Told how many pages, figures and tables are done, of how many.

    Raises
    ------
    InputError
        Something else is in the directory, it or the one above cannot be written, or another process publishes there.
    PrimacyError
        The results changed meanwhile.
    """
    site = Site(workspace, static=True)
    try:
        with replacing(directory, MARK) as staging:
            (staging / MARK).write_text(
                "written by primacy publish; replaced when it runs again\n", encoding="utf-8"
            )
            orders = Orders(
                workspace=str(workspace.path.resolve()),
                state=site.snapshot.state,
                directory=str(staging),
                before=str(directory.resolve()),
                png=png,
                every_letter=False,
            )
            return _write(site, orders, processes or os.cpu_count() or 1, _Progress(advance))
    except OSError as error:
        raise InputError(
            f"{error.filename or directory}: cannot be written ({error.strerror or error}); "
            f"{directory} is as it was before"
        ) from error


class _Progress:
    """Counts what several threads have done."""

    def __init__(self, advance: Advance) -> None:
        self._advance = advance
        self._lock = threading.Lock()
        self._done = self._total = 0

    def expect(self, more: int) -> None:
        self._total += more

    def step(self, more: int) -> None:
        with self._lock:
            self._done += more
            self._advance(self._done, self._total)


def _write(site: Site, orders: Orders, processes: int, progress: _Progress) -> Published:
    staging, before = Path(orders.directory), Path(orders.before)
    paths, tables = list(site.paths()), sorted(site.snapshot.tables)
    whole = Done()
    Writer(site, staging, before=before, png=orders.png).shared(whole)
    progress.expect(len(paths) + len(tables))
    with workers(orders, processes) as members:
        whole.add(members.do("tables", tables, progress.step))
        whole.add(members.do("pages", paths, progress.step))
        figures = sorted(set(whole.figures))
        progress.expect(len(figures))
        whole.add(members.do("figures", figures, progress.step))
    if left := sorted(whole.unlettered):
        few = max(1, min(processes, len(left) // FEW))
        with workers(msgspec.structs.replace(orders, every_letter=True), few) as members:
            whole.add(members.do("figures", left, lambda more: None))
    (staging / DRAWINGS).write_text(json.dumps(whole.drawings, sort_keys=True, indent=0), encoding="utf-8")
    return Published(len(paths), len(figures), whole.files, whole.size)
