"""Exports as tables: CSV of OpenAlex's site and of Scopus, tab-delimited files of Web of Science."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from primacy.errors import InputError
from primacy.sources.exchange.addresses import bracketed, country_of, tied
from primacy.sources.exchange.record import Author, Fault, Read, Record, plain_doi, whole
from primacy.sources.exchange.types import is_retracted, work_type

__all__ = ["issns_of", "read_openalex_csv", "read_scopus_csv", "read_wos_tab", "rows", "wos_record"]

Row = Mapping[str, str]


def rows(text: str, path: Path, *, delimiter: str, required: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a table with the line at which each begins.

    Raises
    ------
    InputError
        A required column is missing, or the file is no such table; the text names the line.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        names = [n.strip() for n in reader.fieldnames or []]
        reader.fieldnames = names
        for name in required:
            if name not in names:
                raise InputError(f"{path}: column '{name}' is missing; there are {', '.join(names[:20])}")
        line = reader.line_num + 1
        for row in reader:
            if None in row or None in row.values():
                raise InputError(
                    f"{path}, line {line}: has another number of cells than the {len(names)} columns"
                )
            yield line, {k: v.strip() for k, v in row.items()}
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}, line {line}: cannot be read as a table ({error})") from None


def _read(
    text: str, path: Path, make: Callable[[int, Row], Record], *, delimiter: str, required: tuple[str, ...]
) -> Read:
    found = Read()
    for line, row in rows(text, path, delimiter=delimiter, required=required):
        try:
            found.records.append(make(line, row))
        except InputError as error:
            found.faults.append(Fault(line, str(error)))
    return found


# ---------------------------------------------------------------------- OpenAlex's site


def read_openalex_csv(text: str, path: Path) -> Read:
    """Read what OpenAlex's site exports: lists are joined with ``|``, so that countries may lose their authors."""
    return _read(
        text, path, _openalex, delimiter=",", required=("id", "publication_year", "type", "cited_by_count")
    )


def _openalex(line: int, row: Row) -> Record:
    names = _listed(row, "authorships.author.display_name", "authorships.raw_author_name", "author_names")
    countries = _listed(
        row, "authorships.countries", "authorships.institutions.country_code", "institution_countries"
    )
    codes = [c.upper() for c in countries if re.fullmatch(r"[A-Za-z]{2}", c)]
    # With one author they are that author's; else the export does not say whose.
    authors = tuple(Author(n, tuple(codes) if len(names) == 1 else ()) for n in names)
    loose = tuple(dict.fromkeys(codes)) if len(names) != 1 else ()
    issns = _listed(row, "primary_location.source.issn", "primary_location.source.issn_l", "issn")
    return Record(
        line,
        title=row.get("title") or row.get("display_name") or None,
        abstract=row.get("abstract") or None,
        year=whole(row["publication_year"], "publication_year"),
        date=row.get("publication_date") or None,
        type=row["type"] or "other",
        doi=plain_doi(row.get("doi")),
        language=row.get("language") or None,
        citations=whole(row["cited_by_count"], "cited_by_count"),
        authors=authors,
        loose_countries=loose,
        journal=row.get("primary_location.source.display_name") or None,
        issns=tuple(issns),
        retracted=row.get("is_retracted", "").casefold() == "true",
        openalex_id=row["id"] or None,
    )


def _listed(row: Row, *names: str) -> list[str]:
    for name in names:
        if row.get(name):
            return [x.strip() for x in row[name].split("|") if x.strip()]
    return []


# ---------------------------------------------------------------------- Scopus


def read_scopus_csv(text: str, path: Path) -> Read:
    """Read Scopus' CSV; ``Authors with affiliations`` ties addresses to authors."""
    return _read(text, path, _scopus, delimiter=",", required=("Title", "Year", "Cited by"))


def _scopus(line: int, row: Row) -> Record:
    names = [n.strip() for n in re.split(r"[;]", row.get("Authors", "")) if n.strip()]
    authors = tuple(Author(n) for n in names)
    loose: tuple[str, ...] = ()
    with_addresses = [p.strip() for p in row.get("Authors with affiliations", "").split(";") if p.strip()]
    if with_addresses:
        authors = tuple(_scopus_author(part) for part in with_addresses)
    elif row.get("Affiliations"):
        found = [country_of(a) for a in row["Affiliations"].split(";")]
        loose = tuple(dict.fromkeys(c for c in found if c))
    kind = row.get("Document Type")
    return Record(
        line,
        title=row["Title"] or None,
        abstract=_abstract(row.get("Abstract")),
        year=whole(row["Year"], "Year"),
        type=work_type(kind),
        doi=plain_doi(row.get("DOI")),
        # Scopus leaves the cell of a work without citations empty.
        citations=whole(row["Cited by"], "Cited by") or 0,
        authors=authors,
        loose_countries=loose,
        journal=row.get("Source title") or None,
        issns=issns_of(row.get("ISSN")),
        retracted=is_retracted(kind),
    )


def _scopus_author(part: str) -> Author:
    """Return the author of ``Wang, L., Tsinghua University, Beijing, China``; several addresses follow each other."""
    pieces = [p.strip() for p in part.split(",")]
    name = ", ".join(pieces[:2]) if len(pieces) > 1 and re.search(r"\.$", pieces[1]) else pieces[0]
    codes = [country_of(p) for p in pieces[1:]]
    return Author(name, tuple(dict.fromkeys(c for c in codes if c)))


def _abstract(text: str | None) -> str | None:
    return None if not text or text == "[No abstract available]" else text


def issns_of(*texts: str | None) -> tuple[str, ...]:
    """Return ISSNs with their hyphen.

    Examples
    --------
    >>> issns_of("01234567; 1111-222X", None)
    ('0123-4567', '1111-222X')
    """
    found = [m for t in texts for m in re.findall(r"\b(\d{4})-?(\d{3}[\dXx])\b", t or "")]
    return tuple(dict.fromkeys(f"{a}-{b.upper()}" for a, b in found))


# ---------------------------------------------------------------------- Web of Science


def read_wos_tab(text: str, path: Path) -> Read:
    """Read Web of Science's tab-delimited files, whose columns are its two-letter tags."""
    return _read(text, path, wos_record, delimiter="\t", required=("TI", "PY", "TC"))


def wos_record(line: int, row: Row) -> Record:
    """Return the work of a row or a tagged record, by Web of Science's tags; lists are joined with semicolons."""
    names = [n.strip() for n in (row.get("AF") or row.get("AU") or "").split(";") if n.strip()]
    short = [n.strip() for n in (row.get("AU") or "").split(";") if n.strip()]
    parts = bracketed(row.get("C1", ""))
    authors = tied(names, parts)
    loose: tuple[str, ...] = ()
    if not any(a.countries for a in authors) and len(short) == len(names):
        authors = tuple(Author(n, a.countries) for n, a in zip(names, tied(short, parts), strict=True))
    if not parts and row.get("C1"):
        found = [country_of(a) for a in row["C1"].split(";")]
        loose = tuple(dict.fromkeys(c for c in found if c))
    kind = row.get("DT")
    return Record(
        line,
        title=row.get("TI") or None,
        abstract=row.get("AB") or None,
        year=whole(row.get("PY"), "PY"),
        type=work_type(kind),
        doi=plain_doi(row.get("DI")),
        citations=whole(row.get("TC"), "TC"),
        authors=authors,
        loose_countries=loose,
        journal=row.get("SO") or None,
        issns=issns_of(row.get("SN"), row.get("EI")),
        retracted=is_retracted(kind),
    )
