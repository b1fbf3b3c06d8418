"""After a pull: one row per person, and per education and employment, whatever order the files came in.

Of a person the newest release of the data file speaks: entries that it no longer has are gone, since it lists all of
them. Within a release an entry may stand in the summaries and in the activities; the last change wins, and of equal
ones the first by content.
"""

from __future__ import annotations

from pathlib import Path

from primacy.lake.embedded import connect
from primacy.lake.schema import ROW_GROUP
from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction

__all__ = ["settle"]

MEMORY = "384MB"
"""What the sorting may take before it spills to disk."""


def settle(tx: Transaction, lake: Path) -> None:
    """Rewrite ``persons``, ``educations`` and ``employments`` with one row per key, sorted by it.

    Parameters
    ----------
    tx
        The transaction.
    lake
        The lake's directory, for what does not fit in memory.
    """
    spill = str(lake / "_staging" / "settle")
    with connect(memory_limit=MEMORY, temp_directory=spill) as connection:
        persons = tx.live_files("persons")
        for name in ("educations", "employments"):
            files = tx.live_files(name)
            if not files:
                continue
            stale = ""
            parameters: list[list[str]] = [files]
            if persons:
                stale = (
                    "LEFT JOIN (SELECT orcid, max(release) AS newest FROM read_parquet(?) GROUP BY orcid) p "
                    "USING (orcid) WHERE t.release >= coalesce(p.newest, t.release)"
                )
                parameters.append(persons)
            rows = connection.sql(_one_row(name, f"read_parquet(?) t {stale}"), params=parameters)
            tx.overwrite(name, rows.to_arrow_reader(ROW_GROUP))
        if persons:
            rows = connection.sql(_one_row("persons", "read_parquet(?) t"), params=[persons])
            tx.overwrite("persons", rows.to_arrow_reader(ROW_GROUP))


def _one_row(name: str, source: str) -> str:
    table = declared(name)
    key = ", ".join(table.key)
    first = [c.name for c in table.columns if c.name in ("release", "modified")]
    order = [f"t.{c} DESC NULLS LAST" for c in sorted(first, reverse=True)]
    order += [f"t.{c.name} NULLS LAST" for c in table.columns if c.name not in (*table.key, *first)]
    columns = ", ".join(f"t.{c.name}" for c in table.columns)
    return (
        f"SELECT {columns} FROM {source} QUALIFY row_number() OVER "
        f"(PARTITION BY {key} ORDER BY {', '.join(order)}) = 1 ORDER BY {key}"
    )
