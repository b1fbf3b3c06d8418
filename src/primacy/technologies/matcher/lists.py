"""Many short lists of numbers, side by side in one array."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]


class Lists:
    """Lists of numbers, one for each of the items from 0 on.

    Parameters
    ----------
    item, number
        The members, in any order: ``number`` belongs to the list of ``item``.
    items
        How many lists there are.

    Examples
    --------
    >>> lists = Lists([2, 0, 2], [7, 8, 9], items=3)
    >>> index, number = lists.of(np.array([0, 1, 2, 0]))
    >>> index.tolist(), number.tolist()
    ([0, 2, 2, 3], [8, 7, 9, 8])
    """

    def __init__(self, item: npt.ArrayLike, number: npt.ArrayLike, *, items: int) -> None:
        owner = np.asarray(item, np.int32)
        order = np.argsort(owner, kind="stable")
        self.count = np.bincount(owner, minlength=items).astype(np.int32)
        self._first = (np.cumsum(self.count) - self.count).astype(np.int32)
        self._number = np.asarray(number, np.int32)[order]

    @classmethod
    def by_item(cls, lists: Sequence[Iterable[int]]) -> Lists:
        """Make the lists from Python lists."""
        pairs = [(item, number) for item, numbers in enumerate(lists) for number in numbers]
        return cls([item for item, _ in pairs], [number for _, number in pairs], items=len(lists))

    def __bool__(self) -> bool:
        return len(self._number) > 0

    def of(self, items: Numbers) -> tuple[Numbers, Numbers]:
        """Return the members of some items' lists: for each, its item's index in ``items``, and its number."""
        count = self.count.take(items)
        shift = self._first.take(items) - (np.cumsum(count, dtype=np.int32) - count)
        index = np.repeat(np.arange(len(items), dtype=np.int32), count)
        place = shift.take(index)
        place += np.arange(len(index), dtype=np.int32)
        return index, self._number.take(place)
