"""Keys, and rows that point at rows of other tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis.expr.types as ir

from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.lake.tables import TABLES
from primacy.workspace.audit.finding import Finding, number

__all__ = ["FOREIGN", "UNIQUE", "findings"]

Tables = Callable[[str], ir.Table]

UNIQUE = (
    "works",
    "texts",
    "institutions",
    "sources",
    "topics",
    "deleted_works",
    "memberships",
    "technologies",
    "models",
    "pulled_files",
    "pulls",
    "pull_files",
    "persons",
    "educations",
    "employments",
    "organization_ids",
)
"""Tables with one row per key."""


@dataclass(frozen=True)
class Foreign:
    """A column whose values, where there are any, are keys of another table."""

    table: str
    column: str
    parent: str
    key: str = ""

    @property
    def parent_key(self) -> str:
        """The column of the parent."""
        return self.key or self.column


FOREIGN = (
    *(
        Foreign(child, "work_id", "works")
        for child in (
            "authorships",
            "author_orcids",
            "work_topics",
            "citations_by_year",
            "references",
            "texts",
            "memberships",
        )
    ),
    Foreign("authorships", "institution_id", "institutions"),
    Foreign("works", "source_id", "sources"),
    Foreign("work_topics", "topic_id", "topics"),
    Foreign("memberships", "technology", "technologies"),
    Foreign("model_snapshots", "model_id", "models"),
    Foreign("model_parents", "model_id", "models"),
    Foreign("educations", "institution_id", "institutions"),
    Foreign("employments", "institution_id", "institutions"),
    Foreign("pull_files", "lake_version", "pulls"),
)
"""``references.cited_id`` is not among them: a cited work may lie outside the lake."""


def findings(lake: Lake, tables: Tables, engine: Engine) -> list[Finding]:
    """Check keys, foreign keys, and that the rows of each work are complete."""
    found = [_unique(name, tables(name), engine) for name in UNIQUE if lake.has(name)]
    found += [_foreign(f, tables, engine) for f in FOREIGN if lake.has(f.table)]
    return found + (_whole_works(lake, tables, engine) if lake.has("works") else [])


def _unique(name: str, table: ir.Table, engine: Engine) -> Finding:
    key = list(TABLES[name].key)
    twice = number(engine, table.group_by(key).agg(n=table.count()).filter(lambda t: t.n > 1).count())
    return Finding(f"{name}: one row per {', '.join(key)}", twice == 0, f"{twice} keys stand more than once")


def _foreign(foreign: Foreign, tables: Tables, engine: Engine) -> Finding:
    child, parent = tables(foreign.table), tables(foreign.parent)
    pointing = child.filter(child[foreign.column].notnull())
    orphans = pointing.anti_join(parent, pointing[foreign.column] == parent[foreign.parent_key])
    wrong = number(engine, orphans.count())
    check = f"{foreign.table}.{foreign.column}: in {foreign.parent}"
    return Finding(check, wrong == 0, f"{wrong} rows point at nothing")


def _whole_works(lake: Lake, tables: Tables, engine: Engine) -> list[Finding]:
    """Check that each work has its text, the authors and references that it states, and credit that sums to 1."""
    works, authorships, references = tables("works"), tables("authorships"), tables("references")
    untold = number(engine, works.anti_join(tables("texts"), "work_id").count())
    sums = authorships.group_by("work_id").agg(
        there=authorships.author_seq.nunique(),
        a=authorships.weight.sum(),
        b=authorships.weight_affiliation.sum(),
    )
    credited = works.select("work_id", "authors").left_join(sums, "work_id")
    authors = number(engine, credited.filter(credited.authors != credited.there.fill_null(0)).count())
    off = number(
        engine,
        credited.filter(((credited.a - 1).abs() > 1e-9) | ((credited.b - 1).abs() > 1e-9)).count(),
    )
    cited = references.group_by("work_id").agg(there=references.count())
    citing = works.select("work_id", "references").left_join(cited, "work_id")
    lists = number(engine, citing.filter(citing.references != citing.there.fill_null(0)).count())
    total = lake.count("works")
    return [
        Finding("works: have a text", untold == 0, f"{untold} of {total} works without"),
        Finding(
            "works: have their authorships", authors == 0, f"{authors} of {total} works with other authors"
        ),
        Finding("works: have their references", lists == 0, f"{lists} of {total} works with another number"),
        Finding("authorships: credit of a work sums to 1", off == 0, f"{off} works where it does not"),
    ]
