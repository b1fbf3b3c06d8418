"""Shares of one technology, computed on the spot."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from primacy.errors import NotThereError
from primacy.lake.engine import Engine
from primacy.measures.coverage import coverage
from primacy.measures.method import Method, UnitKind, Window
from primacy.studies.research.intervals import intervals_of, resampled, with_intervals
from primacy.studies.research.pipeline import Pipeline, Tables, Variant
from primacy.studies.research.robustness import Robustness, robustness
from primacy.studies.research.rows import ORDER, SHARE_KEYS, named

__all__ = ["coverage_of", "robustness_of", "shares_of"]


def shares_of(
    tables: Tables,
    engine: Engine,
    technology: str,
    *,
    by: UnitKind,
    window: Window,
    method: Method,
    variant: Variant = "strict",
) -> pa.Table:
    """Return the shares of one technology in one window.

    Parameters
    ----------
    tables, engine
        The lake's tables and what computes.
    technology
        Its id.
    by
        ``country``, ``institution`` or ``bloc``.
    window
        Publication years.
    method
        All other choices.
    variant
        Whose memberships.

    Returns
    -------
    pyarrow.Table
        Ordered by rank; without rows where no work of the technology counts in that window.
    """
    with engine.scratch() as keep:
        pipeline = Pipeline(tables, keep, method, [window], technologies=[technology], variant=variant)
        cells = pipeline.cells(by)
        intervals = intervals_of(resampled(cells, method, engine.to_arrow))
        shares = with_intervals(cells.shares(), intervals, replicates=method.replicates)
        table = named(shares, by, tables("institutions"))
        return engine.to_arrow(table.order_by(ORDER).select(*SHARE_KEYS))


def coverage_of(
    tables: Tables,
    engine: Engine,
    technology: str,
    *,
    window: Window,
    method: Method,
    variant: Variant = "strict",
) -> pa.Table:
    """Return what is missing in the works of one technology, by year: rows of the result table ``coverage``.

    Parameters
    ----------
    tables, engine, technology, window, method, variant
        As for :func:`shares_of`.
    """
    with engine.scratch() as keep:
        pipeline = Pipeline(tables, keep, method, [window], technologies=[technology], variant=variant)
        return engine.to_arrow(coverage(pipeline.members, pipeline.authorships, method).order_by("year"))


def robustness_of(
    tables: Tables,
    engine: Engine,
    technology: str,
    *,
    window: Window,
    method: Method,
    variant: Variant = "strict",
) -> Robustness:
    """Return the multiverse of one technology's lead.

    Parameters
    ----------
    tables, engine, technology, window, method, variant
        As for :func:`shares_of`; the leader asked about is that of the method.

    Raises
    ------
    NotThereError
        No work of the technology counts in that window, or none is highly cited.
    """
    plain = replace(method, replicates=0)
    rows = shares_of(tables, engine, technology, by="country", window=window, method=plain, variant=variant)
    if not rows.num_rows or not rows["share"][0].as_py():
        raise NotThereError(f"{technology}: nobody has a share in {window} under this method")
    leader = rows["unit"][0].as_py()
    with engine.scratch() as keep:
        (found,) = robustness(tables, engine, keep, method, {(technology, str(window)): leader})
    return found
