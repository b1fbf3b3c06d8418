"""Works that OpenAlex withdrew: ``works/deleted_ids.csv``, and ``merged_ids/works/*.csv`` of the older layout.

A work that was merged into another one lives on there: its own record goes, as that of a deleted work does. The newer
layout has no such lists; merged works stand among the deleted ones.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import pyarrow as pa

from primacy.lake.tables import table as declared
from primacy.sources.openalex import normalise
from primacy.sources.openalex.layout import MERGED
from primacy.sources.openalex.storage import Storage
from primacy.sources.openalex.stream import DamagedFileError, Digest, blocks

FINAL = "9999-12-31"
"""The date of a deletion that states none: no record is newer."""


@dataclass(frozen=True)
class Fault:
    """A line, or a whole file where ``line`` is None, that goes into quarantine."""

    file: str
    line: int | None
    reason: str
    digest: str


@dataclass
class Deletions:
    """The deleted works of a source.

    Parameters
    ----------
    rows
        Rows of the lake's table ``deleted_works``, sorted, one per work; of a work listed twice, the latest date.
    faults
        What could not be read.
    """

    rows: pa.Table
    faults: list[Fault] = field(default_factory=list)


def read(storage: Storage, names: Sequence[str]) -> Deletions:
    """Read lists of deleted and of merged works. Of a list that is damaged, nothing is applied."""
    works = array("q")
    dates: list[str] = []
    faults: list[Fault] = []
    for name in names:
        digest = Digest()
        try:
            found, when, wrong = _read(storage, name, digest)
        except DamagedFileError as error:
            faults.append(Fault(name, None, str(error), digest.hex()))
            continue
        works.extend(found)
        dates += when
        faults += [Fault(name, line, reason, digest.hex()) for line, reason in wrong]
    table = pa.table({"work_id": pa.array(works, pa.int64()), "deleted_date": pa.array(dates, pa.string())})
    latest = table.group_by("work_id", use_threads=False).aggregate([("deleted_date", "max")])
    rows = latest.select(["work_id", "deleted_date_max"]).rename_columns(["work_id", "deleted_date"])
    return Deletions(rows.sort_by("work_id").cast(declared("deleted_works").arrow), faults)


def _read(storage: Storage, name: str, digest: Digest) -> tuple[array[int], list[str], list[tuple[int, str]]]:
    works = array("q")
    dates: list[str] = []
    wrong: list[tuple[int, str]] = []
    parse = _merged if MERGED in PurePosixPath(name).parts else _deleted
    number = 0
    with storage.open(name) as file:
        for block in blocks(file, digest, packed=name.endswith(".gz")):
            for number, raw in enumerate(block.splitlines(), number + 1):  # noqa: B020 - it goes on
                line = raw.decode("utf-8", errors="replace").strip()
                cells = next(csv.reader([line])) if '"' in line else line.split(",")
                if not line or (number == 1 and {c.lower() for c in cells} & _TITLES):
                    continue
                try:
                    work, stamp = parse(cells)
                except ValueError as error:
                    wrong.append((number, str(error)))
                else:
                    works.append(work)
                    dates.append(stamp)
    return works, dates, wrong


_TITLES = {"work_id", "merge_into_id"}
"""One of these stands in the first line of every list."""


def _deleted(cells: list[str]) -> tuple[int, str]:
    """Return the work and the date of a line of ``deleted_ids.csv``: work_id, deleted_date."""
    return _work(cells[0]), _date("deleted_date", cells[1] if len(cells) > 1 else "")


def _merged(cells: list[str]) -> tuple[int, str]:
    """Return the same of a line of a list of merged works: merge_date, id, merge_into_id."""
    if len(cells) < 3:
        raise ValueError(f"{len(cells)} values, not merge_date, id and merge_into_id")
    work, target = _work(cells[1]), _work(cells[2])
    if work == target:
        raise ValueError(f"{cells[1][:60]!r} is merged into itself")
    return work, _date("merge_date", cells[0])


def _work(text: str) -> int:
    work = normalise.parse_id(text, "W")
    if work is None:
        raise ValueError(f"{text[:60]!r} is not the id of a work")
    return work


def _date(name: str, text: str) -> str:
    if not text.strip():
        return FINAL
    stamp = normalise.parse_stamp(text)
    if stamp is None:
        raise ValueError(f"{name} {text[:60]!r} is not a date")
    return stamp[:10]
