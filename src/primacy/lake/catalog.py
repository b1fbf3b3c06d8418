"""The lake's versions: which version of each Delta table belongs together.

A Delta table is atomic by itself; a pull changes a dozen of them. The catalog makes the dozen one: each
version is a small file that names the version of every table, published by one rename. Readers pin the newest
file when they open the lake and see nothing else until they open it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from primacy.errors import LakeError

FORMAT = 1
"""The version of the lake's own layout; another one is refused by name."""


@dataclass(frozen=True)
class Pin:
    """One table at one version: Delta version, number of rows, fingerprint of the schema."""

    version: int
    rows: int
    fingerprint: str


@dataclass(frozen=True)
class Catalog:
    """One version of the lake.

    Parameters
    ----------
    version
        Counts from 0, the empty lake.
    reason
        The command that made it.
    tables
        The pinned tables by name.
    labels
        What is said of the lake as a whole, such as ``simulated``.
    """

    version: int = 0
    reason: str = "created"
    tables: Mapping[str, Pin] = field(default_factory=dict)
    labels: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the catalog as its file's text."""
        return json.dumps(
            {
                "format": FORMAT,
                "version": self.version,
                "reason": self.reason,
                "labels": dict(self.labels),
                "tables": {
                    name: {"version": p.version, "rows": p.rows, "fingerprint": p.fingerprint}
                    for name, p in sorted(self.tables.items())
                },
            },
            indent=1,
        )

    @classmethod
    def read(cls, path: Path) -> Catalog:
        """Read a catalog's file.

        Raises
        ------
        LakeError
            It cannot be read, or is of another format.
        """
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            written = raw["format"]
            if written != FORMAT:
                raise LakeError(
                    f"{path}: lake of format {written}, this primacy reads format {FORMAT}; "
                    "use the version of primacy that wrote it, or pull into a new workspace"
                )
            return cls(
                version=int(raw["version"]),
                reason=str(raw["reason"]),
                labels=dict(raw["labels"]),
                tables={
                    n: Pin(int(p["version"]), int(p["rows"]), str(p["fingerprint"]))
                    for n, p in raw["tables"].items()
                },
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise LakeError(f"{path}: not a readable catalog ({error!r}); restore it from a copy") from error


def newest(directory: Path) -> int | None:
    """Return the number of the newest catalog in a directory, None where there is none."""
    numbers = [int(p.stem) for p in directory.glob("*.json") if p.stem.isdigit()]
    return max(numbers, default=None)


def path_of(directory: Path, version: int) -> Path:
    """Return where the catalog of a version lies."""
    return directory / f"{version:010d}.json"


def publish(directory: Path, catalog: Catalog) -> None:
    """Write a catalog so that it is there whole or not at all."""
    final = path_of(directory, catalog.version)
    write_atomically(final, catalog.to_json().encode())


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash at any moment, meets the old one or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Make sure that a file, or the names in a directory, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
