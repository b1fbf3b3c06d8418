"""Parts: the rows of a bounded number of works, sorted, one Parquet file per table, ready for the lake."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from primacy.errors import LakeError
from primacy.lake.schema import COMPRESSION, ROW_GROUP
from primacy.lake.tables import table as declared
from primacy.sources.openalex.crew import Tell
from primacy.sources.openalex.entities import ENTITIES
from primacy.sources.openalex.tables import RECORD, WORK_TABLES, Batch

LIMIT = 96 << 20
"""How many bytes of rows are held before they are written."""

_DICTIONARIES = ("type", "language", "author_position", "country", "year", "is_corresponding", "date")
"""Columns with few values; for the others a dictionary costs time and saves nothing."""


@dataclass(frozen=True)
class Part:
    """Works that lie in one Parquet file per table; no work is there twice.

    Parameters
    ----------
    files
        The file of each table.
    works
        How many works.
    records
        How many records they were chosen from.
    """

    files: dict[str, str]
    works: int
    records: int


def content(rows: Sequence[tuple[str, Sequence[object]]]) -> str:
    """Return a digest of all rows of a record, to choose among records of the same date."""
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


def contents(tables: dict[str, pa.Table], key: str, wanted: pa.Array) -> dict[int, str]:
    """Return the digest of what each of the wanted records says.

    Parameters
    ----------
    tables
        The rows of :data:`WORK_TABLES`.
    key
        The column that tells records apart.
    wanted
        Its values.
    """
    rows: dict[int, list[tuple[str, list[object]]]] = {k: [] for k in wanted.to_pylist()}
    for name in WORK_TABLES:
        columns = declared(name).arrow.names
        table = tables[name].filter(pc.is_in(tables[name][key], value_set=wanted))
        keys = table[key].to_pylist()
        for k, row in zip(keys, table.select(columns).to_pylist(), strict=True):
            rows[k].append((name, list(row.values())))
    return {k: content(r) for k, r in rows.items()}


def _winners(tables: dict[str, pa.Table]) -> npt.NDArray[np.bool_]:
    """Return which works to keep: of each id the newest record, among equally new ones one by content."""
    works = tables["works"]
    ids = works["work_id"].to_numpy()
    keep = np.ones(len(ids), bool)
    order = np.argsort(ids, kind="stable")
    same = ids[order][1:] == ids[order][:-1]
    if not same.any():
        return keep
    doubled = np.zeros(len(ids), bool)
    doubled[order[1:][same]] = True
    doubled[order[:-1][same]] = True
    places = np.flatnonzero(doubled)
    keep[places] = False
    dates = works["updated_date"].take(pa.array(places)).to_pylist()
    newest: dict[int, str] = {}
    for i, date in zip(ids[places].tolist(), dates, strict=True):
        newest[i] = max(newest.get(i, ""), date)
    best: dict[int, list[int]] = {}
    for place, date in zip(places.tolist(), dates, strict=True):
        if date == newest[ids[place]]:
            best.setdefault(int(ids[place]), []).append(place)
    tied = pa.array([p for group in best.values() if len(group) > 1 for p in group], pa.int32())
    digest = contents(tables, RECORD, tied) if len(tied) else {}
    for group in best.values():
        keep[max(group, key=lambda p: (digest.get(p, ""), -p))] = True
    return keep


def _ranks(works: pa.Table, keep: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return for each record its place by year and id, -1 where it is not kept."""
    years = pc.fill_null(works["year"], 10_000).to_numpy()
    order = np.lexsort((works["work_id"].to_numpy(), years, ~keep))
    ranks = np.full(len(order), -1, np.int64)
    kept = int(keep.sum())
    ranks[order[:kept]] = np.arange(kept)
    return ranks


def write_table(name: str, rows: pa.Table, path: Path) -> None:
    """Write rows of a lake table as the lake keeps them.

    Raises
    ------
    LakeError
        The disk refuses.
    """
    dictionaries = [c for c in rows.column_names if c in _DICTIONARIES]
    try:
        pq.write_table(
            rows,
            path,
            compression=COMPRESSION,
            compression_level=1,
            row_group_size=ROW_GROUP,
            use_dictionary=dictionaries or False,
            write_page_checksum=True,
        )
    except OSError as error:
        raise LakeError(
            f"{path.parent}: cannot be written ({error.strerror or error}); the lake is as it was before"
        ) from error


def write(batches: Sequence[Batch], directory: Path) -> Part:
    """Write batches as one part.

    Parameters
    ----------
    batches
        At least one.
    directory
        Where the files go; they get new names.
    """
    starts = np.cumsum([0, *(b.records for b in batches)])
    tables: dict[str, pa.Table] = {}
    for name in WORK_TABLES:
        pieces = []
        for start, batch in zip(starts, batches, strict=False):
            piece = batch.works[name]
            record = pc.add(piece[RECORD], pa.scalar(int(start), pa.int32()))
            pieces.append(piece.set_column(piece.num_columns - 1, RECORD, record))
        tables[name] = pa.concat_tables(pieces)
    ranks = _ranks(tables["works"], _winners(tables))
    files: dict[str, str] = {}
    token = uuid.uuid4().hex
    for name in WORK_TABLES:
        table = tables.pop(name)
        rank = ranks[table[RECORD].to_numpy()]
        order = np.argsort(rank, kind="stable")
        order = order[np.searchsorted(rank, 0, sorter=order) :]
        path = directory / f"{token}-{name}.parquet"
        write_table(name, table.drop_columns([RECORD]).take(pa.array(order)), path)
        files[name] = str(path)
    pa.default_memory_pool().release_unused()
    return Part(files, int((ranks >= 0).sum()), int(starts[-1]))


class PartWriter:
    """Collects the batches of files and writes them as parts; what belongs to a damaged file is taken back.

    Parameters
    ----------
    directory
        Where the parts go.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.parts: list[Part] = []
        self.entities: dict[str, list[pa.Table]] = {name: [] for name in ENTITIES}
        self.foreign = 0
        self._verified: list[Batch] = []
        self._current: list[Batch] = []
        self._tentative: list[Part] = []
        self._stated: dict[str, list[pa.Table]] = {name: [] for name in ENTITIES}

    def add(self, batch: Batch) -> None:
        """Take a batch of the file that is being read."""
        self._current.append(batch)
        for name, statements in batch.entities.items():
            self._stated[name].append(statements)
        size = sum(b.nbytes for b in self._current)
        if size + sum(b.nbytes for b in self._verified) > LIMIT and self._verified:
            self._flush()
        if size > LIMIT:
            self._tentative.append(write(self._current, self.directory))
            self._count(self._current)
            self._current = []

    def keep(self) -> None:
        """Keep what came from the file that was being read: it is sound."""
        self._verified += self._current
        self.parts += self._tentative
        for name in ENTITIES:
            self.entities[name] += self._stated[name]
        self._start()

    def discard(self) -> None:
        """Throw away what came from the file that was being read: it is damaged."""
        for part in self._tentative:
            for file in part.files.values():
                Path(file).unlink()
        self._start()

    def close(self) -> None:
        """Write what is left."""
        if self._verified:
            self._flush()

    def _start(self) -> None:
        self._current, self._tentative = [], []
        self._stated = {name: [] for name in ENTITIES}

    def _flush(self) -> None:
        self.parts.append(write(self._verified, self.directory))
        self._count(self._verified)
        self._verified = []

    def _count(self, batches: Sequence[Batch]) -> None:
        self.foreign += sum(b.foreign for b in batches)


@dataclass(frozen=True)
class Drop:
    """The task to take works out of a part; a file that is left without rows is removed."""

    part: Part
    ids: pa.Array

    def run(self, tell: Tell) -> None:
        """Write the part's files again without the works."""
        for name, path in self.part.files.items():
            rows = pq.read_table(path, use_threads=False)
            rows = rows.filter(pc.invert(pc.is_in(rows["work_id"], value_set=self.ids)))
            Path(path).unlink()
            if rows.num_rows:
                write_table(name, rows, Path(path))
