"""NEAR, for all NEARs of all queries over a batch of texts at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from primacy.technologies.matcher.plan import Pair

Integers = npt.NDArray[np.int64]

_SHIFT = np.int64(1) << 40  # more words than a batch can hold
_TABLE_BYTES = 16 << 20  # of the table of pairs and cells, twice: bounds the memory for many NEARs


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
        uses: list[list[tuple[int, int]]] = [[] for _ in lengths]
        for number, pair in enumerate(pairs):
            for side, patterns in enumerate((pair.left, pair.right)):
                for pattern in sorted(patterns):
                    uses[pattern].append((number, side))
        self._distance = np.array([pair.distance for pair in pairs], np.int64)
        self._length = np.array(lengths, np.int64)
        self._count = np.array([len(use) for use in uses], np.int64)
        self._first = np.cumsum(self._count) - self._count
        flat = [use for pattern in uses for use in pattern]
        self._pair = np.array([pair for pair, _ in flat], np.int64)
        self._side = np.array([side for _, side in flat], np.int64)

    def find(
        self, pattern: Integers, cell: Integers, start: Integers, word: Integers
    ) -> tuple[Integers, Integers]:
        """Return pairs and the cells (title or abstract of a text) where they hold, with repetitions.

        Parameters
        ----------
        pattern, cell
            Of each match of the batch.
        start
            Where each match starts in the batch, in bytes.
        word
            Where each word of the batch starts, in bytes, ascending.
        """
        count = self._count[pattern]
        used = np.flatnonzero(count)
        pattern, cell, start, count = pattern[used], cell[used], start[used], count[used]
        match = np.repeat(np.arange(len(used)), count)
        use = np.arange(len(match)) - np.repeat(np.cumsum(count) - count, count) + self._first[pattern][match]
        pair, side = self._pair[use], self._side[use]
        possible = self._on_both_sides(pair, side, cell[match])
        pair, side, match = pair[possible], side[possible], match[possible]
        cell, length = cell[match], self._length[pattern[match]]
        first = np.searchsorted(word, start[match])
        last = first + length - 1
        left, right = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
        found = [
            self._follows(pair, cell, first, last, before, after)
            for before, after in ((left, right), (right, left))
        ]
        held = np.concatenate(found)
        return pair[held], cell[held]

    def _on_both_sides(self, pair: Integers, side: Integers, cell: Integers) -> Integers:
        """Keep what lies in a cell that has a match of either side of its pair."""
        if not len(pair):
            return np.empty(0, np.int64)
        cells = int(cell.max()) + 1
        step = max(1, _TABLE_BYTES // cells)
        kept = []
        for lowest in range(0, len(self._distance), step):
            part = np.flatnonzero((pair >= lowest) & (pair < lowest + step))
            place = (pair[part] - lowest) * cells + cell[part]
            sides = np.zeros((2, step * cells), bool)
            sides[side[part], place] = True
            kept.append(part[sides[0, place] & sides[1, place]])
        return np.concatenate(kept)

    def _follows(
        self,
        pair: Integers,
        cell: Integers,
        first: Integers,
        last: Integers,
        before: Integers,
        after: Integers,
    ) -> Integers:
        """Keep those of ``before`` after which, near enough, the next match of ``after`` begins.

        The next one is enough: any later one is farther away.
        """
        if not len(before) or not len(after):
            return np.empty(0, np.int64)
        key = pair[after] * _SHIFT + first[after]
        order = np.argsort(key)
        following = np.searchsorted(key[order], pair[before] * _SHIFT + last[before], side="right")
        exists = following < len(after)
        before, following = before[exists], after[order[following[exists]]]
        holds = (pair[following] == pair[before]) & (cell[following] == cell[before])
        holds &= first[following] - last[before] - 1 <= self._distance[pair[before]]
        return before[holds]
