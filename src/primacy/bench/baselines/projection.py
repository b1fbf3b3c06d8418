"""A projection of the snapshot by DuckDB: explicit columns in, Parquet tables out, abstracts rebuilt in SQL.

Two threads, zstd, no order kept; the parts of one partition at a time, so that memory is bounded. Works, authorships
(one row per work, author and institution), topics, references, citations by year and texts are written. Ids stay
texts; no credit is divided, no record is held against an older state or a list of deleted works, and a line that is
not JSON ends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from primacy.bench.ground import Ground
from primacy.lake.embedded import connect
from primacy.simulate.openalex import Copy

__all__ = ["TABLES", "project_jsonl", "project_parquet"]

THREADS = 2

_COLUMNS = {
    "id": "VARCHAR",
    "doi": "VARCHAR",
    "title": "VARCHAR",
    "publication_year": "INTEGER",
    "publication_date": "DATE",
    "type": "VARCHAR",
    "language": "VARCHAR",
    "cited_by_count": "INTEGER",
    "is_retracted": "BOOLEAN",
    "is_paratext": "BOOLEAN",
    "is_xpac": "BOOLEAN",
    "updated_date": "TIMESTAMP",
    "primary_location": "STRUCT(source STRUCT(id VARCHAR))",
    "authorships": (
        "STRUCT(author_position VARCHAR, author STRUCT(id VARCHAR), is_corresponding BOOLEAN, countries VARCHAR[], "
        "institutions STRUCT(id VARCHAR, country_code VARCHAR)[])[]"
    ),
    "topics": "STRUCT(id VARCHAR, score DOUBLE)[]",
    "referenced_works": "VARCHAR[]",
    "counts_by_year": 'STRUCT("year" INTEGER, cited_by_count INTEGER)[]',
    "abstract_inverted_index": "MAP(VARCHAR, INTEGER[])",
}
"""What is read, in DuckDB's types."""

_ABSTRACT = """array_to_string(list_transform(list_sort(flatten(list_transform(map_entries(abstract_inverted_index),
    lambda entry: list_transform(entry.value, lambda place: {'place': place, 'word': entry.key})))),
    lambda pair: pair.word), ' ')"""

TABLES = {
    "works": (
        "SELECT id, doi, publication_year, publication_date, type, language, cited_by_count, is_retracted, "
        "is_paratext, is_xpac, updated_date, primary_location.source.id AS source_id FROM taken"
    ),
    "authorships": (
        "SELECT id, author_position, author_id, is_corresponding, countries, institution.id AS institution_id, "
        "institution.country_code AS country FROM (SELECT id, a.author_position, a.author.id AS author_id, "
        "a.is_corresponding, a.countries, unnest(CASE WHEN len(a.institutions) > 0 THEN a.institutions "
        "ELSE [NULL] END) AS institution FROM (SELECT id, unnest(authorships) AS a FROM taken))"
    ),
    "work_topics": "SELECT id, t.id AS topic_id, t.score FROM (SELECT id, unnest(topics) AS t FROM taken)",
    "references": "SELECT id, unnest(referenced_works) AS cited_id FROM taken",
    "citations_by_year": (
        'SELECT id, c."year", c.cited_by_count FROM (SELECT id, unnest(counts_by_year) AS c FROM taken)'
    ),
    "texts": f"SELECT id, title, {_ABSTRACT} AS abstract FROM taken",
}
"""What is written, as queries on the records that were taken."""


def project_jsonl(ground: Ground) -> None:
    """Project JSON Lines."""
    declared = ", ".join(f"'{name}': '{kind}'" for name, kind in _COLUMNS.items())
    _project(
        ground,
        "jsonl",
        "SELECT * FROM read_json(?, format = 'newline_delimited', hive_partitioning = false, "
        f"columns = {{{declared}}})",
    )


def project_parquet(ground: Ground) -> None:
    """Project the Parquet copy, where an abstract's index is JSON text."""
    chosen = ", ".join(
        f"({name}::JSON)::{kind} AS {name}" if kind.startswith("MAP") else name
        for name, kind in _COLUMNS.items()
    )
    _project(ground, "parquet", f"SELECT {chosen} FROM read_parquet(?, hive_partitioning = false)")


def _project(ground: Ground, copy: Copy, records: str) -> None:
    with ground.scratch() as place, connect(threads=THREADS, preserve_insertion_order=False) as connection:
        for number, parts in enumerate(_partitions(ground.parts(copy))):
            connection.execute(f"CREATE OR REPLACE TEMP TABLE taken AS {records}", [parts])
            for table, query in TABLES.items():
                connection.execute(
                    f"COPY ({query}) TO ? (FORMAT parquet, COMPRESSION zstd)",
                    [str(place / f"{table}-{number}.parquet")],
                )


def _partitions(parts: Iterable[Path]) -> list[list[str]]:
    return [[str(part) for part in group] for _, group in groupby(parts, key=lambda part: part.parent)]
