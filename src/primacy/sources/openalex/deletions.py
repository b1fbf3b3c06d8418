"""Works that OpenAlex withdrew: ``works/deleted_ids.csv``."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from primacy.lake.tables import table as declared
from primacy.sources.openalex import normalise
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
    """Read lists of deleted works. Of a list that is damaged, nothing is applied."""
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
    number = 0
    with storage.open(name) as file:
        for block in blocks(file, digest, packed=name.endswith(".gz")):
            for number, raw in enumerate(block.splitlines(), number + 1):  # noqa: B020 - it goes on
                line = raw.decode("utf-8", errors="replace").strip()
                if not line or (number == 1 and line.lower().replace('"', "").startswith("work_id")):
                    continue
                cells = next(csv.reader([line])) if '"' in line else line.split(",")
                work = normalise.parse_id(cells[0], "W")
                stamp = normalise.parse_stamp(cells[1]) if len(cells) > 1 and cells[1].strip() else FINAL
                if work is None:
                    wrong.append((number, f"{cells[0][:60]!r} is not the id of a work"))
                elif stamp is None:
                    wrong.append((number, f"deleted_date {cells[1][:60]!r} is not a date"))
                else:
                    works.append(work)
                    dates.append(stamp[:10])
    return works, dates, wrong
