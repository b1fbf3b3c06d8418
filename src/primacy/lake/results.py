"""Results: small Parquet tables per study, with a manifest that says where every number comes from.

A table's file carries a digest of its content in its name, and the manifest, replaced in one rename, names the
files that belong together: a reader sees the results of one run, whole. The files of the run before stay until the
next one, for those who read them when they were replaced. Nothing in either depends on the clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from primacy.errors import InputError, LakeError, NotThereError, PrimacyError
from primacy.lake.catalog import write_atomically
from primacy.lake.store import Lake

__all__ = ["Results", "StudyResults", "column_types", "inputs"]

FORMAT = 1


def inputs(lake: Lake, tables: list[str]) -> dict[str, Any]:
    """Return what a manifest says of the lake tables that a study read."""
    return {
        name: {
            "version": pin.version if (pin := lake.catalog.tables.get(name)) else None,
            "rows": lake.count(name),
            "schema": pin.fingerprint if pin else None,
        }
        for name in sorted(tables)
    }


@dataclass(frozen=True)
class StudyResults:
    """The results of one run of one study."""

    directory: Path
    manifest: Mapping[str, Any]

    @property
    def tables(self) -> list[str]:
        """Names of its tables."""
        return sorted(self.manifest["tables"])

    def path(self, table: str) -> Path:
        """Return where a table lies."""
        return self.directory / str(self.manifest["tables"][table]["file"])

    def read(self, table: str) -> pa.Table:
        """Read a table."""
        try:
            return pq.read_table(self.path(table), partitioning=None)
        except (OSError, pa.ArrowInvalid) as error:
            raise LakeError(f"{self.path(table)}: cannot be read ({error}); run the study again") from error

    def damaged(self) -> list[str]:
        """Return the names of files whose content is not what the manifest says."""
        bad = []
        for name in self.tables:
            path = self.path(name)
            if not path.exists() or _digest(path.read_bytes()) != self.manifest["tables"][name]["sha256"]:
                bad.append(path.name)
        return bad


class Results:
    """The results of a workspace, one directory per study.

    A study is read at the run that was the newest when it was first asked for, whatever is written meanwhile.

    Parameters
    ----------
    path
        The ``results`` directory.
    lake_version
        Only studies that were computed from this version of the lake; all where None.
    """

    def __init__(self, path: Path, *, lake_version: int | None = None) -> None:
        self.path = path
        self._lake_version = lake_version
        self._pinned: dict[str, StudyResults] = {}

    @property
    def studies(self) -> list[str]:
        """Names of the studies that were run."""
        names = sorted(p.parent.name for p in self.path.glob("*/manifest.json"))
        return [n for n in names if self._lake_version is None or self._of_version(n)]

    def _of_version(self, name: str) -> bool:
        return bool(self._newest(name).manifest.get("lake_version") == self._lake_version)

    def study(self, name: str) -> StudyResults:
        """Return a study's results.

        Raises
        ------
        NotThereError
            It was not run.
        """
        if name not in self._pinned:
            self._pinned[name] = self._newest(name)
        return self._pinned[name]

    def _newest(self, name: str) -> StudyResults:
        path = self.path / name / "manifest.json"
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            if manifest.get("format") != FORMAT:
                raise LakeError(f"{path}: results of another format; run `primacy run {name}` again")
        except FileNotFoundError:
            raise NotThereError(f"{name}: not run in this workspace; `primacy run {name}` makes it") from None
        except (OSError, ValueError) as error:
            raise LakeError(f"{path}: cannot be read ({error}); run `primacy run {name}` again") from error
        return StudyResults(path.parent, manifest)

    @cached_property
    def _owners(self) -> dict[str, str]:
        return {t: s for s in self.studies for t in self.study(s).tables}

    def owner(self, table: str) -> str | None:
        """Return the study that made a result table, None where there is no such table."""
        return self._owners.get(table)

    def read(self, table: str) -> pa.Table:
        """Read a result table by its name.

        Raises
        ------
        NotThereError
            There is none of that name; the text lists those that there are.
        """
        return self.study_of(table).read(table)

    def study_of(self, table: str) -> StudyResults:
        """Return the results of the study that made a table.

        Raises
        ------
        NotThereError
            There is no result table of that name; the text lists those that there are.
        """
        owner = self.owner(table)
        if owner is None:
            there = ", ".join(sorted(self._owners)) or "none yet; `primacy run` makes them"
            raise NotThereError(f"no result table '{table}'; there are {there}")
        return self.study(owner)

    def write(self, study: str, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any]) -> StudyResults:
        """Replace a study's results.

        Parameters
        ----------
        study
            Its name.
        tables
            Result tables by name, their rows already in the order in which they should stand.
        manifest
            What is known of the run: settings, inputs, code, funnel.

        Raises
        ------
        InputError
            The directory cannot be written.
        """
        directory = self.path / study
        try:
            directory.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path / f".{study}.lock"):  # another run of the study may end at the same time
                whole = self._write(directory, study, tables, manifest)
        except OSError as error:
            raise InputError(
                f"{error.filename or directory}: results cannot be written ({error.strerror or error}); "
                "they are as they were before"
            ) from error
        self.__dict__.pop("_owners", None)
        self._pinned[study] = StudyResults(directory, whole)
        return self._pinned[study]

    def _write(
        self, directory: Path, study: str, tables: Mapping[str, pa.Table], manifest: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Write the files, then the manifest, then take away what neither it nor the one before names."""
        for left in directory.glob(".*.tmp"):  # by a run that died
            left.unlink()
        entries: dict[str, Any] = {}
        for name, table in sorted(tables.items()):
            data = _parquet(table)
            file = f"{name}-{_digest(data)[:12]}.parquet"
            there = directory / file
            if not there.exists() or there.read_bytes() != data:  # gone, or damaged
                write_atomically(there, data)
            entries[name] = {
                "file": file,
                "rows": table.num_rows,
                "sha256": _digest(data),
                "columns": column_types(table.schema),
            }
        whole = {"format": FORMAT, "study": study, **manifest, "tables": entries}
        before = self._files(study)
        text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        write_atomically(directory / "manifest.json", text.encode())
        keep = {e["file"] for e in entries.values()} | before
        for path in directory.glob("*.parquet"):
            if path.name not in keep:
                path.unlink()
        return whole

    def _files(self, study: str) -> set[str]:
        """Return the files that the study's manifest names; none where there is none that can be read."""
        try:
            return {str(e["file"]) for e in self._newest(study).manifest["tables"].values()}
        except (PrimacyError, KeyError, TypeError):
            return set()


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    plain = table.replace_schema_metadata(None).combine_chunks()
    pq.write_table(plain, sink, compression="zstd", version="2.6")
    return sink.getvalue().to_pybytes()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def column_types(schema: pa.Schema) -> dict[str, str]:
    """Return the columns of a schema with their types in words, alike before and after a round through Parquet.

    Parquet names the items of a list in another way than Arrow does; they are not named here.

    Examples
    --------
    >>> column_types(pa.schema([("unit", pa.string()), ("issns", pa.list_(pa.string()))]))
    {'unit': 'string', 'issns': 'list<string>'}
    """
    return {f.name: f"list<{f.type.value_type}>" if pa.types.is_list(f.type) else str(f.type) for f in schema}
