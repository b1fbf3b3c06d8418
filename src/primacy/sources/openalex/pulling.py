"""``pull openalex``: files of a source into the lake, chunk by chunk, each chunk one transaction."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from primacy.errors import InputError
from primacy.lake.embedded import connect
from primacy.lake.recovery import STAGING
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction
from primacy.sources.openalex import ledger, plan, release
from primacy.sources.openalex.crew import Crew, Step
from primacy.sources.openalex.deletions import Fault
from primacy.sources.openalex.entities import ENTITIES
from primacy.sources.openalex.filling import adopt, load_entities, remember_deleted
from primacy.sources.openalex.layout import SourceFile
from primacy.sources.openalex.ledger import Entry
from primacy.sources.openalex.parts import Drop
from primacy.sources.openalex.records import REQUIRED
from primacy.sources.openalex.resolve import Resolution, resolve
from primacy.sources.openalex.source import Source
from primacy.sources.openalex.storage import SourceChangedError
from primacy.sources.openalex.summary import Progress, PullSummary
from primacy.sources.openalex.tables import WORK_TABLES
from primacy.sources.openalex.worker import FileReport, JobReport

MEMORY = "256MB"
"""What DuckDB may take in this process before it spills to disk."""

PATIENCE = 3
"""How often a source is looked at that changes while it is being read."""


def pull(
    lake: Lake,
    source: str | Path,
    *,
    workers: int | None = None,
    chunk: int | None = None,
    max_shrink: float = release.MAX_SHRINK,
    progress: Callable[[Progress], None] | None = None,
    options: Mapping[str, Any] | None = None,
    called: str | None = None,
) -> PullSummary:
    """Bring the works of an OpenAlex source into the lake.

    Every chunk of files is one transaction: it is in the lake as a whole or not at all, and a pull that was
    broken off goes on where it stopped, since files that were read whole are known by their digest. Of a work
    in several partitions or pulls the newest ``updated_date`` wins, in whatever order they arrive; of equally
    new records in one chunk one is chosen by content, and against the lake's the lake's stays.

    Parameters
    ----------
    lake
        The lake.
    source
        A directory in one of OpenAlex's snapshot layouts, at any level; a ``.jsonl``, ``.jsonl.gz`` or
        ``.parquet`` file of works; an ``s3://`` address; or another one that fsspec understands.
    workers
        How many processes read files; the number of processors where None.
    chunk
        Bytes of files per transaction; a gigabyte where None.
    max_shrink
        The share of an entity that the pull may take away; see
        :func:`primacy.sources.openalex.release.refuse_shrunken`. 1 refuses nothing.
    progress
        Is called again and again while files are read.
    options
        What the source's file system needs; on S3 ``endpoint`` and ``signed``, see
        :func:`primacy.sources.openalex.s3.locate`.
    called
        What the lake's history calls the source; its address where None.

    Returns
    -------
    PullSummary
        The counts.

    Raises
    ------
    InputError
        There is nothing to pull at that place, or it is not OpenAlex's, or the release looks broken; the text names
        what is wrong.
    LakeError
        Another process is writing, or the disk refuses; the lake is as the last whole chunk left it.
    """
    begun = time.monotonic()
    found = Source(str(source), options)
    release.refuse_shrunken(
        lake.latest(), found.address, found.layout.records, found.deletions.rows, max_shrink=max_shrink
    )
    running = _Pull(lake.latest(), found, called, progress)
    size = workers or os.cpu_count() or 1
    with Crew(1 if running.progress.bytes < plan.SMALL else size) as crew:
        running.all_files(crew, chunk or plan.CHUNK)
    running.apply_deletions()
    return running.summary(time.monotonic() - begun)


class _Pull:
    """A running pull.

    Parameters
    ----------
    lake
        As it is when the pull begins.
    source
        What is pulled.
    called, progress
        As in :func:`pull`.
    """

    def __init__(
        self,
        lake: Lake,
        source: Source,
        called: str | None,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self.lake = lake
        self.source = source
        self._label = f"pull openalex {called or source.address}"
        self.known = ledger.known(lake)
        self.quarantined = ledger.quarantined(lake)
        self.counts: Counter[str] = Counter()
        self.notes = self.source.notes
        files = self.source.layout.files
        self.progress = Progress(len(files), sum(f.size for f in files))
        self._watch = progress
        self._only = sum(f.entity == "works" for f in files) == 1

    @contextmanager
    def _transaction(self) -> Iterator[tuple[Transaction, Lake, Path]]:
        """Change the lake; yields the transaction, the lake before it, and a directory for files in the making."""
        with self.lake.transaction(self._label) as tx:
            if self.source.layout.simulated:
                tx.label(simulated=True)
            staging = self.lake.path / STAGING / uuid.uuid4().hex
            staging.mkdir(parents=True)
            try:
                now = self.lake.latest()
                yield tx, now, staging
                if tx.changed:
                    tx.label(**release.label(now, self.source.address, self.source.layout.records))
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def _tell(self, step: Step) -> None:
        now = self.progress
        self.progress = replace(
            now,
            files_done=now.files_done + step.files,
            bytes_done=now.bytes_done + step.bytes,
            read=now.read + step.records,
        )
        if self._watch is not None:
            self._watch(self.progress)

    def all_files(self, crew: Crew, size: int) -> None:
        """Bring all files into the lake, so many bytes at a time; what was changed where they lie, once more.

        Raises
        ------
        SourceChangedError
            The source changes again and again, or its manifests do not describe it.
        """
        for _ in range(PATIENCE):
            changed: SourceChangedError | None = None
            try:
                for chunk in plan.chunks(self.source.left(), size):
                    self.chunk(chunk, crew)
                    self.source.done(chunk)
            except SourceChangedError as error:
                changed = error
            if self.source.settled(changed):
                return
        raise SourceChangedError(
            f"{self.source.address}: changed {PATIENCE} times while it was being read; pull again when the "
            "release is complete"
        )

    def chunk(self, files: Sequence[SourceFile], crew: Crew) -> None:
        """Bring a chunk of files into the lake."""
        with self._transaction() as (tx, now, staging):
            jobs = plan.jobs(
                files,
                storage=self.source.storage,
                directory=str(staging),
                known=frozenset(self.known),
                size=crew.size,
            )
            reports = crew.run(jobs, self._tell)
            for report in reports:
                self.source.traffic.add(report.traffic)
            outcomes = _by_file(report for job in reports for report in job.files)
            damaged = {o.piece.file for o in outcomes if o.damage is not None}
            sound = [r for r in reports if not (r.files[0].piece.of > 1 and r.files[0].piece.file in damaged)]
            for outcome in outcomes:
                self._require(outcome)
            with _duckdb(staging) as connection:
                resolution = self._load_works(tx, now, sound, connection, crew)
                for name in ENTITIES:
                    new = [r.entities[name] for r in sound if name in r.entities]
                    if new:
                        load_entities(name, tx, now, new, connection)
            self.counts["foreign"] += sum(r.foreign for r in sound)
            self._record(tx, outcomes, resolution)

    def _require(self, outcome: FileReport) -> None:
        """Refuse a source with a file in which a required field is missing throughout."""
        records = outcome.read + len(outcome.faults)
        for name in REQUIRED:
            if 0 < records == outcome.lacking.get(name) and (self._only or records > 1):
                raise InputError(
                    f"{outcome.piece.file.name}: required field '{name}' is missing in all {records} records; "
                    "these are not OpenAlex works"
                )

    def _load_works(
        self,
        tx: Transaction,
        now: Lake,
        reports: Sequence[JobReport],
        connection: duckdb.DuckDBPyConnection,
        crew: Crew,
    ) -> Resolution:
        """Bring the parts of a chunk into the lake; return what was decided over their records."""
        parts = [part for report in reports for part in report.parts]
        if not parts:
            return Resolution([], pa.array([], pa.int64()), {}, {}, contested=False)
        resolution = resolve(
            connection,
            parts,
            now=now.files("works"),
            start=self.lake.files("works"),
            own=self.source.deletions.rows,
            remembered=now.files("deleted_works"),
        )
        if len(resolution.replaced):
            for name in WORK_TABLES:
                if now.has(name):
                    tx.delete(name, "work_id", resolution.replaced)
        pairs = zip(parts, resolution.dropped, strict=True)
        crew.run([Drop(part, ids) for part, ids in pairs if len(ids)], lambda _: None)
        for part in parts:
            adopt(tx, part)
        self.counts.update(resolution.counts)
        return resolution

    def _record(self, tx: Transaction, outcomes: Sequence[FileReport], resolution: Resolution) -> None:
        """Count the files of a chunk, remember which were read whole, and put faults into quarantine."""
        faults: list[Fault] = []
        whole: list[Entry] = []
        for outcome in outcomes:
            file = outcome.piece.file
            if outcome.damage is not None:
                faults.append(Fault(file.name, None, outcome.damage, outcome.digest))
                continue
            read = self.known[outcome.digest] if outcome.known else outcome.read
            works = file.entity == "works"
            self.counts["read" if works else "described"] += read
            if outcome.known:
                self.counts["unchanged"] += read if works else 0
                continue
            self._compare(file, read + len(outcome.faults))
            faults += [Fault(file.name, line, reason, outcome.digest) for line, reason in outcome.faults]
            whole.append(Entry(file.name, file.entity, outcome.digest, read, len(outcome.faults)))
        if not resolution.contested:
            ledger.remember(tx, whole)
        self._quarantine(tx, faults)
        if tx.changed and any(e.entity == "works" for e in whole):
            ledger.account(tx, whole, resolution.ledger)

    def _compare(self, file: SourceFile, records: int) -> None:
        """Note where a sound file is not what the manifest states: another release, or one that is changing."""
        if file.stated_records is not None and file.stated_records != records:
            self.notes.append(
                f"{file.name}: the manifest states {file.stated_records} records, the file has {records}"
            )
        elif file.stated_size is not None and file.stated_size != file.size:
            self.notes.append(
                f"{file.name}: the manifest states {file.stated_size} bytes, the file has {file.size}"
            )

    def _quarantine(self, tx: Transaction, faults: Sequence[Fault]) -> None:
        self.counts["faults"] += len(faults)
        rows = []
        for fault in faults:
            key = (ledger.short(fault.file), fault.digest, fault.line)
            if key not in self.quarantined:
                self.quarantined.add(key)
                rows.append({"source": ledger.SOURCE, **vars(fault)})
                if fault.line is None:
                    self.counts["damaged"] += 1
                    self.notes.append(f"{fault.file}: {fault.reason}; nothing of it is loaded")
        if rows:
            tx.append("quarantine", pa.Table.from_pylist(rows, declared("quarantine").arrow))
            self.counts["quarantined"] += len(rows)

    def apply_deletions(self) -> None:
        """Take the works that the source lists as deleted out of the lake, and remember them."""
        if not self.source.layout.deleted:
            return
        with self._transaction() as (tx, now, staging):
            with _duckdb(staging) as connection:
                connection.register("listed", self.source.deletions.rows)
                if now.has("works"):
                    self._delete(tx, now, connection)
                remember_deleted(tx, now, self.source.deletions.rows, connection)
            self._quarantine(tx, self.source.deletions.faults)

    def _delete(self, tx: Transaction, now: Lake, connection: duckdb.DuckDBPyConnection) -> None:
        gone = connection.sql(
            "SELECT work_id, updated_date[:10] > deleted_date AS newer FROM read_parquet(?) "
            "JOIN listed USING (work_id) ORDER BY work_id",
            params=[now.files("works")],
        ).to_arrow_table()
        ids = gone["work_id"].combine_chunks()
        if not len(ids):
            return
        for name in (*WORK_TABLES, "memberships"):
            if now.has(name):
                tx.delete(name, "work_id", ids)
        self.counts["deleted"] += len(ids)
        ledger.account(tx, [], {"deleted": len(ids)})
        if pc.any(gone["newer"]).as_py():
            # Another source may still bring these: no file of works may be passed over.
            tx.delete("pulled_files", "entity", ["works"])

    def summary(self, seconds: float) -> PullSummary:
        """Return what was done.

        Raises
        ------
        InputError
            Nothing: the source holds no records.
        """
        if not (
            self.counts["read"]
            or self.counts["described"]
            or self.counts["faults"]
            or self.source.layout.deleted
        ):
            raise InputError(
                f"{self.source.address}: no records in its {len(self.source.layout.files)} files"
            )
        lines = self.counts["quarantined"] - self.counts["damaged"]
        if lines:
            self.notes.append(f"{lines} lines could not be loaded: primacy show quarantine")
        if self.counts["foreign"]:
            self.notes.append(
                f"{self.counts['foreign']} country codes are not two letters; they count as missing"
            )
        names = {f.name for f in fields(PullSummary)} & set(self.counts)
        return PullSummary(
            **{name: self.counts[name] for name in names},
            files=len(self.source.layout.files),
            seconds=round(seconds, 3),
            fetched=self.source.traffic.bytes,
            retries=self.source.traffic.retries,
            notes=tuple(self.notes),
        )


def _by_file(reports: Iterable[FileReport]) -> list[FileReport]:
    """Return one report per file, the pieces of a file put together."""
    found: dict[SourceFile, FileReport] = {}
    for report in reports:
        other = found.get(report.piece.file)
        if other is not None:
            report = replace(
                report,
                read=report.read + other.read,
                faults=tuple(sorted((*report.faults, *other.faults))),
                damage=report.damage or other.damage,
                lacking=Counter(report.lacking) + Counter(other.lacking),
            )
        found[report.piece.file] = report
    return sorted(found.values(), key=lambda r: r.piece.file.name)


def _duckdb(spill: Path) -> duckdb.DuckDBPyConnection:
    return connect(memory_limit=MEMORY, temp_directory=str(spill / "spill"))
