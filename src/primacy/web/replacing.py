"""A directory that is replaced as a whole: whoever looks sees the old one or the new one."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from primacy.errors import InputError

__all__ = ["replacing"]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def replacing(directory: Path, mark: str) -> Iterator[Path]:
    """Yield an empty directory beside another one, which it replaces when the block ends without an error.

    Parameters
    ----------
    directory
        What is replaced; it must be new, empty, or hold the mark.
    mark
        The name of a file that says that a directory may be replaced.

    Raises
    ------
    InputError
        Something else is in the directory, or another process is replacing it.
    """
    target = directory.resolve()
    if target.exists() and not _replaceable(target, mark):
        raise InputError(f"{directory}: something else is there; name a new or empty directory")
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = target.with_name(f".{target.name}.next")
    lock = FileLock(target.with_name(f".{target.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(f"{directory}: another process is publishing there; wait for it to end") from None
    try:
        # A process may have died at any line of this block.
        shutil.rmtree(staging, ignore_errors=True)
        if not target.exists() and _aside(target).exists():
            _aside(target).rename(target)
        shutil.rmtree(_aside(target), ignore_errors=True)
        staging.mkdir()
        yield staging
        if target.exists():
            shutil.copymode(target, staging)
        _swap(staging, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)


def _replaceable(target: Path, mark: str) -> bool:
    return target.is_dir() and ((target / mark).exists() or not any(target.iterdir()))


def _swap(staging: Path, target: Path) -> None:
    """Put one directory in the other's place: in one step where the system can exchange two names."""
    if not target.exists():
        staging.rename(target)
    elif not _exchange(staging, target):
        old = _aside(target)
        target.rename(old)
        staging.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def _aside(target: Path) -> Path:
    """Return where a directory stands for the moment between two renames."""
    return target.with_name(f".{target.name}.old")


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names; return whether the system can."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0
