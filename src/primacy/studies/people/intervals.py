"""Intervals for stocks and flows: authors out of the engine, replicates of works through numpy, rows back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from primacy.inference.bootstrap import draw_counts, generator
from primacy.inference.indirect import (
    column_replicates,
    grouped_shares,
    interval_of_defined,
    shared_once,
)
from primacy.measures.method import Method
from primacy.studies.people.crowd import Crowd
from primacy.studies.research.intervals import ToArrow, slices

__all__ = ["Intervals", "intervals"]

Key = tuple[str, ...]
Bounds = Mapping[Key, tuple[float | None, float | None]]

STOCK = ["evidence", "stage", "unit"]
FLOW = ["evidence", "from_stage", "to_stage", "origin", "destination"]
SET = ["technology", "window"]


@dataclass(frozen=True)
class Intervals:
    """Low and high by key: the set, then the columns of a stock or of a flow.

    Parameters
    ----------
    stocks
        Of the shares of a stage.
    flows, destinations
        Of the shares of an origin, and of a destination.
    """

    stocks: Bounds
    flows: Bounds
    destinations: Bounds


@dataclass(frozen=True)
class _Columns:
    """Rows of persons' stages or ways in one window, sorted by person."""

    person: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    part: npt.NDArray[np.float64]
    names: list[Key]

    def of(self, persons: npt.NDArray[np.int64]) -> tuple[sparse.csr_matrix, list[Key]]:
        """Return persons x columns, and the names of the columns, for some persons in ascending order."""
        low = np.searchsorted(self.person, persons, side="left")
        size = np.searchsorted(self.person, persons, side="right") - low
        row = np.repeat(np.arange(len(persons)), size)
        place = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(low, size)
        used, column = np.unique(self.column[place], return_inverse=True)
        shape = (len(persons), len(used))
        return sparse.csr_matrix((self.part[place], (row, column)), shape=shape), [
            self.names[u] for u in used
        ]


_NOBODY = _Columns(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), [])


def intervals(crowd: Crowd, method: Method, compute: ToArrow) -> Intervals:
    """Resample the works of every technology and window.

    Parameters
    ----------
    crowd
        The authors.
    method
        Its ``replicates`` and ``seed`` decide.
    compute
        The engine's way from an expression to an Arrow table.
    """
    found: tuple[dict[Key, tuple[float | None, float | None]], ...] = ({}, {}, {})
    if not method.replicates:
        return Intervals(*found)
    stocks, flows, destinations = found
    for place, stage, way in _replicates(crowd, method, compute):
        _note(stocks, place, stage, (0, 1))
        _note(flows, place, way, (0, 1, 2, 3))
        _note(destinations, place, way, (0, 1, 2, 4))
    return Intervals(*found)


@dataclass(frozen=True)
class _Replicated:
    """Authors by column in every replicate, and what the columns are."""

    values: npt.NDArray[np.float64]
    names: list[Key]


def _replicates(
    crowd: Crowd, method: Method, compute: ToArrow
) -> Iterator[tuple[Key, _Replicated, _Replicated]]:
    """Yield for every set its stages and its ways, from the same draws of its works."""
    sizes: dict[Key, int] = {
        (r["technology"], r["window"]): r["works"]
        for r in compute(crowd.scored.group_by(SET).agg(works=crowd.scored.count())).to_pylist()
    }
    parts = compute(crowd.parts.order_by([*SET, "work_id", "person"]))
    persons = pc.unique(parts["person"])
    persons = persons.take(pc.sort_indices(persons))
    code = pc.index_in(parts["person"], value_set=persons).to_numpy().astype(np.int64)
    stages = _by_window(compute(crowd.stages), persons, STOCK)
    ways = _by_window(compute(crowd.ways), persons, FLOW)
    for place, (start, length) in slices(parts, SET).items():
        mine = parts.slice(start, length)
        works, work = np.unique(mine["work_id"].to_numpy(), return_inverse=True)
        people, author = np.unique(code[start : start + length], return_inverse=True)
        found = [table.get(place[1], _NOBODY).of(people) for table in (stages, ways)]
        score = mine["score"].to_numpy()
        amount = shared_once(author, score) if crowd.weighting == "once" else score * mine["part"].to_numpy()
        values = column_replicates(
            work,
            author,
            amount,
            draw_counts(sizes[place], len(works), method.replicates, generator(method.seed, *place)),
            sparse.csr_matrix(sparse.hstack([matrix for matrix, _ in found])),
        )
        (_, stage), (_, way) = found
        border = len(stage)
        yield place, _Replicated(values[:, :border], stage), _Replicated(values[:, border:], way)


def _by_window(rows: pa.Table, persons: pa.Array, columns: list[str]) -> dict[str, _Columns]:
    """Return the columns of each window, by person's number."""
    rows = rows.sort_by([(c, "ascending") for c in ("window", "person", *columns)])
    keys = pc.binary_join_element_wise(*(rows[c] for c in columns), "\0").combine_chunks().dictionary_encode()
    names = [tuple(k.split("\0")) for k in keys.dictionary.to_pylist()]
    column = keys.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    person = pc.fill_null(pc.index_in(rows["person"], value_set=persons), -1).to_numpy().astype(np.int64)
    part = rows["part"].to_numpy()
    found = {}
    for (window,), (start, length) in slices(rows, ["window"]).items():
        mine = slice(start, start + length)
        found[window] = _Columns(person[mine], column[mine], part[mine], names)
    return found


def _group(names: list[Key], places: tuple[int, ...]) -> npt.NDArray[np.int64]:
    """Return the number of the group of each column: those that agree in some parts of their names."""
    keys = [tuple(name[p] for p in places) for name in names]
    numbers = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[k] for k in keys], dtype=np.int64)


def _note(
    found: dict[Key, tuple[float | None, float | None]],
    place: Key,
    replicated: _Replicated,
    group: tuple[int, ...],
) -> None:
    """Note the interval of each column's share of its group."""
    names = replicated.names
    low, high = interval_of_defined(grouped_shares(replicated.values, _group(names, group)))
    for name, a, b in zip(names, low.tolist(), high.tolist(), strict=True):
        found[*place, *name] = (None, None) if a != a else (a, b)
