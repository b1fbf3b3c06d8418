"""Where a query's words stand in a text, for people who want to see why it matched."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from primacy.technologies.folding import fold_character
from primacy.technologies.query import And, Near, Node, Not, Or, Query, Within, Words

__all__ = ["Excerpt", "excerpt", "marks"]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text and the (start, end) of each of the query's words in it."""

    text: str
    marks: tuple[tuple[int, int], ...]


def marks(query: Query, text: str) -> list[tuple[int, int]]:
    """Return where the words stand that a query looks for (not those that it excludes), without overlaps.

    Examples
    --------
    >>> marks(__import__("primacy").technologies.query.parse("batter* NOT car"), "Car batteries")
    [(4, 13)]
    """
    found = list(_words(text))
    spans = sorted(span for leaf in _wanted(query.root) for span in _occurrences(leaf, found))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def excerpt(query: Query, text: str, *, width: int = 160) -> Excerpt:
    """Cut the piece of a text that holds the most of a query's words.

    Parameters
    ----------
    query
        The query.
    text
        A title or an abstract.
    width
        The most characters to show.
    """
    text = " ".join(text.split())
    spans = marks(query, text)
    begins = [max(0, start - width // 4) for start, _ in spans] or [0]
    begin = max(begins, key=lambda b: sum(b <= start and end <= b + width for start, end in spans))
    begin = 0 if len(text) <= width else min(begin, len(text) - width)
    if begin:
        begin = text.find(" ", begin) + 1 or begin
    end = min(len(text), begin + width)
    if end < len(text):
        end = max(text.rfind(" ", begin, end), begin + 1)
    head, tail = "… " if begin else "", " …" if end < len(text) else ""
    shift = len(head) - begin
    kept = tuple((start + shift, stop + shift) for start, stop in spans if begin <= start and stop <= end)
    return Excerpt(head + text[begin:end] + tail, kept)


def _wanted(node: Node) -> Iterator[Words]:
    match node:
        case Words():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from _wanted(part)
        case Near(left, right):
            yield from _wanted(left)
            yield from _wanted(right)
        case Within(_, part):
            yield from _wanted(part)
        case Not() | _:
            return


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the folded words of a text with their places; a combining mark belongs to its letter."""
    word, start, end = "", 0, 0
    for at, character in enumerate(text):
        folded = fold_character(character)
        if not folded and unicodedata.category(character)[0] == "M":
            end = at + 1
            continue
        for part in folded:
            if part == " ":
                if word:
                    yield word, start, end
                word = ""
            else:
                start = start if word else at
                word, end = word + part, at + 1
    if word:
        yield word, start, end


def _occurrences(leaf: Words, found: list[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    size = len(leaf.words)
    for first in range(len(found) - size + 1):
        here = [word for word, _, _ in found[first : first + size]]
        last = here[-1].startswith(leaf.words[-1]) if leaf.prefix else here[-1] == leaf.words[-1]
        if last and here[:-1] == list(leaf.words[:-1]):
            yield found[first][1], found[first + size - 1][2]
