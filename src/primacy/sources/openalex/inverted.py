"""Abstracts of a whole batch at once, out of the JSON texts of their inverted indices.

An index such as ``{"the":[0,4],"cat":[1]}`` is never made a dictionary: the places of its words and numbers are
found in the bytes of all indices together, the numbers say in which order the words go, and Arrow copies them
into that order. Every byte is accounted for: an index with an escape, other spacing, a gap or anything else that
is not exactly of this form is left to :mod:`primacy.sources.openalex.abstracts`, which takes one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.sources.openalex.quoted import spans

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

_QUOTE, _COMMA, _COLON, _SPACE, _ESCAPE = b'",: \\'
_BRACE, _END_BRACE, _BRACKET, _END_BRACKET = b"{}[]"
_ZERO = ord("0")
_DIGITS = 6
"""No abstract has a million words."""
_LONGEST = 2**31 - 1
"""As many bytes as Arrow's texts can have together."""
_TOGETHER = 1 << 20
"""How many bytes of indices are looked at together: what is known of them stays in the processor's cache."""


@dataclass(frozen=True)
class Rebuilt:
    """The abstracts of a batch.

    Parameters
    ----------
    texts
        One per index; of no meaning where it is not done.
    done
        Which indices were of the expected form.
    """

    texts: pa.Array
    done: Flags


def rebuild(data: bytes | pa.Buffer, ends: Ints) -> Rebuilt:
    """Return the texts of inverted indices.

    Parameters
    ----------
    data
        The JSON texts of the indices, one after the other.
    ends
        Where each ends.

    Examples
    --------
    >>> data = b'{"to":[0,4],"be":[1,5],"or":[2],"not":[3]}{"gap":[7]}'
    >>> rebuilt = rebuild(data, np.array([42, 53]))
    >>> rebuilt.texts[0].as_py(), rebuilt.done.tolist()
    ('to be or not to be', [True, False])
    """
    if not len(ends) or memoryview(data).nbytes > _LONGEST:
        return Rebuilt(pa.nulls(len(ends), pa.string()), np.zeros(len(ends), bool))
    pieces = []
    start = before = 0
    while start < len(ends):
        stop = max(start + 1, int(np.searchsorted(ends, before + _TOGETHER, side="right")))
        piece = memoryview(data)[before : int(ends[stop - 1])]
        pieces.append(_rebuild(piece, ends[start:stop] - before))
        start, before = stop, int(ends[stop - 1])
    if len(pieces) == 1:
        return pieces[0]
    return Rebuilt(pa.concat_arrays([p.texts for p in pieces]), np.concatenate([p.done for p in pieces]))


def _rebuild(data: memoryview, ends: Ints) -> Rebuilt:
    """Return the texts of inverted indices that are looked at together."""
    buffer = np.frombuffer(data, np.uint8)
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    done = ends - starts > 2
    quotes = np.flatnonzero(buffer == _QUOTE)
    per_index = np.diff(np.searchsorted(quotes, np.append(starts, ends[-1:])))
    done &= per_index % 2 == 0
    done[_owner(np.flatnonzero(buffer == _ESCAPE), ends)] = False
    if not done.any():
        return Rebuilt(pa.nulls(len(ends), pa.string()), done)
    if not done.all():
        quotes = quotes[np.repeat(done, per_index)]
    words = _words(buffer, starts, ends, quotes, np.where(done, per_index // 2, 0), done)
    numbers = _numbers(buffer, words, done)
    order = _order(words, numbers, done)
    ordered = spans(data, words.first, words.last).take(pa.array(2 * order))
    bounds = np.zeros(len(ends) + 1, np.int32)
    np.cumsum(numbers.per_index, out=bounds[1:])
    return Rebuilt(pc.binary_join(pa.ListArray.from_arrays(pa.array(bounds), ordered), " "), done)


def _owner(places: Ints, ends: Ints) -> Ints:
    """Return the index in which each place lies."""
    return np.searchsorted(ends, places, side="right")


@dataclass(frozen=True)
class _Words:
    """The words of all indices.

    Each goes from ``first`` to before ``last`` and belongs to the index ``owner``; its numbers begin at ``open``, and
    the bracket after them must be at ``close``.
    """

    first: Ints
    last: Ints
    owner: Ints
    open: Ints
    close: Ints


def _words(buffer: Bytes, starts: Ints, ends: Ints, quotes: Ints, per_index: Ints, done: Flags) -> _Words:
    """Find the words, and check all that stands around them and their numbers."""
    first, last = quotes[0::2] + 1, quotes[1::2]
    owner = np.repeat(np.arange(len(ends)), per_index)
    limit = len(buffer) - 1
    space = int(
        np.count_nonzero(buffer[np.minimum(last + 2, limit)] == _SPACE) * 2 > len(last)
    )  # ": [0, 4], "
    head = np.ones(len(first), bool)  # the first word of its index
    head[1:] = owner[1:] != owner[:-1]
    tail = np.roll(head, -1)
    following = np.append(first[1:], 0)
    opening = last + 3 + space
    close = np.where(tail, ends[owner] - 2, following - 3 - space)
    right = (close >= opening) & (buffer[np.minimum(last + 1, limit)] == _COLON)
    right &= buffer[np.minimum(opening - 1, limit)] == _BRACKET
    right &= buffer[np.clip(close, 0, limit)] == _END_BRACKET
    right &= buffer[np.clip(close + 1, 0, limit)] == np.where(tail, _END_BRACE, _COMMA)
    right &= ~head | ((first == starts[owner] + 2) & (buffer[starts[owner]] == _BRACE))
    if space:
        right &= (buffer[np.minimum(last + 2, limit)] == _SPACE) & (
            tail | (buffer[np.clip(close + 2, 0, limit)] == _SPACE)
        )
    done[owner[~right]] = False
    done &= per_index > 0
    close = np.where(done[owner], close, opening)  # nothing more is read of an index that is not of the form
    return _Words(first, last, owner, opening, close)


@dataclass(frozen=True)
class _Numbers:
    """The numbers of all words: their values, the word of each, and how many each index has."""

    values: Ints
    word: Ints
    per_index: Ints


def _numbers(buffer: Bytes, words: _Words, done: Flags) -> _Numbers:
    """Read the numbers, and check that they are separated as they should be."""
    lengths = words.close - words.open
    filled = np.flatnonzero(lengths > 0)
    lengths = lengths[filled]
    starts = np.cumsum(lengths) - lengths
    places = np.arange(int(lengths.sum())) + np.repeat(words.open[filled] - starts, lengths)
    text = buffer[places]
    of = np.repeat(filled, lengths)  # the word that each byte belongs to
    digit = (text - _ZERO) < 10
    begins = digit.copy()
    begins[1:] &= ~digit[:-1]
    begins[starts] = digit[starts]
    first = np.flatnonzero(begins)
    word = of[first]
    # Between two numbers of a word stands a comma (and a space); before the first and after the last, nothing.
    stops = digit.copy()
    stops[:-1] &= ~digit[1:]
    ending = starts + lengths - 1
    stops[ending] = digit[ending]
    last = np.flatnonzero(stops)
    width = last - first + 1
    wrong = width > _DIGITS
    wrong |= (text[first] == _ZERO) & (width > 1)
    same = word[1:] == word[:-1]
    gap = first[1:] - last[:-1] - 1
    comma = text[np.minimum(last[:-1] + 1, len(text) - 1)] == _COMMA
    spaced = (gap == 1) | ((gap == 2) & (text[np.minimum(last[:-1] + 2, len(text) - 1)] == _SPACE))
    wrong[1:] |= same & ~(comma & spaced)
    bad = np.zeros(len(words.first), bool)
    bad[word[wrong]] = True
    bad[of[starts]] |= ~digit[starts] | ~digit[ending]
    done[words.owner[bad]] = False
    values = (text[first] - _ZERO).astype(np.int64)
    for k in range(1, min(int(width.max(initial=0)), _DIGITS)):
        more = np.flatnonzero(width > k)
        values[more] = values[more] * 10 + (text[first[more] + k] - _ZERO)
    return _Numbers(values, word, np.bincount(words.owner[word], minlength=len(done)))


def _order(words: _Words, numbers: _Numbers, done: Flags) -> Ints:
    """Return the words of all indices in the order of their numbers; check that none is missing or twice."""
    starts = np.cumsum(numbers.per_index) - numbers.per_index
    owner = words.owner[numbers.word]
    inside = numbers.values < numbers.per_index[owner]
    done[owner[~inside]] = False
    place = starts[owner] + np.where(inside, numbers.values, 0)
    order = np.full(len(owner), -1, np.int64)
    order[place] = numbers.word
    missing = np.flatnonzero(order < 0)
    done[owner[missing]] = False  # the numbers of an index lie together, as the places do
    order[missing] = 0
    return order
