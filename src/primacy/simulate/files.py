"""How the files of a world are written: the same bytes whenever, and marked as simulated."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec
from isal import isal_zlib

MARKER = "SIMULATED.json"
_GZIP = 31  # window bits that ask zlib for a gzip header, which then holds neither name nor time


class GzipFile:
    """Writes one gzip file; its bytes depend on what is written alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        """Open the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = self.path.open("wb")
        self._compress = isal_zlib.compressobj(1, isal_zlib.DEFLATED, _GZIP)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the gzip stream and close the file."""
        self.append(self.ending)
        self._file.write(self._compress.flush())
        self._file.close()

    ending = b""
    """What stands at the end of every such file."""

    def append(self, data: bytes) -> None:
        """Append bytes."""
        self._file.write(self._compress.compress(data))


class GzipLines(GzipFile):
    """Writes lines to one gzip file.

    Attributes
    ----------
    lines
        How many were written.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.lines = 0

    def write(self, lines: Sequence[bytes]) -> None:
        """Append lines, each of which ends in a line feed."""
        self.append(b"".join(lines))
        self.lines += len(lines)


@dataclass(frozen=True, slots=True)
class Part:
    """One part file of an entity: its place under the root, its records and its size in bytes."""

    place: str
    records: int
    size: int


def write_manifest(root: Path, folder: str, date: str, parts: Iterable[Part]) -> None:
    """Write the manifest of a copy of an entity in the layout of today's snapshot; it comes last.

    Parameters
    ----------
    root
        Where the snapshot is.
    folder
        Where the copy is in it, such as ``data/jsonl/works``.
    date
        The date of the release.
    parts
        Parts of the snapshot; those elsewhere are left out.
    """
    found = sorted((p for p in parts if p.place.startswith(f"{folder}/")), key=lambda part: part.place)
    manifest = {
        "date": date,
        "record_count": sum(part.records for part in found),
        "content_length": sum(part.size for part in found),
        "files": [
            {
                "url": f"s3://openalex/{part.place}",
                "meta": {"content_length": part.size, "record_count": part.records},
            }
            for part in found
        ],
    }
    write_json(root / folder / "manifest.json", manifest)


def write_json(path: Path, value: object) -> None:
    """Write indented JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file with line feeds; numbers as Python writes them, None as nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
