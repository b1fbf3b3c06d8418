"""The lines of a file, in blocks, out of bytes that are verified by the time the last block is out.

Nothing that comes from a file may be loaded before :func:`blocks` has ended without :class:`DamagedFileError`:
the checksum of a gzip stream stands at its end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Protocol

from isal import isal_zlib

READ = 1 << 18
BLOCK = 8 << 20
"""How many bytes of lines go together, at least."""
LONGEST = 256 << 20
"""A line that is longer is given up: no record is."""

_GZIP = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Read at most so many bytes."""
        ...


class DamagedFileError(Exception):
    """A file cannot be read whole; the text says why, without naming it."""


class Digest:
    """The SHA-256 of the bytes that went through."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def read(self, file: Readable) -> bytes:
        """Read a piece of a file."""
        piece = file.read(READ)
        self._hash.update(piece)
        return piece

    def hex(self) -> str:
        """Return the digest as text."""
        return self._hash.hexdigest()


def digest_of(file: Readable) -> str:
    """Return the SHA-256 of a whole file."""
    digest = Digest()
    while digest.read(file):
        pass
    return digest.hex()


def _pieces(file: Readable, digest: Digest, *, packed: bool) -> Iterator[bytes]:
    """Yield a file's bytes, unpacked where they are gzip."""
    first = digest.read(file)
    if not first:
        raise DamagedFileError("the file is empty")
    if not first.startswith(_GZIP):
        if packed:
            raise DamagedFileError("not a gzip file, though its name says so")
        while first:
            yield first
            first = digest.read(file)
        return
    unpacker = isal_zlib.decompressobj(wbits=31)
    piece = first
    try:
        while True:
            if unpacker.eof:
                piece = (unpacker.unused_data or piece).lstrip(b"\0")
                while len(piece) < len(_GZIP):
                    more = digest.read(file)
                    if not more:
                        break
                    piece = (piece + more).lstrip(b"\0")
                if not piece:
                    return
                if not piece.startswith(_GZIP):
                    raise DamagedFileError("bytes that are not gzip follow the gzip stream")
                unpacker = isal_zlib.decompressobj(wbits=31)
            unpacked = unpacker.decompress(piece, BLOCK)
            if unpacked:
                yield unpacked
            if unpacker.eof:
                piece = b""
                continue
            piece = unpacker.unconsumed_tail or digest.read(file)
            if not piece and not unpacked:
                raise DamagedFileError("the gzip stream is cut off")
    except isal_zlib.error as error:  # type: ignore[misc]
        raise DamagedFileError(f"the gzip stream is damaged ({error})") from error


def blocks(file: Readable, digest: Digest, *, packed: bool) -> Iterator[bytes]:
    """Yield a file's bytes in blocks that end where a line does.

    Parameters
    ----------
    file
        Open at its beginning.
    digest
        Sees all its bytes.
    packed
        The name ends in ``.gz``: anything but gzip is damage. Without it, gzip is recognised by its first bytes.

    Raises
    ------
    DamagedFileError
        The file is empty, or its gzip stream is cut off, fails its checksum or is followed by other bytes. What
        was yielded before must be thrown away.
    """
    lines: list[bytes | memoryview] = []
    begun: list[bytes] = []  # a line of which the end is still to come
    size = length = 0
    beginning = True
    for piece in _pieces(file, digest, packed=packed):
        if beginning and len(piece) >= len(_BYTE_ORDER_MARK):
            piece, beginning = piece.removeprefix(_BYTE_ORDER_MARK), False
        cut = piece.rfind(b"\n") + 1
        if cut:
            lines += [*begun, memoryview(piece)[:cut]]
            size += length + cut
            begun, length = [], 0
        begun.append(piece[cut:])
        length += len(piece) - cut
        if length > LONGEST:
            raise DamagedFileError(f"a line is longer than {LONGEST >> 20} MiB")
        if size >= BLOCK:
            yield b"".join(lines)
            lines, size = [], 0
    last = b"".join([*lines, *begun])
    if last:
        yield last
