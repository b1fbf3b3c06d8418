"""One job: some files of a source, decoded and written as parts. Runs in this process or in another one."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from primacy.errors import InputError
from primacy.sources.openalex import decode, parquet
from primacy.sources.openalex.decode import Tally
from primacy.sources.openalex.entities import (
    EntityRecord,
    distinct,
    fault,
    rows_of_records,
    rows_of_statements,
)
from primacy.sources.openalex.layout import SourceFile
from primacy.sources.openalex.parts import Part, PartWriter
from primacy.sources.openalex.records import InstitutionRecord, SourceRecord, TopicRecord
from primacy.sources.openalex.storage import Storage
from primacy.sources.openalex.stream import DamagedFileError, Digest, blocks, digest_of
from primacy.sources.openalex.tables import build

_RECORDS: dict[str, type[EntityRecord]] = {
    "institutions": InstitutionRecord,
    "sources": SourceRecord,
    "topics": TopicRecord,
}


@dataclass(frozen=True)
class Job:
    """Files to be read.

    Parameters
    ----------
    storage
        Where they lie.
    files
        In order.
    directory
        Where the parts go.
    known
        Digests of files that were read whole before and are passed over.
    alone
        The source has no other file of works.
    """

    storage: Storage
    files: tuple[SourceFile, ...]
    directory: str
    known: frozenset[str] = frozenset()
    alone: bool = False


@dataclass(frozen=True)
class FileReport:
    """What became of a file.

    Parameters
    ----------
    file
        The file.
    digest
        SHA-256 of its bytes.
    read
        Records that were read; 0 where it was passed over or is damaged.
    faults
        Lines that go into quarantine, with the reason.
    damage
        Why nothing of the file was loaded, None where it is sound.
    known
        It was read whole before.
    note
        What the user should know of it.
    """

    file: SourceFile
    digest: str
    read: int = 0
    faults: tuple[tuple[int, str], ...] = ()
    damage: str | None = None
    known: bool = False
    note: str | None = None


@dataclass
class JobReport:
    """What became of a job: its files, the parts it wrote, and the rows on institutions, sources and topics."""

    files: list[FileReport] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    entities: dict[str, pa.Table] = field(default_factory=dict)
    foreign: int = 0


def run(job: Job) -> JobReport:
    """Do a job.

    Raises
    ------
    InputError
        A file is not of works at all: a required field or column is missing throughout.
    """
    writer = PartWriter(Path(job.directory))
    report = JobReport()
    records: dict[str, list[pa.Table]] = {}
    collecting = gc.isenabled()
    gc.disable()  # records hold no cycles, and there are millions of them
    try:
        for file in job.files:
            report.files.append(_read(job, file, writer, records))
        writer.close()
    finally:
        if collecting:
            gc.enable()
    report.parts = writer.parts
    report.foreign = writer.foreign
    for name, statements in writer.entities.items():
        rows = records.get(name, [])
        if statements:
            rows = [*rows, rows_of_statements(name, distinct(statements))]
        if rows:
            report.entities[name] = pa.concat_tables(rows)
    return report


def _read(job: Job, file: SourceFile, writer: PartWriter, entities: dict[str, list[pa.Table]]) -> FileReport:
    """Read one file; it stays only where it proves sound."""
    digest = ""
    if job.known or file.format == "parquet":
        with job.storage.open(file.name) as stream:
            digest = digest_of(stream)
        if digest in job.known:
            return FileReport(file, digest, known=True)
    tally = Tally()
    mine: list[pa.Table] = []
    sum_of_bytes = Digest()
    try:
        _check_size(file)
        if file.format == "parquet":
            _read_parquet(job, file, writer, tally, mine)
        else:
            with job.storage.open(file.name) as stream:
                lines = blocks(stream, sum_of_bytes, packed=file.packed)
                if file.entity == "works":
                    for leaves in decode.works(lines, tally):
                        writer.add(build(leaves, partition_date=file.partition_date))
                else:
                    decoder = msgspec.json.Decoder(_RECORDS[file.entity])
                    found = decode.entities(lines, decoder, lambda r: fault(file.entity, r), tally)
                    mine.extend(rows_of_records(file.entity, records) for records in found)
            digest = sum_of_bytes.hex()
    except (DamagedFileError, pa.ArrowException, OSError) as error:
        writer.discard()
        if not digest:
            with job.storage.open(file.name) as stream:
                digest = digest_of(stream)
        return FileReport(file, digest, damage=_line(error))
    except BaseException:
        writer.discard()
        raise
    lacking = tally.missing()
    if lacking is not None and (job.alone or tally.records > 1):
        writer.discard()
        raise InputError(
            f"{file.name}: required field '{lacking}' is missing in all {tally.records} records; "
            "these are not OpenAlex works"
        )
    writer.keep()
    if mine:
        entities.setdefault(file.entity, []).extend(mine)
    return FileReport(
        file, digest, read=tally.read, faults=tuple(sorted(tally.faults)), note=_note(file, tally.records)
    )


def _check_size(file: SourceFile) -> None:
    """Refuse a file of another size than the manifest states, where nothing else would tell that it is cut."""
    if file.stated_size is not None and file.stated_size != file.size and not file.packed:
        raise DamagedFileError(f"the manifest states {file.stated_size} bytes, the file has {file.size}")


def _note(file: SourceFile, records: int) -> str | None:
    if file.stated_records is not None and file.stated_records != records:
        return f"{file.name}: the manifest states {file.stated_records} records, the file has {records}"
    if file.stated_size is not None and file.stated_size != file.size:
        return f"{file.name}: the manifest states {file.stated_size} bytes, the file has {file.size}"
    return None


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _read_parquet(job: Job, file: SourceFile, writer: PartWriter, tally: Tally, mine: list[pa.Table]) -> None:
    where: Any = job.storage.path(file.name) or job.storage.open(file.name)
    with pq.ParquetFile(where, page_checksum_verification=True) as opened:
        if file.entity == "works":
            for leaves in parquet.works(opened, file.name, range(opened.num_row_groups), tally):
                writer.add(build(leaves, partition_date=file.partition_date))
            return
        kind = _RECORDS[file.entity]
        wanted = [f for f in kind.__struct_fields__ if f in opened.schema_arrow.names]
        if "id" not in wanted:
            raise InputError(f"{file.name}: required column 'id' is missing; it is no file of {file.entity}")
        row = 0
        for batch in opened.iter_batches(parquet.BATCH, columns=wanted, use_threads=False):
            found: list[EntityRecord] = []
            for value in batch.to_pylist():
                row += 1
                stamp = value.get("updated_date")
                if stamp is not None:
                    value["updated_date"] = stamp if isinstance(stamp, str) else stamp.isoformat()
                try:
                    record = msgspec.convert(value, kind)
                except msgspec.ValidationError as error:
                    tally.faults.append((row, f"unfit record: {error}"))
                    continue
                reason = fault(file.entity, record)
                if reason is None:
                    found.append(record)
                else:
                    tally.faults.append((row, f"unfit record: {reason}"))
            tally.read += len(found)
            if found:
                mine.append(rows_of_records(file.entity, found))
