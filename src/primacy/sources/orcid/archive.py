"""The members of a tar file, one after the other out of a stream that is never unpacked as a whole.

The library's own streaming reader takes a damaged header for the end of the archive and remembers every member that it
passed; of the data file's ten millions both would matter. Headers are parsed by the library, the walk is made here: it
holds one member at a time, and it tells a whole archive from one that is cut off or damaged.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol, cast

from isal import igzip, isal_zlib

__all__ = ["LARGEST", "DamagedArchiveError", "Member", "members"]

LARGEST = 16 << 20
"""Bytes of a member that is read; the largest records of ORCID have some megabytes."""

_BLOCK = tarfile.BLOCKSIZE
_PIECE = 1 << 20
_LONGEST_NAME = 1 << 16
_GZIP = b"\x1f\x8b"
_EXTENDED = {tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE}
_REGULAR = {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE}


class DamagedArchiveError(Exception):
    """An archive cannot be read to its end; the text says why, without naming it."""


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Read at most so many bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive.

    Parameters
    ----------
    number
        Its place among the files of the archive, from 1.
    name
        Its path in the archive.
    size
        Its bytes.
    data
        What it holds; None where it was passed over: not wanted, or too large.
    """

    number: int
    name: str
    size: int
    data: bytes | None


class _Reader:
    """Reads exactly as many bytes as are asked for, across the pieces that a stream hands out."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream

    def exactly(self, size: int) -> bytes:
        """Return so many bytes.

        Raises
        ------
        DamagedArchiveError
            There are fewer, or the compressed stream is damaged.
        """
        parts = []
        left = size
        while left:
            piece = self._piece(left)
            if not piece:
                raise DamagedArchiveError("the archive is cut off")
            parts.append(piece)
            left -= len(piece)
        return b"".join(parts)

    def skip(self, size: int) -> None:
        """Pass over bytes without holding them."""
        while size:
            size -= len(self.exactly(min(size, _PIECE)))

    def _piece(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except EOFError:
            raise DamagedArchiveError("the gzip stream is cut off") from None
        except (gzip.BadGzipFile, zlib.error, isal_zlib.error) as error:  # type: ignore[misc]
            raise DamagedArchiveError(f"the gzip stream is damaged ({error})") from None

    def drain(self) -> None:
        """Read to the end, where the checksum of a gzip stream stands."""
        while self._piece(_PIECE):
            pass


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were looked at."""

    def __init__(self, first: bytes, rest: Readable) -> None:
        self._first = first
        self._rest = rest

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer as far as bytes come."""
        taken = self._first[: len(buffer)] if self._first else self._rest.read(len(buffer))
        self._first = self._first[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def members(
    stream: Readable, *, skip: int = 0, wanted: Callable[[str], bool] = lambda _: True
) -> Iterator[Member]:
    """Yield the files of a tar archive in order; plain or gzip, told by the first bytes.

    Parameters
    ----------
    stream
        At its beginning; it need not be able to go back.
    skip
        So many files are passed over without a word.
    wanted
        Says by its path whether a file is read.

    Raises
    ------
    DamagedArchiveError
        It is no tar archive, or it is cut off or damaged. What was yielded before is whole.
    """
    first = stream.read(_BLOCK)
    joined: Readable = cast(Readable, _Rejoined(first, stream))
    if first.startswith(_GZIP):
        joined = cast(Readable, igzip.IGzipFile(fileobj=cast(BinaryIO, joined), mode="rb"))
    reader = _Reader(joined)
    number = 0
    name: str | None = None
    size: int | None = None
    while True:
        header = _header(reader, at_start=number == 0 and name is None)
        if header is None:
            reader.drain()
            return
        length = header.size if size is None else size
        padding = -length % _BLOCK
        if header.type in _EXTENDED or header.type == tarfile.GNUTYPE_LONGNAME:
            text = _text(reader, header.size)
            if header.type == tarfile.GNUTYPE_LONGNAME:
                name = text.rstrip(b"\0").decode(errors="surrogateescape")
            else:
                name, size = _extended(text, name, size)
            continue
        if header.type in _REGULAR:
            number += 1
            path = name if name is not None else header.name
            take = number > skip and length <= LARGEST and wanted(path)
            data = None
            if take:
                data = reader.exactly(length)
                reader.skip(padding)
            else:
                reader.skip(length + padding)
            if number > skip:
                yield Member(number, path, length, data)
        else:
            reader.skip(length + padding)
        name = size = None


def _header(reader: _Reader, *, at_start: bool) -> tarfile.TarInfo | None:
    """Return the next header, None at the end of the archive."""
    block = reader.exactly(_BLOCK)
    if not block.strip(b"\0"):
        return None
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        reason = "not a tar archive" if at_start else "a header is damaged"
        raise DamagedArchiveError(f"{reason} ({error})") from None


def _text(reader: _Reader, size: int) -> bytes:
    """Return the data of a member that describes the next one."""
    if size > _LONGEST_NAME:
        raise DamagedArchiveError(f"a header of {size} bytes; no name is so long")
    text = reader.exactly(size)
    reader.skip(-size % _BLOCK)
    return text


def _extended(text: bytes, name: str | None, size: int | None) -> tuple[str | None, int | None]:
    """Return the path and the size that a POSIX extended header gives the next file."""
    while text:
        length, _, _ = text.partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(text):
            raise DamagedArchiveError("an extended header is damaged")
        record, text = text[len(length) + 1 : int(length)].rstrip(b"\n"), text[int(length) :]
        key, _, value = record.partition(b"=")
        if key == b"path":
            name = value.decode(errors="surrogateescape")
        elif key == b"size" and value.isdigit():
            size = int(value)
    return name, size
