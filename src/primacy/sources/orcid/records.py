"""ORCID's XML, schema 3.0: records, single educations and employments, and the notes that stand in for closed records.

The text comes from anybody: entities are not resolved, nothing is fetched, a document with a type declaration is
refused (no record has one), and so is one that is too deep or too large for the parser's ordinary bounds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from lxml import etree

from primacy.sources.orcid.degrees import degree_stage
from primacy.sources.orcid.organizations import SCHEMES, plain_identifier

__all__ = ["Entry", "Parsed", "UnfitRecordError", "is_orcid", "parse"]

Kind: TypeAlias = Literal["educations", "employments"]
_Element: TypeAlias = Any

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years outside are typing errors and count as not stated."""

LONGEST = 500
"""Characters of a text that are kept."""

_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_CLOSED = {"9007": "deprecated", "9018": "locked", "9044": "deactivated"}
"""Numbers of the errors that the data file holds in place of closed records."""
_ENTRIES: Mapping[str, Kind] = {"education": "educations", "employment": "employments"}


class UnfitRecordError(Exception):
    """A document cannot be loaded; the text says why."""


@dataclass(frozen=True)
class Entry:
    """An education or employment: a row of the lake without what other tables must tell."""

    kind: Kind
    row: dict[str, Any]


@dataclass(frozen=True)
class Parsed:
    """What a document says.

    Parameters
    ----------
    person
        A row of ``persons``; None where the document is a single entry.
    entries
        Educations and employments.
    """

    person: dict[str, Any] | None
    entries: list[Entry] = field(default_factory=list)


def is_orcid(text: str) -> bool:
    """Return whether a text is an ORCID iD with the right check digit (ISO 7064 MOD 11-2).

    Examples
    --------
    >>> is_orcid("0000-0002-1825-0097"), is_orcid("0000-0002-1694-233X"), is_orcid("0000-0002-1825-0098")
    (True, True, False)
    """
    if not _ORCID.fullmatch(text):
        return False
    digits = text.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[-1] == ("X" if check == 10 else str(check))


def parse(data: bytes, name: str) -> Parsed | None:
    """Return what a document says, None where it is of a kind that is not read.

    Parameters
    ----------
    data
        The XML.
    name
        Its path in the archive, which has the iD.

    Raises
    ------
    UnfitRecordError
        It is no XML, not safe, or has no valid iD.
    """
    root = _root(data)
    kind = etree.QName(root).localname
    if kind == "record":
        return _record(root, name)
    if kind == "error":
        return _closed(root, name)
    if kind in _ENTRIES:
        orcid = _owner(root.get("path"), name)
        return Parsed(None, [_entry(root, orcid, _ENTRIES[kind])])
    return None


def _root(data: bytes) -> _Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    if b"<!DOCTYPE" in data:
        raise UnfitRecordError("has a document type declaration, as no record of ORCID does")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnfitRecordError(f"not well-formed XML: {' '.join(str(error).split())[:200]}") from None
    if (
        root.getroottree().docinfo.internalDTD is not None
    ):  # in an encoding that hides it from a look at the bytes
        raise UnfitRecordError("has a document type declaration, as no record of ORCID does")
    return root


def _record(root: _Element, name: str) -> Parsed:
    own = _children(root)
    stated = _text(_children(own.get("orcid-identifier")).get("path"))
    orcid = _owner(stated or root.get("path"), name)
    history = _children(own.get("history"))
    replacing = next(root.iter("{*}primary-record"), None)
    replaced_by = None if replacing is None else _text(next(replacing.iter("{*}path"), None))
    status = "active"
    if replacing is not None or next(root.iter("{*}deprecated"), None) is not None:
        status = "deprecated"
    elif "deactivation-date" in history:
        status = "deactivated"
    person = _person(orcid, status, replaced_by, _text(history.get("last-modified-date")))
    entries = [
        _entry(summary, orcid, kind)
        for tag, kind in _ENTRIES.items()
        for summary in root.iter(f"{{*}}{tag}-summary")
    ]
    return Parsed(person, entries)


def _closed(root: _Element, name: str) -> Parsed:
    """Return a record that is closed: the data file has an error of the API in its place."""
    own = _children(root)
    code = _text(own.get("error-code")) or ""
    if code not in _CLOSED:
        raise UnfitRecordError(f"stands for an error of ORCID's API, code '{code[:20]}'")
    orcid = _owner(None, name)
    message = _text(own.get("developer-message")) or ""
    others = [o for o in _ORCID.findall(message) if o != orcid]
    replaced_by = others[0] if _CLOSED[code] == "deprecated" and others else None
    return Parsed(_person(orcid, _CLOSED[code], replaced_by, None))


def _person(orcid: str, status: str, replaced_by: str | None, modified: str | None) -> dict[str, Any]:
    return {"orcid": orcid, "status": status, "replaced_by": replaced_by, "modified": modified}


def _owner(stated: str | None, name: str) -> str:
    """Return whose document it is: as it states itself, else by its path in the archive."""
    for text in (stated or "", name):
        found = _ORCID.search(text)
        if found:
            if not is_orcid(found[0]):
                raise UnfitRecordError(f"iD {found[0]} has a wrong check digit")
            return found[0]
    raise UnfitRecordError("no ORCID iD in the document or its name")


def _entry(element: _Element, orcid: str, kind: Kind) -> Entry:
    code = element.get("put-code") or ""
    if not code.isdigit() or len(code) > 18:
        raise UnfitRecordError(f"put-code '{code[:20]}' of an entry is not a number")
    own = _children(element)
    organization = _children(own.get("organization"))
    disambiguated = _children(organization.get("disambiguated-organization"))
    role = _text(own.get("role-title"))
    identifier = _text(disambiguated.get("disambiguated-organization-identifier"))
    scheme = None
    if identifier is not None:
        source = _text(disambiguated.get("disambiguation-source")) or ""
        scheme = SCHEMES.get(source.upper(), "other")
        identifier = plain_identifier(scheme, identifier)
    started, ended = _date(own.get("start-date")), _date(own.get("end-date"))
    dates = _which(started, ended)
    country = (_text(_children(organization.get("address")).get("country")) or "").upper()
    row = {
        "orcid": orcid,
        "put_code": int(code),
        "role": role,
        "organization": _text(organization.get("name")),
        "country": country if re.fullmatch(r"[A-Z]{2}", country) else None,
        "scheme": scheme,
        "identifier": identifier,
        "started": started,
        "ended": ended,
        "start_year": None if started is None or dates == "reversed" else int(started[:4]),
        "end_year": None if ended is None or dates == "reversed" else int(ended[:4]),
        "dates": dates,
        "modified": _text(own.get("last-modified-date")),
    }
    if kind == "educations":
        row["stage"] = degree_stage(role)
    return Entry(kind, row)


def _children(element: _Element | None) -> dict[str, _Element]:
    """Return the children of an element by their names without namespace; of several the first."""
    if element is None:
        return {}
    return {child.tag.rpartition("}")[2]: child for child in reversed(element)}


def _text(element: _Element | None) -> str | None:
    """Return the text of an element, white space made one; None where there is none."""
    text = None if element is None else element.text
    return (" ".join(text.split())[:LONGEST] or None) if text else None


def _date(element: _Element | None) -> str | None:
    """Return a date as precisely as it is stated."""
    if element is None:
        return None
    own = _children(element)
    parts: list[str] = []
    for name, digits, low, high in _DATE_PARTS:
        text = _text(own.get(name)) or ""
        if not (text.isascii() and text.isdigit() and len(text) <= digits and low <= int(text) <= high):
            break
        parts.append(text.zfill(digits))
    return "-".join(parts) or None


_DATE_PARTS = (("year", 4, FIRST_YEAR, LAST_YEAR), ("month", 2, 1, 12), ("day", 2, 1, 31))


def _which(started: str | None, ended: str | None) -> str:
    """Say which dates there are: both, start, end, none; or reversed, compared as precisely as both allow."""
    if started is None or ended is None:
        return "start" if started else "end" if ended else "none"
    same = min(len(started), len(ended))
    return "reversed" if started[:same] > ended[:same] else "both"
