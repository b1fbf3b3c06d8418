"""The words of a batch of folded texts, and which of them are the same.

A word is read as two numbers, its first eight bytes and the next eight, so that words are compared as numbers are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from primacy.technologies.matcher.folded import BORDER, END, GONE, PADDING, SPACE, Folded
from primacy.technologies.matcher.lists import Numbers

Keys = npt.NDArray[np.uint64]

_MASK = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)  # keeps the first bytes of eight
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class BatchWords:
    """The words of a batch.

    Attributes
    ----------
    standing
        For each word of the batch, the number of its entry; the same word may have several entries.
    text
        The entries' words, each after one space, and a space at the end.
    begin
        Where each entry begins in ``text``, at its space.
    cell
        For each word of the batch, twice the index of its text, plus one in the abstract; negative in a segment
        that another one replaces.
    """

    standing: Numbers
    text: bytes
    begin: npt.NDArray[np.int64]
    cell: Numbers


def words_of(folded: Folded) -> BatchWords:
    """Tell the words of a batch apart."""
    data = folded.data
    start, size = _bounds(data)
    eight: Keys = np.ndarray(len(data) - 8, "<u8", data, strides=(1,))  # the eight bytes from each place on
    head = eight[start]
    head &= _MASK.take(size, mode="clip")
    short, long = np.flatnonzero(size <= 8), np.flatnonzero(size > 8)
    standing = np.empty(len(start), np.int32)
    standing[short], heads = _encode(head.take(short))

    longer = head.take(long)
    tail = eight[start.take(long) + 8]
    tail &= _MASK.take(size.take(long) - 8, mode="clip")
    number, distinct = _encode(_mixed(longer, tail))
    one = np.zeros(len(distinct), np.int32)
    one[number] = np.arange(len(long), dtype=np.int32)  # any of the words with that number will do
    same = (longer == longer.take(one).take(number)) & (tail == tail.take(one).take(number))
    same &= size.take(long) <= 16
    standing[long] = number + len(heads)
    alone = long[~same]  # more than 16 bytes, or of the same number though not the same word
    standing[alone] = np.arange(len(alone)) + (len(heads) + len(one))

    text = np.concatenate(
        [
            _spelled(heads),
            _spelled(longer.take(one), tail.take(one)),
            _copied(data, start[alone], size[alone]),
            np.array([SPACE], np.uint8),
        ]
    )
    text = text[text != GONE]
    return BatchWords(
        standing=standing,
        text=text.tobytes(),
        begin=np.flatnonzero(text == SPACE)[:-1],
        cell=_cells(folded, head, len(start)),
    )


def _bounds(data: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where words begin, and their lengths; the data begin and end with a space."""
    letter = data[: len(data) - PADDING + 1] != SPACE
    change = np.flatnonzero(letter[1:] != letter[:-1])
    return change[::2] + 1, change[1::2] - change[::2]


def _encode(keys: Keys) -> tuple[Numbers, Keys]:
    encoded = pa.array(keys).dictionary_encode()
    return np.asarray(encoded.indices), np.asarray(encoded.dictionary)


def _mixed(head: Keys, tail: Keys) -> Keys:
    mixed = (head ^ (head >> np.uint64(29))) * _SPREAD + tail
    return (mixed ^ (mixed >> np.uint64(32))) * _SPREAD


def _spelled(*keys: Keys) -> npt.NDArray[np.uint8]:
    """Write words out from their numbers, each after a space."""
    columns = [np.full((len(keys[0]), 1), SPACE, np.uint8)]
    columns += [np.ascontiguousarray(key).view(np.uint8).reshape(-1, 8) for key in keys]
    spelled = np.concatenate(columns, axis=1).ravel()
    return spelled[spelled != 0]


def _copied(
    data: npt.NDArray[np.uint8], start: npt.NDArray[np.int64], size: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint8]:
    """Copy words, each after a space (the one before it in the data)."""
    size = size + 1
    shift = start - 1 - (np.cumsum(size) - size)
    return data[np.repeat(shift, size) + np.arange(size.sum())]


def _cells(folded: Folded, head: Keys, words: int) -> Numbers:
    marks = np.flatnonzero((head == BORDER) | (head == END))  # in turn, for each segment
    title = np.where(folded.text < 0, -1, 2 * folded.text)
    cells = np.stack([title, np.where(title < 0, -1, title + 1)], axis=1).ravel()
    return np.repeat(cells.astype(np.int32), np.diff(marks, prepend=-1))
