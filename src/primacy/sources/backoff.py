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


def waits() -> Iterator[float]:
    """Yield the seconds to wait before each retry: they double, and chance spreads the clients of one server.

    Examples
    --------
    >>> longest = [0.5, 1, 2, 4, 8, 16, 30, 30]
    >>> all(most / 2 <= wait <= most for most, wait in zip(longest, waits(), strict=True))
    True
    """
    for number in range(RETRIES):
        longest = min(MOST, FIRST * 2**number)
        yield longest * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
