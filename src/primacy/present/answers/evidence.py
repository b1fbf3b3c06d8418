"""What no answer leaves without: its interval, its method, its source with the version, and what the data are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from primacy.errors import UsageError
from primacy.present.citation import Citation
from primacy.present.origin import Origin
from primacy.present.sentences import marked
from primacy.present.terminal import SIMULATED
from primacy.technologies.technology import Technology
from primacy.workspace import Workspace

__all__ = ["MODELS", "MOST", "RESEARCH", "Answer", "answer", "bounded", "interval"]

Answer = dict[str, Any]
MOST = 50
"""The most rows of an answer."""

RESEARCH = (
    "Works that match the technology's query. A work is highly cited if it is among the most cited of its technology "
    "and year; ties at the threshold count in part. Credit is divided among authors and their institutions. "
    "Intervals: 95 %, bootstrap over works. Robustness: the part of all defensible methods under which it leads."
)
MODELS = (
    "Downloads that the Hugging Face Hub counts, by the account that publishes a model or by the roots of its lineage. "
    "All downloads are counted, so there is no sampling error; the interval is the range over populations of models."
)
NO_ESTIMATE = "a list, not an estimate"


def answer(
    workspace: Workspace,
    table: str | None,
    sentence: str,
    numbers: Mapping[str, Any],
    *,
    method: str,
    between: Mapping[str, Any] | None = None,
    technology: Technology | None = None,
) -> Answer:
    """Put an answer together.

    Parameters
    ----------
    workspace
        Whose results.
    table
        The result table that the numbers are of; None where they are no results.
    sentence
        What may be quoted; simulated data are marked in it.
    numbers
        The fields of the answer.
    method
        How the numbers are made, in words.
    between
        From :func:`interval`; None where the answer is a list.
    technology
        What is cited with the table.
    """
    origin = Origin.find(workspace.results, table) if table else None
    simulated = origin.simulated if origin else workspace.simulated
    return {
        "sentence": marked(sentence, simulated),
        **numbers,
        "interval": dict(between or {"of": None, "low": None, "high": None, "kind": NO_ESTIMATE}),
        "method": {"text": method, "settings": dict(origin.settings) if origin else {}},
        "source": {
            "data": origin.source_text if origin else "the portfolio of technologies",
            "table": table,
            "lake_version": origin.lake_version if origin else workspace.lake.version,
            "primacy": origin.primacy if origin else None,
            "rows_version": origin.version if origin else None,
            "cite": str(Citation([origin] if origin else [], technology)).strip(),
        },
        "simulated": simulated,
        "notice": SIMULATED if simulated else None,
    }


def interval(of: str, row: Mapping[str, Any] | None, kind: str) -> dict[str, Any]:
    """Return from where to where a number may lie, and what that takes into account."""
    return {"of": of, "low": row["low"] if row else None, "high": row["high"] if row else None, "kind": kind}


def bounded(limit: int) -> int:
    """Return a number of rows, checked.

    Raises
    ------
    UsageError
        It is out of bounds.
    """
    if not 1 <= limit <= MOST:
        raise UsageError(f"limit {limit}: takes a whole number from 1 to {MOST}")
    return limit
