"""Where a source lies: a directory or a single file, here or behind any file system that fsspec knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any, BinaryIO, Self

import fsspec

from primacy.errors import InputError


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
    """

    protocol: str
    root: str
    options: Mapping[str, Any] = field(default_factory=dict)
    single: bool = False

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

    def path(self, name: str) -> str | None:
        """Return where a file lies on this machine, None where it does not."""
        return f"{self.root.rstrip('/')}/{name}" if self.protocol == "file" else None

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


class Reading:
    """A file that is being read; a context manager.

    Parameters
    ----------
    name
        For errors.
    file
        Open; also for readers that want to move about in it.
    """

    def __init__(self, name: str, file: BinaryIO) -> None:
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
