"""Intervals and probabilities for shares: works out of the engine, replicates through numpy, rows back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.inference.bootstrap import (
    Replicates,
    draw_counts,
    generator,
    percentile_interval,
    ranks,
    recomputed_scores,
    share_replicates,
    whole_interval,
)
from primacy.inference.hindex import h_replicates
from primacy.inference.sparse import FEW, beta_interval
from primacy.measures.exact import exact_literal
from primacy.measures.hindex import h_index
from primacy.measures.method import Method
from primacy.measures.share import units_of_works
from primacy.studies.research.pipeline import Cells

ToArrow = Callable[[ir.Table], pa.Table]
Place = tuple[str, str]
"""A technology and a window."""

INTERVAL_COLUMNS = [
    "low",
    "high",
    "rank_low",
    "rank_high",
    "h_low",
    "h_high",
    "probability",
    "beta_low",
    "beta_high",
]


@dataclass(frozen=True)
class Resampled:
    """One set of works (a technology in a window) with what its units get in every replicate.

    Parameters
    ----------
    technology, window, units
        The set, and its units by number.
    replicates
        Credit and totals.
    share
        The share of each unit in the works as they are; not a number where ``whole`` is 0.
    whole
        The sum of the scores of all works.
    h
        H-index of each unit, replicates x units; None for single years, whose series has no such intervals.
    """

    technology: str
    window: str
    units: list[Any]
    replicates: Replicates
    share: npt.NDArray[np.float64]
    whole: float
    h: npt.NDArray[np.int64] | None


def is_single_year(window: str) -> bool:
    """Return whether a window such as ``2021-2021`` spans one year."""
    return window[:4] == window[5:]


def resampled(cells: Cells, method: Method, compute: ToArrow) -> Iterator[Resampled]:
    """Resample the works of every technology and window, in the order of their names.

    Only works that can matter are drawn one by one: those with a score, and those whose citations reach half of the
    H-index of one of their units; all others are drawn as one lump.

    Parameters
    ----------
    cells
        Scored works and credit.
    method
        Its ``replicates`` and ``seed`` decide.
    compute
        The engine's way from an expression to an Arrow table.
    """
    if not method.replicates:
        return
    anew = method.thresholds == "recomputed"
    group = ["technology", "window"]
    sizes = compute(cells.scored.group_by(*group).agg(works=cells.scored.count()).order_by(group))
    rows = units_of_works(cells.scored, cells.credit)
    reach = rows.join(h_index(rows), [*group, "unit"])
    # Below half of the H-index no replicate's H-index falls in practice, and from there on it is exact.
    years = reach.window.substr(0, 4) != reach.window.substr(5, 4)
    matters = (reach.score > 0) | (years & (reach.citations >= ibis.greatest(reach.h_index // 2, 1)))
    values = compute(
        (reach if anew else reach.filter(matters))
        .select(*group, "work_id", "unit", "citations", "score", "credit")
        .order_by([*group, "work_id", "unit"])
    )
    works = compute(
        (cells.scored if anew else cells.scored.filter(cells.scored.score > 0))
        .select(*group, "work_id", "year", "citations", "score")
        .order_by([*group, "work_id"])
    )
    work_slices, value_slices = slices(works, group), slices(values, group)
    for key in sizes.to_pylist():
        place = (key["technology"], key["window"])
        mine = works.slice(*work_slices.get(place, (0, 0)))
        credit = values.slice(*value_slices.get(place, (0, 0)))
        yield resample(place, key["works"], mine, credit, method)


def resample(place: Place, size: int, works: pa.Table, credit: pa.Table, method: Method) -> Resampled:
    """Resample one set of works.

    Parameters
    ----------
    place, size
        The technology and the window, and how many works it has.
    works
        Its works that are drawn one by one: work_id, year, citations, score.
    credit
        Rows of work_id, unit, citations, score, credit.
    method
        Its replicates, seed and thresholds decide.
    """
    ids = np.union1d(works["work_id"].to_numpy(), credit["work_id"].to_numpy())
    counts = draw_counts(size, len(ids), method.replicates, generator(method.seed, *place))
    encoded = pc.dictionary_encode(credit["unit"].combine_chunks())
    work = np.searchsorted(ids, credit["work_id"].to_numpy())
    unit = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    units = len(encoded.dictionary)
    part = credit["credit"].to_numpy()
    value = part * credit["score"].to_numpy()
    whole = float(works["score"].to_numpy().sum())
    if method.thresholds == "recomputed":
        cell = works["year"].to_numpy() if method.scope == "year" else np.zeros(len(ids), dtype=np.int64)
        scores = recomputed_scores(
            works["citations"].to_numpy(), cell, counts, round(100 * method.top), method.ties
        )
        replicates = share_replicates(work, unit, part, np.ones(len(ids)), counts * scores, units)
    else:
        score = np.zeros(len(ids))
        score[np.searchsorted(ids, works["work_id"].to_numpy())] = works["score"].to_numpy()
        replicates = share_replicates(work, unit, value, score, counts, units)
    h = None
    if not is_single_year(place[1]):
        h = h_replicates(work, unit, credit["citations"].to_numpy(), counts, units)
    share = np.bincount(unit, value, units) / whole if whole > 0 else np.full(units, np.nan)
    return Resampled(*place, encoded.dictionary.to_pylist(), replicates, np.minimum(share, 1.0), whole, h)


def slices(table: pa.Table, keys: Sequence[str]) -> dict[tuple[str, ...], tuple[int, int]]:
    """Return offset and length of each group in a table that is sorted by its text columns ``keys``."""
    if not table.num_rows:
        return {}
    joined = pc.binary_join_element_wise(*(table[k] for k in keys), "\0").combine_chunks()
    ends = pc.run_end_encode(joined)
    stops = np.asarray(ends.run_ends)
    starts = np.concatenate([[0], stops[:-1]])
    return {
        tuple(str(v).split("\0")): (int(a), int(b - a))
        for v, a, b in zip(ends.values.to_pylist(), starts, stops, strict=True)
    }


def interval_rows(sets: Iterable[Resampled]) -> pa.Table:
    """Return technology, window, unit and the columns of ``INTERVAL_COLUMNS`` from resampled works."""
    tables = []
    for one in sets:
        if not one.units:
            continue
        shares = one.replicates.shares
        low, high = percentile_interval(shares)
        variance = shares.var(axis=0) if len(shares) else np.zeros(len(one.units))
        beta_low, beta_high = beta_interval(one.share, variance, one.whole)
        size = len(one.units)
        nothing = pa.nulls(size, pa.int64())
        rank_low = rank_high = h_low = h_high = nothing
        if one.h is not None:
            h_low, h_high = map(pa.array, whole_interval(one.h))
            if len(shares):
                rank_low, rank_high = map(pa.array, whole_interval(ranks(shares)))
        tables.append(
            pa.table(
                {
                    "technology": pa.array([one.technology] * size, pa.string()),
                    "window": pa.array([one.window] * size, pa.string()),
                    "unit": pa.array(one.units),
                    "low": nullable(low),
                    "high": nullable(high),
                    "rank_low": rank_low,
                    "rank_high": rank_high,
                    "h_low": h_low,
                    "h_high": h_high,
                    "probability": nullable(one.replicates.leader_probability()),
                    "beta_low": nullable(beta_low),
                    "beta_high": nullable(beta_high),
                }
            )
        )
    return pa.concat_tables(tables) if tables else _UNITS.empty_table()


_TYPES = dict.fromkeys(INTERVAL_COLUMNS, pa.float64()) | dict.fromkeys(
    ["rank_low", "rank_high", "h_low", "h_high"], pa.int64()
)
_UNITS = pa.schema(
    [("technology", pa.string()), ("window", pa.string()), ("unit", pa.string()), *_TYPES.items()]
)


def nullable(values: npt.NDArray[np.float64]) -> pa.Array:
    """Return numbers with not-a-number as null."""
    return pa.array(values, pa.float64(), from_pandas=True)


@dataclass(frozen=True)
class Intervals:
    """What resampled works say of the shares, without the replicates themselves.

    Parameters
    ----------
    units
        From :func:`interval_rows`.
    without_any
        technology, window, beta_none: the upper end of the beta interval of a unit without any highly cited work.
    """

    units: pa.Table
    without_any: pa.Table


def intervals_of(sets: Iterable[Resampled]) -> Intervals:
    """Sum up resampled works one set at a time, so that no more than one needs to be held."""
    units, none = [], []
    nothing = np.zeros(1)
    for one in sets:
        if one.units:
            units.append(interval_rows([one]))
        beyond = beta_interval(nothing, nothing, one.whole)[1]
        none.append(
            {"technology": one.technology, "window": one.window, "beta_none": nullable(beyond)[0].as_py()}
        )
    return Intervals(
        pa.concat_tables(units) if units else _UNITS.empty_table(),
        pa.Table.from_pylist(none, schema=_WITHOUT_ANY),
    )


_WITHOUT_ANY = pa.schema([("technology", pa.string()), ("window", pa.string()), ("beta_none", pa.float64())])


def with_intervals(shares: ir.Table, intervals: Intervals, *, replicates: int) -> ir.Table:
    """Add the interval columns to shares, and ``few``: whether fewer than ten highly cited works carry the unit.

    A unit that no replicate gives highly cited works has the interval 0 to 0 and no chance to lead; its rank is the
    last.
    """
    few = ibis.cases((shares.share.notnull(), shares.top_papers < FEW))
    if not replicates:
        nothing = {n: ibis.null("int64" if pa.types.is_integer(t) else "float64") for n, t in _TYPES.items()}
        return shares.mutate(few=few, **nothing)
    rows = intervals.units
    if not rows.num_rows:
        rows = rows.set_column(2, "unit", pa.array([], shares.schema()["unit"].to_pyarrow()))
    keys = ["technology", "window", "unit"]
    joined = shares.mutate(few=few).left_join(ibis.memtable(rows), keys)
    joined = joined.select(*shares.columns, "few", *INTERVAL_COLUMNS)
    joined = joined.left_join(ibis.memtable(intervals.without_any), ["technology", "window"])
    joined = joined.select(*shares.columns, "few", *INTERVAL_COLUMNS, "beta_none")
    none = (joined.high_impact == 0) & joined.share.notnull()
    ends = dict.fromkeys(["low", "high", "probability", "beta_low"], exact_literal(0))
    settled = {
        name: ibis.coalesce(joined[name], ibis.cases((none, value)))
        for name, value in {**ends, "beta_high": joined.beta_none}.items()
    }
    years = joined.window.substr(0, 4) != joined.window.substr(5, 4)
    for column, value in {"rank": joined["rank"], "h": joined.h_index}.items():
        for end in ("low", "high"):
            name = f"{column}_{end}"
            settled[name] = ibis.coalesce(joined[name], ibis.cases((years & joined.share.notnull(), value)))
    return joined.mutate(**settled).drop("beta_none")


def pooled_intervals(overall: pa.Table, sets: Sequence[Resampled]) -> pa.Table:
    """Add low and high to shares over all technologies, whose works are resampled each in its own technology."""
    low: dict[tuple[str, Any], float | None] = {}
    high: dict[tuple[str, Any], float | None] = {}
    for window in sorted({s.window for s in sets}):
        mine = [s for s in sets if s.window == window]
        units = sorted({u for s in mine for u in s.units})
        place = {u: i for i, u in enumerate(units)}
        credit = np.zeros((len(mine[0].replicates.whole), len(units)))
        whole = np.zeros(len(credit))
        for one in mine:
            credit[:, [place[u] for u in one.units]] += one.replicates.credit
            whole += one.replicates.whole
        below, above = percentile_interval(Replicates(credit, whole).shares)
        for unit, a, b in zip(units, nullable(below).to_pylist(), nullable(above).to_pylist(), strict=True):
            low[window, unit], high[window, unit] = a, b
    keys = list(zip(overall["window"].to_pylist(), overall["unit"].to_pylist(), strict=True))
    other = None if not sets else 0.0
    return overall.append_column(
        "low", pa.array([low.get(k, other) for k in keys], pa.float64())
    ).append_column("high", pa.array([high.get(k, other) for k in keys], pa.float64()))
