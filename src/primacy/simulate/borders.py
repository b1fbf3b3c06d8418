"""Whether a phrase of some query could run from the end of one text into the beginning of the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from primacy.technologies.folding import words
from primacy.technologies.query import Query, Words


class Borders:
    """The phrases of some queries, cut at every place, and texts that may stand beside others.

    Parameters
    ----------
    queries
        The queries.

    Examples
    --------
    >>> from primacy.technologies.query import parse
    >>> borders = Borders([parse('"state of the art*"')])
    >>> borders.add("In that state")
    >>> borders.touches("Of the arts we know."), borders.touches("Of that art we know.")
    (True, False)
    """

    def __init__(self, queries: Iterable[Query]) -> None:
        self._tails: dict[tuple[str, ...], set[Words]] = defaultdict(set)
        for query in queries:
            for leaf in query.leaves():
                if isinstance(leaf, Words):
                    for cut in range(1, len(leaf.words)):
                        self._tails[leaf.words[:cut]].add(Words(leaf.words[cut:], leaf.prefix))
        self._longest = max(map(len, self._tails), default=0)
        self._begun: dict[str, set[Words]] = defaultdict(set)  # by the first word of what would complete it
        self._begun_prefixes: set[Words] = set()
        self._beginnings: dict[str, set[tuple[str, ...]]] = defaultdict(set)

    def add(self, text: str) -> None:
        """Add a text that may stand before or after others."""
        found = words(text)
        for tail in self._begins_at_end(found):
            if tail.prefix and len(tail.words) == 1:
                self._begun_prefixes.add(tail)
            else:
                self._begun[tail.words[0]].add(tail)
        self._beginnings[found[0]].add(tuple(found[: self._longest + 1]))

    def touches(self, text: str) -> bool:
        """Return whether a phrase could run between this text and one that was added, or its own copy."""
        found = words(text)
        begun = self._begins_at_end(found)
        nearby = self._begun.get(found[0], set()) | self._begun_prefixes | begun
        return any(_completes(found, tail) for tail in nearby) or any(map(self._is_completed, begun))

    def _is_completed(self, tail: Words) -> bool:
        """Return whether a text that was added begins with what completes a phrase."""
        if tail.prefix and len(tail.words) == 1:
            return any(first.startswith(tail.words[0]) for first in self._beginnings)
        return any(_completes(beginning, tail) for beginning in self._beginnings.get(tail.words[0], ()))

    def _begins_at_end(self, text: Sequence[str]) -> set[Words]:
        """Return what would complete a phrase that the end of a text begins."""
        lengths = range(1, min(self._longest, len(text)) + 1)
        return set().union(*(self._tails.get(tuple(text[-length:]), ()) for length in lengths))


def _completes(text: Sequence[str], tail: Words) -> bool:
    *body, end = tail.words
    if len(text) < len(tail.words) or list(text[: len(body)]) != body:
        return False
    word = text[len(body)]
    return word.startswith(end) if tail.prefix else word == end
