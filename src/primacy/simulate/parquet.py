"""The Parquet copy of a snapshot, made from its lines as OpenAlex makes its own.

One file per part, snappy; an abstract's inverted index is JSON text, ``ids`` is a map, dates are dates, and every
field is there whether or not a record has it. DuckDB does it: explicit columns, one thread, in the order of the lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from primacy.lake.embedded import connect

__all__ = ["COLUMNS", "convert"]

ROW_GROUP = 8_192
"""Rows of a row group: few, so that a part is written in little memory."""

_LEVEL = "STRUCT(id VARCHAR, display_name VARCHAR)"
_LEVELS = f"subfield {_LEVEL}, field {_LEVEL}, domain {_LEVEL}"
_TOPIC = f"STRUCT(id VARCHAR, display_name VARCHAR, score DOUBLE, {_LEVELS})"
_INSTITUTION = (
    "STRUCT(id VARCHAR, display_name VARCHAR, ror VARCHAR, country_code VARCHAR, "
    '"type" VARCHAR, lineage VARCHAR[])'
)
_SOURCE = (
    "STRUCT(id VARCHAR, display_name VARCHAR, issn_l VARCHAR, issn VARCHAR[], is_oa BOOLEAN, is_in_doaj BOOLEAN, "
    "is_core BOOLEAN, host_organization VARCHAR, host_organization_name VARCHAR, host_organization_lineage VARCHAR[], "
    'host_organization_lineage_names VARCHAR[], "type" VARCHAR)'
)
_LOCATION = (
    f"STRUCT(id VARCHAR, is_oa BOOLEAN, landing_page_url VARCHAR, pdf_url VARCHAR, source {_SOURCE}, license VARCHAR, "
    "license_id VARCHAR, version VARCHAR, is_accepted BOOLEAN, is_published BOOLEAN, raw_source_name VARCHAR, "
    "raw_type VARCHAR)"
)
_AUTHORSHIP = (
    "STRUCT(author_position VARCHAR, author STRUCT(id VARCHAR, display_name VARCHAR, orcid VARCHAR), "
    f"institutions {_INSTITUTION}[], countries VARCHAR[], is_corresponding BOOLEAN, raw_author_name VARCHAR, "
    "raw_affiliation_strings VARCHAR[], raw_orcid VARCHAR, "
    "affiliations STRUCT(raw_affiliation_string VARCHAR, institution_ids VARCHAR[])[])"
)
_SCORED = "STRUCT(id VARCHAR, display_name VARCHAR, score DOUBLE)"
_PRICE = 'STRUCT("value" BIGINT, currency VARCHAR, value_usd BIGINT)'
_STAMPS = {"updated_date": "TIMESTAMP", "created_date": "TIMESTAMP"}
_NAMED = {"id": "VARCHAR", "display_name": "VARCHAR"}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "works": {
        "id": "VARCHAR",
        "doi": "VARCHAR",
        "title": "VARCHAR",
        "display_name": "VARCHAR",
        "publication_year": "INTEGER",
        "publication_date": "DATE",
        "ids": "MAP(VARCHAR, VARCHAR)",
        "language": "VARCHAR",
        "primary_location": _LOCATION,
        "type": "VARCHAR",
        "indexed_in": "VARCHAR[]",
        "open_access": (
            "STRUCT(is_oa BOOLEAN, oa_status VARCHAR, oa_url VARCHAR, any_repository_has_fulltext BOOLEAN)"
        ),
        "authorships": f"{_AUTHORSHIP}[]",
        "institutions": f"{_INSTITUTION}[]",
        "countries_distinct_count": "INTEGER",
        "institutions_distinct_count": "INTEGER",
        "corresponding_author_ids": "VARCHAR[]",
        "corresponding_institution_ids": "VARCHAR[]",
        "apc_list": _PRICE,
        "apc_paid": _PRICE,
        "fwci": "DOUBLE",
        "has_fulltext": "BOOLEAN",
        "cited_by_count": "INTEGER",
        "citation_normalized_percentile": (
            'STRUCT("value" DOUBLE, is_in_top_1_percent BOOLEAN, is_in_top_10_percent BOOLEAN)'
        ),
        "cited_by_percentile_year": 'STRUCT("min" INTEGER, "max" INTEGER)',
        "biblio": "STRUCT(volume VARCHAR, issue VARCHAR, first_page VARCHAR, last_page VARCHAR)",
        "is_retracted": "BOOLEAN",
        "is_paratext": "BOOLEAN",
        "is_xpac": "BOOLEAN",
        "primary_topic": _TOPIC,
        "topics": f"{_TOPIC}[]",
        "keywords": f"{_SCORED}[]",
        "concepts": f"{_SCORED}[]",
        "mesh": "STRUCT(descriptor_ui VARCHAR, descriptor_name VARCHAR, qualifier_ui VARCHAR)[]",
        "locations_count": "INTEGER",
        "locations": f"{_LOCATION}[]",
        "best_oa_location": _LOCATION,
        "sustainable_development_goals": f"{_SCORED}[]",
        "awards": f"{_LEVEL}[]",
        "funders": f"{_LEVEL}[]",
        "has_content": "STRUCT(grobid_xml BOOLEAN, pdf BOOLEAN)",
        "content_urls": "STRUCT(grobid_xml VARCHAR, pdf VARCHAR)",
        "referenced_works_count": "INTEGER",
        "referenced_works": "VARCHAR[]",
        "related_works": "VARCHAR[]",
        "abstract_inverted_index": "JSON",
        "counts_by_year": 'STRUCT("year" INTEGER, cited_by_count INTEGER)[]',
        **_STAMPS,
    },
    "institutions": {
        **_NAMED,
        "ror": "VARCHAR",
        "country_code": "VARCHAR",
        "type": "VARCHAR",
        "homepage_url": "VARCHAR",
        "display_name_acronyms": "VARCHAR[]",
        "display_name_alternatives": "VARCHAR[]",
        "is_super_system": "BOOLEAN",
        "lineage": "VARCHAR[]",
        "associated_institutions": (
            'STRUCT(id VARCHAR, ror VARCHAR, display_name VARCHAR, country_code VARCHAR, "type" VARCHAR, '
            "relationship VARCHAR)[]"
        ),
        **_STAMPS,
    },
    "sources": {
        **_NAMED,
        "issn_l": "VARCHAR",
        "issn": "VARCHAR[]",
        "host_organization": "VARCHAR",
        "host_organization_name": "VARCHAR",
        "host_organization_lineage": "VARCHAR[]",
        "is_oa": "BOOLEAN",
        "is_in_doaj": "BOOLEAN",
        "is_core": "BOOLEAN",
        "type": "VARCHAR",
        **_STAMPS,
    },
    "topics": {
        **_NAMED,
        "subfield": _LEVEL,
        "field": _LEVEL,
        "domain": _LEVEL,
        "description": "VARCHAR",
        "keywords": "VARCHAR[]",
        **_STAMPS,
    },
}
"""The columns of each entity, in DuckDB's types."""


def convert(lines: Path, copy: Path, entity: str) -> None:
    """Write the Parquet copy of a part.

    Parameters
    ----------
    lines
        The part: JSON Lines, gzip.
    copy
        The file to write.
    entity
        Whose records they are.
    """
    copy.parent.mkdir(parents=True, exist_ok=True)
    columns = COLUMNS[entity]
    declared = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    chosen = ", ".join(
        f'"{name}"::VARCHAR AS "{name}"' if kind == "JSON" else f'"{name}"' for name, kind in columns.items()
    )
    with connect(threads=1) as connection:
        connection.execute(
            f"COPY (SELECT {chosen} FROM read_json(?, format = 'newline_delimited', hive_partitioning = false, "
            f"columns = {{{declared}}})) TO ? (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {ROW_GROUP})",
            [str(lines), str(copy)],
        )
