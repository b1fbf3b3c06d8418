"""Tables on people: what ORCID's public data file says of studies and employments."""

from __future__ import annotations

from primacy.lake.schema import Column, Table

PERSONS = Table(
    "persons",
    "one ORCID record",
    (
        Column("orcid", "string", "ORCID iD, 0000-0002-1825-0097", nullable=False),
        Column("status", "string", "active | deprecated | locked | deactivated", nullable=False),
        Column("replaced_by", "string", "the iD that replaced a deprecated one"),
        Column("modified", "string", "when the record was last changed, as it states"),
        Column("release", "string", "data file that it comes from, year and month; '' where unknown"),
    ),
    key=("orcid",),
)

_ENTRY = (
    Column("orcid", "string", "whose", nullable=False),
    Column("put_code", "int64", "ORCID's number of the entry", nullable=False),
    Column("role", "string", "role title as it was typed"),
    Column("organization", "string", "name of the organisation as it was typed"),
    Column("country", "string", "ISO 3166-1 alpha-2 of the organisation's address"),
    Column("scheme", "string", "kind of the organisation's id: ror | grid | ringgold | fundref | other"),
    Column("identifier", "string", "the id itself, without a resolver's address"),
    Column("institution_id", "int64", "institution of the lake; null where none was found"),
    Column("resolved_by", "string", "ror | grid | ringgold | fundref | name; null where none was found"),
    Column("started", "string", "when it began, as precisely as stated: 2001, 2001-09, 2001-09-15"),
    Column("ended", "string", "when it ended; null also where it lasts"),
    Column("start_year", "int32", "year in which it began; null where not stated, or dates are reversed"),
    Column("end_year", "int32", "year in which it ended; null where not stated, or dates are reversed"),
    Column("dates", "string", "both | start | end | none | reversed", nullable=False),
    Column("modified", "string", "when the entry was last changed, as it states"),
    Column("release", "string", "data file that it comes from, year and month; '' where unknown"),
)

EDUCATIONS = Table(
    "educations",
    "one study that a person lists",
    (*_ENTRY, Column("stage", "string", "undergraduate | postgraduate | unknown", nullable=False)),
    key=("orcid", "put_code"),
)

EMPLOYMENTS = Table("employments", "one employment that a person lists", _ENTRY, key=("orcid", "put_code"))

ORGANIZATION_IDS = Table(
    "organization_ids",
    "an id of an organisation in another scheme than ROR, and the ROR id of the same organisation",
    (
        Column("scheme", "string", "grid | ringgold | fundref", nullable=False),
        Column("identifier", "string", "the id", nullable=False),
        Column("ror", "string", "ROR id without the resolver's address", nullable=False),
    ),
    key=("scheme", "identifier"),
)

ORCID_PROGRESS = Table(
    "orcid_progress",
    "how far a file of ORCID's that is not yet read whole was read: where the next pull goes on",
    (
        Column("digest", "string", "SHA-256 of the file's bytes", nullable=False),
        Column("members", "int64", "members of the archive that are done", nullable=False),
        Column("records", "int64", "records read from them", nullable=False),
        Column("quarantined", "int64", "of these, in quarantine", nullable=False),
    ),
    key=("digest",),
)
