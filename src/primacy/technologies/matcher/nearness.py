"""NEAR, for all NEARs of all queries over a batch of texts at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from primacy.technologies.matcher.finder import Found
from primacy.technologies.matcher.lists import Lists, Numbers
from primacy.technologies.matcher.plan import Pair

_WORDS = np.int64(1) << 32  # more words than a batch can hold
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
        used = np.flatnonzero(self._uses.count[found.pattern]).astype(np.int32)
        index, use = self._uses.of(found.pattern[used])
        match = used[index]
        possible = self._on_both_sides(use, found.cell[match])
        match, use = match[possible], use[possible]
        pair, side, cell, first = use >> 1, use & 1, found.cell[match], found.first[match]
        last = first + self._length[found.pattern[match]] - 1
        left, right = np.flatnonzero(side == 0), np.flatnonzero(side == 1)
        holding = np.concatenate(
            [self._follows(pair, cell, first, last, *sides) for sides in ((left, right), (right, left))]
        )
        return pair[holding], cell[holding]

    def _on_both_sides(self, use: Numbers, cell: Numbers) -> npt.NDArray[np.int64]:
        """Keep what lies in a cell that has a match of either side of its pair."""
        cells = int(cell.max(initial=0)) + 1
        step = min(max(1, _TABLE_BYTES // cells), len(self._distance))
        kept = [np.empty(0, np.int64)]
        for lowest in range(0, len(self._distance), step):
            pair = (use >> 1) - lowest
            part = np.flatnonzero((pair >= 0) & (pair < step))
            place, side = pair[part] * cells + cell[part], use[part] & 1
            sides = np.zeros((2, step * cells), bool)
            sides[side, place] = True
            kept.append(part[sides[1 - side, place]])
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
