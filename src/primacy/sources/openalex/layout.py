"""Which files of a source are to be read: OpenAlex's two snapshot layouts, single files, directories of parts.

Today's layout is ``data/{jsonl,parquet}/<entity>/updated_date=*/part_NNNN.{gz,parquet}`` with a ``manifest.json``
per entity; the older one ``data/<entity>/updated_date=*/part_NNN.gz`` with ``manifest``. A source may be given
by any directory on the way down. Where both formats lie side by side they are copies of each other, and the
Parquet one is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

import msgspec

from primacy.errors import InputError
from primacy.sources.openalex.storage import Storage

Format = Literal["jsonl", "parquet"]

FOLDERS = {
    "works": "works",
    "institutions": "institutions",
    "sources": "sources",
    "venues": "sources",  # the name of sources until 2023
    "topics": "topics",
}
"""The directories that are read, and what they hold."""

MERGED = "merged_ids"
"""The directory of the lists of merged works, in the older layout."""

IGNORED = frozenset(
    [
        "authors",
        "awards",
        "concepts",
        "continents",
        "countries",
        "domains",
        "fields",
        "funders",
        "institution-types",
        "keywords",
        "languages",
        "licenses",
        MERGED,
        "publishers",
        "sdgs",
        "source-types",
        "subfields",
        "work-types",
    ]
)
"""The directories of a snapshot that are passed over."""

_FORMATS: dict[str, Format] = {
    ".gz": "jsonl",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
_ABOVE_ENTITIES = frozenset({"openalex", "data", "jsonl", "parquet"})
"""The directories of a snapshot above those of the entities."""
_PARTITION = re.compile(r"updated_date=(\d{4}-\d{2}-\d{2})")
_DELETED = ("deleted_ids.csv", "deleted_ids.csv.gz")
_MANIFESTS = ("manifest.json", "manifest")
_MARKER = "SIMULATED.json"
_LEVELS = 3
"""In how many directories above the root the marker of a simulated world is looked for."""

_HINT = (
    "give a snapshot's directory (data/{jsonl,parquet}/works/updated_date=*/part_NNNN.{gz,parquet}, or the older "
    "data/works/updated_date=*/part_NNN.gz), or one .jsonl, .jsonl.gz or .parquet file of works"
)


@dataclass(frozen=True)
class SourceFile:
    """One file of records.

    Parameters
    ----------
    name
        Below the source's root.
    entity
        ``works``, ``institutions``, ``sources`` or ``topics``.
    format
        How it is written.
    size
        In bytes.
    partition_date
        The date of its ``updated_date=`` directory.
    stated_size, stated_records
        What the manifest says of it.
    listed
        Whether the manifest has it.
    """

    name: str
    entity: str
    format: Format
    size: int
    partition_date: str | None = None
    stated_size: int | None = None
    stated_records: int | None = None
    listed: bool = False

    @property
    def packed(self) -> bool:
        """Whether its name says that it is gzip."""
        return self.name.endswith(".gz")


@dataclass(frozen=True)
class Layout:
    """What a source consists of.

    Parameters
    ----------
    files
        The files of records, in a fixed order.
    deleted
        The lists of deleted works and of merged ones.
    records
        How many records of each entity its manifest states; entities without one are left out.
    simulated
        The source is a simulated world.
    notes
        What the user should know of it, such as partitions of the manifest that are not here.
    """

    files: tuple[SourceFile, ...]
    deleted: tuple[str, ...] = ()
    records: Mapping[str, int] = field(default_factory=dict)
    simulated: bool = False
    notes: tuple[str, ...] = ()


class _Meta(msgspec.Struct):
    content_length: int | None = None
    record_count: int | None = None


class _Entry(msgspec.Struct):
    url: str
    meta: _Meta | None = None


class _Manifest(msgspec.Struct):
    entity: str | None = None
    files: list[_Entry] | None = None
    entries: list[_Entry] | None = None
    entities: list[_Manifest] | None = None


def discover(source: str, storage: Storage, sizes: Mapping[str, int]) -> Layout:
    """Find the files to read.

    Parameters
    ----------
    source
        As the user named it, for errors.
    storage, sizes
        From :func:`primacy.sources.openalex.storage.locate`.

    Raises
    ------
    InputError
        Nothing there has a known layout; or a manifest cannot be read, or lists a file that is missing beside
        others of the same partition.
    """
    visible = {
        name: size
        for name, size in sizes.items()
        if not any(part.startswith((".", "_")) for part in PurePosixPath(name).parts)
    }
    files = [f for name, size in visible.items() if (f := _classify(storage.root, name, size)) is not None]
    if not files and (storage.single or not any(_folder_name(name) in FOLDERS for name in visible)):
        files = [f for name, size in visible.items() if (f := _loose(storage, name, size)) is not None]
    files = _one_copy(files)
    if not files:
        raise InputError(f"{source}: no OpenAlex files here; {_HINT}")
    stated, notes, records = _stated(source, storage, visible, files) if not storage.single else ({}, [], {})
    if storage.remote and not storage.single:
        files = _released(source, visible, files, stated, notes)
    folders = sorted({_folder(f.name) for f in files if f.entity == "works"})
    lists = [_join(folder, name) for folder in folders for name in _DELETED]
    lists += sorted(name for name in visible if PurePosixPath(name).parts[-3:-1] == (MERGED, "works"))
    return Layout(
        files=tuple(sorted((stated.get(f.name, f) for f in files), key=lambda f: f.name)),
        deleted=() if storage.single else tuple(name for name in lists if name in visible),
        records=records,
        simulated=any(storage.exists_above(_MARKER, levels) for levels in range(_LEVELS + 1)),
        notes=tuple(notes),
    )


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _folder(name: str) -> str:
    """Return the directory of an entity that a file lies in, below the root; empty for the root itself."""
    parent = PurePosixPath(name).parent
    if _PARTITION.fullmatch(parent.name):
        parent = parent.parent
    return "" if str(parent) == "." else str(parent)


def _folder_name(name: str) -> str:
    return PurePosixPath(_folder(name)).name


def _format(name: str) -> Format | None:
    if name.endswith((".csv.gz", _MARKER)) or PurePosixPath(name).name in _MANIFESTS:
        return None
    return _FORMATS.get(PurePosixPath(name).suffix)


def _partition(root: str, name: str) -> str | None:
    match = _PARTITION.fullmatch(PurePosixPath(root, name).parent.name)
    return match[1] if match else None


def _classify(root: str, name: str, size: int) -> SourceFile | None:
    """Return the file of records at a place of a snapshot, None where there is none."""
    form = _format(name)
    if form is None or not _ABOVE_ENTITIES.issuperset(PurePosixPath(_folder(name)).parts[:-1]):
        return None
    folder = PurePosixPath(root, _folder(name))
    if _PARTITION.fullmatch(folder.name):  # the root is itself a partition
        folder = folder.parent
    entity = FOLDERS.get(folder.name)
    if entity is None and _folder(name) == "" and folder.name not in IGNORED and _partition(root, name):
        entity = "works"  # partitions in a directory of another name
    if entity is None:
        return None
    return SourceFile(name, entity, form, size, _partition(root, name))


def _loose(storage: Storage, name: str, size: int) -> SourceFile | None:
    """Return a file of works that lies in the root without a snapshot's directories, None where it is none."""
    form = _format(name)
    if form is None or "/" in name or (name.endswith(".json") and not storage.single):
        return None
    return SourceFile(name, "works", form, size, _partition(storage.root, name))


def _one_copy(files: list[SourceFile]) -> list[SourceFile]:
    """Of an entity that lies there in both formats, keep the Parquet copy."""
    both = {f.entity for f in files if f.format == "parquet" and "parquet" in PurePosixPath(f.name).parts}
    return [f for f in files if not (f.entity in both and "jsonl" in PurePosixPath(f.name).parts)]


def _stated(
    source: str, storage: Storage, visible: Mapping[str, int], files: Iterable[SourceFile]
) -> tuple[dict[str, SourceFile], list[str], dict[str, int]]:
    """Return the files with what the manifests state of them, notes on what is not there, and records by entity.

    A partition that is missing as a whole is a copy kept up to date by partitions, as OpenAlex recommends; one
    file missing beside others of its partition is a download that was broken off.
    """
    by_name = {f.name: f for f in files}
    partitions = {str(PurePosixPath(f).parent) for f in by_name}
    notes: list[str] = []
    records: dict[str, int] = {}
    for folder in sorted({_folder(name) for name in by_name}):
        manifest = next((m for n in _MANIFESTS if (m := _join(folder, n)) in visible), None)
        if manifest is None:
            continue
        absent = 0
        entries = _entries(source, storage, manifest)
        counts = [e.meta.record_count if e.meta else None for e in entries]
        if (entity := FOLDERS.get(PurePosixPath(storage.root, folder).name)) and None not in counts:
            records[entity] = sum(c for c in counts if c is not None)
        for entry in entries:
            tail = PurePosixPath(entry.url).parts[-2:]
            name = _join(folder, "/".join(tail if _PARTITION.fullmatch(tail[0]) else tail[-1:]))
            if name in by_name:
                meta = entry.meta or _Meta()
                by_name[name] = replace(
                    by_name[name],
                    stated_size=meta.content_length,
                    stated_records=meta.record_count,
                    listed=True,
                )
            elif str(PurePosixPath(name).parent) in partitions:
                raise InputError(
                    f"{source}: {name} is listed in {manifest} but is not here; complete the download, or remove "
                    "the manifest to pull what there is"
                )
            else:
                absent += 1
        if absent:
            notes.append(f"{manifest} lists {absent} files in partitions that are not here")
    return by_name, notes, records


def _released(
    source: str,
    visible: Mapping[str, int],
    files: Iterable[SourceFile],
    stated: Mapping[str, SourceFile],
    notes: list[str],
) -> list[SourceFile]:
    """Return the files that the manifests list and those that lie in no partition; note how many others there are.

    Raises
    ------
    InputError
        An entity has no manifest: its release is not complete.
    """
    kept = []
    others = 0
    for file in files:
        folder = _folder(file.name)
        if not _PARTITION.fullmatch(PurePosixPath(file.name).parent.name) or stated[file.name].listed:
            kept.append(file)
        elif any(_join(folder, name) in visible for name in _MANIFESTS):
            others += 1
        else:
            raise InputError(
                f"{source}: {_join(folder, _MANIFESTS[0])} is missing, so what belongs to the release is not known; "
                "pull again when it is complete, or name one partition"
            )
    if others:
        notes.append(f"{others} files are in no manifest and are not read")
    return kept


def _entries(source: str, storage: Storage, manifest: str) -> list[_Entry]:
    with storage.open(manifest) as file:
        try:
            stated = msgspec.json.decode(file.read(), type=_Manifest)
        except (msgspec.MsgspecError, UnicodeError) as error:
            raise InputError(
                f"{source}: {manifest} is not a manifest ({error}); download it again, or remove it"
            ) from None
    return [*(stated.files or ()), *(stated.entries or ())]
