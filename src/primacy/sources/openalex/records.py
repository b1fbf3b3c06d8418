"""What a record looks like in JSON Lines: only the fields that the lake needs, of every schema since 2022.

Unknown fields are skipped. The five without a default are required: they are in the records of every
generation, and a work cannot be counted without them. Where a key stands twice in an object, the last one
counts.

What records repeat again and again, and what is long and plain, a :class:`Work` leaves as it stands in JSON, for
:mod:`primacy.sources.openalex.flattening` to take up for a whole batch at once; a :class:`CheckedWork` is decoded
to the last value, which says of a record alone whether it can be loaded.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

REQUIRED = ("id", "publication_year", "type", "cited_by_count", "authorships")
"""The fields that every work must have, null or not."""

Year = Annotated[int, Meta(ge=1, le=9999)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Index = dict[str, list[Annotated[int, Meta(ge=0)]]]
"""The inverted index of an abstract: for each word its positions, from 0."""
_NULL = Raw(b"null")


class Author(Struct, gc=False):
    """An author as a work's record names it."""

    id: str | None = None
    orcid: str | None = None


class Institution(Struct, frozen=True, gc=False):
    """An institution as a work's record describes it; without an id where OpenAlex could not resolve it.

    Like sources and the levels of topics, it is frozen: records repeat the same few, which are told apart by hash.
    """

    id: str | None = None
    display_name: str | None = None
    ror: str | None = None
    country_code: str | None = None
    type: str | None = None
    lineage: tuple[str | None, ...] | None = None


class Affiliation(Struct, gc=False):
    """One raw affiliation of an author and the institutions it was resolved to."""

    institution_ids: list[str | None] | None = None


class Authorship(Struct, gc=False):
    """One author of a work."""

    author_position: str | None = None
    author: Author | None = None
    institutions: Raw = _NULL
    countries: list[str | None] | None = None
    affiliations: list[Affiliation] | None = None
    is_corresponding: bool | None = None
    raw_orcid: str | None = None


class Source(Struct, frozen=True, gc=False):
    """A journal, repository or conference: ``primary_location.source``, or ``host_venue`` until 2023."""

    id: str | None = None
    display_name: str | None = None
    issn_l: str | None = None
    issn: tuple[str | None, ...] | None = None
    type: str | None = None
    host_organization_name: str | None = None
    publisher: str | None = None


class Location(Struct, gc=False):
    """Where a work was published."""

    source: Raw = _NULL


class Named(Struct, frozen=True, gc=False):
    """A subfield, field or domain."""

    display_name: str | None = None


class Topic(Struct, gc=False):
    """A topic as a work's record describes it."""

    id: str | None = None
    display_name: str | None = None
    score: float | None = None
    subfield: Named | None = None
    field: Named | None = None
    domain: Named | None = None


class YearCount(Struct, gc=False):
    """The citations of one year."""

    year: Year | None = None
    cited_by_count: Count | None = None


class Work(Struct, gc=False):
    """A work."""

    id: str
    publication_year: Year | None
    type: str | None
    cited_by_count: Count
    authorships: list[Authorship] | None
    updated_date: str | None = None
    title: str | None = None
    display_name: str | None = None
    publication_date: str | None = None
    language: str | None = None
    doi: str | None = None
    is_retracted: bool | None = None
    is_paratext: bool | None = None
    is_xpac: bool | None = None
    is_authors_truncated: bool | None = None
    authors_count: Count | None = None
    primary_location: Location | None = None
    host_venue: Raw = _NULL
    primary_topic: Topic | None = None
    topics: list[Topic] | None = None
    referenced_works: Raw = _NULL
    counts_by_year: list[YearCount] | None = None
    abstract: str | None = None
    abstract_inverted_index: Raw = _NULL
    abstract_inverted_index_v3: Raw = _NULL


class CheckedAuthorship(Authorship, kw_only=True, gc=False):
    """One author of a work, with all that is said of the institutions."""

    institutions: list[Institution] | None = None  # type: ignore[assignment]


class CheckedLocation(Location, kw_only=True, gc=False):
    """Where a work was published, with all that is said of the source."""

    source: Source | None = None  # type: ignore[assignment]


class CheckedWork(Work, kw_only=True, gc=False):
    """A work of which nothing is left as it stands but the indices of abstracts."""

    authorships: list[CheckedAuthorship] | None  # type: ignore[assignment]
    primary_location: CheckedLocation | None = None
    host_venue: Source | None = None  # type: ignore[assignment]
    referenced_works: list[str | None] | None = None  # type: ignore[assignment]


class InstitutionRecord(Institution, frozen=True, kw_only=True, gc=False):
    """A record of the entity files ``institutions``."""

    id: str
    is_super_system: bool | None = None
    updated_date: str | None = None


class SourceRecord(Source, frozen=True, kw_only=True, gc=False):
    """A record of the entity files ``sources`` (``venues`` until 2023)."""

    id: str
    updated_date: str | None = None


class TopicRecord(Topic, kw_only=True, gc=False):
    """A record of the entity files ``topics``."""

    id: str
    keywords: list[str | None] | None = None
    updated_date: str | None = None


WORKS = msgspec.json.Decoder(Work)
CHECKED = msgspec.json.Decoder(CheckedWork)
