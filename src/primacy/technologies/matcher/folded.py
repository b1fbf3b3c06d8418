"""Fold many texts at once into one buffer that an automaton can read.

Most of a text is ASCII, so the whole batch is folded with one table look-up per byte; the few characters that
are not ASCII are found and replaced by vectorised look-ups. Only a text with a character that grows when
folded (``½`` is "1 2") or with the letters of decomposed Korean is folded by itself, with
`primacy.technologies.folding.fold`. The result is the same by either road: `fold` defines it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.technologies.folding import fold, fold_character

SPACE = 0x20
# Bytes that no UTF-8 text holds.
GONE = 0xFD  # stands in a word for nothing
BORDER = 0xFE  # a word by itself between title and abstract
END = 0xFF  # a word by itself after each text
PADDING = 32
"""Spaces after the last text, so that a word's first bytes can be read at once wherever it stands."""

_RAW = pa.large_binary()
_ASCII = bytes(ord(fold_character(chr(code))) if code < 0x80 else code for code in range(0x100))

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Folded:
    r"""A batch of folded texts.

    Attributes
    ----------
    data
        For each segment ``" title words \xfe abstract words \xff"``, then the padding. Every word stands between
        spaces; a byte GONE in it counts for nothing.
    text
        For each segment, the index of its text; -1 for a segment that another one replaces.
    """

    data: Bytes
    text: Integers


def fold_texts(titles: pa.Array, abstracts: pa.Array) -> Folded:
    """Fold a batch of texts; null is an empty text."""
    data, growing = _fold(titles, abstracts)
    text = np.arange(len(titles), dtype=np.int64)
    if len(growing):
        text[growing] = -1
        chosen = pa.array(growing)
        alone = [_fold_alone(column.take(chosen)) for column in (titles, abstracts)]
        data = np.concatenate([data, _fold(*alone)[0]])
        text = np.concatenate([text, growing])
    return Folded(np.concatenate([data, np.full(PADDING, SPACE, np.uint8)]), text)


def _fold_alone(column: pa.Array) -> pa.Array:
    return pa.array([fold(value or "") for value in column.to_pylist()], pa.large_string())


def _fold(titles: pa.Array, abstracts: pa.Array) -> tuple[Bytes, Integers]:
    """Fold texts into segments; also the indices of texts that must be folded alone."""
    parts = [b" ", titles, bytes([SPACE, BORDER, SPACE]), abstracts, bytes([SPACE, END]), b""]
    joined = pc.binary_join_element_wise(
        *(pa.scalar(p, _RAW) if isinstance(p, bytes) else p.cast(_RAW) for p in parts),
        null_handling="replace",
        null_replacement="",
    )
    if not len(joined):
        return np.empty(0, np.uint8), np.empty(0, np.int64)
    offsets = np.frombuffer(joined.buffers()[1], np.int64, len(joined) + 1)
    raw = memoryview(joined.buffers()[2])[: offsets[-1]]
    data = np.frombuffer(bytearray(raw).translate(_ASCII), np.uint8)
    growing, gone = _replace(data)
    texts = np.unique(np.searchsorted(offsets, growing, side="right") - 1)
    if (data[gone - 1] == SPACE).any():  # a combining mark without a letter must not make a word
        data = data[data != GONE]
    return data, texts


def _replace(data: Bytes) -> tuple[Integers, Integers]:
    """Fold, in place, the characters that are not ASCII.

    Returns the places of characters that do not fit into their own bytes when folded (left as they are), and
    the places of the bytes to remove.
    """
    at = np.flatnonzero(data >= 0xC0)
    at = at[data[at] < 0xF8]
    lead = data[at].astype(np.uint32)
    size = 2 + (lead >= 0xE0) + (lead >= 0xF0)
    tails = [data[at + step].astype(np.uint32) & 0x3F for step in (1, 2)]
    code = (lead & np.where(size == 2, 0x1F, 0x0F)) << 6 | tails[0]
    code = np.where(size == 2, code, code << 6 | tails[1])
    four = np.flatnonzero(size == 4)
    code[four] = (code[four] & 0x7FFF) << 6 | data[at[four] + 3].astype(np.uint32) & 0x3F
    folded = _CHARACTERS.look_up(code.astype(np.uint32))
    fits = folded != _GROWS
    growing, at, size, folded = at[~fits], at[fits], size[fits], folded[fits]
    gone = []
    for step in range(4):
        chosen = size > step
        if not chosen.all():
            at, size, folded = at[chosen], size[chosen], folded[chosen]
        byte = (folded >> 8 * step & 0xFF).astype(np.uint8)
        data[at + step] = byte
        gone.append(at[byte == GONE] + step)
    return growing, np.sort(np.concatenate(gone))


_UNKNOWN = np.uint32(0xFFFFFFFF)
_GROWS = np.uint32(0xFFFFFFFE)


class _Characters:
    """The folded form of every character met so far: its UTF-8 bytes, first byte lowest."""

    def __init__(self) -> None:
        self._folded = np.full(0x110000, _UNKNOWN, np.uint32)

    def look_up(self, codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
        folded = self._folded[codes]
        unknown = np.unique(codes[folded == _UNKNOWN])
        if len(unknown):
            for code in unknown.tolist():
                self._folded[code] = _packed(chr(code))
            folded = self._folded[codes]
        return folded


def _packed(character: str) -> int:
    """Pack the folded form of a character into as many bytes as the character itself takes."""
    size = len(character.encode())
    folded = fold_character(character)
    encoded = folded.encode()
    if len(encoded) > size or any(map(_is_jamo, folded)):
        return int(_GROWS)
    filler = b" " if folded.isspace() else bytes([GONE])
    return int.from_bytes(encoded + filler * (size - len(encoded)), "little")


def _is_jamo(character: str) -> bool:
    """Whether a letter may be part of a decomposed Korean syllable."""
    return (
        "\u1100" <= character <= "\u11ff"
        or "\ua960" <= character <= "\ua97f"
        or "\ud7b0" <= character <= "\ud7ff"
    )


_CHARACTERS = _Characters()
