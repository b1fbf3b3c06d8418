"""Every table of the lake, in one place: one module per upstream, one registry."""

from __future__ import annotations

from types import ModuleType

from primacy.errors import NotThereError
from primacy.lake.schema import Table
from primacy.lake.tables import compute, hub, openalex, people, technologies

__all__ = ["TABLES", "table"]


def _declared(*modules: ModuleType) -> dict[str, Table]:
    found = [v for m in modules for v in vars(m).values() if isinstance(v, Table)]
    return {t.name: t for t in found}


TABLES: dict[str, Table] = _declared(openalex, hub, compute, people, technologies)
"""All tables by name."""


def table(name: str) -> Table:
    """Return the table of that name.

    Raises
    ------
    NotThereError
        No table has that name; the text lists those that there are.
    """
    try:
        return TABLES[name]
    except KeyError:
        raise NotThereError(f"no lake table '{name}'; there are {', '.join(sorted(TABLES))}") from None
