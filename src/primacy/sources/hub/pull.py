"""Puts a snapshot of the Hub into the lake: a dump's file, or what a crawl brought home."""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa

from primacy.errors import InputError, UsageError
from primacy.lake.embedded import connect
from primacy.lake.store import Lake
from primacy.lake.tables.hub import HUB_SNAPSHOTS, MODEL_PARENTS, MODEL_SNAPSHOTS, MODELS, ORGANIZATIONS
from primacy.lake.tables.openalex import PULLED_FILES, QUARANTINE
from primacy.lake.transaction import Transaction
from primacy.sources.hub.crawl import Crawl
from primacy.sources.hub.dump import read_dump
from primacy.sources.hub.harvest import TALLIED, Harvest, gather
from primacy.sources.reference.organizations import LISTING, read_organizations, shipped_organizations

__all__ = ["Pulled", "pull_crawl", "pull_dump"]

DatedBy = Literal["option", "file name", "content", "file time", "crawl"]
Advance = Callable[[int], None]

_DATE_IN_NAME = re.compile(
    r"(?<!\d)(20\d\d)(?:[-_](0[1-9]|1[0-2])(?:[-_](0[1-9]|[12]\d|3[01]))?"
    r"|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))(?!\d)"
)
"""2026-05-20, 2026_05, 20260520."""

_SHIPPED = re.compile(r"primacy \d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did.

    Parameters
    ----------
    snapshot, dated_by
        The day of the snapshot and where it was taken from.
    read
        Records read.
    added, updated, unchanged, deleted
        Models new to the lake; known ones with another description or counter; the rest; and models that
        left the lake because a dump of the same day without them replaced the one that had them.
    quarantined
        Rows that the pull added to ``quarantine``.
    repeated
        Records that the live Hub's pages repeated.
    models, parents
        Models in the snapshot, and their declared parents.
    organizations
        The list of organisations in force.
    files
        Files or pages read.
    """

    snapshot: str
    dated_by: DatedBy
    read: int
    added: int
    updated: int
    unchanged: int
    deleted: int
    quarantined: int
    repeated: int
    models: int
    parents: int
    organizations: str
    files: int

    def row(self) -> dict[str, Any]:
        """Return the summary as one row."""
        return asdict(self)


def pull_dump(
    lake: Lake,
    source: Path,
    *,
    organizations: Path | None = None,
    snapshot: str | None = None,
    advance: Advance | None = None,
) -> Pulled:
    """Load a dump of the Hub's models as one dated snapshot.

    Pulling the same dump again changes nothing; another dump of the same day replaces that day's snapshot.
    A model's description is that of the newest snapshot that has it, in whatever order dumps arrive. A file
    ``SIMULATED.json`` beside the dump, or one directory above, labels the lake as simulated.

    Parameters
    ----------
    lake
        The lake to change.
    source
        A Parquet or CSV file (see :func:`primacy.sources.hub.dump.read_dump`).
    organizations
        A list of organisations in place of the shipped one (``hf_org,region[,country]``); it stays in force
        until another is given.
    snapshot
        The dump's day, ISO 8601. By default the day in the file's name; else the newest commit in the dump
        (for a name with a month: if it falls in that month, else the month's last day); else the file's time.
    advance
        Called with the number of records read, now and then.

    Raises
    ------
    InputError
        The dump or the list of organisations is refused; the lake is as it was.
    """
    listed = read_organizations(organizations) if organizations is not None else None
    harvest = gather(read_dump(source), advance=advance)
    if not harvest.read:
        raise InputError(f"{source}: no record in it")
    day, dated_by = _day_of(source, snapshot, harvest.newest)
    with lake.transaction(f"pull hub {source.name}") as tx:
        if any((d / "SIMULATED.json").is_file() for d in list(source.resolve().parents)[:2]):
            tx.label(simulated=True)
        return _store(
            tx, harvest, listed, day=day, dated_by=dated_by, file=source.name, digest=_digest(source), files=1
        )


def pull_crawl(
    lake: Lake,
    crawl: Crawl,
    *,
    organizations: Path | None = None,
    advance: Advance | None = None,
) -> Pulled:
    """Fetch what is left of a crawl of the live Hub, and load it as the snapshot of the day it began.

    The crawl keeps every page and the next cursor on disk, so that one that was stopped goes on where it
    was; its directory is removed once the snapshot is in the lake.

    Raises
    ------
    InputError
        The Hub cannot be reached, or refuses; what was fetched stays on disk.
    """
    listed = read_organizations(organizations) if organizations is not None else None
    crawl.fetch(advance)
    harvest = gather(crawl.records(), repeats=True)
    if not harvest.read:
        raise InputError(f"{crawl.endpoint}: the Hub listed no model")
    with lake.transaction(f"pull hub {crawl.endpoint}") as tx:
        pulled = _store(
            tx,
            harvest,
            listed,
            day=crawl.day,
            dated_by="crawl",
            file=crawl.endpoint,
            digest=crawl.digest(),
            files=crawl.pages,
        )
    crawl.discard()
    return pulled


# ---------------------------------------------------------------------- the day of a dump


def _day_of(source: Path, asked: str | None, newest: str | None) -> tuple[str, DatedBy]:
    if asked is not None:
        try:
            return date.fromisoformat(asked).isoformat(), "option"
        except ValueError:
            raise UsageError(f"--date {asked}: not a day; write it as 2026-05-20") from None
    content = newest[:10] if newest else None
    named = _DATE_IN_NAME.search(source.name)
    if named:
        year, month = int(named[1]), int(named[2] or named[4])
        last = calendar.monthrange(year, month)[1]
        if number := named[3] or named[5]:
            return date(year, month, min(int(number), last)).isoformat(), "file name"
        if content and content.startswith(f"{year}-{month:02}"):
            return content, "content"
        return date(year, month, last).isoformat(), "file name"
    if content:
        return content, "content"
    return datetime.fromtimestamp(source.stat().st_mtime, tz=UTC).date().isoformat(), "file time"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---------------------------------------------------------------------- into the lake


def _store(
    tx: Transaction,
    harvest: Harvest,
    listed: pa.Table | None,
    *,
    day: str,
    dated_by: DatedBy,
    file: str,
    digest: str,
    files: int,
) -> Pulled:
    stamp = pa.array([day] * harvest.models.num_rows, type=pa.string())
    models = harvest.models.set_column(harvest.models.column_names.index("snapshot"), "snapshot", stamp)
    counters = harvest.counters.set_column(0, "snapshot", stamp)
    with connect() as connection:
        view = _View(tx, connection)
        view.register(new_models=models, new_counters=counters, new_parents=harvest.parents)
        counts = dict.fromkeys(("added", "updated", "unchanged", "deleted"), 0)
        if models.num_rows:  # a dump of which nothing can be loaded must not empty the day's snapshot
            counts = _store_models(tx, view, day)
            _store_snapshot(tx, view, harvest, day=day, dated_by=dated_by, file=file, digest=digest)
        quarantined = _store_defects(tx, view, harvest, file, digest)
        listing = _store_organizations(tx, view, listed)
    return Pulled(
        snapshot=day,
        dated_by=dated_by,
        read=harvest.read,
        quarantined=quarantined,
        repeated=harvest.repeated,
        models=models.num_rows,
        parents=harvest.parents.num_rows,
        organizations=listing,
        files=files,
        **counts,
    )


class _View:
    """The lake's tables as a transaction sees them, for comparison with what comes in."""

    def __init__(self, tx: Transaction, connection: duckdb.DuckDBPyConnection) -> None:
        self.tx = tx
        self.connection = connection

    def register(self, **tables: pa.Table) -> None:
        for name, table in tables.items():
            self.connection.register(name, table)

    def stored(self, name: str, empty: pa.Schema) -> None:
        """Make a lake table readable under its own name."""
        files = self.tx.live_files(name)
        if files:
            self.connection.read_parquet(files).create_view(name, replace=True)
        else:
            self.connection.register(name, empty.empty_table())

    def make(self, name: str, sql: str, **parameters: object) -> None:
        """Keep the rows of a query under a name."""
        self.connection.execute(f"CREATE TEMP TABLE {name} AS {sql}", parameters or None)

    def query(self, sql: str, **parameters: object) -> pa.Table:
        return self.connection.sql(sql, params=parameters or None).to_arrow_table()

    def count(self, sql: str, **parameters: object) -> int:
        return int(self.query(sql, **parameters).column(0)[0].as_py())


def _store_models(tx: Transaction, view: _View, day: str) -> dict[str, int]:
    view.stored("models", MODELS.arrow)
    view.stored("model_snapshots", MODEL_SNAPSHOTS.arrow)
    view.stored("model_parents", MODEL_PARENTS.arrow)
    view.make("same_day", "SELECT * FROM model_snapshots WHERE snapshot = $day", day=day)
    view.make("other_days", "SELECT model_id FROM model_snapshots WHERE snapshot <> $day", day=day)
    view.make(  # models of which this is the newest description
        "accepted",
        "SELECT n.model_id FROM new_models n LEFT JOIN models o USING (model_id) "
        "WHERE o.snapshot IS NULL OR o.snapshot <= n.snapshot",
    )
    view.make(
        "described",
        """
        SELECT DISTINCT model_id FROM (
            (SELECT * FROM new_models SEMI JOIN accepted USING (model_id) EXCEPT SELECT * FROM models)
            UNION ALL BY NAME
            (SELECT * FROM new_parents SEMI JOIN accepted USING (model_id) EXCEPT SELECT * FROM model_parents)
            UNION ALL BY NAME
            (SELECT * FROM model_parents SEMI JOIN accepted USING (model_id) EXCEPT SELECT * FROM new_parents)
        )
        """,
    )
    view.make(
        "counted",
        "SELECT DISTINCT model_id FROM (SELECT * FROM new_counters EXCEPT SELECT * FROM same_day)",
    )
    view.make("gone", "SELECT model_id FROM same_day EXCEPT SELECT model_id FROM new_counters")
    view.make("orphans", "SELECT model_id FROM gone EXCEPT SELECT model_id FROM other_days")
    added = view.count("SELECT count(*) FROM new_models ANTI JOIN models USING (model_id)")
    touched = view.count(
        "SELECT count(*) FROM (SELECT * FROM described UNION SELECT * FROM counted) SEMI JOIN models USING (model_id)"
    )
    deleted = view.count("SELECT count(*) FROM orphans")
    described = view.query("SELECT model_id FROM described")
    fresh_models = view.query(
        "SELECT * FROM new_models SEMI JOIN described USING (model_id) ORDER BY model_id"
    ).cast(MODELS.arrow)
    fresh_parents = view.query(
        "SELECT * FROM new_parents SEMI JOIN described USING (model_id) ORDER BY model_id, position"
    ).cast(MODEL_PARENTS.arrow)
    counters_change = view.count("SELECT (SELECT count(*) FROM counted) + (SELECT count(*) FROM gone)")
    fresh_counters = view.query("SELECT * FROM new_counters ORDER BY model_id").cast(MODEL_SNAPSHOTS.arrow)
    orphans = view.query("SELECT model_id FROM orphans")
    for name, fresh in (("models", fresh_models), ("model_parents", fresh_parents)):
        tx.delete_matching(name, pa.concat_tables([described, orphans]))
        if fresh.num_rows:
            tx.append(name, fresh)
    if counters_change:
        tx.delete("model_snapshots", "snapshot", [day])
        tx.append("model_snapshots", fresh_counters)
    return {
        "added": added,
        "updated": touched,
        "unchanged": fresh_counters.num_rows - added - touched,
        "deleted": deleted,
    }


def _store_defects(tx: Transaction, view: _View, harvest: Harvest, file: str, digest: str) -> int:
    rows = [
        {"source": "hub", "file": file, "line": d.line, "reason": d.reason, "digest": digest}
        for d in harvest.defects
    ]
    view.stored("quarantine", QUARANTINE.arrow)
    view.register(new_defects=pa.Table.from_pylist(rows, schema=QUARANTINE.arrow))
    fresh = view.query(
        "SELECT * FROM new_defects ANTI JOIN quarantine USING (source, digest, line, reason) ORDER BY line"
    ).cast(QUARANTINE.arrow)
    if fresh.num_rows:
        tx.append("quarantine", fresh)
    pulled = {
        "digest": digest,
        "source": "hub",
        "entity": "models",
        "file": file,
        "rows": harvest.read,
        "quarantined": len(harvest.defects),
    }
    _upsert(tx, view, "pulled_files", pa.Table.from_pylist([pulled], schema=PULLED_FILES.arrow), "digest")
    return fresh.num_rows


def _store_organizations(tx: Transaction, view: _View, listed: pa.Table | None) -> str:
    """Put a list into force: the one given, or the shipped one where no other was ever given."""
    view.stored("organizations", ORGANIZATIONS.arrow)
    in_force = view.query("SELECT min(listing) AS listing FROM organizations").column(0)[0].as_py()
    if listed is None:
        if in_force is not None and not _SHIPPED.fullmatch(in_force):
            return str(in_force)
        listed = shipped_organizations()
    view.register(listed=listed)
    if view.count(
        "SELECT count(*) FROM ((SELECT * FROM listed EXCEPT SELECT * FROM organizations) UNION ALL "
        "(SELECT * FROM organizations EXCEPT SELECT * FROM listed))"
    ):
        tx.overwrite("organizations", listed.sort_by("namespace"))
    return str(listed["listing"][0].as_py()) if listed.num_rows else LISTING


def _store_snapshot(
    tx: Transaction, view: _View, harvest: Harvest, *, day: str, dated_by: str, file: str, digest: str
) -> None:
    facts: dict[str, object] = {
        "snapshot": day,
        "dated_by": dated_by,
        "file": file,
        "digest": digest,
        "read": harvest.read,
        "quarantined": len(harvest.defects),
        "repeated": harvest.repeated,
        **{k: harvest.tally[k] for k in TALLIED},
    }
    _upsert(tx, view, "hub_snapshots", pa.Table.from_pylist([facts], schema=HUB_SNAPSHOTS.arrow), "snapshot")


def _upsert(tx: Transaction, view: _View, name: str, row: pa.Table, key: str) -> None:
    """Write a row, unless it is there already: a pull that changes nothing leaves the lake's version alone."""
    view.stored(name, row.schema)
    view.register(new_row=row)
    if view.count(f'SELECT count(*) FROM (SELECT * FROM new_row EXCEPT SELECT * FROM "{name}")'):
        tx.upsert(name, row, key=key)
