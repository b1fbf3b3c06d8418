"""Small OpenAlex records, and sources made of them, for the tests."""

from __future__ import annotations

import datetime
import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from primacy.lake.store import Lake
from tests.oracles import openalex as oracle

TABLES = (
    "works",
    "authorships",
    "author_orcids",
    "work_topics",
    "citations_by_year",
    "references",
    "texts",
    "institutions",
    "sources",
    "topics",
)


def work(number: int, updated: str | None = "2026-01-01", **fields) -> dict:
    """A record of today's generation, as small as it may be."""
    record = {
        "id": f"https://openalex.org/W{number}",
        "title": f"Work {number}",
        "publication_year": 2020,
        "type": "article",
        "cited_by_count": 0,
        "authorships": [],
        **fields,
    }
    if updated is not None:
        record["updated_date"] = updated
    return record


def institution(number: int | None, country: str | None = None, **fields) -> dict:
    return {
        "id": None if number is None else f"https://openalex.org/I{number}",
        "display_name": f"Institution {number}",
        "country_code": country,
        **fields,
    }


def author(*institutions: dict, **fields) -> dict:
    return {"author_position": "first", "author": {"id": None}, "institutions": list(institutions), **fields}


def affiliation(*ids: int | None) -> dict:
    return {"institution_ids": [None if i is None else f"https://openalex.org/I{i}" for i in ids]}


def lines(*records: dict | str | bytes) -> bytes:
    """JSON Lines; texts and bytes stand as they are."""
    pieces = [
        r if isinstance(r, bytes) else r.encode() if isinstance(r, str) else json.dumps(r).encode()
        for r in records
    ]
    return b"".join(p + b"\n" for p in pieces)


def write(path: Path, *records: dict | str | bytes) -> Path:
    """Write JSON Lines, gzip where the name says so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = lines(*records)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def rows(lake: Lake, name: str, *columns: str) -> list[tuple]:
    """The rows of a lake table, sorted; some columns, or all."""
    files = lake.latest().files(name)
    if not files:
        return []
    found = pq.read_table(files, columns=list(columns) or None).to_pylist()
    return sorted(
        (tuple(r.values()) for r in found), key=lambda row: ["" if v is None else str(v) for v in row]
    )


def contents(lake: Lake) -> dict[str, list[tuple]]:
    """Everything that a pull put into a lake."""
    return {name: rows(lake, name) for name in TABLES}


def same(got: dict[str, list[tuple]], expected: dict[str, list[tuple]]) -> None:
    """Compare tables row by row, numbers to 1e-12."""

    def key(row: tuple) -> list[str]:
        return ["" if v is None else str(v) for v in row if not isinstance(v, float)]

    for name, wanted in expected.items():
        assert len(got[name]) == len(wanted), name
        for a, b in zip(sorted(got[name], key=key), sorted(wanted, key=key), strict=True):
            close = [
                abs(x - y) < 1e-12 if isinstance(x, float) and isinstance(y, float) else x == y
                for x, y in zip(a, b, strict=True)
            ]
            assert all(close), (name, a, b)


def expected(records: list[dict]) -> dict[str, list[tuple]]:
    return oracle.tables(records)


_TEXT = pa.string()
_SOURCE = pa.struct(
    [
        ("id", _TEXT),
        ("display_name", _TEXT),
        ("issn_l", _TEXT),
        ("issn", pa.list_(_TEXT)),
        ("is_oa", pa.bool_()),
        ("host_organization", _TEXT),
        ("host_organization_name", _TEXT),
        ("publisher", _TEXT),
        ("type", _TEXT),
    ]
)
_LEVEL = pa.struct([("id", _TEXT), ("display_name", _TEXT)])
_TOPIC = pa.struct(
    [
        ("id", _TEXT),
        ("display_name", _TEXT),
        ("score", pa.float64()),
        ("subfield", _LEVEL),
        ("field", _LEVEL),
        ("domain", _LEVEL),
    ]
)
PARQUET = pa.schema(
    [
        ("id", _TEXT),
        ("doi", _TEXT),
        ("title", _TEXT),
        ("display_name", _TEXT),
        ("ids", pa.map_(_TEXT, _TEXT)),
        ("publication_date", pa.date32()),
        ("publication_year", pa.int32()),
        ("language", _TEXT),
        ("type", _TEXT),
        (
            "authorships",
            pa.list_(
                pa.struct(
                    [
                        ("author", pa.struct([("id", _TEXT), ("display_name", _TEXT), ("orcid", _TEXT)])),
                        ("raw_orcid", _TEXT),
                        ("author_position", _TEXT),
                        (
                            "affiliations",
                            pa.list_(
                                pa.struct(
                                    [("raw_affiliation_string", _TEXT), ("institution_ids", pa.list_(_TEXT))]
                                )
                            ),
                        ),
                        ("countries", pa.list_(_TEXT)),
                        ("is_corresponding", pa.bool_()),
                        (
                            "institutions",
                            pa.list_(
                                pa.struct(
                                    [
                                        ("id", _TEXT),
                                        ("display_name", _TEXT),
                                        ("ror", _TEXT),
                                        ("country_code", _TEXT),
                                        ("type", _TEXT),
                                        ("lineage", pa.list_(_TEXT)),
                                    ]
                                )
                            ),
                        ),
                    ]
                )
            ),
        ),
        ("primary_location", pa.struct([("is_oa", pa.bool_()), ("source", _SOURCE)])),
        ("host_venue", _SOURCE),
        ("primary_topic", _TOPIC),
        ("topics", pa.list_(_TOPIC)),
        ("is_paratext", pa.bool_()),
        ("is_retracted", pa.bool_()),
        ("is_xpac", pa.bool_()),
        ("is_authors_truncated", pa.bool_()),
        ("authors_count", pa.int32()),
        ("abstract", _TEXT),
        ("abstract_inverted_index", _TEXT),
        ("referenced_works", pa.list_(_TEXT)),
        ("referenced_works_count", pa.int32()),
        ("cited_by_count", pa.int64()),
        ("counts_by_year", pa.list_(pa.struct([("year", pa.int32()), ("cited_by_count", pa.int64())]))),
        ("updated_date", pa.timestamp("us")),
    ]
)
"""The columns of OpenAlex's Parquet copy that matter here, with a few that do not."""


def _topic(topic: dict) -> dict:
    levels = {
        name: {**topic[name], "id": str(topic[name]["id"])}
        for name in ("subfield", "field", "domain")
        if name in topic
    }
    return {**topic, **levels}


def parquet_row(record: dict) -> dict:
    """A record as the Parquet copy has it: abstract as JSON text, ids as a map, dates as dates."""
    row = {name: record.get(name) for name in PARQUET.names}
    row["ids"] = [(k, str(v)) for k, v in (record.get("ids") or {}).items()]
    if record.get("publication_date"):
        row["publication_date"] = datetime.date.fromisoformat(record["publication_date"])
    if record.get("updated_date"):
        row["updated_date"] = datetime.datetime.fromisoformat(record["updated_date"])
    row["topics"] = [_topic(t) for t in record.get("topics") or []]
    row["primary_topic"] = _topic(record["primary_topic"]) if record.get("primary_topic") else None
    index = record.get("abstract_inverted_index")
    if isinstance(index, dict):
        row["abstract_inverted_index"] = json.dumps(index)
    return row


def write_parquet(path: Path, *records: dict, row_group_size: int = 1000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pylist([parquet_row(r) for r in records], PARQUET)
    pq.write_table(table, path, compression="snappy", row_group_size=row_group_size)
    return path
