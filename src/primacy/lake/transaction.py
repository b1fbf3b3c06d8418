"""One change of the lake: files are written aside, committed to each Delta table, and published together."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import DeltaError
from deltalake.transaction import AddAction, PostCommitHookProperties, RemoveAction

from primacy.errors import LakeError
from primacy.lake import catalog as catalogs
from primacy.lake.catalog import Catalog, Pin
from primacy.lake.embedded import connect
from primacy.lake.schema import COMPRESSION, ROW_GROUP, Table
from primacy.lake.tables import table as declared


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that hands its rows over as an Arrow stream."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the stream's capsule."""
        ...


def open_delta(path: Path, version: int | None = None) -> DeltaTable:
    """Open a Delta table at a version; at its newest where None.

    Raises
    ------
    LakeError
        Its log is damaged or gone.
    """
    try:
        return DeltaTable(str(path), version=version)
    except (DeltaError, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise LakeError(
            f"{path / '_delta_log'}: the table's log cannot be read ({reason}); "
            "restore it, or pull into a new workspace"
        ) from error


class _Pending:
    """What a transaction does to one table."""

    def __init__(self, path: Path, table: Table, pin: Pin | None) -> None:
        self.path = path
        self.table = table
        self.pin = pin
        self.live: dict[str, int] = {}  # files of the pinned version: name -> rows
        self.added: dict[str, int] = {}
        self.removed: list[str] = []
        if pin is not None:
            delta = open_delta(path, pin.version)
            actions = (
                pa.table(delta.get_add_actions(flatten=True)).select(["path", "num_records"]).to_pylist()
            )
            self.live = {a["path"]: int(a["num_records"]) for a in actions}

    @property
    def rows(self) -> int:
        return sum(self.live.values()) + sum(self.added.values())

    @property
    def changed(self) -> bool:
        return bool(self.added or self.removed) or self.pin is None

    def drop(self, name: str) -> None:
        """Take a file out of the table."""
        if name in self.live:
            del self.live[name]
            self.removed.append(name)
        else:
            del self.added[name]
            (self.path / name).unlink(missing_ok=True)


class Transaction:
    """Collects changes to tables; :meth:`publish` makes them one new version of the lake.

    Made by :meth:`primacy.lake.store.Lake.transaction`.
    """

    def __init__(self, root: Path, base: Catalog, reason: str) -> None:
        self.root = root
        self.base = base
        self.reason = reason
        self.labels: dict[str, Any] = dict(base.labels)
        self.holder = f"'{reason}' (process {os.getpid()})"
        self._tables: dict[str, _Pending] = {}

    def _pending(self, name: str) -> _Pending:
        if name not in self._tables:
            table = declared(name)
            pin = self.base.tables.get(name)
            if pin is not None and pin.fingerprint != table.fingerprint:
                raise LakeError(
                    f"{self.root / name}: written with another schema ({pin.fingerprint}, not "
                    f"{table.fingerprint}); pull into a new workspace"
                )
            self._tables[name] = _Pending(self.root / name, table, pin)
        return self._tables[name]

    # ------------------------------------------------------------------ changes

    def new_file(self, name: str) -> Path:
        """Return a path for a Parquet file to be written and then handed to :meth:`adopt`."""
        pending = self._pending(name)
        pending.path.mkdir(parents=True, exist_ok=True)
        return pending.path / f"part-{uuid.uuid4().hex}.parquet"

    def adopt(self, name: str, file: Path) -> int:
        """Add a Parquet file that was written at :meth:`new_file`'s path; return its rows.

        Raises
        ------
        InputError
            Its columns are not the table's.
        """
        pending = self._pending(name)
        with pq.ParquetFile(file) as parquet:
            pending.table.check(parquet.schema_arrow)
            rows = int(parquet.metadata.num_rows)
        if rows:
            pending.added[file.name] = rows
        else:
            file.unlink()
        return rows

    def append(self, name: str, data: ArrowStream) -> int:
        """Add rows; return how many.

        Parameters
        ----------
        name
            The table.
        data
            An Arrow table or reader with exactly the table's columns, in any order.

        Raises
        ------
        InputError
            The columns are not the table's.
        """
        table = self._pending(name).table
        reader = pa.RecordBatchReader.from_stream(data)
        table.check(reader.schema)
        file = self.new_file(name)
        names = [c.name for c in table.columns]
        try:
            with pq.ParquetWriter(
                file, table.arrow, compression=COMPRESSION, write_page_checksum=True
            ) as writer:
                for batch in reader:
                    writer.write_table(pa.Table.from_batches([batch]).select(names), row_group_size=ROW_GROUP)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return self.adopt(name, file)

    def overwrite(self, name: str, data: ArrowStream) -> int:
        """Replace all rows of a table; return how many there are now."""
        pending = self._pending(name)
        before = [*pending.live, *pending.added]
        rows = self.append(name, data)
        for file in before:
            pending.drop(file)
        return rows

    def upsert(self, name: str, data: ArrowStream, *, key: str | Sequence[str]) -> int:
        """Add rows, taking out those that have the same key; return how many were replaced."""
        table = pa.table(data)
        replaced = self.delete_matching(name, table.select([key] if isinstance(key, str) else list(key)))
        self.append(name, table)
        return replaced

    def delete(self, name: str, column: str, values: Iterable[object] | pa.Array | pa.ChunkedArray) -> int:
        """Take out the rows whose column has one of the values; return how many went."""
        field = self._pending(name).table.arrow.field(column)
        if not isinstance(values, (pa.Array, pa.ChunkedArray)):
            values = pa.array(list(values), type=field.type)
        return self.delete_matching(name, pa.table({column: values}))

    def delete_matching(self, name: str, keys: pa.Table) -> int:
        """Take out the rows that agree with a row of ``keys`` in all its columns; return how many went.

        Only the files that hold such rows are written again.
        """
        pending = self._pending(name)
        current = [*pending.live, *pending.added]
        if not current or not keys.num_rows:
            return 0
        join = " AND ".join(f't."{c}" IS NOT DISTINCT FROM k."{c}"' for c in keys.column_names)
        gone = 0
        with connect() as connection:
            connection.register("k", keys)
            files = [str(pending.path / f) for f in current]
            hits = connection.execute(
                f"SELECT filename, count(*) FROM read_parquet(?, filename = true) t "
                f"WHERE EXISTS (SELECT 1 FROM k WHERE {join}) GROUP BY filename ORDER BY filename",
                [files],
            ).fetchall()
            for path, count in hits:
                kept = connection.sql(
                    f"SELECT * FROM read_parquet(?) t WHERE NOT EXISTS (SELECT 1 FROM k WHERE {join})",
                    params=[path],
                ).to_arrow_reader(ROW_GROUP)
                self.append(name, kept)
                pending.drop(Path(path).name)
                gone += int(count)
        return gone

    @property
    def version(self) -> int:
        """The version of the lake that is made."""
        return self.base.version + 1

    @property
    def changed(self) -> bool:
        """Whether there is anything to publish yet."""
        return self.labels != self.base.labels or any(p.changed for p in self._tables.values())

    def label(self, **labels: object) -> None:
        """Say something of the lake as a whole, such as ``simulated=True``."""
        self.labels.update(labels)

    def live_files(self, name: str) -> list[str]:
        """Return the table's files as this transaction sees them."""
        pending = self._pending(name)
        return sorted(str(pending.path / f) for f in [*pending.live, *pending.added])

    # ------------------------------------------------------------------ the end

    def publish(self) -> Catalog:
        """Commit every changed table and publish the new version; called when the ``with`` block ends."""
        tables = dict(self.base.tables)
        for name, pending in sorted(self._tables.items()):
            if pending.changed:
                tables[name] = self._commit(pending)
        if tables == self.base.tables and self.labels == self.base.labels:
            return self.base
        catalog = replace(
            self.base, version=self.version, reason=self.reason, tables=tables, labels=self.labels
        )
        catalogs.publish(self.root / "_catalog", catalog)
        return catalog

    def _commit(self, pending: _Pending) -> Pin:
        table, path = pending.table, pending.path
        properties = CommitProperties(custom_metadata={"reason": self.reason})
        hooks = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
        if pending.pin is None:
            DeltaTable.create(
                str(path),
                table.arrow,
                name=table.name,
                commit_properties=properties,
                post_commithook_properties=hooks,
            )
        actions: list[AddAction | RemoveAction] = []
        for name, rows in sorted(pending.added.items()):
            stat = (path / name).stat()
            catalogs.sync(path / name)
            actions.append(
                AddAction(
                    name, stat.st_size, {}, int(stat.st_mtime * 1000), True, json.dumps({"numRecords": rows})
                )
            )
        removed = [
            RemoveAction(path=n, data_change=True, deletion_timestamp=0) for n in sorted(pending.removed)
        ]
        delta = open_delta(path)
        written = -1 if pending.pin is None else pending.pin.version
        if actions or removed:
            delta.create_write_transaction(
                [*actions, *removed],
                "append",
                table.arrow,
                commit_properties=properties,
                post_commithook_properties=hooks,
            )
            delta = open_delta(path)
        # What a power cut may take must not be what the catalog names.
        for version in range(written + 1, delta.version() + 1):
            catalogs.sync(path / "_delta_log" / f"{version:020d}.json")
        catalogs.sync(path / "_delta_log")
        catalogs.sync(path)
        return Pin(version=delta.version(), rows=pending.rows, fingerprint=table.fingerprint)
