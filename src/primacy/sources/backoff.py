"""How long to wait before a request that failed is tried again."""

from __future__ import annotations

import random
from collections.abc import Iterator

FIRST = 0.5
"""Seconds before the first retry, at most."""
MOST = 30.0
"""Seconds before any retry, at most."""
RETRIES = 8
"""How often a request is tried again."""


def waits(*, retries: int = RETRIES) -> Iterator[float]:
    """Yield the seconds to wait before each retry: they double, and chance spreads the clients of one server.

    Parameters
    ----------
    retries
        How many to yield.

    Examples
    --------
    >>> [FIRST * 2**i / 2 <= wait <= FIRST * 2**i for i, wait in enumerate(waits(retries=4))]
    [True, True, True, True]
    """
    for number in range(retries):
        longest = min(MOST, FIRST * 2**number)
        yield longest * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
