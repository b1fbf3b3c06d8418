"""``pull orcid``: ORCID's public data file into the lake, archive by archive, in batches.

A file on disk is walked through once before anything of it is loaded, so that a damaged one leaves nothing behind;
then every batch of its members is a transaction, and a pull that was broken off goes on after the last one. What comes
out of a pipe cannot be looked at twice: it is one transaction, all or nothing.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction
from primacy.sources.orcid.archive import DamagedArchiveError, Readable, members
from primacy.sources.orcid.organizations import Resolver, read_organization_ids
from primacy.sources.orcid.reading import SOURCE, Advance, Batch, Done, Reading, is_wanted
from primacy.sources.orcid.settle import settle
from primacy.sources.orcid.summary import OrcidSummary, cases

__all__ = ["pull", "pull_stream"]

_MARKER = "SIMULATED.json"


def pull(
    lake: Lake,
    source: str | Path,
    *,
    organizations: Path | None = None,
    advance: Advance = lambda _: None,
) -> OrcidSummary:
    """Bring people's educations and employments into the lake.

    Parameters
    ----------
    lake
        The lake.
    source
        A directory with ORCID's ``.tar`` or ``.tar.gz`` files (summaries, activities), one such file, a named pipe, or
        ``-`` for standard input.
    organizations
        What other ids of organisations stand for: ROR's data dump, or a CSV with scheme, identifier, ror.
    advance
        Told the number of documents read, again and again.

    Raises
    ------
    InputError
        There is nothing to pull at that place, or it cannot be read.
    LakeError
        Another process is writing, or the disk refuses; the lake is as the last whole batch left it.
    """
    begun = time.monotonic()
    running = _Pull(lake, str(source), advance)
    files = [] if str(source) == "-" else _archives(Path(source))
    running.simulated = any((p / _MARKER).exists() for p in {f.parent for f in files} | {Path(source)})
    if organizations is not None:
        running.know(organizations)
    if str(source) == "-":
        running.stream(sys.stdin.buffer, "-")
    for path in files:
        try:
            if path.is_file():
                running.file(path)
            else:
                with path.open("rb") as pipe:
                    running.stream(pipe, path.name)
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    return running.finish(time.monotonic() - begun)


def pull_stream(
    lake: Lake, stream: BinaryIO, name: str, *, advance: Advance = lambda _: None
) -> OrcidSummary:
    """Bring one archive into the lake that is read as it comes; see :func:`pull`.

    Parameters
    ----------
    lake
        The lake.
    stream
        The archive's bytes, from the beginning.
    name
        What to call it; ``ORCID_2024_10_summaries.tar.gz`` tells the release.
    advance
        Told the number of documents read.
    """
    begun = time.monotonic()
    running = _Pull(lake, name, advance)
    running.stream(stream, name)
    return running.finish(time.monotonic() - begun)


def _archives(source: Path) -> list[Path]:
    """Return the archives of a source, sorted."""
    if not source.exists():
        raise InputError(f"{source}: no such file or directory")
    if not source.is_dir():
        return [source]
    found = sorted(
        p for p in source.rglob("*") if p.is_file() and p.name.endswith((".tar", ".tar.gz", ".tgz"))
    )
    if not found:
        raise InputError(f"{source}: no .tar or .tar.gz file of ORCID's in this directory")
    return found


class _Digesting:
    """A stream of which every byte is counted into a digest."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        """Read at most so many bytes."""
        piece = self._stream.read(size)
        self._hash.update(piece)
        return piece

    def hex(self) -> str:
        """Return the digest of all that was read."""
        return self._hash.hexdigest()


class _KnownError(Exception):
    """A stream turned out to be an archive that was read whole before: what was read of it is dropped."""


class _Pull:
    """A running pull."""

    def __init__(self, lake: Lake, source: str, advance: Advance) -> None:
        self.lake = lake.latest()
        self.source = source
        self.advance = advance
        self.simulated = False
        self.counts: Counter[str] = Counter()
        self.notes: list[str] = []
        self.known = {
            r["digest"]: r["rows"] for r in _rows(self.lake, "pulled_files") if r["source"] == SOURCE
        }
        self.progress = {
            r["digest"]: Done(r["members"], r["records"], r["quarantined"])
            for r in _rows(self.lake, "orcid_progress")
        }
        self.damaged = {(r["file"], r["digest"]) for r in _rows(self.lake, "quarantine") if r["line"] is None}
        self.resolver = Resolver.of(self.lake)

    def _reading(self, name: str, digest: str, done: Done) -> Reading:
        return Reading(name, digest, done, self.resolver, self.counts, self.advance)

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with self.lake.transaction(f"pull orcid {self.source}") as tx:
            if self.simulated:
                tx.label(simulated=True)
            yield tx

    def know(self, organizations: Path) -> None:
        """Take in what other ids of organisations stand for."""
        rows = read_organization_ids(organizations)
        with self._transaction() as tx:
            tx.upsert("organization_ids", rows, key=["scheme", "identifier"])
        self.resolver = Resolver.of(self.lake.latest())

    # ------------------------------------------------------------------ files

    def file(self, path: Path) -> None:
        """Bring a file on disk into the lake, or go on with it."""
        digest = self._verified(path)
        self.counts["files"] += 1
        if digest is None:
            return
        if digest in self.known:
            self.counts["read"] += self.known[digest]
            self.counts["unchanged"] += self.known[digest]
            return
        done = self.progress.get(digest, Done())
        self.counts["read"] += done.records
        self.counts["unchanged"] += done.records
        with path.open("rb") as file:
            batch = Batch()
            reading = self._reading(path.name, digest, done)
            for member in members(file, skip=done.members, wanted=is_wanted):
                reading.add(member, batch)
                if batch.full:
                    with self._transaction() as tx:
                        batch.write(tx)
                        reading.remember(tx)
            with self._transaction() as tx:
                batch.write(tx)
                reading.conclude(tx, digest)
        self.known[digest] = reading.records

    def stream(self, stream: Readable, name: str) -> None:
        """Bring an archive that is read once into the lake, whole or not at all."""
        digesting = _Digesting(stream)
        self.counts["files"] += 1
        reading = self._reading(name, "", Done())
        before = self.counts.copy()
        try:
            with self._transaction() as tx:
                batch = Batch()
                for member in members(digesting, wanted=is_wanted):
                    reading.add(member, batch)
                    if batch.full:
                        batch.write(tx)
                if digesting.hex() in self.known:
                    raise _KnownError
                batch.write(tx)
                reading.conclude(tx, digesting.hex())
            self.known[digesting.hex()] = reading.records
        except _KnownError:
            self.counts.clear()
            self.counts.update(before)
            self.counts.update(read=reading.records, unchanged=reading.records)
        except DamagedArchiveError as error:
            self.counts.clear()
            self.counts.update(before)
            self._damage(name, digesting.hex(), str(error))

    def _verified(self, path: Path) -> str | None:
        """Walk through a file; return its digest, None where it is damaged, which is noted."""
        with path.open("rb") as file:
            digesting = _Digesting(file)
            reason = None
            try:
                for _ in members(digesting, skip=sys.maxsize):
                    pass
            except DamagedArchiveError as error:
                reason = str(error)
            while digesting.read(1 << 20):
                pass
        if reason is None:
            return digesting.hex()
        self._damage(path.name, digesting.hex(), reason)
        return None

    def _damage(self, name: str, digest: str, reason: str) -> None:
        """Note an archive of which nothing is loaded, once."""
        self.notes.append(f"{name}: {reason}; nothing of it is loaded")
        if (name, digest) in self.damaged:
            return
        self.damaged.add((name, digest))
        self.counts["quarantined"] += 1
        row = {"source": SOURCE, "file": name, "line": None, "reason": reason, "digest": digest}
        with self._transaction() as tx:
            tx.append("quarantine", pa.Table.from_pylist([row], schema=declared("quarantine").arrow))

    # ------------------------------------------------------------------ the end

    def finish(self, seconds: float) -> OrcidSummary:
        """Bring the tables to one row per person and entry; return what was done."""
        now = self.lake.latest()
        if now.labels.get("orcid_unsettled"):
            with self._transaction() as tx:
                settle(tx, now.path)
                tx.label(orcid_unsettled=False)
            now = now.latest()
        if self.counts["quarantined"]:
            self.notes.append(
                f"{self.counts['quarantined']} documents could not be loaded: primacy show quarantine"
            )
        return OrcidSummary(
            **{
                name: self.counts[name]
                for name in ("read", "unchanged", "passed_over", "quarantined", "files")
            },
            **cases(now),
            seconds=round(seconds, 3),
            notes=tuple(self.notes),
        )


def _rows(lake: Lake, name: str) -> list[dict[str, Any]]:
    files = lake.files(name)
    return pq.read_table(files).to_pylist() if files else []
