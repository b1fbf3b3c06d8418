"""``pull openalex --api``: pages onto a tape, and from the tape into the lake as any other files of works."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.sources.openalex import pulling
from primacy.sources.openalex.api.budget import PAGE
from primacy.sources.openalex.api.client import Client, Page
from primacy.sources.openalex.api.tape import Tape
from primacy.sources.openalex.summary import PullSummary

PATIENCE = 3
"""How often a page is asked for again that brings nothing new, and how many such pages may follow each other."""


@dataclass(frozen=True)
class ApiSummary(PullSummary):
    """What a pull from the API did; see :class:`PullSummary`, whose files are pages here.

    Parameters
    ----------
    repeated
        Records that came more than once and were left out.
    truncated
        Works whose authors the API cut at a hundred; ``works.authors_truncated`` marks them.
    missing
        Works that the API counts and that did not come.
    requests
        Requests of this run, those that failed included.
    credits
        What they cost.
    """

    repeated: int = 0
    truncated: int = 0
    missing: int = 0
    requests: int = 0
    credits: int = 0


def pull(
    lake: Lake,
    client: Client,
    queries: Sequence[str],
    *,
    tapes: Path,
    most: int | None = None,
    advance: Callable[[int], None] = lambda records: None,
) -> ApiSummary:
    """Bring the works that some filters find into the lake.

    A pull that was broken off, by a kill, by the network or because the day's budget was spent, goes on after the
    last page that it received.

    Parameters
    ----------
    lake
        The lake.
    client
        Asks the API.
    queries
        The filters.
    tapes
        The directory where pages are kept until the lake has them.
    most
        Stop after so many works.
    advance
        Told how many works have come.

    Raises
    ------
    BudgetError
        The day's budget is spent.
    InputError
        The API refuses, cannot be reached, or goes round in a circle.
    LakeError
        Another process pulls the same, or writes into the lake; or the disk refuses.
    """
    begun = time.monotonic()
    with Tape(tapes, base=client.base, queries=queries, most=most) as tape:
        idle = 0
        while (query := tape.query) is not None:
            page = _page(client, tape, query, PAGE if most is None else min(PAGE, most))
            idle = idle + 1 if tape.repeats(page) else 0
            if page.cursor is not None and (idle > PATIENCE or page.cursor == tape.cursor):
                raise InputError(
                    f"{client.base}: the API keeps repeating the page after {tape.records} works; pull again to go on "
                    "from here"
                )
            last = not page.records or tape.received(page) >= page.count
            tape.keep(page, None if last else page.cursor)
            advance(tape.records)
        loaded = pulling.pull(lake, tape.directory, called=client.base) if tape.pages else PullSummary()
        summary = _summary(loaded, tape, client, time.monotonic() - begun)
        tape.discard()
    return summary


def _page(client: Client, tape: Tape, query: str, size: int) -> Page:
    """Return the page that comes next; one that repeats what came before is asked for again, some times."""
    page = client.page(query, tape.cursor, size)
    for _ in range(PATIENCE):
        if page.cursor != tape.cursor and not tape.repeats(page):
            break
        client.traffic.retries += 1
        page = client.page(query, tape.cursor, size)
    return page


def _summary(loaded: PullSummary, tape: Tape, client: Client, seconds: float) -> ApiSummary:
    notes = list(loaded.notes)
    if tape.truncated:
        notes.append(
            f"{tape.truncated} works have more authors than the API shows: their credit is divided among the first "
            "hundred, and works.authors_truncated marks them; the snapshot has all"
        )
    if tape.missing:
        notes.append(f"{tape.missing} works that the API counts did not come; pull again to ask for them")
    told = {
        **{f.name: getattr(loaded, f.name) for f in fields(PullSummary)},
        "seconds": round(seconds, 3),
        "fetched": client.traffic.bytes,
        "retries": client.traffic.retries,
        "notes": tuple(notes),
    }
    return ApiSummary(
        **told,
        repeated=tape.repeated,
        truncated=tape.truncated,
        missing=tape.missing,
        requests=client.traffic.requests,
        credits=client.credits.used,
    )
