"""Small OpenAlex snapshots with every kind of row, and one technology, for tests of whole workspaces."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

COUNTRIES = ["US", "CN", "DE"]


def record(number: int, updated: str = "2024-01-01") -> dict:
    return {
        "id": f"https://openalex.org/W{number}",
        "title": f"A laser of kind {number}" if number % 5 else f"Something else {number}",
        "publication_year": 2018 + number % 4,
        "type": "article",
        "cited_by_count": number * 7 % 11,
        "updated_date": updated,
        "primary_location": {"source": {"id": f"https://openalex.org/S{number % 2 + 1}"}},
        "primary_topic": {"id": f"https://openalex.org/T{number % 3 + 1}", "display_name": "Optics"},
        "counts_by_year": [{"year": 2023, "cited_by_count": 1}],
        "referenced_works": [f"https://openalex.org/W{number + 1}"],
        "authorships": [
            {
                "author_position": position,
                "author": {
                    "id": f"https://openalex.org/A{number}{i}",
                    "orcid": f"https://orcid.org/0000-0000-0000-{number:04d}",
                },
                "institutions": [
                    {
                        "id": f"https://openalex.org/I{(number + i) % 3 + 1}",
                        "country_code": COUNTRIES[(number + i) % 3],
                    }
                ],
            }
            for i, position in enumerate(("first", "last"))
        ],
    }


TECHNOLOGY = """
id = "lasers"
name = "Lasers"
domain = "Optics"
definition = "Lasers."
[queries]
strict = 'laser*'
broad = 'laser* OR something'
"""


def write(
    root: Path, partitions: dict[str, Iterable[dict | str]], deleted: dict[int, str] | None = None
) -> Path:
    """Write a snapshot in the older layout: records, or lines as they are, by the date of their partition."""
    works = root / "data" / "works"
    for date, records in partitions.items():
        directory = works / f"updated_date={date}"
        directory.mkdir(parents=True, exist_ok=True)
        lines = "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records)
        (directory / "part_000.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))
    if deleted is not None:
        rows = "".join(f"W{work},{date}\n" for work, date in deleted.items())
        (works / "deleted_ids.csv").write_text("work_id,deleted_date\n" + rows)
    return root
