"""Which OpenAlex topics a query hits by their own names and keywords: a check that needs no labels.

The topics that a technology maps should be hit, strangers should not.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa

from primacy.errors import InputError
from primacy.technologies.matcher import Matcher
from primacy.technologies.technology import VARIANTS, Technology, Variant

TOPICS = pa.schema(
    {"topic_id": pa.int64(), "name": pa.string(), "field": pa.string(), "keywords": pa.list_(pa.string())}
)
"""What is asked of a table of topics; more columns do no harm."""

_HITS = pa.schema(
    {
        "technology": pa.string(),
        "topic": pa.string(),
        "name": pa.string(),
        "field": pa.string(),
        "mapped": pa.bool_(),
        "strict": pa.bool_(),
        "broad": pa.bool_(),
        "finding": pa.string(),
        "reason": pa.string(),
    }
)
_SUMMARY = pa.schema(
    {
        "technology": pa.string(),
        "mapped": pa.int64(),
        "hit": pa.int64(),
        "share": pa.float64(),
        "strangers": pa.int64(),
        "explained": pa.int64(),
        "unknown": pa.int64(),
    }
)


def read_topics(path: Path) -> pa.Table:
    """Read topics from a CSV file: ``topic_id`` (T123), ``topic`` or ``name``, ``keywords`` with semicolons.

    Raises
    ------
    InputError
        A column is missing or a value cannot be read; the error has the line.
    """
    rows = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = reader.fieldnames or ()
            for needed in ("topic_id", "keywords"):
                if needed not in names:
                    raise InputError(f"{path}: the column {needed!r} is missing")
            for row in reader:
                number = (row["topic_id"] or "").lstrip("Tt")
                if not number.isascii() or not number.isdigit():
                    raise InputError(
                        f"{path}:{reader.line_num}: topic_id: {row['topic_id']!r} is not such as T10018"
                    )
                keywords = [word.strip() for word in (row["keywords"] or "").split(";") if word.strip()]
                name = row.get("topic") or row.get("name")
                rows.append(
                    {"topic_id": int(number), "name": name, "field": row.get("field"), "keywords": keywords}
                )
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except (csv.Error, OSError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    return pa.Table.from_pylist(rows, schema=TOPICS)


def topic_hits(technologies: Iterable[Technology], topics: pa.Table) -> pa.Table:
    """Find the topics that each technology's queries hit or should have hit.

    Parameters
    ----------
    technologies
        The technologies.
    topics
        Topics with topic_id (the integer part), name, field and keywords.

    Returns
    -------
    Table
        One row for each topic that a technology maps or that a query of it hits. ``finding`` is ``missed`` (mapped,
        not hit by broad), ``stranger`` (hit by broad, not mapped), ``explained`` (a stranger whose reason the file
        gives), ``unknown`` (mapped, but no such topic), else null.
    """
    listed = list(technologies)
    queries = {(t.id, variant): t.query(variant) for t in listed for variant in VARIANTS}
    keywords = [". ".join(words or ()) for words in topics["keywords"].to_pylist()]
    matches = Matcher(queries).match(topics["name"], pa.array(keywords, pa.string()))
    numbers = topics["topic_id"].to_pylist()
    known = dict(zip(numbers, topics.select(["name", "field"]).to_pylist(), strict=True))
    found: dict[tuple[str, Variant], set[int]] = {}
    order = np.argsort(matches.query, kind="stable")
    bounds = np.searchsorted(matches.query[order], np.arange(len(queries) + 1))
    for place, key in enumerate(matches.keys):
        found[key] = {numbers[i] for i in matches.text[order[bounds[place] : bounds[place + 1]]]}
    rows = [row for technology in listed for row in _rows(technology, known, found)]
    return pa.Table.from_pylist(rows, schema=_HITS)


def _rows(
    technology: Technology, known: dict[int, dict[str, str]], found: dict[tuple[str, Variant], set[int]]
) -> Iterable[dict[str, object]]:
    mapped = set(technology.topic_numbers)
    strict, broad = found[technology.id, "strict"], found[technology.id, "broad"]
    reasons = {int(stranger.topic[1:]): stranger.reason for stranger in technology.strangers}
    for number in sorted(mapped | strict | broad):
        finding = None
        if number in mapped and number not in known:
            finding = "unknown"
        elif number in mapped and number not in broad:
            finding = "missed"
        elif number in broad and number not in mapped:
            finding = "explained" if number in reasons else "stranger"
        yield {
            "technology": technology.id,
            "topic": f"T{number}",
            **known.get(number, {"name": None, "field": None}),
            "mapped": number in mapped,
            "strict": number in strict,
            "broad": number in broad,
            "finding": finding,
            "reason": reasons.get(number),
        }


def topic_summary(hits: pa.Table) -> pa.Table:
    """Count, for each technology, the mapped topics, those that broad hits, their share, and the strangers."""
    counts: dict[str, dict[str, int]] = {}
    for row in hits.to_pylist():
        count = counts.setdefault(row["technology"], dict.fromkeys(_SUMMARY.names[1:], 0))
        known = row["finding"] != "unknown"
        count["mapped"] += row["mapped"] and known
        count["hit"] += row["mapped"] and row["broad"]
        count["strangers"] += row["finding"] == "stranger"
        count["explained"] += row["finding"] == "explained"
        count["unknown"] += not known
    rows = [
        {**count, "technology": name, "share": count["hit"] / count["mapped"] if count["mapped"] else None}
        for name, count in sorted(counts.items())
    ]
    return pa.Table.from_pylist(rows, schema=_SUMMARY)
