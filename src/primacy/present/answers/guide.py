"""Finding one's way: technologies by their words, where a table comes from, what tables, columns and methods are."""

from __future__ import annotations

from primacy.errors import UsageError
from primacy.present.answers.evidence import MODELS, RESEARCH, Answer, answer, bounded
from primacy.present.origin import Origin
from primacy.present.reading import Reading
from primacy.present.sentences import VERDICTS
from primacy.studies.tables import RESULT_TABLES, result_table
from primacy.technologies.folding import fold
from primacy.workspace import Workspace

__all__ = ["columns_text", "explain", "method_text", "search_technologies", "tables_text", "technology_text"]

DEFINITION = 400
"""Characters of a definition in a list."""


def search_technologies(workspace: Workspace, query: str, limit: int = 10) -> Answer:
    """Return the technologies whose id, name, domain or definition has all the words, with how each stands.

    Parameters
    ----------
    workspace
        Whose portfolio and results.
    query
        Words.
    limit
        At most so many; those with the words in their names come first.

    Raises
    ------
    UsageError
        There is no word in the query, or the limit is out of bounds.
    """
    words = fold(query).split()
    if not words:
        raise UsageError("query: give a word of the technology's name or definition")
    every = list(workspace.portfolio.values())
    hits = [t for t in every if _has(f"{t.id} {t.name} {t.domain} {t.definition}", words) == len(words)]
    hits.sort(key=lambda t: (-_has(f"{t.id} {t.name}", words), t.id))
    table = "leads" if workspace.results.owner("leads") else None
    leads = {}
    if table and workspace.results.read("leads").num_rows:
        reading = Reading(workspace, "leads")
        leads = {r["technology"]: r for r in reading.found(window=reading.window(None))}
    listed = [
        {
            "technology": t.id,
            "name": t.name,
            "domain": t.domain,
            "definition": t.definition[:DEFINITION],
            **{k: leads.get(t.id, {}).get(k) for k in ("window", "leader", "verdict", "probability")},
        }
        for t in hits[: bounded(limit)]
    ]
    said = f"{len(hits)} of {len(every)} technologies have '{' '.join(words)}' in their name or definition."
    return answer(workspace, table, said, {"found": len(hits), "technologies": listed}, method=RESEARCH)


def _has(text: str, words: list[str]) -> int:
    folded = fold(text)
    return sum(word in folded for word in words)


def explain(workspace: Workspace, table: str, technology: str | None = None) -> Answer:
    """Return where a result table comes from: inputs with versions, settings, code, counts, lost weight.

    Parameters
    ----------
    workspace
        Whose results.
    table
        A result table.
    technology
        Add its definition, and the credit lost in it.

    Raises
    ------
    NotThereError
        There is no such table or technology.
    """
    evidence = workspace.explain(table, technology=technology)
    origin = Origin.find(workspace.results, table)
    parts = ("inputs", "settings", "code", "funnel", "lost_weight", "technology")
    facts = {
        "table": table,
        "study": origin.study,
        "rows": origin.rows,
        "one_row_is": RESULT_TABLES[table].meaning if table in RESULT_TABLES else "",
        **{key: evidence[key] for key in parts if key in evidence},
    }
    said = f"table {table} has {origin.rows} rows, computed from lake version {origin.lake_version}."
    return answer(workspace, table, said, facts, method=MODELS if origin.study == "models" else RESEARCH)


def tables_text(workspace: Workspace) -> str:
    """Return the result tables that there are, a line each."""
    results = workspace.results
    names = [(study, name) for study in results.studies for name in results.study(study).tables]
    meanings = {name: RESULT_TABLES[name].meaning for _, name in names if name in RESULT_TABLES}
    return "\n".join(f"- {name} ({study}): one row is {meanings.get(name, '')}" for study, name in names)


def columns_text(table: str) -> str:
    """Return what the columns of a result table mean, a line each.

    Raises
    ------
    NotThereError
        There is no such table.
    """
    declared = result_table(table)
    head = f"{table}: one row is {declared.meaning}; key: {', '.join(declared.key)}"
    lines = [
        f"- {c.name} ({', '.join(filter(None, (c.type, c.unit)))}): {c.meaning}" for c in declared.columns
    ]
    return "\n".join([head, *lines])


def technology_text(workspace: Workspace, technology: str) -> str:
    """Return the definition of a technology: its file, with both queries.

    Raises
    ------
    NotThereError
        There is none of that id.
    """
    return workspace.portfolio.find(technology).toml


def method_text() -> str:
    """Return how the numbers are made, and what the verdicts mean."""
    verdicts = "\n".join(f"- {verdict}: {meaning}" for verdict, meaning in VERDICTS.items())
    return f"Research\n{RESEARCH}\n\nVerdicts\n{verdicts}\n\nModels\n{MODELS}\n"
