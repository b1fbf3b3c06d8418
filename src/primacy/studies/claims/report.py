"""The whole file of claims, checked: one row per claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from primacy.studies.claims.checks import find
from primacy.studies.claims.file import Claim, ClaimsFile
from primacy.studies.claims.findings import CannotSayError, Finding, Tables
from primacy.studies.tables import STUDY_TABLES, result_table

__all__ = ["check_claims"]

COMMANDS = {
    "research": "`primacy pull openalex`, `match`, `run research`",
    "institutions": "`primacy pull openalex`, `run institutions`",
    "models": "`primacy pull hub`, `run models`",
    "compute": "`primacy pull compute`, `run compute`",
    "assessment": "the other studies, then `primacy run assessment`",
}
"""What fills the tables of each study."""


def check_claims(claims: ClaimsFile, tables: Tables, *, simulated: bool = False) -> pa.Table:
    """Hold every claim of a file against the results.

    Parameters
    ----------
    claims
        The file.
    tables
        The results.
    simulated
        Whether they come from a simulated world, which confirms nothing of the real one.

    Returns
    -------
    pyarrow.Table
        One row per claim, in the file's order: the columns of the result table ``claims``.
    """
    rows = [_row(claims, claim, tables, simulated) for claim in claims.claims]
    return pa.Table.from_pylist(rows, schema=result_table("claims").arrow)


def _row(claims: ClaimsFile, claim: Claim, tables: Tables, simulated: bool) -> Mapping[str, Any]:
    found, reason = _found(claim, tables)
    table = None if claim.check is None else getattr(claim.check, "table", "leads")
    return {
        "claim": claim.id,
        "file": claims.name,
        "text": claim.text,
        "source": claim.source or claims.source,
        "check": None if claim.check is None else claim.check.check,
        "table": table,
        "needs": claim.needs or _needs(table),
        "says": found.says if found else None,
        "value": None if found is None else found.value,
        "low": None if found is None else found.low,
        "high": None if found is None else found.high,
        "probability": None if found is None else found.probability,
        "verdict": "cannot be said" if found is None or claim.never else found.verdict,
        "reason": reason,
        "simulated": simulated,
        "note": claim.note,
    }


def _found(claim: Claim, tables: Tables) -> tuple[Finding | None, str]:
    """Return what was found, if anything, and why the verdict is what it is."""
    found, missing = None, ""
    if claim.check is not None:
        try:
            found = find(claim.check, tables)
        except CannotSayError as cannot:
            missing = str(cannot)
    if claim.never:
        return found, f"these data cannot settle it: {claim.never}"
    if found is None:
        return None, missing
    return found, _WHY[found.verdict]


_WHY = {
    "confirmed": "what is known lies within what is claimed",
    "contradicted": "what is known excludes what is claimed",
    "cannot be said": "what is known allows what is claimed, and its opposite",
}


def _needs(table: str | None) -> str:
    study = next((s for s, declared in STUDY_TABLES.items() if table in declared), None)
    return f"the result table {table}: {COMMANDS[study]}" if study else ""
