"""The articles of a basket placed in years, and what every unit has in every journal of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.engine import Keep
from primacy.measures import basket
from primacy.measures.basket import BasketKind
from primacy.sources.reference.attribution import Override
from primacy.studies.institutions.choices import Choices
from primacy.studies.institutions.intervals import intervals, with_intervals
from primacy.studies.institutions.pipeline import Pipeline, Tables
from primacy.studies.institutions.resolution import Resolved
from primacy.studies.institutions.rows import BASKET_KEYS, Span, dressed

__all__ = ["Series"]

ToArrow = Callable[[ir.Table], pa.Table]


class Series:
    """One basket over all years of the lake; every step is computed once.

    Parameters
    ----------
    tables, keep, compute
        The lake's tables, what computes a step once, and the engine's way from an expression to an Arrow table.
    resolved
        The basket.
    choices, overrides
        How credit is given, and exceptions to the roll-up.
    years
        Only these; all where None.
    """

    def __init__(
        self,
        tables: Tables,
        keep: Keep,
        compute: ToArrow,
        resolved: Resolved,
        choices: Choices,
        overrides: Sequence[Override],
        *,
        years: Sequence[int] | None = None,
    ) -> None:
        self.tables, self.keep, self.compute = tables, keep, compute
        self.resolved, self.choices, self.overrides = resolved, choices, overrides
        self._only = years
        self.pipeline = Pipeline(tables, keep, resolved, choices, overrides, years=years)
        self._cells: dict[BasketKind, ir.Table] = {}
        self._shares: dict[BasketKind, ir.Table] = {}

    def of(self, other: Resolved) -> Series:
        """Return the series of another basket."""
        return Series(
            self.tables, self.keep, self.compute, other, self.choices, self.overrides, years=self._only
        )

    @cached_property
    def years(self) -> list[int]:
        """The years that have articles, ascending."""
        return self.pipeline.span(self.compute)

    @cached_property
    def placed(self) -> ir.Table:
        """The articles in their years."""
        return self.keep(basket.by_year(self.pipeline.articles))

    @cached_property
    def volumes(self) -> ir.Table:
        """The journals' sizes."""
        return self.keep(basket.volumes(self.placed))

    def cells(self, kind: BasketKind) -> ir.Table:
        """Return what every unit has in every journal and year."""
        if kind not in self._cells:
            self._cells[kind] = self.keep(basket.cells(self.placed, self.pipeline.credit(kind)))
        return self._cells[kind]

    def shares(self, kind: BasketKind) -> ir.Table:
        """Return Count, Share and change in every year, without intervals."""
        if kind not in self._shares:
            self._shares[kind] = self.keep(basket.shares(self.cells(kind), self.volumes))
        return self._shares[kind]

    def rows(self, kind: BasketKind) -> pa.Table:
        """Return Count, Share and change with intervals, as users see them."""
        return self._with_intervals(self.shares(kind), self.placed, kind, "year")

    def rows_of(
        self, placed: ir.Table, volumes: ir.Table, kind: BasketKind, *, span: Span, first: int | None = None
    ) -> pa.Table:
        """Return the same of articles that were placed otherwise.

        Parameters
        ----------
        placed, volumes
            The articles, of the periods wanted and of those before them.
        kind
            The kind of unit.
        span
            What their periods are.
        first
            The first period that is shown.
        """
        cells = self.keep(basket.cells(placed, self.pipeline.credit(kind)))
        table = basket.shares(cells, volumes, step=1 if span == "year" else 12)
        return self._with_intervals(table, placed, kind, span, first)

    def _with_intervals(
        self, shares: ir.Table, placed: ir.Table, kind: BasketKind, span: Span, first: int | None = None
    ) -> pa.Table:
        back = 1 if span == "year" else 12
        bounds = intervals(placed, self.pipeline.credit(kind), self.choices, self.compute, step=back)
        table = with_intervals(shares, bounds, self.choices)
        if first is not None:
            table = table.filter(table.period >= first)
        return self.dress(table, kind, BASKET_KEYS, span=span)

    def dress(
        self, table: ir.Table, kind: BasketKind, keys: Sequence[str], *, span: Span = "year"
    ) -> pa.Table:
        """Return a table as users see it: named units, the basket and the choices on every row."""
        return self.compute(
            dressed(
                table, kind, self.resolved, self.choices, self.tables("institutions"), span=span, keys=keys
            )
        )
