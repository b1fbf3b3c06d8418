"""Which of the rows that a pull brings go into the lake, and which of the lake's they replace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from primacy.lake.tables import table as declared
from primacy.sources.openalex.parts import Part, contents
from primacy.sources.openalex.tables import WORK_TABLES


@dataclass(frozen=True)
class Resolution:
    """The decision over a number of parts.

    Parameters
    ----------
    dropped
        For each part the ids that do not go into the lake.
    replaced
        The ids whose rows in the lake give way.
    counts
        Records that were ``added`` (of works new to the lake), ``updated`` (newer than the lake's), ``unchanged``
        (not newer), ``superseded`` (older than another record of the same pull) and ``withdrawn`` (of works that
        were deleted). They add up to the records of the parts.
    ledger
        The same with the lake before this transaction in the place of the lake before the pull: a record that replaces
        one that the same pull brought is ``updated`` here.
    contested
        A record is newer than its deletion, and stays out only because its own source lists the work.
    """

    dropped: list[pa.Array]
    replaced: pa.Array
    counts: dict[str, int]
    ledger: dict[str, int]
    contested: bool


_VERDICTS = """
CREATE TEMP TABLE verdicts AS
SELECT s.work_id, s.part,
    CASE
        WHEN NOT s.winner THEN 'superseded'
        WHEN own.work_id IS NOT NULL OR gone.deleted_date >= s.updated_date[:10] THEN 'withdrawn'
        WHEN now.work_id IS NULL THEN 'added'
        WHEN start.updated_date IS DISTINCT FROM now.updated_date THEN 'superseded'
        WHEN s.updated_date > now.updated_date THEN 'updated'
        ELSE 'unchanged'
    END AS verdict,
    CASE
        WHEN NOT s.winner THEN 'superseded'
        WHEN own.work_id IS NOT NULL OR gone.deleted_date >= s.updated_date[:10] THEN 'withdrawn'
        WHEN now.work_id IS NULL THEN 'added'
        WHEN s.updated_date > now.updated_date THEN 'updated'
        ELSE 'unchanged'
    END AS entry,
    s.winner AND own.work_id IS NULL AND (gone.deleted_date IS NULL OR gone.deleted_date < s.updated_date[:10])
        AND (now.work_id IS NULL OR s.updated_date > now.updated_date) AS enters,
    now.work_id IS NOT NULL AS there,
    s.winner AND own.deleted_date < s.updated_date[:10] AS contested
FROM ranked s
LEFT JOIN own USING (work_id)
LEFT JOIN gone USING (work_id)
LEFT JOIN now USING (work_id)
LEFT JOIN start USING (work_id)
"""


def resolve(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    *,
    now: Sequence[str],
    start: Sequence[str],
    own: pa.Table,
    remembered: Sequence[str],
) -> Resolution:
    """Decide over parts.

    Parameters
    ----------
    connection
        To compute with.
    parts
        Just written.
    now
        The files of the lake's ``works``.
    start
        The same as they were when the pull began: a work that changed since was changed by this pull.
    own
        The deleted works of the source: they stay out whatever their date.
    remembered
        The files of the lake's ``deleted_works``: a record not newer than the deletion stays out.
    """
    paths = [p.files["works"] for p in parts]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE staged AS SELECT work_id, updated_date, "
        "list_position(?, filename) - 1 AS part FROM read_parquet(?, filename = true)",
        [paths, paths],
    )
    connection.register("own_rows", own)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE own AS SELECT * FROM own_rows SEMI JOIN staged USING (work_id)"
    )
    connection.unregister("own_rows")
    _matching(connection, "now", now, "updated_date")
    _matching(connection, "gone", remembered, "deleted_date")
    if list(start) == list(now):
        connection.execute("CREATE OR REPLACE TEMP TABLE start AS FROM now")
    else:
        _matching(connection, "start", start, "updated_date")
    losers = _ties(connection, parts)
    connection.register("losers", losers)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE ranked AS SELECT s.*, "
        "row_number() OVER (PARTITION BY work_id ORDER BY updated_date DESC, l.part IS NOT NULL, s.part) = 1 AS winner "
        "FROM staged s LEFT JOIN losers l USING (work_id, part)"
    )
    connection.unregister("losers")
    connection.execute("DROP TABLE IF EXISTS verdicts")
    connection.execute(_VERDICTS)
    counts, entries = (
        dict(connection.execute(f"SELECT {column}, count(*) FROM verdicts GROUP BY ALL").fetchall())
        for column in ("verdict", "entry")
    )
    contested = connection.execute("SELECT coalesce(bool_or(contested), false) FROM verdicts").fetchall()[0][
        0
    ]
    out = connection.sql("SELECT part, work_id FROM verdicts WHERE NOT enters ORDER BY ALL").to_arrow_table()
    replaced = connection.sql(
        "SELECT work_id FROM verdicts WHERE enters AND there ORDER BY 1"
    ).to_arrow_table()
    for table in ("staged", "own", "now", "start", "gone", "ranked", "verdicts"):
        connection.execute(f"DROP TABLE {table}")
    within = sum(p.records - p.works for p in parts)
    return Resolution(
        dropped=[out.filter(pc.equal(out["part"], i))["work_id"].combine_chunks() for i in range(len(parts))],
        replaced=replaced["work_id"].combine_chunks(),
        counts={**counts, "superseded": counts.get("superseded", 0) + within},
        ledger={**entries, "superseded": entries.get("superseded", 0) + within},
        contested=bool(contested),
    )


def _matching(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[str], column: str) -> None:
    """Make a table of the rows of some files whose work is among those that were staged."""
    rows = "read_parquet(?)" if files else f"(SELECT 0::BIGINT AS work_id, '' AS {column} WHERE false)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS "
        f"SELECT work_id, {column} FROM {rows} SEMI JOIN staged USING (work_id)",
        [list(files)] if files else [],
    )


_TIED = """
WITH newest AS (
    SELECT work_id, max(updated_date) AS updated_date FROM staged GROUP BY work_id HAVING count(*) > 1
)
SELECT work_id, part FROM staged JOIN newest USING (work_id, updated_date)
QUALIFY count(*) OVER (PARTITION BY work_id) > 1 ORDER BY part, work_id
"""


def _ties(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> pa.Table:
    """Return which of the equally new records of one work lose by content: their ids and parts."""
    tied = connection.sql(_TIED).to_arrow_table()
    best: dict[int, list[tuple[str, int]]] = {}
    for i in pc.unique(tied["part"]).to_pylist():
        wanted = tied.filter(pc.equal(tied["part"], i))["work_id"].combine_chunks()
        tables = {name: pq.read_table(parts[i].files[name]) for name in WORK_TABLES}
        for work, digest in contents(tables, "work_id", wanted).items():
            best.setdefault(work, []).append((digest, -i))
    losers = [(work, -i) for work, group in best.items() for _, i in sorted(group)[:-1]]
    return pa.table(
        {
            "work_id": pa.array([work for work, _ in losers], pa.int64()),
            "part": pa.array([i for _, i in losers], pa.int64()),
        }
    )


def merge(name: str, connection: duckdb.DuckDBPyConnection, tables: Sequence[pa.Table]) -> pa.Table:
    """Return one row per institution, source or topic out of all that is said of it, sorted by id."""
    schema = declared(name).arrow
    key = declared(name).key[0]
    others = ", ".join(f'"{f}" NULLS LAST' for f in schema.names if f not in (key, "derived", "updated_date"))
    issns = """CASE WHEN derived THEN list_sort(list_distinct(flatten(
        list(CASE WHEN derived THEN coalesce(issns, []) ELSE [] END) OVER (PARTITION BY source_id)
    ))) ELSE issns END AS issns"""
    replaced = f"REPLACE ({issns})" if name == "sources" else ""
    connection.register("statements", pa.concat_tables(tables))
    try:
        merged = connection.sql(
            f"SELECT * {replaced} FROM statements QUALIFY row_number() OVER ("
            f"PARTITION BY {key} ORDER BY derived, updated_date DESC NULLS LAST, {others}) = 1 ORDER BY {key}"
        ).to_arrow_table()
    finally:
        connection.unregister("statements")
    return merged.select(schema.names).cast(schema)
