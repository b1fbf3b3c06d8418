"""A release that looks broken is refused before anything of it is in the lake.

OpenAlex replaces its snapshot in place, and releases have been published of which a whole entity was missing. What a
pull adds can be corrected by the next one; what it takes away is gone. So before the first transaction a release is
held against what the lake holds and against what the same address stated when it was last pulled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from primacy.errors import InputError
from primacy.lake.embedded import connect
from primacy.lake.store import Lake

__all__ = ["FEW", "MAX_SHRINK", "refuse_shrunken", "stated"]

MAX_SHRINK = 0.1
"""The share of an entity that a pull may take away, unless told otherwise."""

FEW = {"works": 1_000, "institutions": 100, "sources": 100, "topics": 100}
"""Of fewer rows than this any part may go: small lakes are tests and samples."""

_LABEL = "releases"


def stated(lake: Lake, address: str) -> Mapping[str, int]:
    """Return how many records of each entity an address stated when it was last pulled."""
    found: Mapping[str, int] = lake.labels.get(_LABEL, {}).get(address, {})
    return found


def label(lake: Lake, address: str, records: Mapping[str, int]) -> dict[str, object]:
    """Return the label by which the next pull remembers what an address stated."""
    if not records:
        return {}
    return {_LABEL: {**lake.labels.get(_LABEL, {}), address: dict(sorted(records.items()))}}


def refuse_shrunken(
    lake: Lake, address: str, records: Mapping[str, int], listed: pa.Table, *, max_shrink: float
) -> None:
    """Refuse a release that would take too much away, or states much less than before.

    Parameters
    ----------
    lake
        Before the pull.
    address
        The source.
    records
        How many records of each entity its manifests state.
    listed
        Its deleted and merged works: work_id.
    max_shrink
        The share of an entity that may go, from 0 to 1; 1 refuses nothing.

    Raises
    ------
    InputError
        An entity would shrink by more; the text has the figures.
    """
    for entity, before, after, what in _changes(lake, address, records, listed):
        if before >= FEW[entity] and after < (1 - max_shrink) * before:
            raise InputError(
                f"{address}: {entity} would shrink from {before:,} to {after:,} ({what}), more than "
                f"{max_shrink:.0%}; the release looks broken: wait for a better one, or pull with --force"
            )


def _changes(
    lake: Lake, address: str, records: Mapping[str, int], listed: pa.Table
) -> Iterator[tuple[str, int, int, str]]:
    """Yield entities with their number before and after, and by what."""
    works = lake.count("works")
    if works and listed.num_rows:
        yield "works", works, works - _there(lake, listed), "deleted and merged works"
    earlier = stated(lake, address)
    for entity, now in sorted(records.items()):
        if entity in earlier:
            yield entity, earlier[entity], now, "records that the manifest states"
        elif entity != "works":  # of works, a copy may hold the newest partitions alone
            yield entity, _described(lake, entity), now, "records that the manifest states"


def _there(lake: Lake, listed: pa.Table) -> int:
    with connect() as connection:
        connection.register("listed", listed)
        rows = connection.execute(
            "SELECT count(*) FROM read_parquet(?) SEMI JOIN listed USING (work_id)", [lake.files("works")]
        ).fetchall()
    return int(rows[0][0])


def _described(lake: Lake, entity: str) -> int:
    """Return how many rows of an entity came from files of its own."""
    if not lake.has(entity):
        return 0
    with connect() as connection:
        rows = connection.execute(
            "SELECT count(*) FROM read_parquet(?) WHERE NOT derived", [lake.files(entity)]
        ).fetchall()
    return int(rows[0][0])
