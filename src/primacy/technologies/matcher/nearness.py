"""NEAR, for all NEARs of all queries over a batch of texts at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from primacy.technologies.matcher.finder import Found
from primacy.technologies.matcher.lists import Lists, Numbers
from primacy.technologies.matcher.plan import Pair

_WORDS = np.int64(1) << 32  # more words than a batch can hold
_TABLE_BYTES = 16 << 20  # of the table of pairs and texts, twice: bounds the memory for many NEARs


class Nearness:
    """Finds which pairs hold where.

    Parameters
    ----------
    pairs
        The NEARs, numbered by their order.
    lengths
        For each pattern, its number of words.
    """

    def __init__(self, pairs: Sequence[Pair], lengths: Sequence[int]) -> None:
        uses: list[list[int]] = [[] for _ in lengths]
        for number, pair in enumerate(pairs):
            for side, patterns in enumerate((pair.left, pair.right)):
                for pattern in sorted(patterns):
                    uses[pattern].append(2 * number + side)
        self._uses = Lists.by_item(uses)
        self._length = np.array(lengths, np.int32)
        self._distance = np.array([pair.distance for pair in pairs], np.int32)

    def find(self, found: Found) -> tuple[Numbers, Numbers]:
        """Return pairs and the cells where they hold, with repetitions."""
        used = np.flatnonzero(self._uses.count.take(found.pattern)).astype(np.int32)
        index, use = self._uses.of(found.pattern.take(used))
        match = used.take(index)
        possible = self._on_both_sides(use, found.cell.take(match) >> 1)
        match, use = match.take(possible), use.take(possible)
        pair, side, cell, first = use >> 1, use & 1, found.cell.take(match), found.first.take(match)
        last = first + self._length.take(found.pattern.take(match)) - 1
        left, right = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
        holding = np.concatenate(
            [self._follows(pair, cell, first, last, *sides) for sides in ((left, right), (right, left))]
        )
        return pair[holding], cell[holding]

    def _on_both_sides(self, use: Numbers, text: Numbers) -> npt.NDArray[np.int64]:
        """Keep what lies in a text that has a match of either side of its pair."""
        texts = int(text.max(initial=0)) + 1
        step = min(max(1, _TABLE_BYTES // texts), len(self._distance))
        kept = [np.empty(0, np.int64)]
        for lowest in range(0, len(self._distance), step):
            part = np.flatnonzero((use >= 2 * lowest) & (use < 2 * (lowest + step)))
            place = (use.take(part) - 2 * lowest) * texts + text.take(part)
            there = np.zeros(2 * step * texts, bool)
            there[place] = True
            other = np.where(use.take(part) & 1, -texts, texts)
            kept.append(part[there.take(place + other)])
        return np.concatenate(kept)

    def _follows(
        self,
        pair: Numbers,
        cell: Numbers,
        first: Numbers,
        last: Numbers,
        before: npt.NDArray[np.int64],
        after: npt.NDArray[np.int64],
    ) -> npt.NDArray[np.int64]:
        """Keep those of ``before`` after which, near enough, the next match of ``after`` begins.

        The next one is enough: any later one is farther away.
        """
        if not len(before) or not len(after):
            return np.empty(0, np.int64)
        key = pair[after] * _WORDS + first[after]
        order = np.argsort(key)
        following = np.searchsorted(key[order], pair[before] * _WORDS + last[before], side="right")
        exists = following < len(after)
        before, following = before[exists], after[order[following[exists]]]
        holds = (pair[following] == pair[before]) & (cell[following] == cell[before])
        holds &= first[following] - last[before] - 1 <= self._distance[pair[before]]
        return before[holds]
