"""One period of a basket, computed on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.errors import NotThereError
from primacy.lake.engine import Engine, Keep
from primacy.measures import basket
from primacy.measures.basket import ALL, DIGITS, UNASSIGNED, BasketKind
from primacy.sources.reference.attribution import Override
from primacy.studies.institutions.choices import Choices
from primacy.studies.institutions.intervals import intervals, with_intervals
from primacy.studies.institutions.pipeline import Pipeline, Tables
from primacy.studies.institutions.resolution import Resolved
from primacy.studies.institutions.rows import BASKET_KEYS, PARTNER_KEYS, Span, dressed, named

__all__ = ["Period", "basket_of", "partners_of"]


@dataclass(frozen=True)
class Period:
    """A calendar year, or the twelve months that end with a month.

    Parameters
    ----------
    last
        The year, or the number of the last month: 12 x year + month - 1.
    span
        Which of the two.
    """

    last: int
    span: Span = "year"

    @property
    def step(self) -> int:
        """How far back the period before lies, in units of ``last``."""
        return 1 if self.span == "year" else 12

    def placed(self, articles: ir.Table) -> ir.Table:
        """Place articles in this period and the one before."""
        if self.span == "year":
            return basket.by_year(articles, [self.last - 1, self.last])
        return basket.by_month(articles, [self.last - 12, self.last])

    @property
    def year(self) -> int:
        """The year in which it ends."""
        return self.last if self.span == "year" else self.last // 12

    def __str__(self) -> str:
        if self.span == "year":
            return str(self.last)
        return "/".join(f"{m // 12:04d}-{m % 12 + 1:02d}" for m in (self.last - 11, self.last))

    @property
    def years(self) -> list[int] | None:
        """The publication years that matter, None where dates decide: they may lie in another year."""
        return [self.last - 1, self.last] if self.span == "year" else None


@dataclass(frozen=True)
class _Cells:
    """Articles and credit of this period and the one before."""

    placed: ir.Table
    credit: ir.Table
    cells: ir.Table
    volumes: ir.Table

    def shares(self, period: Period) -> ir.Table:
        """Count, Share and change in the period."""
        table = basket.shares(self.cells, self.volumes, step=period.step)
        return table.filter(table.period == period.last)


def _prepared(pipeline: Pipeline, keep: Keep, by: BasketKind, period: Period, subject: str | None) -> _Cells:
    placed = period.placed(pipeline.articles)
    if subject is not None:
        every = basket.with_subjects(placed, pipeline.subjects)
        placed = every.filter(every.subject == subject)
    placed = keep(placed)
    credit = pipeline.credit(by)
    return _Cells(placed, credit, keep(basket.cells(placed, credit)), keep(basket.volumes(placed)))


def basket_of(
    tables: Tables,
    engine: Engine,
    resolved: Resolved,
    choices: Choices,
    overrides: Sequence[Override],
    *,
    by: BasketKind,
    period: Period,
    subject: str | None = None,
    without: Sequence[int] = (),
) -> pa.Table:
    """Return Count and Share of one period.

    Parameters
    ----------
    tables, engine
        The lake's tables and what computes.
    resolved
        The basket.
    choices, overrides
        How credit is given, and exceptions to the roll-up.
    by
        The kind of unit.
    period
        The year, or the twelve months.
    subject
        Only articles of this subject.
    without
        Leave out the articles of these venues (places in the basket).

    Returns
    -------
    pyarrow.Table
        Columns of ``BASKET_KEYS``, the largest Share first, ``unassigned`` last; it stands there alone where the
        period has no article.
    """
    with engine.scratch() as keep:
        pipeline = Pipeline(tables, keep, resolved, choices, overrides, years=period.years, without=without)
        one = _prepared(pipeline, keep, by, period, subject)
        bounds = intervals(one.placed, one.credit, choices, engine.to_arrow, step=period.step)
        table = with_intervals(one.shares(period), bounds, choices)
        rows = dressed(
            table, by, resolved, choices, tables("institutions"), span=period.span, keys=BASKET_KEYS
        )
        found = engine.to_arrow(rows.order_by([ibis.asc("rank", nulls_first=False), "unit"]))
    if found.num_rows:
        return found
    nothing = {
        "basket": resolved.basket.id,
        "year": period.year,
        "unit_kind": by,
        "unit": UNASSIGNED,
        "count": 0,
        "share": 0.0,
        "subject": subject or ALL,
        "period": str(period),
        "articles": 0,
        "equalised_share": 0.0,
        "split": choices.split,
        "rollup": choices.rollup,
        "division": choices.division,
        "basket_version": resolved.basket.version,
    }
    return pa.Table.from_pylist([nothing], schema=found.schema)


def partners_of(
    tables: Tables,
    engine: Engine,
    resolved: Resolved,
    choices: Choices,
    overrides: Sequence[Override],
    *,
    unit: str,
    by: BasketKind,
    period: Period,
    subject: str | None = None,
) -> pa.Table:
    """Return with whom a unit writes the basket's articles: collaboration scores, the largest first.

    Parameters
    ----------
    unit
        ``I123`` or ``CN``.
    tables, engine, resolved, choices, overrides, by, period, subject
        See :func:`basket_of`.

    Raises
    ------
    NotThereError
        The unit has no article in the period.
    """
    with engine.scratch() as keep:
        pipeline = Pipeline(tables, keep, resolved, choices, overrides, years=period.years)
        one = _prepared(pipeline, keep, by, period, subject)
        here = one.placed.filter(one.placed.period == period.last)
        asked = ibis.memtable({"unit": [unit]})
        present = here.join(one.credit, "work_id").filter(ibis._.unit == unit).count()
        if not engine.to_arrow(present.as_table())[0][0].as_py():
            raise NotThereError(
                f"{unit}: no article of basket {resolved.basket.id} in {period}; "
                f"`primacy basket --by {by}` lists the units"
            )
        pairs = basket.collaboration(here, one.credit, asked)
        pairs = pairs.mutate(rank=ibis.rank().over(order_by=pairs.score.round(DIGITS).desc()) + 1)
        with_names = named(pairs, by, tables("institutions"), unit="partner")
        rows = dressed(
            with_names,
            by,
            resolved,
            choices,
            tables("institutions"),
            span=period.span,
            keys=PARTNER_KEYS,
        )
        return engine.to_arrow(rows.order_by(["rank", "partner"]))
