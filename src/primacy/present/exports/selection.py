"""What is handed over: result tables with where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from primacy.errors import NotThereError
from primacy.lake.schema import Column
from primacy.present.citation import Citation
from primacy.present.origin import Origin
from primacy.technologies.technology import Technology
from primacy.workspace import Workspace

__all__ = ["Exported", "Selection"]


@dataclass(frozen=True)
class Exported:
    """One table: its rows and where it comes from."""

    origin: Origin
    rows: pa.Table

    @property
    def name(self) -> str:
        """Its name."""
        return self.origin.table

    @property
    def meaning(self) -> str:
        """What one row is."""
        declared = self.origin.declared
        return declared.meaning if declared else ""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell its rows apart; none where one of them has gaps, which a key must not."""
        declared = self.origin.declared
        key = declared.key if declared else ()
        return key if all(not self.rows[name].null_count for name in key) else ()

    def column(self, name: str) -> Column | None:
        """Return the declaration of a column; None where the code that runs does not know it."""
        declared = self.origin.declared
        return next((c for c in declared.columns if c.name == name), None) if declared else None


@dataclass(frozen=True)
class Selection:
    """Result tables of one workspace.

    Attributes
    ----------
    tables
        In the order in which they are handed over.
    manifests
        The manifest of each study that one of them is of.
    technology
        The technology whose rows they hold; all where None.
    citation
        How to cite them.
    """

    tables: Sequence[Exported]
    manifests: Mapping[str, Mapping[str, Any]]
    technology: Technology | None
    citation: Citation

    @classmethod
    def of(
        cls,
        workspace: Workspace,
        names: Sequence[str] = (),
        *,
        technology: str | None = None,
        published: str | None = None,
    ) -> Selection:
        """Return tables of a workspace; all of them where none is named; see :func:`primacy.present.exports.export`."""
        results = workspace.results
        every = [t for s in results.studies for t in results.study(s).tables]
        if not every:
            raise NotThereError(f"{workspace.path}: no results yet; `primacy run` makes them")
        one = workspace.portfolio.find(technology) if technology is not None else None
        tables = []
        for name in dict.fromkeys(names or every):
            origin = Origin.find(results, name)
            tables.append(Exported(origin, _of_technology(results.read(name), one)))
        manifests = {o: results.study(o).manifest for o in dict.fromkeys(t.origin.study for t in tables)}
        return cls(tables, manifests, one, Citation([t.origin for t in tables], one, published))

    @property
    def simulated(self) -> bool:
        """Whether any of the data are of a made-up world."""
        return any(t.origin.simulated for t in self.tables)


def _of_technology(rows: pa.Table, technology: Technology | None) -> pa.Table:
    if technology is None or "technology" not in rows.column_names:
        return rows
    return rows.filter(pc.equal(rows["technology"], technology.id))
