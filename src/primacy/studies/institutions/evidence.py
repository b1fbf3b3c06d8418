"""What one year's ranks rest on, computed on the spot: journals left out in turn, and other lists."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import pyarrow as pa

from primacy.errors import NotThereError
from primacy.lake.engine import Engine
from primacy.measures import basket_growth
from primacy.measures.basket import BasketKind
from primacy.sources.reference.attribution import Override
from primacy.studies.institutions.choices import Choices
from primacy.studies.institutions.journals import left_out, venue_names
from primacy.studies.institutions.pipeline import Tables
from primacy.studies.institutions.resolution import Resolved
from primacy.studies.institutions.rows import JOURNAL_KEYS, LIST_KEYS
from primacy.studies.institutions.series import Series

__all__ = ["journals_of", "lists_of"]


def journals_of(
    tables: Tables,
    engine: Engine,
    resolved: Resolved,
    choices: Choices,
    overrides: Sequence[Override],
    *,
    by: BasketKind,
    year: int,
    unit: str | None = None,
    leading: int = 10,
) -> pa.Table:
    """Return what units have from each journal, and where they would stand without it.

    Parameters
    ----------
    tables, engine, resolved, choices, overrides, by
        See :func:`primacy.studies.institutions.spot.basket_of`.
    year
        The publication year.
    unit
        Only this one.
    leading
        Without ``unit``: those up to this rank.

    Raises
    ------
    NotThereError
        The unit has no article in the year.
    """
    with engine.scratch() as keep:
        series = Series(tables, keep, engine.to_arrow, resolved, choices, overrides, years=[year])
        units = None if unit is None else [unit]
        found = left_out(series.cells(by), engine.to_arrow, leading=leading, units=units)
        if unit is not None and not found.num_rows:
            raise NotThereError(
                f"{unit}: no article of basket {resolved.basket.id} in {year}; "
                f"`primacy basket --by {by}` lists the units"
            )
        names = venue_names([v.name for v in resolved.basket.venues])
        table = ibis.memtable(found).join(names, "venue").drop("venue").rename(venue="venue_name")
        return series.dress(table, by, JOURNAL_KEYS).sort_by(
            [("rank", "ascending"), ("unit", "ascending"), ("share", "descending"), ("venue", "ascending")]
        )


def lists_of(
    tables: Tables,
    engine: Engine,
    resolved: Resolved,
    other: Resolved,
    choices: Choices,
    overrides: Sequence[Override],
    *,
    by: BasketKind,
    year: int,
) -> pa.Table:
    """Return one year's Shares under two lists, the largest under the first one first.

    Parameters
    ----------
    resolved, other
        The list, and the one to compare it with.
    tables, engine, choices, overrides, by, year
        See :func:`journals_of`.
    """
    with engine.scratch() as keep:
        years = [year - 1, year]
        new = Series(tables, keep, engine.to_arrow, resolved, choices, overrides, years=years)
        old = new.of(other)
        table = basket_growth.list_difference(new.shares(by), old.shares(by))
        table = table.filter(table.period == year).mutate(other_basket=ibis.literal(other.basket.id))
        return new.dress(table, by, LIST_KEYS).sort_by([("rank", "ascending"), ("unit", "ascending")])
