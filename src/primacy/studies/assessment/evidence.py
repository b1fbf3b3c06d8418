"""From result tables to the readings of an indicator: values by country, with draws of what is uncertain in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.inference.bootstrap import generator, percentile_interval
from primacy.inference.draws import first_probability, interval_draws
from primacy.lake.results import Results
from primacy.sources.reference.countries import alpha2
from primacy.studies.assessment.definition import IndicatorSpec
from primacy.studies.assessment.subjects import Subject

__all__ = ["MEASURED", "NOT_ABOUT", "NO_DATA", "Absent", "Evidence", "Reading"]

Floats = npt.NDArray[np.float64]
MEASURED, NO_DATA, NOT_ABOUT = "measured", "no data", "not about it"
"""States of an indicator and of a stage."""

KINDS = ("country", "bloc")
"""Blocs are read to stand beside their members; nothing ranks them."""


@dataclass(frozen=True, slots=True)
class Absent:
    """Why an indicator has no reading: ``state`` is ``no data`` or ``not about it``."""

    spec: IndicatorSpec
    state: str
    reason: str


@dataclass(frozen=True, eq=False)
class Reading:
    """One indicator of one subject.

    Parameters
    ----------
    spec
        The indicator.
    kind
        ``country`` or ``bloc``.
    units
        Codes, sorted.
    value, low, high, coverage
        By unit; not a number where it is not known.
    draws
        draws x units: what the values may have been.
    window
        The year or window of the value.
    uncertainty
        What the draws are made of, in words.
    """

    spec: IndicatorSpec
    kind: str
    units: list[str]
    value: Floats
    low: Floats
    high: Floats
    coverage: Floats
    draws: Floats
    window: str
    uncertainty: str

    @cached_property
    def probability(self) -> Floats:
        """How probably each unit is the first."""
        return first_probability(self.draws * self.spec.direction)


@dataclass
class _Cell:
    """The rows of one technology, as arrays by unit."""

    value: dict[str, float] = field(default_factory=dict)
    low: dict[str, float] = field(default_factory=dict)
    high: dict[str, float] = field(default_factory=dict)
    coverage: dict[str, float] = field(default_factory=dict)

    def array(self, of: Mapping[str, float], units: list[str]) -> Floats:
        return np.array([of.get(u, np.nan) for u in units], dtype=np.float64)


class Evidence:
    """The results of a workspace, read as indicators.

    Parameters
    ----------
    results
        What the studies wrote.
    draws, seed
        How many draws of each value, and their seed.
    """

    def __init__(self, results: Results, *, draws: int, seed: int) -> None:
        self.results = results
        self.draws = draws
        self.seed = seed
        self._tables: dict[str, pa.Table] = {}
        self._rows: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}
        self._by_place: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
        self._general: dict[tuple[str, str], Reading | None] = {}

    def read(self, spec: IndicatorSpec, subject: Subject) -> list[Reading] | Absent:
        """Return an indicator's readings of a subject, by kind of unit, or why there is none."""
        if not subject.is_meant_by(spec.about):
            return Absent(spec, NOT_ABOUT, f"says nothing about {subject.name}")
        if not subject.measured_by:
            return Absent(spec, NO_DATA, f"{subject.name} was not run")
        if spec.study not in self.results.studies:
            return Absent(
                spec, NO_DATA, f"no results of the study {spec.study}: run `primacy run {spec.study}`"
            )
        if self.results.owner(spec.table) != spec.study:
            return Absent(
                spec,
                NO_DATA,
                f"the study {spec.study} made no table {spec.table}: its data are not in the lake",
            )
        found = [r for kind in KINDS if (r := self._reading(spec, subject, kind)) is not None]
        if not found or found[0].kind != "country":
            return Absent(spec, NO_DATA, f"{spec.table} has no row about {subject.name}")
        if not (found[0].value > 0).any():
            return Absent(spec, NO_DATA, f"{spec.value} is 0 for every country: nothing to compare")
        return found

    def table(self, name: str) -> pa.Table:
        """Return a result table, read once."""
        if name not in self._tables:
            self._tables[name] = self.results.read(name)
        return self._tables[name]

    # ------------------------------------------------------------------ rows

    def _reading(self, spec: IndicatorSpec, subject: Subject, kind: str) -> Reading | None:
        if "technology" in self.table(spec.table).column_names:
            return self._of(spec, subject.measured_by, kind)
        if (spec.id, kind) not in self._general:
            self._general[spec.id, kind] = self._of(spec, ("",), kind)
        return self._general[spec.id, kind]

    def _of(self, spec: IndicatorSpec, names: Sequence[str], kind: str) -> Reading | None:
        groups = self._grouped(spec, kind)
        rows = {name: groups[name] for name in names if name in groups}
        if not rows:
            return None
        window = max(_window(spec, r) for found in rows.values() for r in found)
        rows = {
            name: now
            for name, found in rows.items()
            if (now := [r for r in found if _window(spec, r) == window])
        }
        cells = {name: self._cells(spec, found, name, window) for name, found in rows.items()}
        units = sorted({u for by in cells.values() for cell in by.values() for u in cell.value})
        if not units:
            return None
        parts = [self._part(spec, by, units, name, window, kind) for name, by in cells.items()]
        return _joined(spec, kind, units, window, parts)

    def _grouped(self, spec: IndicatorSpec, kind: str) -> dict[str, list[dict[str, Any]]]:
        """Return the rows that count, by technology; under an empty name where the table knows none."""
        if (spec.id, kind) not in self._rows:
            table = self.table(spec.table)
            mask = pa.array([True] * table.num_rows, pa.bool_())
            where: dict[str, Any] = dict(spec.where)
            if "unit_kind" in table.column_names:
                where["unit_kind"] = kind
            elif kind != "country":
                mask = pa.array([False] * table.num_rows, pa.bool_())
            for column, wanted in where.items():
                mask = pc.and_(mask, pc.fill_null(pc.equal(table[column], wanted), False))
            grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for row in table.filter(mask).to_pylist():
                if spec.window is None or row[spec.window] is not None:
                    grouped[row.get("technology", "")].append(row)
            self._rows[spec.id, kind] = dict(grouped)
        return self._rows[spec.id, kind]

    def _cells(
        self, spec: IndicatorSpec, rows: list[dict[str, Any]], technology: str, window: str
    ) -> dict[tuple[Any, ...], _Cell]:
        """Return the rows of one technology and window by universe."""
        cells: dict[tuple[Any, ...], _Cell] = {}
        whole = sum(_number(r[spec.value]) for r in rows if r[spec.value] is not None) if spec.rest else 0.0
        rest = sum(_number(r[spec.value]) for r in rows if spec.rest and r[spec.unit] == spec.rest)
        stated = self._stated_coverage(spec, technology, window)
        for row in rows:
            unit = row[spec.unit]
            column = spec.value if row[spec.value] is not None or spec.or_value is None else spec.or_value
            if unit is None or unit == spec.rest or row[column] is None or not _is_unit(unit, row):
                continue
            cell = cells.setdefault(tuple(row[c] for c in spec.universes), _Cell())
            value = _number(row[column])
            if unit in cell.value and not (spec.largest and value > cell.value[unit]):
                continue
            cell.value[unit] = value
            bounded = row[spec.bounds_of] if spec.bounds_of else None
            factor = value / bounded if bounded else 1.0
            for bound, of in ((spec.low, cell.low), (spec.high, cell.high)):
                of[unit] = _number(row[bound]) * factor if bound else np.nan
            if spec.rest:
                cell.coverage[unit] = 1 - rest / whole if whole else np.nan
            elif stated is not None:
                cell.coverage[unit] = stated
            elif spec.coverage and "." not in spec.coverage:
                cell.coverage[unit] = _number(row[spec.coverage])
        return cells

    def _stated_coverage(self, spec: IndicatorSpec, technology: str, window: str) -> float | None:
        if spec.coverage is None or "." not in spec.coverage:
            return None
        table, column = spec.coverage.split(".")
        if table not in self._by_place:
            self._by_place[table] = {(r["technology"], r["window"]): r for r in self.table(table).to_pylist()}
        row = self._by_place[table].get((technology, window))
        return np.nan if row is None else _number(row[column])

    # ------------------------------------------------------------------ draws

    def _part(
        self,
        spec: IndicatorSpec,
        cells: dict[tuple[Any, ...], _Cell],
        units: list[str],
        technology: str,
        window: str,
        kind: str,
    ) -> _Part:
        """Return what one technology says of every unit, with its draws."""
        reference = tuple(spec.reference[c] for c in spec.universes)
        chosen = reference if reference in cells else min(cells, key=repr)
        stated = cells[chosen]
        rng = generator(self.seed, "assessment", spec.id, technology, kind)
        keys = sorted(cells, key=repr)
        picks = rng.integers(len(keys), size=self.draws) if len(keys) > 1 else np.zeros(self.draws, dtype=int)
        draws = np.empty((self.draws, len(units)))
        for i, key in enumerate(keys):
            mine = np.flatnonzero(picks == i)
            cell = cells[key]
            draws[mine] = interval_draws(
                self._filled(spec, cell.array(cell.value, units)),
                cell.array(cell.low, units),
                cell.array(cell.high, units),
                len(mine),
                rng,
                level=spec.level,
            )
        joint = self._joint(spec, technology, window) if kind == "country" else {}
        for unit, drawn in joint.items():
            if unit in units:
                draws[:, units.index(unit)] = drawn
        return _Part(
            self._filled(spec, stated.array(stated.value, units)),
            stated.array(stated.low, units),
            stated.array(stated.high, units),
            stated.array(stated.coverage, units),
            draws,
            bool(joint),
            len(keys) > 1,
        )

    def _filled(self, spec: IndicatorSpec, value: Floats) -> Floats:
        """Return values with none where the counting was complete and did not meet the unit."""
        return np.nan_to_num(value) if spec.complete else value

    def _joint(self, spec: IndicatorSpec, technology: str, window: str) -> dict[str, Floats]:
        """Return the draws that a study kept, as many as are wanted."""
        if spec.draws is None:
            return {}
        name, column = spec.draws.split(".")
        if self.results.owner(name) != spec.study:
            return {}
        table = self.table(name)
        mask = pc.and_(pc.equal(table["technology"], technology), pc.equal(table["window"], window))
        found = {}
        for row in table.filter(mask).to_pylist():
            drawn = np.array(row[column])
            found[row["unit"]] = drawn[np.arange(self.draws) % len(drawn)]
        return found


@dataclass(frozen=True, eq=False)
class _Part:
    """One technology's part in a reading."""

    value: Floats
    low: Floats
    high: Floats
    coverage: Floats
    draws: Floats
    joint: bool
    universes: bool


def _joined(spec: IndicatorSpec, kind: str, units: list[str], window: str, parts: list[_Part]) -> Reading:
    """Return the mean over technologies, each of which counts alike."""
    draws = np.mean([p.draws for p in parts], axis=0)
    low, high = parts[0].low, parts[0].high
    if len(parts) > 1 or parts[0].universes:
        low, high = percentile_interval(draws)
    if any(p.joint for p in parts):
        uncertainty = "joint draws of works and methods"
    elif any(p.universes for p in parts):
        uncertainty = "defensible ways to measure it"
    elif np.isnan(low).all():
        uncertainty = "none stated"
        low = high = np.full(len(units), np.nan)
    else:
        uncertainty = f"{spec.level:.0%} interval".replace("%", " %")
    return Reading(
        spec,
        kind,
        units,
        np.mean([p.value for p in parts], axis=0),
        low,
        high,
        _mean_of_known([p.coverage for p in parts]),
        draws,
        window,
        uncertainty,
    )


def _mean_of_known(parts: list[Floats]) -> Floats:
    """Return the mean over the technologies that a unit has a row of; not a number where there is none."""
    known = ~np.isnan(parts)
    return np.asarray(
        np.divide(
            np.nan_to_num(parts).sum(axis=0),
            known.sum(axis=0),
            out=np.full(known.shape[1], np.nan),
            where=known.any(axis=0),
        )
    )


def _is_unit(unit: str, row: Mapping[str, Any]) -> bool:
    """Return whether a unit is a bloc, or a country that ISO 3166-1 knows; `unattributed` is neither."""
    return row.get("unit_kind") == "bloc" or unit == "XK" or (len(unit) == 2 and alpha2(unit) == unit)


def _window(spec: IndicatorSpec, row: Mapping[str, Any]) -> str:
    """Return the year, window or day of a row; nothing where the table has none."""
    return str(row[spec.window]) if spec.window else ""


def _number(value: Any) -> float:
    return np.nan if value is None else float(value)
