"""A bounded memory of what was made, safe between threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from typing import Generic, TypeVar

__all__ = ["Cache"]


T = TypeVar("T", bound=Sized)


class Cache(Generic[T]):
    """Keeps bytes, or what has as many, by key up to a total size; what was not asked for longest goes first.

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
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under a key, made now where nothing is."""
        found = self.find(key)
        if found is None:
            self.put(key, found := make())
        return found

    def find(self, key: Hashable) -> T | None:
        """Return what is kept under a key; None where nothing is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, made: T) -> None:
        """Keep something under a key."""
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._size += len(made)
            while self._size > self.most and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])
