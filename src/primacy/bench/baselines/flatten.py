"""OpenAlex's published way of taking a snapshot into tables: Python's json, one line at a time, to csv.gz.

All of the files that it describes for works are written, with gzip's default level; an abstract stays the inverted
index that it is.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

from primacy.bench.ground import Ground

__all__ = ["FILES", "flatten"]

Row = dict[str, Any]

_LOCATION = ("work_id", "source_id", "landing_page_url", "pdf_url", "is_oa", "version", "license")

FILES: dict[str, tuple[str, ...]] = {
    "works": (
        "id",
        "doi",
        "title",
        "display_name",
        "publication_year",
        "publication_date",
        "type",
        "cited_by_count",
        "is_retracted",
        "is_paratext",
        "language",
        "abstract_inverted_index",
    ),
    "works_primary_locations": _LOCATION,
    "works_locations": _LOCATION,
    "works_best_oa_locations": _LOCATION,
    "works_authorships": (
        "work_id",
        "author_position",
        "author_id",
        "institution_id",
        "raw_affiliation_string",
    ),
    "works_biblio": ("work_id", "volume", "issue", "first_page", "last_page"),
    "works_topics": ("work_id", "topic_id", "score"),
    "works_concepts": ("work_id", "concept_id", "score"),
    "works_ids": ("work_id", "openalex", "doi", "mag", "pmid", "pmcid"),
    "works_mesh": ("work_id", "descriptor_ui", "descriptor_name", "qualifier_ui", "is_major_topic"),
    "works_open_access": ("work_id", "is_oa", "oa_status", "oa_url", "any_repository_has_fulltext"),
    "works_referenced_works": ("work_id", "referenced_work_id"),
    "works_related_works": ("work_id", "related_work_id"),
}
"""The files for works, with their columns."""


def flatten(ground: Ground) -> None:
    """Flatten the works of a snapshot of JSON Lines."""
    with ground.scratch() as place, ExitStack() as files:
        writers = {}
        for name, columns in FILES.items():
            file = files.enter_context(
                gzip.open(place / f"{name}.csv.gz", "wt", encoding="utf-8", newline="")
            )
            writers[name] = csv.DictWriter(file, fieldnames=columns, extrasaction="ignore")
            writers[name].writeheader()
        for part in ground.parts("jsonl"):
            with gzip.open(part, "rt", encoding="utf-8") as lines:
                for line in lines:
                    if not line.strip():
                        continue
                    for name, row in _rows(json.loads(line)):
                        writers[name].writerow(row)


def _rows(work: Row) -> Iterator[tuple[str, Row]]:
    id_ = work.get("id")
    if not id_:
        return
    index = work.get("abstract_inverted_index")
    yield "works", work | {"abstract_inverted_index": None if index is None else json.dumps(index)}
    yield from (("works_primary_locations", row) for row in _located(id_, [work.get("primary_location")]))
    yield from (("works_locations", row) for row in _located(id_, work.get("locations") or ()))
    yield from (("works_best_oa_locations", row) for row in _located(id_, [work.get("best_oa_location")]))
    for authorship in work.get("authorships") or ():
        author = (authorship.get("author") or {}).get("id")
        if author:
            ids = [i["id"] for i in authorship.get("institutions") or () if i.get("id")] or [None]
            for institution in ids:
                yield (
                    "works_authorships",
                    {
                        "work_id": id_,
                        "author_position": authorship.get("author_position"),
                        "author_id": author,
                        "institution_id": institution,
                        "raw_affiliation_string": "; ".join(authorship.get("raw_affiliation_strings") or ()),
                    },
                )
    for name, key in (("works_biblio", "biblio"), ("works_ids", "ids"), ("works_open_access", "open_access")):
        if found := work.get(key):
            yield name, found | {"work_id": id_}
    for name, key, column in (
        ("works_topics", "topics", "topic_id"),
        ("works_concepts", "concepts", "concept_id"),
    ):
        for entry in work.get(key) or ():
            yield name, {"work_id": id_, column: entry.get("id"), "score": entry.get("score")}
    for entry in work.get("mesh") or ():
        yield "works_mesh", entry | {"work_id": id_}
    for name, key, column in (
        ("works_referenced_works", "referenced_works", "referenced_work_id"),
        ("works_related_works", "related_works", "related_work_id"),
    ):
        for other in work.get(key) or ():
            yield name, {"work_id": id_, column: other}


def _located(id_: str, locations: Iterable[Row | None]) -> Iterator[Row]:
    for location in locations:
        if location and (source := location.get("source")) and source.get("id"):
            yield location | {"work_id": id_, "source_id": source["id"]}
