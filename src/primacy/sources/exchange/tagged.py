"""Exports as tagged text, read by the libraries that exist for them: RIS and Web of Science (rispy), BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from primacy.errors import InputError
from primacy.sources.exchange.addresses import bracketed, country_of, tied
from primacy.sources.exchange.record import Author, Fault, Read, Record, plain_doi, whole
from primacy.sources.exchange.tables import issns_of, wos_record
from primacy.sources.exchange.types import is_retracted, work_type

__all__ = ["read_bibtex", "read_ris", "read_wos_tagged"]

_CITED = re.compile(r"cited[ -]?by\s*:?\s*(\d+)", re.IGNORECASE)


def read_ris(text: str, path: Path) -> Read:
    """Read RIS; citations are in a note, ``Cited By :12``, where Scopus wrote the file."""
    import rispy

    found = Read()
    lines = _starts(text, r"^TY  ?-")
    try:
        entries = rispy.loads(text)
    except (rispy.parser.ParseError, OSError, KeyError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as RIS ({' '.join(str(error).split())[:120]})") from None
    for number, entry in enumerate(entries):
        line = lines[number] if number < len(lines) else number + 1
        try:
            found.records.append(_ris(line, entry))
        except InputError as error:
            found.faults.append(Fault(line, str(error)))
    return found


def _ris(line: int, entry: Mapping[str, Any]) -> Record:
    notes = " ".join(map(str, entry.get("notes", [])))
    cited = _CITED.search(notes)
    year = re.match(
        r"\d{4}", str(entry.get("year") or entry.get("publication_year") or entry.get("date") or "")
    )
    addresses = entry.get("author_address") or ""
    addresses = "; ".join(addresses) if isinstance(addresses, list) else str(addresses)
    codes = [country_of(a) for a in re.split(r"[;\n]", addresses)]
    kinds = (str(entry.get("type_of_work") or ""), str(entry.get("type_of_reference") or ""))
    issn = entry.get("issn")
    return Record(
        line,
        title=entry.get("title") or entry.get("primary_title"),
        abstract=entry.get("abstract") or entry.get("notes_abstract"),
        year=int(year[0]) if year else None,
        type=work_type(*kinds),
        doi=plain_doi(entry.get("doi")),
        citations=int(cited[1]) if cited else None,
        authors=tuple(Author(a) for a in entry.get("authors") or entry.get("first_authors") or []),
        loose_countries=tuple(dict.fromkeys(c for c in codes if c)),
        journal=entry.get("journal_name") or entry.get("secondary_title"),
        issns=issns_of("; ".join(issn) if isinstance(issn, list) else issn),
        retracted=is_retracted(*kinds),
    )


def read_wos_tagged(text: str, path: Path) -> Read:
    """Read Web of Science's tagged text."""
    import rispy

    if not re.search(r"^ER\s*$", text, re.MULTILINE):
        raise InputError(f"{path}: no end of a record (ER) in it; the export was cut off")
    found = Read()
    lines = _starts(text, r"^PT ")
    try:
        tags = [*rispy.WokParser.DEFAULT_MAPPING, rispy.WokParser.UNKNOWN_TAG]
        parser = rispy.WokParser(mapping={t: t for t in tags})
        entries = parser.parse(text)
    except (rispy.parser.ParseError, OSError, KeyError, ValueError) as error:
        reason = " ".join(str(error).split())[:120]
        raise InputError(f"{path}: cannot be read as Web of Science's tagged text ({reason})") from None
    if len(entries) != len(lines):
        raise InputError(f"{path}, line {lines[-1]}: the record has no end (ER); the export was cut off")
    for line, entry in zip(lines, entries, strict=True):
        row = {k: "; ".join(map(str, v)) if isinstance(v, list) else str(v) for k, v in entry.items()}
        try:
            found.records.append(wos_record(line, row))
        except InputError as error:
            found.faults.append(Fault(line, str(error)))
    return found


def read_bibtex(text: str, path: Path) -> Read:
    """Read BibTeX of Scopus (``note = {Cited by: 12}``) and of Web of Science (``Times-Cited``)."""
    from bibtexparser.entrypoint import parse_string

    library = parse_string(text)
    found = Read()
    for block in library.failed_blocks:
        kind = type(block).__name__.removesuffix("Block")
        found.faults.append(Fault((block.start_line or 0) + 1, f"cannot be read as BibTeX ({kind})"))
    for entry in library.entries:
        line = (entry.start_line or 0) + 1
        fields = {k.casefold(): str(f.value) for k, f in entry.fields_dict.items()}
        try:
            found.records.append(_bibtex(line, entry.entry_type, fields))
        except InputError as error:
            found.faults.append(Fault(line, str(error)))
    return found


def _bibtex(line: int, entry_type: str, fields: Mapping[str, str]) -> Record:
    cited = _CITED.search(fields.get("note", ""))
    stated = whole(fields.get("times-cited"), "times-cited")
    addresses = fields.get("affiliations") or fields.get("affiliation") or ""
    names = [" ".join(n.split()) for n in re.split(r"\s+and\s+", fields.get("author", "")) if n.strip()]
    codes = [country_of(a) for a in re.split(r"[;\n]", _text(addresses))]
    kind = fields.get("type") or fields.get("document_type")
    parts = bracketed(addresses)
    return Record(
        line,
        title=_text(fields.get("title")) or None,
        abstract=_text(fields.get("abstract")) or None,
        year=whole(fields.get("year"), "year"),
        type=work_type(kind, entry_type),
        doi=plain_doi(fields.get("doi")),
        citations=int(cited[1]) if cited else stated,
        authors=tied(names, parts) if parts else tuple(Author(_text(n)) for n in names),
        loose_countries=() if parts else tuple(dict.fromkeys(c for c in codes if c)),
        journal=_text(fields.get("journal") or fields.get("booktitle")) or None,
        issns=issns_of(fields.get("issn"), fields.get("eissn")),
        retracted=is_retracted(kind),
    )


def _text(text: str | None) -> str:
    """Return a BibTeX value without its braces and escapes."""
    return re.sub(r"\\([&%$#_])", r"\1", (text or "").replace("{", "").replace("}", "")).strip()


def _starts(text: str, pattern: str) -> list[int]:
    return [n for n, line in enumerate(text.splitlines(), 1) if re.match(pattern, line)]
