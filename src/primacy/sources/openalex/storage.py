"""Where a source lies: a directory or a single file, here or behind any file system that fsspec knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self, cast

import fsspec

from primacy.errors import InputError

Extent = tuple[int, int]
"""The bytes of a file from one number up to another."""


class SourceChangedError(InputError):
    """A source was changed while it was being read."""


@dataclass
class Traffic:
    """What was fetched over a network.

    Parameters
    ----------
    requests, bytes
        How many.
    retries
        How many of the requests were made again because they had failed.
    """

    requests: int = 0
    bytes: int = 0
    retries: int = 0

    def add(self, other: Traffic) -> None:
        """Add what somebody else fetched."""
        self.requests += other.requests
        self.bytes += other.bytes
        self.retries += other.retries


class Bytes(Protocol):
    """An open file."""

    def read(self, size: int = -1, /) -> bytes:
        """Read at most so many bytes."""
        ...

    def close(self) -> None:
        """Be done with it."""
        ...


class Parquet(Protocol):
    """A Parquet file about to be read."""

    @property
    def where(self) -> str | BinaryIO:
        """What a reader opens: a path, or an open file."""
        ...

    def fetch(self, extents: Iterable[Extent]) -> None:
        """See to it that some of its bytes can be read; its metadata always can."""
        ...


@dataclass(frozen=True)
class Storage:
    """Files under a root.

    Parameters
    ----------
    protocol
        ``file``, ``s3``, …
    root
        The directory, without a trailing slash; or, for a single file, the directory that holds it.
    options
        What the file system needs, such as ``anon`` or an endpoint.
    single
        The source is one file in the root, not the root.
    traffic
        What was fetched so far.
    """

    protocol: str
    root: str
    options: Mapping[str, Any] = field(default_factory=dict)
    single: bool = False
    traffic: Traffic = field(default_factory=Traffic, compare=False)

    remote = False
    """Whether files come over a network, from where a release is published that its manifests describe."""
    readings = 1
    """How often a file is read before it counts as damaged."""

    @property
    def _system(self) -> Any:
        return fsspec.filesystem(self.protocol, **self.options)

    def sizes(self) -> dict[str, int]:
        """Return the files under the root, by their name below it, with their sizes in bytes."""
        found = self._system.find(self.root, detail=True)
        prefix = len(self.root.rstrip("/")) + 1
        return {name[prefix:]: int(info["size"]) for name, info in sorted(found.items())}

    def exists_above(self, name: str, levels: int) -> bool:
        """Return whether a file lies in the directory that is so many levels above the root."""
        path = PurePosixPath(self.root)
        return len(path.parents) > levels and bool(
            self._system.exists(str((path, *path.parents)[levels] / name))
        )

    def identity(self, name: str) -> str | None:
        """Return what tells a file's content from any other, None where it must be read to know."""
        return None

    @contextmanager
    def parquet(self, name: str, directory: Path) -> Iterator[Parquet]:
        """Open a Parquet file to read some of its columns.

        Parameters
        ----------
        name
            Of the file.
        directory
            For what must be kept on disk meanwhile.
        """
        with self.open(name) as stream:
            local = self.protocol == "file"
            path = f"{self.root.rstrip('/')}/{name}"
            yield _Whole(path if local else cast(BinaryIO, stream.file))

    def open(self, name: str) -> Reading:
        """Open a file under the root to read its bytes.

        Raises
        ------
        InputError
            It cannot be opened.
        """
        try:
            return Reading(name, self._system.open(f"{self.root.rstrip('/')}/{name}", "rb"))
        except OSError as error:
            raise unreadable(name, error) from error


@dataclass(frozen=True)
class _Whole:
    """A file of which every byte can be read."""

    where: str | BinaryIO

    def fetch(self, extents: Iterable[Extent]) -> None:
        """Do nothing."""


class Reading:
    """A file that is being read; a context manager.

    Parameters
    ----------
    name
        For errors.
    file
        Open at its beginning.
    """

    def __init__(self, name: str, file: Bytes) -> None:
        self.name = name
        self.file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()

    def read(self, size: int = -1) -> bytes:
        """Read at most so many bytes.

        Raises
        ------
        InputError
            The disk or the network fails.
        """
        try:
            return self.file.read(size)
        except OSError as error:
            raise unreadable(self.name, error) from error


def unreadable(name: str, error: OSError) -> InputError:
    """Return the error that says that a file cannot be read, which is not the same as being damaged."""
    return InputError(f"{name}: cannot be read ({error.strerror or error}); pull again to go on from here")


def locate(source: str, options: Mapping[str, Any] | None = None) -> tuple[Storage, dict[str, int]]:
    """Return the storage of a source, and its files with their sizes.

    Raises
    ------
    InputError
        There is nothing at that place, or it cannot be read.
    """
    settings = dict(options or {})
    protocol = source.partition("://")[0] if "://" in source else "file"
    if protocol == "s3":
        from primacy.sources.openalex import s3  # most pulls need no client of S3

        return s3.locate(source, **settings)
    try:
        system, path = fsspec.core.url_to_fs(source, **settings)
        if system.isfile(path):
            parent, _, name = path.rpartition("/")
            return Storage(protocol, parent or "/", settings, single=True), {name: int(system.size(path))}
        storage = Storage(protocol, path.rstrip("/"), settings)
        if system.isdir(path):
            return storage, storage.sizes()
    except (OSError, ValueError, ImportError) as error:
        raise InputError(f"{source}: cannot be read ({error})") from error
    raise InputError(f"{source}: there is no such file or directory")
