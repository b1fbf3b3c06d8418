"""OpenAlex's records as pyalex and openalexR write them: JSON arrays of works, pages of the API, JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from primacy.errors import InputError
from primacy.sources.exchange.record import Fault, Read, Record, plain_doi

__all__ = ["read_pages"]

LISTS = frozenset(
    {"affiliations", "authorships", "concepts", "corresponding_author_ids", "corresponding_institution_ids",
     "counts_by_year", "countries", "grants", "indexed_in", "institution_ids", "institutions", "issn", "keywords",
     "lineage", "locations", "mesh", "raw_affiliation_strings", "referenced_works", "related_works",
     "sustainable_development_goals", "topics", "funders", "awards"}
)  # fmt: skip
"""Fields that are lists in OpenAlex's records; R writes every other value as a list of one, too."""


def read_pages(text: str, path: Path) -> Read:
    """Read works as OpenAlex describes them; the line is the place of the record in the file.

    Raises
    ------
    InputError
        It is not JSON, or there are no works in it.
    """
    found = Read()
    for number, record in enumerate(_records(text, path), 1):
        plain = _unboxed(record)
        if not isinstance(plain, dict) or not isinstance(plain.get("id"), str):
            found.faults.append(Fault(number, "field id: missing; this is no work of OpenAlex's"))
            continue
        plain.pop("abstract_inverted_index_v3", None)
        doi = plain.get("doi")
        found.records.append(
            Record(
                number,
                doi=plain_doi(doi if isinstance(doi, str) else None),
                openalex_id=plain["id"],
                raw=plain,
            )
        )
    return found


def _records(text: str, path: Path) -> Iterator[Any]:
    try:
        whole = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        yield from _lines(text, path, str(error))
        return
    for part in whole if isinstance(whole, list) else [whole]:
        if isinstance(part, dict) and isinstance(part.get("results"), list):
            yield from part["results"]
        elif isinstance(part, list):
            yield from part
        else:
            yield part


def _lines(text: str, path: Path, reason: str) -> Iterator[Any]:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < 2:
        raise InputError(f"{path}: is not JSON ({reason})")
    for number, line in lines:
        try:
            yield msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            raise InputError(f"{path}, line {number}: is not JSON ({error})") from None


def _unboxed(value: Any, name: str = "") -> Any:
    """Return a record without the lists of one that R's writer puts around values."""
    if isinstance(value, dict):
        if name.startswith("abstract_inverted_index"):
            return value
        return {k: _unboxed(v, k) for k, v in value.items()}
    if isinstance(value, list):
        if name not in LISTS and len(value) <= 1 and name:
            return _unboxed(value[0], name) if value else None
        return [_unboxed(v) for v in value]
    return value
