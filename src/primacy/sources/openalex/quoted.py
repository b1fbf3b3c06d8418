"""Lists of texts out of the bytes of JSON, many lists at once, without an object per text."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from primacy.sources.openalex.leaves import Ints

__all__ = ["spans", "texts"]

_QUOTE, _COMMA = b'",'
_OPEN, _CLOSE = b"[]"
_LONGEST = 2**31 - 1
"""As many bytes as Arrow's texts can have together."""
_LISTS = msgspec.json.Decoder(list[str | None] | None)


def texts(lists: Sequence[msgspec.Raw]) -> tuple[Ints, pa.Array]:
    """Return the lengths of lists of texts, and all their texts in order.

    Parameters
    ----------
    lists
        Each the JSON of a list of texts, or of null, which is as an empty list.

    Raises
    ------
    msgspec.MsgspecError
        One of them is something else.

    Examples
    --------
    >>> lengths, values = texts([msgspec.Raw(b'["W1","W22"]'), msgspec.Raw(b"null"), msgspec.Raw(b'["W3"]')])
    >>> lengths.tolist(), values.to_pylist()
    ([2, 0, 1], ['W1', 'W22', 'W3'])
    """
    sizes = np.fromiter((memoryview(raw).nbytes for raw in lists), np.int64, len(lists))
    found = _cut(b"".join(lists), sizes)
    if found is not None:
        return found
    decoded = [_LISTS.decode(raw) or [] for raw in lists]
    lengths = np.fromiter(map(len, decoded), np.int64, len(decoded))
    return lengths, pa.array([text for one in decoded for text in one], pa.string())


def spans(data: bytes | memoryview, first: Ints, last: Ints) -> pa.StringArray:
    """Return texts that stand in some bytes, where they stand, each with what lies between it and the next.

    Parameters
    ----------
    data
        UTF-8.
    first, last
        Where each text begins, and where it has ended; in order.

    Examples
    --------
    >>> spans(b"(to)(be)", np.array([1, 5]), np.array([3, 7]))[::2].to_pylist()
    ['to', 'be']
    """
    offsets = np.empty(2 * len(first) + 1, np.int32)
    offsets[0:-1:2] = first
    offsets[1::2] = last
    offsets[-1] = memoryview(data).nbytes
    return pa.StringArray.from_buffers(2 * len(first), pa.py_buffer(offsets), pa.py_buffer(data))


def _cut(data: bytes, sizes: Ints) -> tuple[Ints, pa.Array] | None:
    """Return lengths and texts where all lists are plain, None where one of them is not.

    A plain list is ``null``, ``[]`` or ``["a","b"]``: no space between its marks, no escape and no null in it. Every
    byte is accounted for.
    """
    buffer = np.frombuffer(data, np.uint8)
    if not len(buffer) or len(buffer) > _LONGEST or b"\\" in data:
        return None
    ends = np.cumsum(sizes)
    starts = ends - sizes
    quotes = np.flatnonzero(buffer == _QUOTE)
    per_list = np.diff(np.searchsorted(quotes, np.append(starts, ends[-1])))
    empty = per_list == 0
    if not _are_empty(buffer, starts[empty], sizes[empty]):
        return None
    lengths = per_list // 2
    first, last = quotes[0::2] + 1, quotes[1::2]
    if (per_list % 2).any():
        return None
    of = np.repeat(np.arange(len(sizes)), lengths)
    head = np.ones(len(first), bool)  # the first text of its list
    head[1:] = of[1:] != of[:-1]
    before = np.where(head, starts[of] + 2, np.roll(last, 1) + 3)
    mark = np.where(head, _OPEN, _COMMA)
    plain = (first == before) & (buffer[np.maximum(first - 2, 0)] == mark)
    filled = ends[~empty]
    closed = (buffer[filled - 1] == _CLOSE) & (last[np.flatnonzero(np.roll(head, -1))] == filled - 2)
    if not plain.all() or not closed.all():
        return None
    return lengths, spans(data, first, last).take(pa.array(np.arange(0, 2 * len(first), 2)))


def _are_empty(buffer: npt.NDArray[np.uint8], starts: Ints, sizes: Ints) -> bool:
    """Return whether lists without a quote are ``[]`` or ``null``."""
    brackets = (sizes == 2) & (buffer[starts] == _OPEN)
    null = (sizes == 4) & (buffer[starts] == ord("n"))
    return bool((brackets | null).all())
