"""Tables that come from the portfolio."""

from __future__ import annotations

from primacy.lake.schema import Column, Table

TECHNOLOGIES = Table(
    "technologies",
    "one technology, as it was defined when its works were matched",
    (
        Column("technology", "string", "technology id", nullable=False),
        Column("name", "string", "name", nullable=False),
        Column("domain", "string", "domain", nullable=False),
        Column("version", "int32", "version of the definition", nullable=False),
        Column("strict", "string", "the strict query", nullable=False),
        Column("broad", "string", "the broad query", nullable=False),
        Column("toml", "string", "the technology's file, whole", nullable=False),
    ),
    key=("technology",),
)
