"""The lake: Delta tables under one version number, one writer, any number of readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from deltalake.exceptions import DeltaError
from filelock import FileLock, Timeout

from primacy.errors import LakeError, NotThereError
from primacy.lake import catalog as catalogs
from primacy.lake.catalog import Catalog
from primacy.lake.recovery import recover
from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction, open_delta

__all__ = ["Lake"]


class Lake:
    """A directory of Delta tables, read at one version.

    Parameters
    ----------
    path
        The lake's directory.
    catalog
        The version to read; use :meth:`open` or :meth:`create` rather than this.

    Examples
    --------
    >>> import pyarrow as pa, tempfile
    >>> lake = Lake.create(tempfile.mkdtemp() + "/lake")
    >>> with lake.transaction("example") as tx:
    ...     tx.append("references", pa.table({"work_id": [1, 1], "cited_id": [2, 3]}))
    2
    >>> lake = lake.latest()
    >>> lake.version, lake.count("references")
    (1, 2)
    """

    def __init__(self, path: Path, catalog: Catalog) -> None:
        self.path = path
        self.catalog = catalog

    @classmethod
    def create(cls, path: str | Path) -> Lake:
        """Make an empty lake, or open the one that is there."""
        root = Path(path)
        catalog_dir = root / "_catalog"
        if catalogs.newest(catalog_dir) is None:
            try:
                catalog_dir.mkdir(parents=True, exist_ok=True)
                catalogs.publish(catalog_dir, Catalog())
            except OSError as error:
                raise LakeError(f"{root}: a lake cannot be made here ({error.strerror})") from error
        return cls.open(root)

    @classmethod
    def open(cls, path: str | Path) -> Lake:
        """Open a lake at its newest version.

        Raises
        ------
        LakeError
            There is none, or it is of another format.
        """
        root = Path(path)
        newest = catalogs.newest(root / "_catalog")
        if newest is None:
            raise LakeError(f"{root}: no lake here; make a workspace with `primacy init`")
        return cls(root, Catalog.read(catalogs.path_of(root / "_catalog", newest)))

    def latest(self) -> Lake:
        """Return the same lake at its newest version."""
        return Lake.open(self.path)

    def at(self, version: int) -> Lake:
        """Return the same lake at an earlier version.

        Raises
        ------
        NotThereError
            The lake has no such version.
        """
        path = catalogs.path_of(self.path / "_catalog", version)
        if not path.exists():
            raise NotThereError(f"lake version {version}: there are 0 to {catalogs.newest(path.parent)}")
        return Lake(self.path, Catalog.read(path))

    @property
    def version(self) -> int:
        """The number of the version that is read."""
        return self.catalog.version

    @property
    def labels(self) -> Mapping[str, Any]:
        """What is said of the lake as a whole, such as ``simulated``."""
        return self.catalog.labels

    @property
    def simulated(self) -> bool:
        """True where any of the lake's data come from a simulated world."""
        return bool(self.labels.get("simulated", False))

    def versions(self) -> dict[str, int]:
        """Return the Delta version of every table."""
        return {name: pin.version for name, pin in sorted(self.catalog.tables.items())}

    def has(self, name: str) -> bool:
        """Return whether the table holds at least one row."""
        return self.count(name) > 0

    def count(self, name: str) -> int:
        """Return the number of rows of a table; 0 where it was never written."""
        declared(name)
        pin = self.catalog.tables.get(name)
        return pin.rows if pin else 0

    def require(self, name: str, command: str) -> None:
        """Refuse to go on without a table.

        Raises
        ------
        NotThereError
            The table has no rows; the text names the command that fills it.
        """
        if not self.has(name):
            raise NotThereError(f"{self.path}: no {name} in the lake; run `{command}` first")

    @cached_property
    def _files(self) -> dict[str, list[str]]:
        return {}

    def files(self, name: str) -> list[str]:
        """Return the Parquet files that hold a table at this version, in a fixed order.

        Raises
        ------
        LakeError
            The table was written with another schema than today's, or a file is gone.
        """
        pin = self.catalog.tables.get(declared(name).name)
        if pin is None:
            return []
        if pin.fingerprint != declared(name).fingerprint:
            raise LakeError(
                f"{self.path / name}: written with another schema ({pin.fingerprint}, not "
                f"{declared(name).fingerprint}); pull into a new workspace"
            )
        if name not in self._files:
            files = sorted(open_delta(self.path / name, pin.version).file_uris())
            gone = [f for f in files if not Path(f).exists()]
            if gone:
                raise LakeError(
                    f"{gone[0]}: is missing from the lake; restore it, or pull into a new workspace"
                )
            self._files[name] = files
        return self._files[name]

    @contextmanager
    def transaction(self, reason: str) -> Iterator[Transaction]:
        """Change the lake: everything inside becomes visible at once at the end, or nothing does.

        Parameters
        ----------
        reason
            The command, kept with the version.

        Raises
        ------
        LakeError
            Another process is writing, or the disk refuses.
        """
        lock = FileLock(self.path / "_catalog" / "writer.lock")
        holder = self.path / "_catalog" / "writer.txt"
        try:
            lock.acquire(timeout=0)
        except Timeout:
            who = holder.read_text(encoding="utf-8") if holder.exists() else "another process"
            raise LakeError(f"{self.path}: {who} is writing to this lake; wait for it to end") from None
        except OSError as error:
            raise LakeError(f"{self.path}: cannot be written ({error.strerror})") from error
        try:
            with self._undone_on_failure(holder):
                base = Lake.open(self.path).catalog
                # Whoever still stands there died before it was done.
                recover(self.path, base, sweep=holder.exists())
                transaction = Transaction(self.path, base, reason)
                holder.write_text(transaction.holder, encoding="utf-8")
                yield transaction
                transaction.publish()
                holder.unlink()
        finally:
            lock.release()

    @contextmanager
    def _undone_on_failure(self, holder: Path) -> Iterator[None]:
        """Take away what a failed change wrote, and say what the disk refused in one line."""
        before = self.latest().version
        try:
            yield
        except BaseException as error:
            with suppress(OSError, LakeError):  # what cannot be taken away now, the next writer takes away
                recover(self.path, self.latest().catalog, sweep=True)
                holder.unlink(missing_ok=True)
            if not isinstance(error, (OSError, DeltaError, duckdb.IOException)):
                raise
            culprit = getattr(error, "filename", None) or self.path
            reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
            after = Lake.open(self.path).version
            state = "the lake is as it was before" if after == before else f"version {after} is published"
            raise LakeError(f"{culprit}: {reason}; {state}") from error
