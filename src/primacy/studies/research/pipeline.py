"""From the lake's tables to scored works and credit, shared by everything that the study computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import ibis.expr.types as ir

from primacy.lake.engine import Keep
from primacy.measures import citations, credit, impact, share, works
from primacy.measures.method import Method, UnitKind, Window
from primacy.sources.reference.blocs import blocs

Tables = Callable[[str], ir.Table]
"""Hands out a lake table as an Ibis table."""

Variant = Literal["strict", "broad"]

LAKE_TABLES = ["authorships", "institutions", "memberships", "references", "works"]
"""What the study reads."""


@dataclass(frozen=True)
class Cells:
    """One kind of unit's works and credit.

    Parameters
    ----------
    kind
        The kind of unit.
    scored
        technology, window, year, work_id, citations, score.
    credit
        work_id, unit, credit.
    """

    kind: UnitKind
    scored: ir.Table
    credit: ir.Table

    def shares(self, windows: Sequence[str] | None = None) -> ir.Table:
        """Shares by unit, in some windows or all; see :func:`primacy.measures.share.shares`."""
        scored = self.scored if windows is None else self.scored.filter(self.scored.window.isin(windows))
        return share.shares(scored, self.credit)


class Pipeline:
    """Prepares what one method makes of the lake; each step is computed once and kept by the engine.

    Parameters
    ----------
    tables
        The lake's tables.
    keep
        Computes a step once, so that what follows reads it.
    method
        The method.
    windows
        The windows in which works compete and shares are summed.
    technologies
        Only these; all where None.
    variant
        Whose memberships: of the strict or of the broad queries.
    from_lake
        Count the citations that the lake holds instead of those that the records state.
    """

    def __init__(
        self,
        tables: Tables,
        keep: Keep,
        method: Method,
        windows: Iterable[Window],
        *,
        technologies: Iterable[str] | None = None,
        variant: Variant = "strict",
        from_lake: bool = False,
    ) -> None:
        self.tables = tables
        self._keep = keep
        self.method = method
        memberships = tables("memberships")
        memberships = memberships.filter(memberships.query == variant)
        if technologies is not None:
            memberships = memberships.filter(memberships.technology.isin(sorted(technologies)))
        self.counted = works.counted(tables("works"), method)
        dated = memberships.join(self.counted, "work_id")
        self._ids = keep(dated.select("work_id").distinct())
        self.authorships = tables("authorships").semi_join(self._ids, "work_id")
        counts = self._citations(from_lake)
        self.members = keep(works.members(memberships, self.counted, works.window_table(windows), counts))
        self._cells: dict[UnitKind, Cells] = {}

    def _citations(self, from_lake: bool) -> ir.Table:
        references, authorships = self.tables("references"), self.tables("authorships")
        citing = works.counted(self.tables("works"), self.method, any_type=True)
        if self.method.exclude_domestic:
            counts = citations.foreign_citations(self._ids, references, authorships, citing, self.method)
        elif from_lake:
            counts = citations.lake_citations(self._ids, references, citing)
        else:
            return citations.stated_citations(self.counted)
        return self._keep(counts)

    def cells(self, kind: UnitKind) -> Cells:
        """Return the scored works and the credit of one kind of unit."""
        if kind not in self._cells:
            self._cells[kind] = self._bloc_cells() if kind == "bloc" else self._unit_cells(kind)
        return self._cells[kind]

    def rolled_up(self) -> Cells:
        """Return the cells of institutions as their topmost ancestors, whatever the method says of rolling up."""
        if self.method.rollup:
            return self.cells("institution")
        rolled = replace(self.method, rollup=True)
        return self._competing(
            "institution", credit.institution_credit(self.authorships, rolled, self.tables("institutions"))
        )

    def _unit_cells(self, kind: UnitKind) -> Cells:
        if kind == "country":
            given = credit.country_credit(self.authorships, self.method)
        else:
            given = credit.institution_credit(self.authorships, self.method, self.tables("institutions"))
        return self._competing(kind, given)

    def _competing(self, kind: UnitKind, given: ir.Table) -> Cells:
        """Score the works that compete by one way of giving credit."""
        given = self._keep(given)
        competing = self.members
        if self.method.missing == "renormalise":
            competing = competing.semi_join(given, "work_id")
        return Cells(kind, self._keep(impact.scored(competing, self.method)), given)

    def _bloc_cells(self) -> Cells:
        countries = self.cells("country")
        members = {b.id: b.members for b in blocs().values()}
        given = self._keep(credit.bloc_credit(countries.credit, members, self.method))
        return Cells("bloc", countries.scored, given)
