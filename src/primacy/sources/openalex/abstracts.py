"""Abstracts, rebuilt from the index of their words."""

from __future__ import annotations

from typing import Any

import msgspec

from primacy.sources.openalex.records import Index

_INDEX = msgspec.json.Decoder(Index)
_ANY = msgspec.json.Decoder()


def rebuild(index: dict[str, list[int]]) -> str | None:
    """Return the text of an inverted index: its words in the order of their positions.

    A gap between positions is white space, whatever its width, so that nothing is allocated for it. Where two
    words claim one position, both stand there in alphabetical order.

    Parameters
    ----------
    index
        For each word the positions at which it stands, none of them negative.

    Returns
    -------
    str or None
        The text; None for an empty index.

    Examples
    --------
    >>> rebuild({"the": [0, 4], "cat": [1], "chased": [3], "dog": [5]})
    'the cat chased the dog'
    >>> rebuild({"far": [10**12], "near": [0]})
    'near far'
    """
    size = sum(map(len, index.values()))
    words: list[str | None] = [None] * size
    try:
        for word, positions in index.items():
            for position in positions:
                words[position] = word
        if None not in words:
            return " ".join(words) or None  # type: ignore[arg-type]
    except IndexError:
        pass
    pairs = sorted((position, word) for word, positions in index.items() for position in positions)
    return " ".join(word for _, word in pairs) or None


def from_text(text: str) -> str | None:
    """Return the abstract of an index that is stored as JSON text, in either of its forms.

    Examples
    --------
    >>> from_text('{"IndexLength": 2, "InvertedIndex": {"Hello": [0], "world": [1]}}')
    'Hello world'

    Raises
    ------
    ValueError
        The text is no index.
    """
    if not text or text == "null":
        return None
    try:
        return rebuild(_INDEX.decode(text))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    try:
        return from_value(_ANY.decode(text))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise ValueError("abstract_inverted_index: its text is not a JSON object of positions") from None


def from_value(value: Any) -> str | None:
    """Return the abstract of any value that a record may hold as its index.

    Raises
    ------
    ValueError
        The value is no index; the text says why.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return from_text(value)
    if not isinstance(value, dict):
        raise ValueError(f"abstract_inverted_index: {_kind(value)} is not an index of words")
    if isinstance(value.get("InvertedIndex"), dict):
        value = value["InvertedIndex"]
    for word, positions in value.items():
        if not isinstance(positions, list) or not all(type(p) is int and p >= 0 for p in positions):
            raise ValueError(
                f"abstract_inverted_index: the positions of {word[:40]!r} are not whole numbers from 0"
            )
    return rebuild(value)


def from_raw(raw: msgspec.Raw) -> str | None:
    """Return the abstract of an index that was left undecoded.

    Raises
    ------
    ValueError
        It is no index.
    """
    return from_value(_ANY.decode(raw))


def _kind(value: object) -> str:
    return {list: "a list", bool: "a truth value", int: "a number", float: "a number"}.get(
        type(value), type(value).__name__
    )
