"""From the lake's tables to articles, credit and cells of one basket, shared by all that the study computes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.engine import Keep
from primacy.measures import basket, basket_credit
from primacy.measures.basket import BasketKind
from primacy.measures.rollup import attribution
from primacy.sources.reference.attribution import Override, epochs
from primacy.sources.reference.blocs import blocs
from primacy.sources.reference.subjects import SECTORS, subjects_of_fields
from primacy.studies.institutions.choices import Choices
from primacy.studies.institutions.resolution import Resolved

__all__ = ["LAKE_TABLES", "Pipeline", "Tables"]

Tables = Callable[[str], ir.Table]
"""Hands out a lake table as an Ibis table."""

LAKE_TABLES = ["authorships", "institutions", "sources", "texts", "topics", "work_topics", "works"]
"""What the study reads."""


class Pipeline:
    """Prepares what a basket and some choices make of the lake; each step is computed once.

    Parameters
    ----------
    tables
        The lake's tables.
    keep
        Computes a step once, so that what follows reads it.
    resolved
        The basket with its sources.
    choices
        How credit is given.
    overrides
        Exceptions to going up to the topmost ancestors.
    years
        Only articles of these publication years; all where None.
    without
        Leave out the articles of these venues (places in the basket).
    """

    def __init__(
        self,
        tables: Tables,
        keep: Keep,
        resolved: Resolved,
        choices: Choices,
        overrides: Sequence[Override],
        *,
        years: Iterable[int] | None = None,
        without: Iterable[int] = (),
    ) -> None:
        self.tables = tables
        self._keep = keep
        self.resolved = resolved
        self.choices = choices
        self._overrides = overrides
        left_out = set(without)
        kept = pa.array([v not in left_out for v in resolved.members["venue"].to_pylist()], pa.bool_())
        works = tables("works")
        if years is not None:
            works = works.filter(works.year.isin(sorted(years)))
        members = ibis.memtable(resolved.members.filter(kept))
        self.articles = keep(basket.articles(works, tables("texts"), members))
        self._credit: dict[BasketKind, ir.Table] = {}
        self._parts: ir.Table | None = None
        self._up: ir.Table | None = None
        self._subjects: ir.Table | None = None

    def span(self, compute: Callable[[ir.Table], pa.Table]) -> list[int]:
        """Return the years that have articles, ascending."""
        years = self.articles.select("year").distinct().order_by("year")
        return compute(years)["year"].to_pylist()

    @property
    def subjects(self) -> ir.Table:
        """The subjects of the articles: work_id, subject."""
        if self._subjects is None:
            stated = [(n, s) for n, v in enumerate(self.resolved.basket.venues) for s in v.subjects]
            venues = ibis.memtable(
                {"venue": [n for n, _ in stated], "subject": [s for _, s in stated]},
                schema={"venue": "int32", "subject": "string"},
            )
            fields = [(f, s, n) for f, found in subjects_of_fields().items() for n, s in enumerate(found)]
            table = ibis.memtable(
                {
                    "field": [f for f, _, _ in fields],
                    "subject": [s for _, s, _ in fields],
                    "place": [n for _, _, n in fields],
                },
                schema={"field": "string", "subject": "string", "place": "int32"},
            )
            self._subjects = self._keep(
                basket.subjects(
                    self.articles, venues, self.tables("work_topics"), self.tables("topics"), table
                )
            )
        return self._subjects

    def credit(self, kind: BasketKind) -> ir.Table:
        """Return the credit of one kind of unit: work_id, unit, credit."""
        if kind not in self._credit:
            self._credit[kind] = self._keep(self._credit_of(kind))
        return self._credit[kind]

    def _credit_of(self, kind: BasketKind) -> ir.Table:
        if kind == "subject":
            return basket_credit.subject_units(self.articles, self.subjects)
        if kind == "bloc":
            members = {b.id: b.members for b in blocs().values()}
            return basket_credit.bloc_units(self.credit("country"), members)
        return self.credit_of(self.parts, kind)

    def credit_of(self, parts: ir.Table, kind: BasketKind) -> ir.Table:
        """Return the credit of institutions, countries or sectors from the parts of any articles."""
        if kind == "country":
            return basket_credit.country_units(parts)
        if kind == "sector":
            return basket_credit.sector_units(parts, self.up, self.tables("institutions"), SECTORS)
        return basket_credit.institution_units(parts, self.up, division=self.choices.division)

    @property
    def parts(self) -> ir.Table:
        """The parts of every article, before they are anybody's."""
        if self._parts is None:
            self._parts = self._keep(
                basket_credit.parts(self.articles, self.tables("authorships"), split=self.choices.split)
            )
        return self._parts

    @property
    def up(self) -> ir.Table:
        """To whom an institution's credit goes: institution_id, first, last, unit, unit_part."""
        if self._up is None:
            held = epochs(self._overrides, _YEARS) if self.choices.rollup != "none" else []
            tables = [
                attribution(
                    self.tables("institutions"), _override_table(overrides), rollup=self.choices.rollup
                ).mutate(first=ibis.literal(first, "int32"), last=ibis.literal(last, "int32"))
                for first, last, overrides in held
            ]
            self._up = self._keep(ibis.union(*tables)) if tables else _nowhere()
        return self._up


_YEARS = (1800, 2200)
"""The publication years for which overrides are worked out."""

_UP = {"institution_id": "int64", "unit": "int64", "unit_part": "float64", "first": "int32", "last": "int32"}


def _nowhere() -> ir.Table:
    return ibis.memtable(ibis.schema(_UP).to_pyarrow().empty_table())


def _override_table(overrides: Sequence[Override]) -> ir.Table:
    return ibis.memtable(
        {
            "institution": [o.institution for o in overrides],
            "rule": [o.rule for o in overrides],
            "unit": [o.unit for o in overrides],
            "part": [o.part for o in overrides],
        },
        schema={"institution": "int64", "rule": "string", "unit": "int64", "part": "float64"},
    )
