"""Overtaking years and five-year trends, from the yearly series and its replicates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from primacy.inference.bootstrap import percentile_interval
from primacy.inference.crossing import Crossing, crossing, slope
from primacy.measures.method import Window
from primacy.studies.research.intervals import Resampled, is_single_year
from primacy.studies.tables import research as declared

__all__ = ["Overtaking", "crossing_years", "crossings", "overtakings", "trends"]

Floats = npt.NDArray[np.float64]
CROSSINGS: pa.Schema = declared.CROSSINGS.arrow
CROSSING_YEARS: pa.Schema = declared.CROSSING_YEARS.arrow
TRENDS: pa.Schema = declared.TRENDS.arrow


class _Series:
    """The yearly shares of one technology, with their replicates."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], sets: Sequence[Resampled]) -> None:
        self.years = np.array(sorted({r["year"] for r in rows}), dtype=np.int64)
        self._share = {(r["unit"], r["year"]): r["share"] for r in rows}
        self._defined = {r["year"] for r in rows if r["share"] is not None}
        self._sets = {int(s.window[:4]): s for s in sets}

    @property
    def units(self) -> list[str]:
        return sorted({u for u, _ in self._share})

    def shares(self, unit: str) -> Floats:
        """Shares by year; 0 where the unit has none, not a number where nobody has."""
        return np.array(
            [(self._share.get((unit, y)) or 0.0) if y in self._defined else np.nan for y in self.years]
        )

    def replicates(self, unit: str, rows: int) -> Floats:
        """Shares by replicate and year."""
        columns = np.full((rows, len(self.years)), np.nan)
        for i, year in enumerate(self.years.tolist()):
            one = self._sets.get(year)
            if one is None:
                continue
            whole = one.replicates.whole
            credit = one.replicates.credit[:, one.units.index(unit)] if unit in one.units else np.zeros(rows)
            with np.errstate(invalid="ignore", divide="ignore"):
                columns[:, i] = credit / whole
        return columns

    def leaders(self) -> dict[int, str]:
        """Return the leader of each year, the first in the alphabet where several are level."""
        table = np.stack([self.shares(u) for u in self.units])
        return {
            y: self.units[int(np.argmax(np.round(table[:, i], 12)))]
            for i, y in enumerate(self.years.tolist())
            if not np.isnan(table[:, i]).any() and table[:, i].max() > 0
        }


def _series(yearly: pa.Table, sets: Sequence[Resampled]) -> dict[str, _Series]:
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for r in yearly.to_pylist():
        if r["unit_kind"] == "country":
            rows.setdefault(r["technology"], []).append(r)
    return {
        t: _Series(mine, [s for s in sets if s.technology == t and is_single_year(s.window)])
        for t, mine in sorted(rows.items())
    }


@dataclass(frozen=True)
class Overtaking:
    """When, if ever, one country overtook another in a technology."""

    technology: str
    overtaker: str
    overtaken: str
    found: Crossing

    @property
    def pair(self) -> dict[str, str]:
        """The first columns of its rows."""
        return {
            "technology": self.technology,
            "overtaker": self.overtaker,
            "overtaken": self.overtaken,
        }


def overtakings(yearly: pa.Table, sets: Sequence[Resampled], replicates: int) -> list[Overtaking]:
    """Return overtaking years between the countries that lead, or have led, each technology.

    Pairs are: the leader of the last year over every country that led in an earlier one, and over the second of the
    last year; and that second over the leader.

    Parameters
    ----------
    yearly
        The result table of single years.
    sets
        Replicates by country of the single years.
    replicates
        How many replicates there are.
    """
    result = []
    for technology, series in _series(yearly, sets).items():
        leaders = series.leaders()
        if not leaders:
            continue
        last = max(leaders)
        first = leaders[last]
        at = list(series.years).index(last)
        others = [u for u in series.units if u != first]
        second = max(others, key=lambda u: (series.shares(u)[at], -series.units.index(u)), default=None)
        pairs = [(first, u) for u in sorted({*leaders.values(), *([second] if second else [])}) if u != first]
        pairs += [(second, first)] if second else []
        drawn = {u: series.replicates(u, replicates) for u in {u for p in pairs for u in p}}
        for over, under in pairs:
            found = crossing(
                series.years, series.shares(over), series.shares(under), drawn[over], drawn[under]
            )
            result.append(Overtaking(technology, over, under, found))
    return result


def crossings(found: Iterable[Overtaking]) -> pa.Table:
    """Return the result table ``crossings``: one row per pair, with its answer and its interval."""
    names = [n for n in CROSSINGS.names if n not in ("technology", "overtaker", "overtaken")]
    rows = [{**one.pair, **{n: getattr(one.found, n) for n in names}} for one in found]
    return pa.Table.from_pylist(rows, schema=CROSSINGS)


def crossing_years(found: Iterable[Overtaking]) -> pa.Table:
    """Return the result table ``crossing_years``: of every pair, how probable each year is."""
    rows = [
        {**one.pair, "year": year, "probability": part}
        for one in found
        for year, part in one.found.distribution
    ]
    return pa.Table.from_pylist(rows, schema=CROSSING_YEARS)


def trends(
    yearly: pa.Table, sets: Sequence[Resampled], replicates: int, windows: Sequence[Window]
) -> pa.Table:
    """Return the slope of every country's yearly share within each window, in share per year, with its interval.

    Countries without a highly cited work in those years, and windows with fewer than two years, have no row.
    """
    rows = []
    for technology, series in _series(yearly, sets).items():
        defined = ~np.isnan(series.shares(series.units[0]))
        for window in windows:
            known = np.flatnonzero(defined & (series.years >= window.first) & (series.years <= window.last))
            if len(known) < 2:
                continue
            for unit in series.units:
                shares = series.shares(unit)[known]
                if not shares.any():
                    continue
                drawn = series.replicates(unit, replicates)[:, known]
                slopes = slope(series.years[known], drawn[~np.isnan(drawn).any(axis=1)])
                low, high = percentile_interval(slopes[:, None])
                rows.append(
                    {
                        "technology": technology,
                        "window": str(window),
                        "unit": unit,
                        "slope": float(slope(series.years[known], shares[None, :])[0]),
                        "low": None if np.isnan(low[0]) else float(low[0]),
                        "high": None if np.isnan(high[0]) else float(high[0]),
                    }
                )
    return pa.Table.from_pylist(rows, schema=TRENDS)
