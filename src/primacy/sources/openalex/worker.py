"""A job: files of a source, decoded and written as parts."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import pyarrow as pa

from primacy.sources.openalex import decode, parquet
from primacy.sources.openalex.crew import Step, Tell
from primacy.sources.openalex.decode import Tally
from primacy.sources.openalex.entities import (
    ENTITIES,
    EntityRecord,
    distinct,
    fault,
    rows_of_records,
    rows_of_statements,
)
from primacy.sources.openalex.layout import SourceFile
from primacy.sources.openalex.leaves import Leaves
from primacy.sources.openalex.parts import Part, PartWriter
from primacy.sources.openalex.records import InstitutionRecord, SourceRecord, TopicRecord
from primacy.sources.openalex.storage import Storage, Traffic
from primacy.sources.openalex.stream import DamagedFileError, Digest, blocks, digest_of
from primacy.sources.openalex.tables import build

RECORDS: dict[str, type[EntityRecord]] = {
    "institutions": InstitutionRecord,
    "sources": SourceRecord,
    "topics": TopicRecord,
}
"""What the records of each kind of entity file are."""


@dataclass(frozen=True)
class Piece:
    """A file, or every ``of``-th block of its records from number ``number`` on."""

    file: SourceFile
    number: int = 0
    of: int = 1

    @property
    def size(self) -> int:
        """The part of the file's bytes that falls to it."""
        return -(-self.file.size // self.of)


@dataclass(frozen=True)
class FileReport:
    """What became of a file.

    Parameters
    ----------
    piece
        The file, or what part of it.
    digest
        What tells the file's content from any other: the SHA-256 of its bytes, or what its storage calls it.
    read
        Records that were read; 0 where it was passed over or is damaged.
    faults
        Lines that go into quarantine, with the reason.
    damage
        Why nothing of the file was loaded, None where it is sound.
    known
        It was read whole before.
    lacking
        For each required field the number of records without it.
    """

    piece: Piece
    digest: str
    read: int = 0
    faults: tuple[tuple[int, str], ...] = ()
    damage: str | None = None
    known: bool = False
    lacking: Mapping[str, int] = field(default_factory=dict)


@dataclass
class JobReport:
    """What became of a job.

    Parameters
    ----------
    files
        Its files.
    parts
        The parts that it wrote.
    entities
        Rows on institutions, sources and topics.
    foreign
        How many country codes were not two letters.
    traffic
        What it fetched.
    """

    files: list[FileReport] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    entities: dict[str, pa.Table] = field(default_factory=dict)
    foreign: int = 0
    traffic: Traffic = field(default_factory=Traffic)


@dataclass(frozen=True)
class Job:
    """Files to be read, in order.

    Parameters
    ----------
    storage
        Where they lie.
    pieces
        The files, or pieces of them.
    directory
        Where the parts go.
    known
        Digests of files that were read whole before and are passed over.
    """

    storage: Storage
    pieces: tuple[Piece, ...]
    directory: str
    known: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many bytes of files it reads."""
        return sum(p.size for p in self.pieces)

    def run(self, tell: Tell) -> JobReport:
        """Do the job.

        Raises
        ------
        InputError
            A file cannot be opened or read; a Parquet file lacks a required column, or has one of another type.
        LakeError
            The disk refuses.
        """
        reader = _Reader(replace(self, storage=replace(self.storage, traffic=Traffic())), tell)
        collecting = gc.isenabled()
        gc.disable()  # records hold no cycles, and there are millions of them
        try:
            files = [reader.read(piece) for piece in self.pieces]
            reader.writer.close()
        finally:
            if collecting:
                gc.enable()
        return JobReport(
            files,
            reader.writer.parts,
            reader.entities(),
            reader.writer.foreign,
            reader.job.storage.traffic,
        )


class _Reader:
    """Reads the pieces of one job."""

    def __init__(self, job: Job, tell: Tell) -> None:
        self.job = job
        self.tell = tell
        self.writer = PartWriter(Path(job.directory))
        self.rows: dict[str, list[pa.Table]] = {name: [] for name in ENTITIES}

    def entities(self) -> dict[str, pa.Table]:
        """Return all that was read of institutions, sources and topics."""
        found = {}
        for name in ENTITIES:
            said = self.writer.entities[name]
            rows = [*self.rows[name], *([rows_of_statements(name, distinct(said))] if said else [])]
            if rows:
                found[name] = pa.concat_tables(rows)
        return found

    def read(self, piece: Piece) -> FileReport:
        """Read a file or a piece of it; what it holds stays only where the file proves sound."""
        file, storage = piece.file, self.job.storage
        digest = storage.identity(file.name)
        if digest is None and (self.job.known or file.format == "parquet"):
            digest = self._digest(file)
        if digest is not None and digest in self.job.known:
            report = FileReport(piece, digest, known=True)
        else:
            report = self._read(piece, digest)
            for _ in range(1, storage.readings):  # what was damaged on the way is sound the next time
                if report.damage is not None:
                    storage.traffic.retries += 1
                    report = self._read(piece, digest)
        self.tell(Step(bytes=piece.size, files=1))
        return report

    def _digest(self, file: SourceFile) -> str:
        with self.job.storage.open(file.name) as stream:
            return digest_of(stream)

    def _read(self, piece: Piece, digest: str | None) -> FileReport:
        file = piece.file
        tally = Tally()
        rows: list[pa.Table] = []
        try:
            _check_size(file)
            if file.format == "parquet":
                self._parquet(piece, tally, rows)
            else:
                read = self._lines(piece, tally, rows)
                digest = read if digest is None else digest
        except (DamagedFileError, pa.ArrowException, OSError) as error:
            self.writer.discard()
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            return FileReport(piece, digest or self._digest(file), damage=reason)
        except BaseException:
            self.writer.discard()
            raise
        self.writer.keep()
        if file.entity != "works":
            self.rows[file.entity] += rows
        return FileReport(
            piece,
            digest or "",
            read=tally.read,
            faults=tuple(sorted(tally.faults)),
            lacking=dict(tally.lacking),
        )

    def _lines(self, piece: Piece, tally: Tally, rows: list[pa.Table]) -> str:
        """Read JSON Lines; return the digest of the file."""
        file = piece.file
        digest = Digest()
        with self.job.storage.open(file.name) as stream:
            lines = blocks(stream, digest, packed=file.packed)
            if file.entity == "works":
                for leaves in decode.works(lines, tally, number=piece.number, of=piece.of):
                    self._add(leaves, file)
            else:
                decoder = msgspec.json.Decoder(RECORDS[file.entity])
                found = decode.entities(lines, decoder, lambda r: fault(file.entity, r), tally)
                rows.extend(rows_of_records(file.entity, records) for records in found)
        return digest.hex()

    def _parquet(self, piece: Piece, tally: Tally, rows: list[pa.Table]) -> None:
        file, storage = piece.file, self.job.storage
        with (
            storage.parquet(file.name, Path(self.job.directory)) as stored,
            parquet.opened(file.name, stored.where) as opened,
        ):
            if file.entity == "works":
                groups = range(piece.number, opened.num_row_groups, piece.of)
                for leaves in parquet.works(opened, file.name, groups, tally, fetch=stored.fetch):
                    self._add(leaves, file)
            else:
                stored.fetch([(0, file.size)])
                kind = RECORDS[file.entity]
                found = parquet.entities(opened, file.name, kind, lambda r: fault(file.entity, r), tally)
                rows.extend(rows_of_records(file.entity, records) for records in found)

    def _add(self, leaves: Leaves, file: SourceFile) -> None:
        self.writer.add(build(leaves, partition_date=file.partition_date))
        self.tell(Step(records=leaves.works.num_rows))


def _check_size(file: SourceFile) -> None:
    """Refuse a file of another size than the manifest states, where nothing else would tell that it is cut."""
    if file.stated_size is not None and file.stated_size != file.size and not file.packed:
        raise DamagedFileError(f"the manifest states {file.stated_size} bytes, the file has {file.size}")
