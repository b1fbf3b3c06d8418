"""Tables that come from OpenAlex. Ids are the integer part of the OpenAlex id."""

from __future__ import annotations

from primacy.lake.schema import Column, Table

WORKS = Table(
    "works",
    "one work (paper, book, data set, …) as OpenAlex describes it",
    (
        Column("work_id", "int64", "OpenAlex id: 123 stands for W123", nullable=False),
        Column("updated_date", "string", "when OpenAlex last changed the record, ISO 8601", nullable=False),
        Column("year", "int32", "publication_year"),
        Column("date", "string", "publication_date, ISO 8601"),
        Column("type", "string", "type in today's OpenAlex vocabulary"),
        Column("language", "string", "ISO 639-1 code"),
        Column("doi", "string", "DOI without the resolver's address, lower case"),
        Column("source_id", "int64", "primary source: 123 stands for S123"),
        Column("cited_by_count", "int64", "citations received, as stated by the record", nullable=False),
        Column("is_retracted", "bool", "retracted", nullable=False),
        Column("is_paratext", "bool", "front matter, covers, tables of contents", nullable=False),
        Column("is_xpac", "bool", "belongs to OpenAlex's expansion set", nullable=False),
        Column("authors", "int32", "number of authorships in the record (N)", nullable=False),
        Column("authors_truncated", "bool", "the record's authorships were cut by the API", nullable=False),
        Column("references", "int32", "number of works that it cites", nullable=False),
    ),
    key=("work_id",),
)

AUTHORSHIPS = Table(
    "authorships",
    "one part of one author's credit for one work: a work x author x institution (or country) slot; "
    "the rows of a work sum to 1 in either weight, parts that resolve to nothing included",
    (
        Column("work_id", "int64", "the work", nullable=False),
        Column("author_seq", "int32", "place of the authorship in the record, from 0", nullable=False),
        Column("author_id", "int64", "OpenAlex author: 123 stands for A123"),
        Column("author_position", "string", "first | middle | last"),
        Column("is_corresponding", "bool", "flagged as corresponding author", nullable=False),
        Column("institution_id", "int64", "OpenAlex institution; null where none was resolved"),
        Column("country", "string", "ISO 3166-1 alpha-2 as in the record; null where none was resolved"),
        Column("weight", "double", "1/N of the work, split over the author's institutions", nullable=False),
        Column(
            "weight_affiliation",
            "double",
            "1/N of the work, split over the author's affiliations and then over their institutions",
            nullable=False,
        ),
    ),
    key=("work_id",),
)

AUTHOR_ORCIDS = Table(
    "author_orcids",
    "the ORCID iD of one authorship, where the record has any: what ties authors to their careers",
    (
        Column("work_id", "int64", "the work", nullable=False),
        Column("author_seq", "int32", "place of the authorship in the record, from 0", nullable=False),
        Column("author_id", "int64", "OpenAlex author: 123 stands for A123"),
        Column("orcid", "string", "ORCID iD of the author's profile, 0000-0002-1825-0097"),
        Column("stated", "string", "ORCID iD that came with the work itself"),
    ),
    key=("work_id",),
)

INSTITUTIONS = Table(
    "institutions",
    "one institution",
    (
        Column("institution_id", "int64", "OpenAlex id: 123 stands for I123", nullable=False),
        Column("name", "string", "display name"),
        Column("country", "string", "ISO 3166-1 alpha-2"),
        Column("type", "string", "education, company, government, facility, …"),
        Column("ror", "string", "ROR id without the resolver's address"),
        Column("lineage", "list<int64>", "the institution itself and its ancestors"),
        Column("is_super_system", "bool", "an umbrella such as a university system"),
        Column(
            "updated_date",
            "string",
            "ISO 8601; where derived, of the newest work that states it",
        ),
        Column(
            "derived",
            "bool",
            "stated by works only: no entity file described it, so any entity file replaces it",
            nullable=False,
        ),
    ),
    key=("institution_id",),
)

SOURCES = Table(
    "sources",
    "one journal, conference series, repository, …",
    (
        Column("source_id", "int64", "OpenAlex id: 123 stands for S123", nullable=False),
        Column("name", "string", "display name"),
        Column("issn_l", "string", "linking ISSN"),
        Column("issns", "list<string>", "all ISSNs, sorted"),
        Column("type", "string", "journal, conference, repository, …"),
        Column("publisher", "string", "host organisation or publisher"),
        Column(
            "updated_date",
            "string",
            "ISO 8601; where derived, of the newest work that states it",
        ),
        Column(
            "derived",
            "bool",
            "stated by works only: no entity file described it, so any entity file replaces it",
            nullable=False,
        ),
    ),
    key=("source_id",),
)

TOPICS = Table(
    "topics",
    "one OpenAlex topic",
    (
        Column("topic_id", "int64", "OpenAlex id: 123 stands for T123", nullable=False),
        Column("name", "string", "display name"),
        Column("subfield", "string", "subfield name"),
        Column("field", "string", "field name"),
        Column("domain", "string", "domain name"),
        Column("keywords", "list<string>", "OpenAlex's own keywords"),
        Column(
            "updated_date",
            "string",
            "ISO 8601; where derived, of the newest work that states it",
        ),
        Column(
            "derived",
            "bool",
            "stated by works only: no entity file described it, so any entity file replaces it",
            nullable=False,
        ),
    ),
    key=("topic_id",),
)

WORK_TOPICS = Table(
    "work_topics",
    "one topic of one work",
    (
        Column("work_id", "int64", "the work", nullable=False),
        Column("topic_id", "int64", "the topic", nullable=False),
        Column("score", "double", "OpenAlex's confidence, 0 to 1"),
        Column("is_primary", "bool", "the work's primary topic", nullable=False),
    ),
    key=("work_id",),
)

CITATIONS_BY_YEAR = Table(
    "citations_by_year",
    "the citations that one work received in one year (OpenAlex states the last ten years)",
    (
        Column("work_id", "int64", "the work", nullable=False),
        Column("year", "int32", "year of the citing works", nullable=False),
        Column("cited_by_count", "int64", "citations received in that year", nullable=False),
    ),
    key=("work_id",),
)

REFERENCES = Table(
    "references",
    "one reference: the work cites another",
    (
        Column("work_id", "int64", "the citing work", nullable=False),
        Column("cited_id", "int64", "the cited work, in the lake or not", nullable=False),
    ),
    key=("work_id",),
)

TEXTS = Table(
    "texts",
    "the words of one work",
    (
        Column("work_id", "int64", "the work", nullable=False),
        Column("title", "string", "title"),
        Column("abstract", "string", "abstract, rebuilt from the inverted index where need be"),
    ),
    key=("work_id",),
)

DELETED_WORKS = Table(
    "deleted_works",
    "one work that OpenAlex withdrew: it stays out unless a record newer than the deletion arrives",
    (
        Column("work_id", "int64", "the work", nullable=False),
        Column("deleted_date", "string", "ISO 8601"),
    ),
    key=("work_id",),
)

PULLED_FILES = Table(
    "pulled_files",
    "one source file that was read whole: the unit of resumption",
    (
        Column(
            "digest",
            "string",
            "SHA-256 of the file's bytes; of an object in a bucket, its ETag and length",
            nullable=False,
        ),
        Column("source", "string", "upstream: openalex, hub, compute", nullable=False),
        Column("entity", "string", "works, institutions, sources, topics, deleted_ids, …", nullable=False),
        Column("file", "string", "name under the source's root", nullable=False),
        Column("rows", "int64", "records read", nullable=False),
        Column("quarantined", "int64", "records put into quarantine", nullable=False),
    ),
    key=("digest",),
)

PULLS = Table(
    "pulls",
    "one transaction of a pull of works that changed the lake, and what became of every line that it read: "
    "lines = added + updated + unchanged + superseded + withdrawn + quarantined",
    (
        Column("lake_version", "int64", "the version of the lake that it made", nullable=False),
        Column("files", "int64", "files of works that it read whole", nullable=False),
        Column(
            "lines", "int64", "records that these files hold, those in quarantine included", nullable=False
        ),
        Column("added", "int64", "records of works that the lake did not have", nullable=False),
        Column("updated", "int64", "records that replaced an older one of the lake", nullable=False),
        Column("unchanged", "int64", "records not newer than the lake's", nullable=False),
        Column("superseded", "int64", "records that gave way to another one of the pull", nullable=False),
        Column("withdrawn", "int64", "records of works that OpenAlex deleted", nullable=False),
        Column("quarantined", "int64", "records that could not be loaded", nullable=False),
        Column("deleted", "int64", "works that left the lake", nullable=False),
    ),
    key=("lake_version",),
)

PULL_FILES = Table(
    "pull_files",
    "one file of works that a pull read whole; unlike `pulled_files`, which says what need not be read again, "
    "it is never forgotten",
    (
        Column("lake_version", "int64", "the version of the lake that the pull made", nullable=False),
        Column("file", "string", "name under the source's root", nullable=False),
        Column("digest", "string", "SHA-256 of the file's bytes", nullable=False),
        Column("lines", "int64", "records that it holds, those in quarantine included", nullable=False),
        Column("quarantined", "int64", "records that could not be loaded", nullable=False),
    ),
    key=("lake_version", "file"),
)

QUARANTINE = Table(
    "quarantine",
    "one record, or one whole file, that could not be loaded",
    (
        Column("source", "string", "upstream: openalex, hub, compute", nullable=False),
        Column("file", "string", "name under the source's root", nullable=False),
        Column("line", "int64", "line or row number from 1; null for damage of the whole file"),
        Column("reason", "string", "what is wrong", nullable=False),
        Column("digest", "string", "SHA-256 of the file's bytes", nullable=False),
    ),
    key=("file", "line"),
)

MEMBERSHIPS = Table(
    "memberships",
    "one work that belongs to one technology under one of its two queries",
    (
        Column("technology", "string", "technology id", nullable=False),
        Column("work_id", "int64", "the work", nullable=False),
        Column("query", "string", "strict | broad", nullable=False),
    ),
    key=("technology", "work_id", "query"),
)
