"""What a pull from the API will cost: OpenAlex's rate card of October 2026.

A page of a search costs ten credits, a page by filters alone one; a credit is a hundredth of a cent. Without a
key a day's budget is 1,000 credits, with a free one 10,000; it refills at midnight UTC
(https://help.openalex.org/access/example-costs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from primacy.sources.openalex.api.client import Client

PAGE = 100
"""Works on a page, at most."""
SEARCH, LIST = 10, 1
"""Credits of a page."""
PER_DOLLAR = 10_000
KEYLESS, KEYED = 1_000, 10_000
"""Credits of a day."""


@dataclass(frozen=True)
class Estimate:
    """What a pull will cost.

    Parameters
    ----------
    filters
        How many queries the API is asked.
    works
        How many works they find; a work that two find counts twice.
    pages
        Requests.
    credits, usd
        Their price.
    remaining
        What is left of the day's budget, in credits, as the API says; the free budget where it does not.
    """

    filters: int
    works: int
    pages: int
    credits: int
    usd: float
    remaining: int

    @property
    def free(self) -> bool:
        """Whether the day's budget covers it."""
        return self.credits <= self.remaining

    def row(self) -> dict[str, Any]:
        """Return the numbers by name."""
        return {**asdict(self), "free": self.free}


def price(query: str) -> int:
    """Return the credits that one page of a filter costs.

    Examples
    --------
    >>> price("topics.id:T1,publication_year:2024"), price("title_and_abstract.search:laser")
    (1, 10)
    """
    names = (part.partition(":")[0] for part in query.split(","))
    return SEARCH if any("search" in name.split(".") for name in names) else LIST


def estimate(client: Client, queries: Sequence[str], *, most: int | None = None) -> Estimate:
    """Ask how many works some filters find, and return what it costs to fetch them.

    Parameters
    ----------
    client
        Asks; a count costs as much as a page.
    queries
        The filters.
    most
        Stop after so many works.
    """
    left = most
    works = pages = credits = 0
    for query in queries:
        found = client.count(query)
        taken = found if left is None else min(found, left)
        left = None if left is None else left - taken
        works += taken
        pages += -(-taken // PAGE)
        credits += -(-taken // PAGE) * price(query)
    remaining = client.credits.remaining
    if remaining is None:
        remaining = KEYED if client.key else KEYLESS
    return Estimate(len(queries), works, pages, credits, credits / PER_DOLLAR, remaining)
