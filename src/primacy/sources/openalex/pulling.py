"""``pull openalex``: files of a source into the lake, chunk by chunk, each chunk one transaction."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction
from primacy.sources.openalex import deletions
from primacy.sources.openalex.crew import Crew
from primacy.sources.openalex.deletions import Fault
from primacy.sources.openalex.entities import ENTITIES, merge
from primacy.sources.openalex.layout import Layout, SourceFile, discover
from primacy.sources.openalex.parts import Part
from primacy.sources.openalex.resolve import drop, resolve
from primacy.sources.openalex.storage import Storage, locate
from primacy.sources.openalex.tables import WORK_TABLES
from primacy.sources.openalex.worker import FileReport, Job, JobReport

CHUNK = 1 << 30
"""How many bytes of files go into one transaction."""
JOB = 128 << 20
"""How many bytes of files go into one job."""
SMALL = 24 << 20
"""A source of fewer bytes is read in this process: others would not have started by then."""
MEMORY = "384MB"
"""What DuckDB may take before it spills to disk."""

_SOURCE = "openalex"


@dataclass(frozen=True)
class Progress:
    """How far a pull is."""

    files: int
    files_done: int
    bytes: int
    bytes_done: int
    read: int


@dataclass(frozen=True)
class PullSummary:
    """What a pull did.

    ``read = added + updated + unchanged + superseded + withdrawn``: every record that was read is one of these.

    Parameters
    ----------
    read
        Records of works that were read, those in files that were read whole by an earlier pull included.
    added
        Records of works that the lake did not have.
    updated
        Records that replaced an older one of the lake.
    unchanged
        Records that are not newer than the lake's.
    superseded
        Records that gave way to a newer one of the same pull.
    withdrawn
        Records of works that OpenAlex deleted.
    deleted
        Works that were in the lake and are deleted.
    quarantined
        Rows that the pull added to ``quarantine``.
    files
        Files of records.
    seconds
        How long it took.
    notes
        What the user should know of the source.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    superseded: int = 0
    withdrawn: int = 0
    deleted: int = 0
    quarantined: int = 0
    files: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    def row(self) -> dict[str, int | float]:
        """Return the numbers by name."""
        return {k: v for k, v in vars(self).items() if k != "notes"}


@dataclass
class _State:
    """What a running pull knows."""

    source: str
    storage: Storage
    layout: Layout
    start: Lake
    deletions: deletions.Deletions
    known: dict[str, int]
    quarantined_before: set[tuple[str, str, int | None]]
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: int = 0
    foreign: int = 0

    def count(self, **numbers: int) -> None:
        for name, number in numbers.items():
            self.counts[name] = self.counts.get(name, 0) + number


def pull(
    lake: Lake,
    source: str | Path,
    *,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    options: Mapping[str, Any] | None = None,
) -> PullSummary:
    """Bring the works of an OpenAlex source into the lake.

    Every chunk of files is one transaction: it is in the lake as a whole or not at all, and a pull that was
    broken off goes on where it stopped, since files that were read whole are known by their digest. Of a work
    in several partitions or pulls the newest ``updated_date`` wins, in whatever order they arrive.

    Parameters
    ----------
    lake
        The lake.
    source
        A directory in one of OpenAlex's snapshot layouts, at any level; a ``.jsonl``, ``.jsonl.gz`` or
        ``.parquet`` file of works; or an address that fsspec understands.
    workers
        How many processes read files; the number of processors where None.
    progress
        Is called after every job.
    options
        What the source's file system needs.

    Returns
    -------
    PullSummary
        The counts.

    Raises
    ------
    InputError
        There is nothing to pull at that place, or it is not OpenAlex's; the text names what is wrong.
    LakeError
        Another process is writing, or the disk refuses; the lake is as the last whole chunk left it.
    """
    begun = time.monotonic()
    storage, sizes = locate(str(source), options)
    layout = discover(str(source), storage, sizes)
    lake = lake.latest()
    state = _State(
        source=str(source),
        storage=storage,
        layout=layout,
        start=lake,
        deletions=deletions.read(storage, layout.deleted),
        known=_known(lake),
        quarantined_before=_quarantined(lake),
        notes=list(layout.notes),
    )
    total = sum(f.size for f in layout.files)
    size = 1 if total < SMALL else (workers or os.cpu_count() or 1)
    done: list[FileReport] = []

    def tell(report: JobReport) -> None:
        done.extend(report.files)
        if progress is not None:
            read = sum(f.read for f in done)
            progress(Progress(len(layout.files), len(done), total, sum(f.file.size for f in done), read))

    with Crew(size) as crew:
        for chunk in _groups(layout.files, CHUNK):
            _pull_chunk(state, lake, chunk, crew, tell)
    _apply_deletions(state, lake)
    if not any((state.counts.get("read"), state.faults, state.counts.get("entities"), layout.deleted)):
        raise InputError(f"{source}: its {len(layout.files)} files hold no records")
    if state.foreign:
        state.notes.append(f"{state.foreign} country codes are not two letters; they count as missing")
    names = (f for f in PullSummary.__dataclass_fields__ if f not in ("notes", "seconds", "files"))
    return PullSummary(
        **{name: state.counts.get(name, 0) for name in names},
        files=len(layout.files),
        seconds=round(time.monotonic() - begun, 3),
        notes=tuple(state.notes),
    )


def _known(lake: Lake) -> dict[str, int]:
    """Return the files that were read whole before: digest and number of records."""
    files = lake.files("pulled_files")
    if not files:
        return {}
    rows = pq.read_table(files, columns=["digest", "source", "rows"]).to_pylist()
    return {r["digest"]: r["rows"] for r in rows if r["source"] == _SOURCE}


def _short(name: str) -> str:
    """Return what identifies a file within a source wherever its root is: partition and name."""
    return "/".join(PurePosixPath(name).parts[-2:])


def _quarantined(lake: Lake) -> set[tuple[str, str, int | None]]:
    files = lake.files("quarantine")
    if not files:
        return set()
    rows = pq.read_table(files, columns=["source", "file", "digest", "line"]).to_pylist()
    return {(_short(r["file"]), r["digest"], r["line"]) for r in rows if r["source"] == _SOURCE}


def _groups(files: Iterable[SourceFile], limit: int) -> Iterator[tuple[SourceFile, ...]]:
    """Yield files in groups of at least a number of bytes, the last one aside."""
    group: list[SourceFile] = []
    size = 0
    for file in files:
        group.append(file)
        size += file.size
        if size >= limit:
            yield tuple(group)
            group, size = [], 0
    if group:
        yield tuple(group)


def _pull_chunk(
    state: _State,
    lake: Lake,
    chunk: Sequence[SourceFile],
    crew: Crew,
    tell: Callable[[JobReport], None],
) -> None:
    with lake.transaction(f"pull openalex {state.source}") as tx:
        if state.layout.simulated:
            tx.label(simulated=True)
        staging = lake.path / "_staging" / uuid.uuid4().hex
        staging.mkdir(parents=True)
        try:
            works = [f for f in state.layout.files if f.entity == "works"]
            per_job = min(JOB, -(-sum(f.size for f in chunk) // crew.size))
            jobs = [
                Job(state.storage, group, str(staging), frozenset(state.known), alone=len(works) == 1)
                for group in _groups(chunk, per_job)
            ]
            reports: dict[int, JobReport] = {}
            for number, report in crew.run(jobs):
                reports[number] = report
                tell(report)
            _load(state, lake.latest(), tx, [reports[i] for i in range(len(jobs))], staging)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _load(state: _State, now: Lake, tx: Transaction, reports: Sequence[JobReport], staging: Path) -> None:
    """Bring what a chunk's jobs wrote into the lake."""
    parts = [part for report in reports for part in report.parts]
    files = [file for report in reports for file in report.files]
    state.foreign += sum(report.foreign for report in reports)
    contested = False
    with _duckdb(staging) as connection:
        if parts:
            contested = _load_parts(state, now, tx, parts, connection)
        for name in ENTITIES:
            new = [report.entities[name] for report in reports if name in report.entities]
            if new:
                _load_entities(name, now, tx, new, connection)
    _record(state, tx, files, contested=contested)


def _duckdb(spill: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(spill / "spill")})


def _load_parts(
    state: _State, now: Lake, tx: Transaction, parts: Sequence[Part], connection: duckdb.DuckDBPyConnection
) -> bool:
    resolution = resolve(
        connection,
        parts,
        now=now.files("works"),
        start=state.start.files("works"),
        own=state.deletions.rows,
        remembered=now.files("deleted_works"),
    )
    for name in WORK_TABLES if len(resolution.replaced) else ():
        if now.has(name):
            tx.delete(name, "work_id", resolution.replaced)
    for part, dropped in zip(parts, resolution.dropped, strict=True):
        if len(dropped):
            drop(part, dropped)
        for name, path in part.files.items():
            if Path(path).exists():
                file = tx.new_file(name)
                Path(path).replace(file)
                tx.adopt(name, file)
    state.count(
        added=resolution.added,
        updated=resolution.updated,
        unchanged=resolution.unchanged,
        superseded=resolution.superseded,
        withdrawn=resolution.withdrawn,
    )
    return resolution.contested


def _load_entities(
    name: str, now: Lake, tx: Transaction, new: Sequence[pa.Table], connection: duckdb.DuckDBPyConnection
) -> None:
    schema = declared(name).arrow
    files = now.files(name)
    before = pq.read_table(files, schema=schema) if files else schema.empty_table()
    merged = merge(name, connection, [before, *new])
    if not merged.equals(before.sort_by(declared(name).key[0])):
        tx.overwrite(name, merged)


def _record(state: _State, tx: Transaction, files: Sequence[FileReport], *, contested: bool) -> None:
    """Count the files of a chunk, remember which were read whole, and put faults into quarantine."""
    faults: list[Fault] = []
    whole: dict[str, dict[str, object]] = {}
    for report in files:
        name = report.file.name
        if report.note:
            state.notes.append(report.note)
        if report.damage is not None:
            faults.append(Fault(name, None, report.damage, report.digest))
            continue
        read = state.known[report.digest] if report.known else report.read
        works = report.file.entity == "works"
        state.count(read=read if works else 0, entities=0 if works else read)
        if report.known:
            state.count(unchanged=read if works else 0)
            continue
        faults += [Fault(name, line, reason, report.digest) for line, reason in report.faults]
        whole[report.digest] = {
            "digest": report.digest,
            "source": _SOURCE,
            "entity": report.file.entity,
            "file": name,
            "rows": report.read,
            "quarantined": len(report.faults),
        }
    if whole and not contested:
        tx.append("pulled_files", pa.Table.from_pylist(list(whole.values()), declared("pulled_files").arrow))
    _quarantine(state, tx, faults)


def _quarantine(state: _State, tx: Transaction, faults: Sequence[Fault]) -> None:
    state.faults += len(faults)
    rows = []
    for fault in faults:
        key = (_short(fault.file), fault.digest, fault.line)
        if key not in state.quarantined_before:
            state.quarantined_before.add(key)
            rows.append({"source": _SOURCE, **vars(fault)})
    if rows:
        tx.append("quarantine", pa.Table.from_pylist(rows, declared("quarantine").arrow))
        state.count(quarantined=len(rows))


def _apply_deletions(state: _State, lake: Lake) -> None:
    """Take the works that the source lists as deleted out of the lake, and remember them."""
    if not state.layout.deleted:
        return
    with lake.transaction(f"pull openalex {state.source}") as tx:
        now = lake.latest()
        rows = state.deletions.rows
        with _duckdb(lake.path / "_staging") as connection:
            connection.register("listed", rows)
            if now.has("works"):
                gone = connection.sql(
                    "SELECT work_id, updated_date[:10] > deleted_date AS newer FROM read_parquet(?) "
                    "JOIN listed USING (work_id) ORDER BY work_id",
                    params=[now.files("works")],
                ).to_arrow_table()
                ids = gone["work_id"].combine_chunks()
                if len(ids):
                    for name in (*WORK_TABLES, "memberships"):
                        if now.has(name):
                            tx.delete(name, "work_id", ids)
                    state.count(deleted=len(ids))
                if pc.any(gone["newer"]).as_py():
                    # Another source may still bring these: no file of works may be passed over.
                    tx.delete("pulled_files", "entity", ["works"])
            files = now.files("deleted_works")
            schema = declared("deleted_works").arrow
            before = pq.read_table(files, schema=schema) if files else schema.empty_table()
            connection.register("before", before)
            merged = connection.sql(
                "SELECT work_id, max(deleted_date) AS deleted_date FROM (FROM before UNION ALL FROM listed) "
                "GROUP BY work_id ORDER BY work_id"
            ).to_arrow_table()
            merged = merged.cast(schema)
            if not merged.equals(before.sort_by("work_id")):
                tx.overwrite("deleted_works", merged)
        _quarantine(state, tx, state.deletions.faults)
