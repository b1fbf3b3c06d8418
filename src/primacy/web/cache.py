"""A bounded memory of what was made, safe between threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

__all__ = ["Cache"]


class Cache:
    """Keeps bytes by key up to a total size; what was not asked for longest goes first.

    Parameters
    ----------
    most
        Bytes kept at most.

    Examples
    --------
    >>> cache = Cache(10)
    >>> cache.get("a", lambda: b"1234567"), cache.get("a", lambda: b"never made")
    (b'1234567', b'1234567')
    >>> _ = cache.get("b", lambda: b"123456")  # now "a" has to go
    >>> cache.get("a", lambda: b"new")
    b'new'
    """

    def __init__(self, most: int = 128 * 2**20) -> None:
        self.most = most
        self._size = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return what is kept under a key, made now where nothing is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._size += len(made)
            while self._size > self.most and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])
        return made
