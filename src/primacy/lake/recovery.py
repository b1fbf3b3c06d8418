"""After a writer that died: what it left behind goes, what it published stays.

A writer puts files beside a table's own, commits them to the table's Delta log, and publishes the new version of
the lake with one rename (:mod:`primacy.lake.catalog`). Until that rename nobody reads any of it. So whoever writes
next may take everything away that no version of the lake names.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from primacy.lake.catalog import Catalog
from primacy.lake.tables import TABLES

__all__ = ["STAGING", "recover", "spill", "unreferenced"]

STAGING = "_staging"
"""The directory of files in the making."""


def spill(root: Path) -> Path:
    """Return where an engine of this process may put what does not fit into memory: a directory of its own."""
    return root / "_spill" / f"{platform.node()}-{os.getpid()}"


def recover(root: Path, catalog: Catalog, *, sweep: bool) -> None:
    """Make a lake's directory hold what its versions name; only under the writer's lock.

    Parameters
    ----------
    root
        The lake's directory.
    catalog
        Its newest version.
    sweep
        Also look for files that never reached a log, which means reading all of every log.
    """
    shutil.rmtree(root / STAGING, ignore_errors=True)
    for log in sorted(root.glob("*/_delta_log")):
        pin = catalog.tables.get(log.parent.name)
        if pin is None:
            shutil.rmtree(log.parent)
            continue
        for commit in _commits(log):
            if int(commit.stem) > pin.version:
                for name in _added(commit):
                    (log.parent / name).unlink(missing_ok=True)
                commit.unlink()
    if sweep:
        for directory in (root / "_spill").glob(f"{platform.node()}-*"):
            if not _alive(int(directory.name.rpartition("-")[2])):
                shutil.rmtree(directory, ignore_errors=True)
        for path in unreferenced(root, catalog):
            path.unlink(missing_ok=True)


def unreferenced(root: Path, catalog: Catalog) -> list[Path]:
    """Return the files of a lake that no version of it names, in a fixed order."""
    found = list((root / "_catalog").glob(".*.tmp"))
    for name in sorted(TABLES):
        directory = root / name
        pin = catalog.tables.get(name)
        log = directory / "_delta_log"
        kept = {
            file
            for commit in (_commits(log) if pin else ())
            if pin and int(commit.stem) <= pin.version
            for file in _added(commit)
        }
        found += [p for p in directory.glob("part-*.parquet") if p.name not in kept]
        # How delta-rs names a commit in the making.
        found += [p for p in log.glob("*") if "#" in p.name or ".tmp" in p.name]
    return sorted(found)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another user's
        return True
    return True


def _commits(log: Path) -> list[Path]:
    return sorted(p for p in log.glob("*.json") if p.stem.isdigit())


def _added(commit: Path) -> Iterator[str]:
    """Yield the names of the files that a commit adds; of one that was cut off, those that can be read."""
    for line in commit.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            action = json.loads(line)
        except ValueError:
            continue
        if isinstance(action, dict) and action.get("add"):
            yield action["add"]["path"]
