"""Objects of a bucket as files: one that streams, and one that holds only the bytes that are needed."""

from __future__ import annotations

import os
import tempfile
import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from primacy.errors import LakeError
from primacy.sources.openalex.s3_bucket import Bucket, Object
from primacy.sources.openalex.storage import Extent, Traffic

WINDOW = 8 << 20
"""How many bytes one request asks for, at most."""
AHEAD = 4
"""How many requests of a file are under way at a time."""
GAP = 256 << 10
"""Bytes that nobody needs are fetched along where they are fewer: a request costs more."""
FOOTER = 64 << 10
"""How much of a Parquet file's end is fetched first; its metadata are rarely longer."""
PADDING = 128
"""What is fetched beyond a column: writers of old left the header of a page out of its length."""


class _GivenUpError(Exception):
    """Nobody waits for a window any more."""


class _Fetcher:
    """Fetches windows of an object, some at a time; a context manager."""

    def __init__(self, bucket: Bucket, of: Object, traffic: Traffic) -> None:
        self._bucket, self._of, self._traffic = bucket, of, traffic
        self._threads = ThreadPoolExecutor(AHEAD, thread_name_prefix="primacy-s3")
        self._given_up = threading.Event()

    def start(self, extent: Extent) -> Future[tuple[bytes, Traffic]]:
        """Begin to fetch a window."""
        return self._threads.submit(self._read, extent)

    def finish(self, window: Future[tuple[bytes, Traffic]]) -> bytes:
        """Wait for a window."""
        data, traffic = window.result()
        self._traffic.add(traffic)  # here, in one thread
        return data

    def _read(self, extent: Extent) -> tuple[bytes, Traffic]:
        traffic = Traffic()
        return self._bucket.read(self._of, *extent, traffic, sleep=self._sleep), traffic

    def _sleep(self, seconds: float) -> None:
        if self._given_up.wait(seconds):
            raise _GivenUpError

    def close(self) -> None:
        """Give up what is still under way."""
        self._given_up.set()
        self._threads.shutdown(wait=True, cancel_futures=True)


class Stream:
    """An object that is read from beginning to end, some windows ahead of the reader.

    Parameters
    ----------
    bucket, of, traffic
        Where it lies, what it is, and who is told what was fetched.
    """

    def __init__(self, bucket: Bucket, of: Object, traffic: Traffic) -> None:
        self._fetcher = _Fetcher(bucket, of, traffic)
        self._left = iter(_windows([(0, of.size)]))
        self._coming: deque[Future[tuple[bytes, Traffic]]] = deque()
        self._data = memoryview(b"")
        for _ in range(AHEAD):
            self._order()

    def _order(self) -> None:
        window = next(self._left, None)
        if window is not None:
            self._coming.append(self._fetcher.start(window))

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes, all that are left where negative; none at the end."""
        pieces: list[bytes] = []
        while size and (self._data or self._coming):
            if not self._data:
                self._data = memoryview(self._fetcher.finish(self._coming.popleft()))
                self._order()
            taken = self._data if size < 0 else self._data[:size]
            self._data = self._data[len(taken) :]
            pieces.append(bytes(taken))
            size = size if size < 0 else size - len(taken)
        return b"".join(pieces)

    def close(self) -> None:
        """Stop fetching."""
        self._fetcher.close()


class SparseCopy:
    """A file of an object's length that holds only what was fetched of it; a context manager.

    Parquet is read from it as from any file on this machine, once the columns that are needed are there.

    Parameters
    ----------
    bucket, of, traffic
        As in :class:`Stream`.
    directory
        Where the file is made; it is removed at the end.
    """

    def __init__(self, bucket: Bucket, of: Object, traffic: Traffic, directory: Path) -> None:
        self._size = of.size
        self._fetcher = _Fetcher(bucket, of, traffic)
        try:
            self._number, path = tempfile.mkstemp(dir=directory, suffix=".parquet")
            os.truncate(self._number, of.size)
        except OSError as error:
            raise _refused(directory, error) from error
        self.path = Path(path)

    def __enter__(self) -> Self:
        try:
            self._footer()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        self._fetcher.close()
        os.close(self._number)
        self.path.unlink(missing_ok=True)

    @property
    def where(self) -> str:
        """The file's path."""
        return str(self.path)

    def _footer(self) -> None:
        """Fetch the metadata: their length stands before the last four bytes."""
        self.fetch([(max(0, self._size - FOOTER), self._size)])
        if self._size >= 8:
            length = int.from_bytes(os.pread(self._number, 4, self._size - 8), "little")
            if FOOTER < length + 8 <= self._size:
                self.fetch([(self._size - length - 8, self._size - FOOTER)])

    def fetch(self, extents: Iterable[Extent]) -> None:
        """Fetch some extents, those that lie close together in one request.

        Raises
        ------
        InputError
            The server fails.
        LakeError
            The disk refuses.
        """
        padded = ((max(0, start), min(end + PADDING, self._size)) for start, end in extents)
        coming: deque[tuple[int, Future[tuple[bytes, Traffic]]]] = deque()
        for window in _windows(_joined(padded)):
            if len(coming) == AHEAD:
                self._write(*coming.popleft())
            coming.append((window[0], self._fetcher.start(window)))
        while coming:
            self._write(*coming.popleft())

    def _write(self, start: int, window: Future[tuple[bytes, Traffic]]) -> None:
        data = memoryview(self._fetcher.finish(window))
        try:
            while data:
                written = os.pwrite(self._number, data, start)
                data, start = data[written:], start + written
        except OSError as error:
            raise _refused(self.path.parent, error) from error


def _refused(directory: Path, error: OSError) -> LakeError:
    return LakeError(
        f"{directory}: cannot be written ({error.strerror or error}); the lake is as it was before"
    )


def _joined(extents: Iterable[Extent]) -> list[Extent]:
    """Return extents in order, those joined that overlap or lie close together.

    Examples
    --------
    >>> _joined([(900_000, 900_010), (0, 10), (20, 30), (25, 26)])
    [(0, 30), (900000, 900010)]
    """
    joined: list[Extent] = []
    for start, end in sorted(extents):
        if joined and start - joined[-1][1] <= GAP:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _windows(extents: Iterable[Extent]) -> Iterable[Extent]:
    """Cut extents into what one request asks for."""
    for start, end in extents:
        for begin in range(start, end, WINDOW):
            yield begin, min(begin + WINDOW, end)
