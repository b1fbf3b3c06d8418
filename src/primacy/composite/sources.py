"""The ``[data]`` section of an index file: from rows in long form to a definition and its values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any, TypeVar

import numpy as np

from primacy.composite._lookup import Lookup
from primacy.composite._settings import Settings, finite
from primacy.composite._text import path_text, quote
from primacy.composite.definition import Definition, Floats, Group, Indicator, Path
from primacy.composite.longform import LongTable, read_long_table
from primacy.composite.values import Values
from primacy.errors import InputError

_T = TypeVar("_T")


def read_data(
    data: Settings, folder: FilePath, *, goalposts: Any = None, target: Any = None
) -> tuple[Definition, Values]:
    """Read a ``[data]`` section and the table that it names.

    Parameters
    ----------
    data : Settings
        The section.
    folder : Path
        What the table's path is relative to.
    goalposts, target : object
        As ``[method]`` holds them: for all indicators, or a table.
    """
    file = data.text("file")
    unit, levels, value = data.text("unit"), data.texts("levels"), data.text("value")
    weights, direction = data.section("weights"), data.raw("direction")
    denominator, year = data.optional_text("denominator"), data.optional_text("year")
    unit_group, at = data.optional_text("unit_group"), data.raw("at")
    apart, missing_values = data.texts("apart", default=()), data.raw("missing_values")
    data.refuse_unknown()

    table = read_long_table(folder / file)
    gaps = _numbers_list(missing_values, data.label("missing_values"))
    rows = _Rows(table, unit, levels, value, gaps, year, at)
    definition = Definition(
        levels=levels,
        indicators=_indicators(rows, weights, direction, goalposts, target),
        groups=_groups(rows, weights),
    )
    weights.refuse_unknown()
    return definition, _values(rows, definition, denominator, unit_group, frozenset(apart))


class _Rows:
    """The rows of a long table as units, paths, years and values, none of them later than the index's year.

    ``keep`` are the positions of these rows in the table; without a column of years every row is of year 0.
    """

    def __init__(
        self,
        table: LongTable,
        unit: str,
        levels: tuple[str, ...],
        value: str,
        gaps: tuple[float, ...],
        year: str | None,
        at: Any,
    ) -> None:
        self.table, self.levels = table, levels
        units = table.labels(unit, "data.unit")
        inner_first = [table.labels(level, "data.levels") for level in levels]
        paths: list[Path] = [tuple(reversed(labels)) for labels in zip(*inner_first, strict=True)]
        values = table.numbers(value, "data.value")
        years = _years(table, year)
        self.now = _year_of_index(years, at)
        self.keep = [k for k, period in enumerate(years) if period <= self.now]
        self.units = [units[k] for k in self.keep]
        self.paths = [paths[k] for k in self.keep]
        self.years = [years[k] for k in self.keep]
        self.places = [table.places[k] for k in self.keep]
        self.values = [None if (v := values[k]) is None or v in gaps else v for k in self.keep]

    def numbers(self, column: str, role: str) -> list[float | None]:
        """Return a column of numbers, for the rows that are kept."""
        cells = self.table.numbers(column, role)
        return [cells[k] for k in self.keep]

    def labels(self, column: str, role: str) -> list[str]:
        """Return a column of names, for the rows that are kept."""
        cells = self.table.labels(column, role)
        return [cells[k] for k in self.keep]

    def per_node(self, length: int, cells: list[float | None], what: str) -> dict[Path, float]:
        """One number per node of a level, from a column that repeats it on every row of the node.

        Of several years the latest counts; within a year the column must not contradict itself.
        """
        found: dict[Path, tuple[int, float, str]] = {}
        for path, cell, period, place in zip(self.paths, cells, self.years, self.places, strict=True):
            node = path[:length]
            if cell is None:
                continue
            known = found.get(node)
            if known is not None and known[0] == period and known[1] != cell:
                raise InputError(
                    f"{self.table.name}: the {what} of {quote(path_text(node))} is {known[1]:g} on "
                    f"{known[2]} and {cell:g} on {place}"
                )
            if known is None or period > known[0]:
                found[node] = (period, cell, place)
        for node in self.nodes(length):
            if node not in found:
                raise InputError(f"{self.table.name}: {quote(path_text(node))} has no {what}")
        return {node: number for node, (_, number, _) in found.items()}

    def nodes(self, length: int) -> list[Path]:
        """Return the nodes of a level, in the order of their names."""
        return sorted({path[:length] for path in self.paths})


def _weights(rows: _Rows, settings: Settings, level: str, length: int) -> dict[Path, float]:
    stated = settings.raw(level)
    name = settings.label(level)
    if stated is None:
        return dict.fromkeys(rows.nodes(length), 1.0)
    if isinstance(stated, str):
        return rows.per_node(length, rows.numbers(stated, name), "weight")
    return _from_table(stated, name, rows.nodes(length), finite, "a column or a table of numbers")


def _from_table(
    stated: Any, name: str, nodes: list[Path], convert: Callable[[object, str], _T], needed: str
) -> dict[Path, _T]:
    """Look every node up in a table; each must be there, and nothing else."""
    if not isinstance(stated, dict):
        raise InputError(f"{name} is {quote(stated)}: {needed} is needed")
    lookup = Lookup(stated, name)
    out = {}
    for node in nodes:
        found = lookup.get(node)
        if found is None:
            raise InputError(f"{name} has no entry for {quote(path_text(node))}")
        out[node] = convert(found, f"{name} of {quote(path_text(node))}")
    lookup.refuse_unused()
    return out


def _indicators(
    rows: _Rows, weights: Settings, direction: Any, goalposts: Any, target: Any
) -> tuple[Indicator, ...]:
    depth = len(rows.levels)
    nodes = rows.nodes(depth)
    weight = _weights(rows, weights, rows.levels[0], depth)
    directions = _directions(rows, direction, nodes)
    posts = _optional(goalposts, "method.goalposts", nodes, _pair)
    targets = _optional(target, "method.target", nodes, finite)
    return tuple(
        Indicator(
            path=node,
            weight=weight[node],
            direction=1 if directions.get(node, 1.0) > 0 else -1,
            goalposts=posts.get(node),
            target=targets.get(node),
        )
        for node in nodes
    )


def _directions(rows: _Rows, stated: Any, nodes: list[Path]) -> dict[Path, float]:
    name = "data.direction"
    if stated is None:
        return {}
    if isinstance(stated, str):
        found = rows.per_node(len(rows.levels), rows.numbers(stated, name), "direction")
    else:
        found = _optional(stated, name, nodes, finite)
    for node, number in found.items():
        if number not in (1.0, -1.0):
            raise InputError(f"{name} of {quote(path_text(node))} is {number:g}; it takes 1 or -1")
    return found


def _optional(
    stated: Any, name: str, nodes: list[Path], convert: Callable[[object, str], _T]
) -> dict[Path, _T]:
    """Read a setting that is one for all, a table of some indicators, or not given."""
    if stated is None:
        return {}
    if not isinstance(stated, dict):
        return dict.fromkeys(nodes, convert(stated, name))
    lookup = Lookup(stated, name)
    out = {
        node: convert(found, f"{name} of {quote(path_text(node))}")
        for node in nodes
        if (found := lookup.get(node)) is not None
    }
    lookup.refuse_unused()
    return out


def _pair(value: object, name: str) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(f"{name} is {quote(value)}: [low, high] is needed")
    return finite(value[0], name), finite(value[1], name)


def _groups(rows: _Rows, weights: Settings) -> tuple[Group, ...]:
    depth = len(rows.levels)
    out = []
    for above, level in enumerate(rows.levels[1:], start=1):
        for node, weight in _weights(rows, weights, level, depth - above).items():
            out.append(Group(path=node, weight=weight))
    return tuple(out)


def _values(
    rows: _Rows,
    definition: Definition,
    denominator: str | None,
    unit_group: str | None,
    apart: frozenset[str],
) -> Values:
    units = tuple(sorted(set(rows.units)))
    by = None if denominator is None else rows.numbers(denominator, "data.denominator")
    matrices, sizes = _pivot(rows, units, definition, by)
    older = sorted((period for period in matrices if period < rows.now), reverse=True)
    return Values(
        units=units,
        matrix=matrices[rows.now],
        apart=apart,
        denominators=sizes[rows.now] if by is not None else None,
        groups=None if unit_group is None else _unit_groups(rows, unit_group, units),
        earlier=tuple(
            (period, matrices[period] if by is None else _ratio(matrices[period], sizes[period]))
            for period in older
        ),
    )


def _ratio(matrix: Floats, by: Floats) -> Floats:
    """Divide older values, which only fill gaps: one whose denominator is not above 0 fills none."""
    return np.divide(matrix, by, out=np.full_like(matrix, np.nan), where=by > 0)


def _pivot(
    rows: _Rows,
    units: tuple[str, ...],
    definition: Definition,
    by: list[float | None] | None,
) -> tuple[dict[int, Floats], dict[int, Floats]]:
    row_of = {unit: k for k, unit in enumerate(units)}
    column_of = {indicator.path: k for k, indicator in enumerate(definition.indicators)}
    shape = (len(units), len(column_of))
    matrices = {period: np.full(shape, np.nan) for period in {rows.now, *rows.years}}
    sizes = {period: np.full(shape, np.nan) for period in {rows.now, *rows.years}}
    seen: dict[tuple[str, Path, int], str] = {}
    for k, key in enumerate(zip(rows.units, rows.paths, rows.years, strict=True)):
        unit, path, period = key
        place = rows.places[k]
        if key in seen:
            raise InputError(
                f"{rows.table.name}: {quote(unit)} has {quote(path_text(path))} twice, on {seen[key]} and "
                f"{place}"
            )
        seen[key] = place
        number = rows.values[k]
        if number is not None:
            matrices[period][row_of[unit], column_of[path]] = number
        size = None if by is None else by[k]
        if size is not None:
            sizes[period][row_of[unit], column_of[path]] = size
    return matrices, sizes


def _years(table: LongTable, column: str | None) -> list[int]:
    if column is None:
        return [0] * len(table.places)
    out = []
    for number, place in zip(table.numbers(column, "data.year"), table.places, strict=True):
        if number is None or not float(number).is_integer():
            raise InputError(f"{table.name}, {place}: {quote(column)} is not a whole year")
        out.append(int(number))
    return out


def _year_of_index(years: list[int], at: Any) -> int:
    if at is None:
        return max(years)
    if isinstance(at, bool) or not isinstance(at, int):
        raise InputError(f"data.at is {quote(at)}: a whole year is needed")
    if at not in years:
        raise InputError(f"data.at is {at}, of which there is no row; there are {min(years)} to {max(years)}")
    return at


def _unit_groups(rows: _Rows, column: str, units: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for unit, group in zip(rows.units, rows.labels(column, "data.unit_group"), strict=True):
        if found.setdefault(unit, group) != group:
            raise InputError(
                f"{rows.table.name}: {quote(unit)} is in two groups, {quote(found[unit])} and {quote(group)}"
            )
    return tuple(found[unit] for unit in units)


def _numbers_list(value: Any, name: str) -> tuple[float, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise InputError(f"{name} is {quote(value)}: a list of numbers is needed")
    return tuple(finite(item, name) for item in value)
