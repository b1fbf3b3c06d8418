"""One regular expression per technology, in DuckDB and in Python.

An expression is the alternation of the words and phrases of the strict query, case-insensitive, from a word's border.
There is no AND, OR or NOT in it, no distance, no folding of accents or hyphens, no end of a word, and no broad query.
"""

from __future__ import annotations

import re

from primacy.bench.ground import Ground
from primacy.lake.embedded import connect
from primacy.technologies.portfolio import load_portfolio
from primacy.technologies.query.nodes import Words
from primacy.workspace import Workspace

__all__ = ["SAMPLE", "duckdb_expressions", "patterns", "python_expressions"]


def patterns() -> dict[str, str]:
    """Return the expression of each technology."""
    found = {}
    for id_, technology in load_portfolio().items():
        words = {_pattern(leaf) for leaf in technology.strict.leaves()} - {""}
        found[id_] = rf"(?i)\b({'|'.join(sorted(words))})"
    return found


def _pattern(leaf: object) -> str:
    return r"\W+".join(re.escape(word) for word in leaf.words) if isinstance(leaf, Words) else ""


def duckdb_expressions(ground: Ground) -> int:
    """Count what each expression finds, in DuckDB on one thread; return the sum."""
    files = Workspace.open(ground.workspace).lake.files("texts")
    with connect(threads=1) as connection:
        return sum(
            connection.execute(
                "SELECT count(*) FROM read_parquet(?) "
                "WHERE regexp_matches(coalesce(title, '') || ' ' || coalesce(abstract, ''), ?)",
                [files, pattern],
            ).fetchall()[0][0]
            for pattern in patterns().values()
        )


SAMPLE = 500
"""How many texts Python's expressions are tried on: they take ten milliseconds a text."""


def python_expressions(ground: Ground) -> int:
    """Count what each expression finds in some texts, with Python's ``re``; return the sum."""
    table = Workspace.open(ground.workspace).lake.files("texts")
    compiled = [re.compile(pattern) for pattern in patterns().values()]
    found = 0
    with connect(threads=1) as connection:
        reader = connection.execute(
            "SELECT coalesce(title, '') || ' ' || coalesce(abstract, '') FROM read_parquet(?) LIMIT ?",
            [table, SAMPLE],
        )
        while rows := reader.fetchmany(4096):
            found += sum(1 for (text,) in rows for pattern in compiled if pattern.search(text))
    return found
