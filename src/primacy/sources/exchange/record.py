"""A work as an export describes it, with ids that cannot be mistaken for OpenAlex's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from primacy.errors import InputError

__all__ = ["OWN", "Author", "Fault", "Read", "Record", "own_id", "plain_doi", "whole"]

OWN = 9 * 10**17
"""Ids from here on are primacy's own: OpenAlex's have eleven digits at most, these have eighteen."""

_SPACE = 10**17


def own_id(key: str) -> int:
    """Return the id of something that OpenAlex has no id for: the same for the same key, always.

    Two of a million works share an id with a probability of 5 in a million.

    Examples
    --------
    >>> own_id("doi:10.1/x") == own_id("doi:10.1/x") >= OWN
    True
    >>> len(str(own_id("doi:10.1/y")))
    18
    """
    return OWN + int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big") % _SPACE


def plain_doi(text: str | None) -> str | None:
    """Return a DOI without the resolver's address, in lower case; None where the text holds none.

    Examples
    --------
    >>> plain_doi("https://doi.org/10.1000/ABC"), plain_doi("doi: 10.1/x"), plain_doi("n/a")
    ('10.1000/abc', '10.1/x', None)
    """
    found = re.search(r"10\.\d+(?:\.\d+)*/\S+", text or "")
    return found[0].lower().rstrip(".,;") if found else None


def whole(text: object, name: str) -> int | None:
    """Return a whole number; None where the cell is empty.

    Raises
    ------
    InputError
        It is none; the text names the field.
    """
    plain = str(text or "").strip()
    if not plain:
        return None
    if not re.fullmatch(r"\d{1,15}(\.0+)?", plain):
        raise InputError(f"field {name}: '{plain[:40]}' is no whole number")
    return int(plain.partition(".")[0])


@dataclass(frozen=True)
class Author:
    """An author: name, and the countries of the addresses that the export ties to them."""

    name: str
    countries: tuple[str, ...] = ()
    corresponding: bool = False


@dataclass(frozen=True)
class Record:
    """A work.

    Attributes
    ----------
    line
        Where it begins in its file, from 1; its number where the format has no lines.
    title, abstract, year, date, type, doi, language
        As in OpenAlex's records; None where the export does not say.
    citations
        Citations received; None where the export does not say.
    authors
        In their order.
    loose_countries
        Countries of addresses that the export does not tie to authors.
    journal, issns
        Where it was published.
    raw
        The record itself, where it is one of OpenAlex's.
    """

    line: int
    title: str | None = None
    abstract: str | None = None
    year: int | None = None
    date: str | None = None
    type: str = "article"
    doi: str | None = None
    language: str | None = None
    citations: int | None = None
    authors: tuple[Author, ...] = ()
    loose_countries: tuple[str, ...] = ()
    journal: str | None = None
    issns: tuple[str, ...] = ()
    retracted: bool = False
    openalex_id: str | None = None
    raw: Mapping[str, Any] | None = None

    @property
    def key(self) -> str | None:
        """What identifies it without an id of OpenAlex: its DOI, else title, year and first author."""
        if self.doi:
            return f"doi:{self.doi}"
        if not self.title:
            return None
        first = self.authors[0].name if self.authors else ""
        return "|".join(
            re.sub(r"\W+", " ", str(x)).strip().casefold() for x in (self.title, self.year, first)
        )


@dataclass(frozen=True)
class Fault:
    """A record that cannot be loaded, and why."""

    line: int
    reason: str


@dataclass
class Read:
    """What a file holds."""

    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
