"""Dumps of the Hub for tests: rows under the Hub's names, written as Parquet or CSV."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from primacy.lake.store import Lake

Row = Mapping[str, Any]

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("createdAt", pa.timestamp("us")),
        ("lastModified", pa.timestamp("us")),
        ("downloads", pa.int64()),
        ("downloadsAllTime", pa.int64()),
        ("likes", pa.int64()),
        ("tags", pa.list_(pa.string())),
        ("cardData", pa.string()),
        (
            "safetensors",
            pa.struct(
                [
                    ("parameters", pa.struct([("BF16", pa.int64()), ("I32", pa.int64())])),
                    ("total", pa.int64()),
                ]
            ),
        ),
        ("gguf", pa.string()),
        (
            "baseModels",
            pa.struct(
                [
                    ("relation", pa.string()),
                    ("models", pa.list_(pa.struct([("_id", pa.string()), ("id", pa.string())]))),
                ]
            ),
        ),
        ("pipeline_tag", pa.string()),
        ("library_name", pa.string()),
    ]
)


def bases(*ids: str, relation: str | None = "finetune") -> dict[str, Any]:
    return {"relation": relation, "models": [{"_id": "0", "id": i} for i in ids]}


def parquet(path: Path, rows: Sequence[Row], schema: pa.Schema = SCHEMA) -> Path:
    pq.write_table(pa.Table.from_pylist([dict(r) for r in rows], schema=schema), path)
    return path


def csv_text(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    names = list(dict.fromkeys(k for r in rows for k in r))
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        values = (row.get(n) for n in names)
        writer.writerow([json.dumps(v) if isinstance(v, dict | list) else v for v in values])
    return out.getvalue()


def csv_file(path: Path, rows: Sequence[Row]) -> Path:
    data = csv_text(rows).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def read(lake: Lake, name: str) -> list[dict[str, Any]]:
    files = lake.latest().files(name)
    tables = [pq.read_table(f, partitioning=None) for f in files]
    return [r for t in tables for r in t.to_pylist()]
