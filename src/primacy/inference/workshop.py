"""What the universes of a technology are made of: credit by every way of counting, scores by every way of scoring.

Each is made once and handed to all universes that share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy import sparse

from primacy.inference.scores import TIES, score_matrix

__all__ = [
    "AXES",
    "CREDIT_AXES",
    "LENGTHS",
    "SCORE_AXES",
    "SHAPE",
    "Credit",
    "Material",
    "Way",
    "Workshop",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Way = tuple[int, int, int, int]
"""A way of counting: counting, split, missing, territories, as numbers of their options."""

PERCENTS = (1, 5, 10, 25)
LENGTHS = (1, 3, 5)
MINIMUM_TOP = 10
"""With fewer highly cited works than this a universe says nothing about who leads."""

AXES: dict[str, tuple[str, ...]] = {
    "query": ("strict", "broad"),
    "types": ("standard", "with preprints"),
    "counting": ("fractional", "full", "first", "corresponding"),
    "split": ("institution", "affiliation"),
    "missing": ("renormalise", "lose"),
    "territories": ("merge", "separate"),
    "domestic": ("count", "exclude"),
    "length": tuple(f"{n} year" + "s" * (n > 1) for n in LENGTHS),
    "scope": ("year", "window"),
    "top": tuple(f"{p} %" for p in PERCENTS),
    "ties": TIES,
}
"""The choices, and the options of each, in the order of the arrays' axes."""

SHAPE = tuple(len(options) for options in AXES.values())
CREDIT_AXES = SHAPE[2:6]
SCORE_AXES = SHAPE[6:]


@dataclass(frozen=True)
class Material:
    """What a technology's universes are made of.

    Parameters
    ----------
    year, citations
        Of each work: publication year, and the citations stated.
    foreign
        works x 2 x 2: citations from abroad, by split and by territories, which decide what abroad is.
    in_query
        works x 2: whether the strict and the broad query found it.
    in_types
        works x 2: whether it counts among the standard types, and with preprints.
    work, unit
        Rows of parts: the work, and the unit (a country as it stands in the record); -1 for what is lost.
    parts
        rows x 2 x 3: part of the work under the splits by institution and by affiliation, of all authors, of first
        authors and of corresponding authors; the rows of a work sum to 1, or to less where it has no such author.
    merged
        For each unit the unit that it counts as when territories are merged.
    foreign_known
        Whether enough of the citations that the records state can be traced to the citing works' countries; where
        not, excluding domestic citations is no method that anybody could defend.
    marked
        Whether enough of the works mark a first author, and a corresponding author; where not, counting by them is
        no such method either.
    """

    year: Ints
    citations: Ints
    foreign: Ints
    in_query: Bools
    in_types: Bools
    work: Ints
    unit: Ints
    parts: Floats
    merged: Ints
    foreign_known: bool = True
    marked: tuple[bool, bool] = (True, True)

    @property
    def works(self) -> int:
        """How many works."""
        return len(self.year)

    @property
    def units(self) -> int:
        """How many units."""
        return len(self.merged)

    @cached_property
    def by_unit(self) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
        """The rows of parts that have a unit, by unit and work, and their units: with territories merged, and apart."""
        kept = np.flatnonzero(self.unit >= 0)
        found = []
        for unit in (self.merged[self.unit[kept]], self.unit[kept]):
            order = np.lexsort((self.work[kept], unit))
            found.append((kept[order], unit[order]))
        return found[0], found[1]

    def credit(self, counting: int, split: int, missing: int, territories: int) -> Credit:
        """Return credit for one way of counting, the numbers being those of the axes."""
        part = self.parts[:, split, max(counting - 1, 0)]
        whole = np.bincount(self.work, part, minlength=self.works)
        rows, unit = self.by_unit[territories]
        work = self.work[rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.where(whole[work] > 0, part[rows] / whole[work], 0.0)
        present = value > 0
        work, unit, value = work[present], unit[present], value[present]
        new = np.ones(len(work), dtype=bool)
        new[1:] = (work[1:] != work[:-1]) | (unit[1:] != unit[:-1])
        starts = np.flatnonzero(new)
        work, unit = work[starts], unit[starts]
        value = np.add.reduceat(value, starts) if len(starts) else value
        if counting == 1:
            value = np.ones(len(starts))
        elif missing == 0:
            value = value / np.bincount(work, value, minlength=self.works)[work]
        return Credit(value, work, np.bincount(unit, minlength=self.units))


@dataclass(frozen=True)
class Credit:
    """Credit for one way of counting, by unit and work.

    Parameters
    ----------
    value, work
        Of each pair of a unit and a work: how much, and the work.
    pairs
        How many pairs each unit has.
    """

    value: Floats
    work: Ints
    pairs: Ints


def _matrix(credits: Sequence[Credit], works: int) -> sparse.csr_matrix:
    """Return credits one below another: (ways of counting x units) x works."""
    pairs = np.concatenate([c.pairs for c in credits])
    return sparse.csr_matrix(
        (
            np.concatenate([c.value for c in credits]),
            np.concatenate([c.work for c in credits]),
            np.append(0, np.cumsum(pairs)),
        ),
        shape=(len(pairs), works),
    )


class Workshop:
    """Hands out credit and score columns, each made once for all universes that share it.

    Parameters
    ----------
    material
        A technology's works and their parts; units in the order of their codes, which breaks ties.
    last
        The last year of the window.
    """

    def __init__(self, material: Material, last: int) -> None:
        self.material = material
        self.last = last
        self._scores: dict[tuple[bytes, bytes], Floats] = {}
        self._credit: dict[tuple[int, ...], tuple[Credit, Bools]] = {}

    def credit(self, key: Way) -> tuple[Credit, Bools]:
        """Return the credit by one way of counting, and which works compete."""
        if key not in self._credit:
            credit = self.material.credit(*key)
            # Without a unit a work drops out under `renormalise`, and stays under `lose`.
            has = np.ones(self.material.works, dtype=bool)
            if key[2] == 0:
                has = np.bincount(credit.work, minlength=self.material.works) > 0
            self._credit[key] = credit, has
        return self._credit[key]

    def groups(self, split: int, territories: int) -> list[tuple[list[Way], Bools]]:
        """Return the ways of counting with the same works in competition, which therefore share score columns."""
        found: dict[bytes, tuple[list[Way], Bools]] = {}
        for counting, missing in product(range(CREDIT_AXES[0]), range(CREDIT_AXES[2])):
            way = (counting, split, missing, territories)
            competing = self.credit(way)[1]
            found.setdefault(competing.tobytes(), ([], competing))[0].append(way)
        return list(found.values())

    def matrix(self, ways: Sequence[Way]) -> sparse.csr_matrix:
        """Return the credit by some ways of counting, one below another: (ways x units) x works."""
        return _matrix([self.credit(way)[0] for way in ways], self.material.works)

    def defensible(self, query: int, types: int, competing: Bools) -> Bools:
        """Return which ways of scoring can say anything, of the shape of their axes."""
        m = self.material
        ages = self.last - m.year[m.in_query[:, query] & m.in_types[:, types] & competing]
        sizes = np.array([((ages >= 0) & (ages < length)).sum() for length in LENGTHS])
        enough = sizes[:, None] * np.array(PERCENTS)[None, :] >= 100 * MINIMUM_TOP
        known = np.array([True, m.foreign_known])
        return np.broadcast_to(known[:, None, None, None, None] & enough[None, :, None, :, None], SCORE_AXES)

    def columns(
        self, selections: Sequence[tuple[int, int]], split: int, territories: int, competing: Bools
    ) -> Floats:
        """Return the scores of all ways of scoring: works x (selections, domestic, length, scope, top, ties).

        A selection is a query and a choice of types.
        """
        m = self.material
        foreign = np.ascontiguousarray(m.foreign[:, split, territories])
        selected = [m.in_query[:, query] & m.in_types[:, types] & competing for query, types in selections]
        return np.concatenate(
            [self._scored(chosen, citations) for chosen in selected for citations in (m.citations, foreign)],
            axis=1,
        )

    def _scored(self, selected: Bools, citations: Ints) -> Floats:
        """Return the scores by one count of citations: works x (length, scope, top, ties)."""
        key = (selected.tobytes(), citations.tobytes())
        if key not in self._scores:
            self._scores[key] = self._score(selected, citations)
        return self._scores[key]

    def _score(self, selected: Bools, citations: Ints) -> Floats:
        year = self.material.year
        per_cell = len(PERCENTS) * len(TIES)
        places = len(LENGTHS) * 2
        scores = np.zeros((self.material.works, places, per_cell))
        ids, cells, at = [], [], []
        for length, scope in product(range(len(LENGTHS)), range(2)):
            mine = np.flatnonzero(selected & (year > self.last - LENGTHS[length]) & (year <= self.last))
            ids.append(mine)
            cells.append((2 * length + scope) * 10_000 + (1 - scope) * year[mine])
            at.append(np.full(len(mine), 2 * length + scope))
        work, place = np.concatenate(ids), np.concatenate(at)
        found = score_matrix(citations[work], np.concatenate(cells), PERCENTS)
        scores[work, place] = found.reshape(len(work), per_cell)
        return scores.reshape(len(scores), places * per_cell)
