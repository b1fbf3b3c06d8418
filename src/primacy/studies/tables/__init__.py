"""Every result table, in one place: one module per study, one registry.

What a column means and its unit is said here and nowhere else; exports, the explorer and the reference pages
repeat it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from primacy.errors import NotThereError
from primacy.lake.schema import Table
from primacy.studies.tables import assessment, compute, institutions, models, people, research

__all__ = ["RESULT_TABLES", "STUDY_TABLES", "result_table"]


def _declared(*modules: ModuleType) -> dict[str, Table]:
    return {v.name: v for m in modules for v in vars(m).values() if isinstance(v, Table)}


STUDY_TABLES: Mapping[str, Mapping[str, Table]] = {
    "research": _declared(research, people),
    "institutions": _declared(institutions),
    "models": _declared(models),
    "compute": _declared(compute),
    "assessment": _declared(assessment),
}
"""The tables of each study by name."""

RESULT_TABLES: Mapping[str, Table] = {
    name: table for tables in STUDY_TABLES.values() for name, table in tables.items()
}
"""All result tables by name."""


def result_table(name: str) -> Table:
    """Return the declaration of a result table.

    Raises
    ------
    NotThereError
        No result table has that name; the text lists those that there are.

    Examples
    --------
    >>> result_table("leads").key
    ('technology', 'window')
    """
    try:
        return RESULT_TABLES[name]
    except KeyError:
        raise NotThereError(
            f"no result table '{name}'; there are {', '.join(sorted(RESULT_TABLES))}"
        ) from None
