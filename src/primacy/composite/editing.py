"""Adding and removing indicators and units, and what each of them does to the ranking.

COINr ``change_ind`` and ``remove_elements``; OECD handbook, step 7. An index is never changed in place: every
function returns a new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from primacy.composite._text import listing, path_text
from primacy.composite.definition import Floats, Indicator, Path
from primacy.composite.index import Index
from primacy.composite.options import one_of
from primacy.composite.ranking import ranks
from primacy.composite.values import Values
from primacy.errors import InputError


def without(index: Index, *, nodes: Sequence[str | Path] = (), units: Sequence[str] = ()) -> Index:
    """Return the index without some indicators or whole groups, and without some units.

    The weights of what remains keep their ratios.

    Raises
    ------
    InputError
        A node or unit is not there, or nothing remains.
    """
    gone = [index.definition.find(node) for node in nodes]
    columns = [
        k
        for k, indicator in enumerate(index.definition.indicators)
        if not any(indicator.path[: len(path)] == path for path in gone)
    ]
    leaving = {index.values.position(unit) for unit in units}
    rows = [k for k in range(len(index.values.units)) if k not in leaving]
    if not columns:
        raise InputError(f"without {listing(path_text(p) for p in gone)} no indicator remains")
    if not rows:
        raise InputError(f"without {listing(units)} no unit remains")
    return replace(
        index, definition=index.definition.keep(columns), values=index.values.select(rows, columns)
    )


def with_indicator(index: Index, indicator: Indicator, column: Mapping[str, float | None]) -> Index:
    """Return the index with one more indicator; a unit that *column* does not name lacks it.

    Raises
    ------
    InputError
        The indicator is there already, or a unit of *column* is not.
    """
    strangers = [unit for unit in column if unit not in index.values.units]
    if strangers:
        raise InputError(f"there is no unit {listing(strangers)}")
    new = np.array([_number(column.get(unit)) for unit in index.values.units])[:, None]
    ones = np.ones_like(new)
    values = index.values
    return replace(
        index,
        definition=replace(index.definition, indicators=(*index.definition.indicators, indicator)),
        values=replace(
            values,
            matrix=np.hstack([values.matrix, new]),
            denominators=None if values.denominators is None else np.hstack([values.denominators, ones]),
            earlier=tuple((year, np.hstack([m, ones * np.nan])) for year, m in values.earlier),
        ),
    )


def with_units(index: Index, rows: Mapping[str, Mapping[str, float | None]], *, apart: bool = False) -> Index:
    """Return the index with more units, each a mapping from indicator to value.

    Parameters
    ----------
    index : Index
        The index; its units must have no groups and no denominators, which new units could not supply.
    rows : mapping
        Per unit, values by indicator name or label; what is not named is missing.
    apart : bool
        Score the new units on the yardstick of the present ones without ranking them.
    """
    if index.values.denominators is not None or index.values.groups is not None:
        raise InputError("units cannot be added to values with denominators or groups: build new values")
    names = index.definition.names
    new = np.full((len(rows), len(names)), np.nan)
    for k, row in enumerate(rows.values()):
        for node, value in row.items():
            path = index.definition.find(node)
            if path_text(path) not in names:
                raise InputError(f"{path_text(path)!r} is a group: a unit has values of indicators")
            new[k, names.index(path_text(path))] = _number(value)
    values = index.values
    gap = np.full_like(new, np.nan)
    return replace(
        index,
        values=Values(
            units=(*values.units, *rows),
            matrix=np.vstack([values.matrix, new]),
            apart=values.apart | (frozenset(rows) if apart else frozenset()),
            earlier=tuple((year, np.vstack([m, gap])) for year, m in values.earlier),
        ),
    )


@dataclass(frozen=True)
class Removal:
    """What leaving one thing out does: shifts of the ranks of the units that remain.

    ``mean_shift`` and ``largest_shift`` are absolute; ``moved`` is the unit with the largest (the first by
    name), empty if none moves.
    """

    removed: str
    mean_shift: float
    largest_shift: float
    moved: str


def leave_one_out(
    index: Index, *, what: Literal["indicators", "groups", "units"] = "indicators"
) -> tuple[Removal, ...]:
    """Leave out each indicator, group or unit in turn and compare the ranks with the whole index.

    When a unit is left out, ranks are compared with those among the remaining units in the whole index: what
    is measured is how far the others' order depends on who is in the set.

    Returns
    -------
    tuple of Removal
        Largest mean shift first. What cannot be left out because nothing would remain is not in it.
    """
    one_of(what, ("indicators", "groups", "units"), "what")
    score = index.run().score
    found = []
    if what == "units":
        for unit in index.values.units:
            rest = [k for k, other in enumerate(index.values.units) if other != unit]
            if len(set(index.values.units) - index.values.apart - {unit}) >= 2:
                found.append(_removal(unit, without(index, units=[unit]), score[rest]))
    else:
        depth = len(index.definition.levels)
        lengths = [depth] if what == "indicators" else range(1, depth)
        paths = dict.fromkeys(i.path[:n] for n in lengths for i in index.definition.indicators)
        indicators = index.definition.indicators
        found += [
            _removal(path_text(path), without(index, nodes=[path]), score)
            for path in paths
            if any(i.path[: len(path)] != path for i in indicators)
        ]
    return tuple(sorted(found, key=lambda r: (-r.mean_shift, r.removed)))


def _removal(removed: str, rest: Index, before: Floats) -> Removal:
    ranked = rest.values.ranked
    shift = np.abs(rest.run().rank - ranks(before, ranked))
    counted = np.flatnonzero(~np.isnan(shift))
    if len(counted) == 0:
        return Removal(removed, 0.0, 0.0, "")
    largest = float(shift[counted].max())
    moved = min(rest.values.units[k] for k in counted if shift[k] == largest) if largest > 0 else ""
    return Removal(removed, float(shift[counted].mean()), largest, moved)


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
