"""The multiverse: every defensible combination of choices, and whether the leader leads in it.

A universe is one combination of query, work types, counting, split, missing rule, territories, domestic citations,
window length, scope, top share and tie rule. All universes of a technology are computed from shared arrays: a credit
matrix per way of counting, a score vector per way of scoring, and their products. Sources: Steegen et al. (2016,
doi:10.1177/1745691616658637) on the multiverse; Simonsohn et al. (2020, doi:10.1038/s41562-020-0912-z) on the
specification curve; Saltelli et al. (2008) on first-order and total effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy import sparse

from primacy.inference.scores import TIES, score_matrix

__all__ = [
    "AXES",
    "Effects",
    "JointDraws",
    "Material",
    "Multiverse",
    "Workshop",
    "effects",
    "joint_draws",
    "multiverse",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

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

    def credit(self, counting: int, split: int, missing: int, territories: int) -> sparse.csr_matrix:
        """Return credit as works x units for one way of counting, the numbers being those of the axes."""
        kept = self.unit >= 0
        author = max(counting - 1, 0)
        part = self.parts[:, split, author]
        whole = np.bincount(self.work, part, minlength=self.works)
        unit = self.merged[self.unit] if territories == 0 else self.unit
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.where(whole[self.work] > 0, part / whole[self.work], 0.0)
        present = kept & (value > 0)
        matrix = sparse.csr_matrix(
            (value[present], (self.work[present], unit[present])), shape=(self.works, self.units)
        )
        if counting == 1:
            matrix.data[:] = 1.0
        elif missing == 0:
            resolved = np.asarray(matrix.sum(axis=1)).ravel()
            matrix = sparse.diags_array(1 / np.where(resolved > 0, resolved, 1.0)).tocsr() @ matrix
        return sparse.csr_matrix(matrix)


@dataclass(frozen=True)
class Multiverse:
    """Shares and leaders in every universe.

    Parameters
    ----------
    leader
        One number per universe, of the shape of the axes: the leading unit; -1 where no share is defined.
    margin
        The share of the unit asked about minus the largest of the others; not a number where undefined.
    defensible
        Whether a universe can say anything: at least ten of its works would be highly cited, and foreign citations,
        first authors or corresponding authors are known where it needs them. Where no universe can, all that define
        a leader stand in.
    unit
        The unit asked about.
    """

    leader: Ints
    margin: Floats
    defensible: Bools
    unit: int

    @property
    def universes(self) -> int:
        """How many universes are defensible and define a leader."""
        return int((self.defensible & (self.leader >= 0)).sum())

    @property
    def robustness(self) -> float:
        """The part of these universes in which the unit asked about leads."""
        led = self.defensible & (self.leader == self.unit)
        return float(led.sum() / self.universes) if self.universes else float("nan")


class Workshop:
    """Hands out credit matrices and score columns, each made once for all universes that share it.

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
        self._credit: dict[tuple[int, ...], tuple[sparse.csr_matrix, Bools]] = {}

    def credit(
        self, counting: int, split: int, missing: int, territories: int
    ) -> tuple[sparse.csr_matrix, Bools]:
        """Return the credit matrix (units x works) and which works compete."""
        key = (counting, split, missing, territories)
        if key not in self._credit:
            matrix = self.material.credit(*key)
            # Without a unit a work drops out under `renormalise`, and stays under `lose`.
            has = np.diff(matrix.indptr) > 0 if missing == 0 else np.ones(self.material.works, dtype=bool)
            self._credit[key] = matrix.T.tocsr(), has
        return self._credit[key]

    def defensible(self, query: int, types: int, counting: int, competing: Bools) -> Bools:
        """Return which ways of scoring can say anything, of the shape of their axes."""
        m = self.material
        if not (True, True, *m.marked)[counting]:
            return np.zeros(SCORE_AXES, dtype=bool)
        selected = m.in_query[:, query] & m.in_types[:, types] & competing
        ages = self.last - m.year[selected]
        sizes = np.array([((ages >= 0) & (ages < length)).sum() for length in LENGTHS])
        enough = sizes[:, None] * np.array(PERCENTS)[None, :] >= 100 * MINIMUM_TOP
        known = np.array([True, m.foreign_known])
        return np.broadcast_to(known[:, None, None, None, None] & enough[None, :, None, :, None], SCORE_AXES)

    def columns(self, query: int, types: int, split: int, territories: int, competing: Bools) -> Floats:
        """Return the scores of all ways of scoring: works x (domestic, length, scope, top, ties)."""
        m = self.material
        selected = m.in_query[:, query] & m.in_types[:, types] & competing
        foreign = np.ascontiguousarray(m.foreign[:, split, territories])
        return np.concatenate([self._scored(selected, c) for c in (m.citations, foreign)], axis=1)

    def _scored(self, selected: Bools, citations: Ints) -> Floats:
        """Return the scores by one count of citations: works x (length, scope, top, ties)."""
        key = (selected.tobytes(), citations.tobytes())
        if key not in self._scores:
            self._scores[key] = self._score(selected, citations)
        return self._scores[key]

    def _score(self, selected: Bools, citations: Ints) -> Floats:
        year = self.material.year
        per_cell = len(PERCENTS) * len(TIES)
        scores = np.zeros((self.material.works, len(LENGTHS), 2, per_cell))
        ids, cells, places = [], [], []
        for length, scope in product(range(len(LENGTHS)), range(2)):
            mine = np.flatnonzero(selected & (year > self.last - LENGTHS[length]) & (year <= self.last))
            ids.append(mine)
            cells.append((2 * length + scope) * 10_000 + (1 - scope) * year[mine])
            places.append(np.full(len(mine), 2 * length + scope))
        work, place = np.concatenate(ids), np.concatenate(places)
        found = score_matrix(citations[work], np.concatenate(cells), PERCENTS)
        scores.reshape(self.material.works, -1, per_cell)[work, place] = found.reshape(len(work), per_cell)
        return scores.reshape(self.material.works, -1)


def multiverse(workshop: Workshop, unit: int) -> Multiverse:
    """Compute every universe of one technology.

    Parameters
    ----------
    workshop
        Its material.
    unit
        The unit asked about: the leader under the main method.
    """
    leader = np.full(SHAPE, -1, dtype=np.int64)
    margin = np.full(SHAPE, np.nan)
    defensible = np.zeros(SHAPE, dtype=bool)
    for query, types in product(range(SHAPE[0]), range(SHAPE[1])):
        for key in product(*map(range, CREDIT_AXES)):
            matrix, competing = workshop.credit(*key)
            columns = workshop.columns(query, types, key[1], key[3], competing)
            shares = _shares(matrix, columns)
            first, ahead = _first(shares, unit)
            leader[(query, types, *key)] = first.reshape(SCORE_AXES)
            margin[(query, types, *key)] = ahead.reshape(SCORE_AXES)
            defensible[(query, types, *key)] = workshop.defensible(query, types, key[0], competing)
    if not (defensible & (leader >= 0)).any():
        defensible = leader >= 0
    return Multiverse(leader, margin, defensible, unit)


def _shares(matrix: sparse.csr_matrix, columns: Floats) -> Floats:
    whole = columns.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares: Floats = np.where(whole > 0, np.asarray(matrix @ columns) / whole, np.nan)
    return shares


def _first(shares: Floats, unit: int) -> tuple[Ints, Floats]:
    """Return, per column, the leading unit (-1 where undefined) and how far the unit asked about is ahead."""
    units, columns = shares.shape
    if units == 0:
        return np.full(columns, -1), np.full(columns, np.nan)
    defined = ~np.isnan(shares[0])
    rounded = np.round(np.nan_to_num(shares), 12)
    first = np.where(defined & (rounded.max(axis=0) > 0), rounded.argmax(axis=0), -1)
    others = np.delete(rounded, unit, axis=0)
    best = others.max(axis=0) if len(others) else np.zeros(columns)
    margin = np.where(defined, rounded[unit] - best, np.nan)
    return first.astype(np.int64), margin


@dataclass(frozen=True)
class JointDraws:
    """Shares over both uncertainties at once: of the method, and of the works.

    Parameters
    ----------
    leader
        The leading unit of each draw, -1 where none is defined.
    shares
        draws x units; not a number where no share is defined.
    """

    leader: Ints
    shares: Floats


def joint_draws(
    workshop: Workshop, universes: Multiverse, draws: int, rng: np.random.Generator
) -> JointDraws:
    """Draw universes and resampled works together.

    Each draw takes one defensible universe at random and resamples all works of the technology; so the part of the
    draws that a unit leads is its probability over both uncertainties at once.

    Parameters
    ----------
    workshop
        The material of the universes.
    universes
        From :func:`multiverse`.
    draws
        How many.
    rng
        The generator.
    """
    leaders = np.full(draws, -1, dtype=np.int64)
    shares = np.full((draws, workshop.material.units), np.nan)
    pool = np.flatnonzero(universes.defensible)
    n = workshop.material.works
    if n == 0 or not len(pool):
        return JointDraws(leaders, shares)
    flat = rng.choice(pool, size=draws)
    where = np.stack(np.unravel_index(flat, SHAPE), axis=1)
    column = np.ravel_multi_index(tuple(where[:, 6:].T), SCORE_AXES)
    groups: dict[tuple[int, ...], list[int]] = {}
    for i, key in enumerate(map(tuple, where[:, :6])):
        groups.setdefault(tuple(int(k) for k in key), []).append(i)
    for key, members in sorted(groups.items()):
        matrix, competing = workshop.credit(*key[2:])
        columns = workshop.columns(key[0], key[1], key[3], key[5], competing)[:, column[members]]
        counts = np.stack([np.bincount(rng.integers(n, size=n), minlength=n) for _ in members], axis=1)
        drawn = _shares(matrix, columns * counts)
        leaders[members] = _first(drawn, 0)[0]
        shares[members] = drawn.T
    return JointDraws(leaders, shares)


@dataclass(frozen=True)
class Effects:
    """How much of a result's variance over universes one choice explains.

    Parameters
    ----------
    first_order
        Variance of the mean given the choice, over the whole variance.
    total
        Part of the variance that is left when everything but the choice is fixed: with its interactions.
    """

    first_order: float
    total: float


def effects(values: Floats) -> list[Effects]:
    """Return first-order and total effects of every axis of a full factorial.

    Parameters
    ----------
    values
        One value per universe; not a number where undefined, which is left out of every mean.

    Returns
    -------
    list of Effects
        One per axis; both 0 where nothing varies.

    Examples
    --------
    >>> import numpy as np
    >>> [e.first_order for e in effects(np.array([[0.0, 0.0], [1.0, 1.0]]))]
    [1.0, 0.0]
    """
    known = ~np.isnan(values)
    axes = range(values.ndim)
    if not known.any():
        return [Effects(0.0, 0.0) for _ in axes]
    whole = float(np.var(values[known]))
    if whole < 1e-18:
        return [Effects(0.0, 0.0) for _ in axes]
    filled = np.where(known, values, 0.0)
    found = []
    for axis in axes:
        others = tuple(a for a in axes if a != axis)
        found.append(
            Effects(
                first_order=_between(filled, known, others) / whole,
                total=max(0.0, 1 - _between(filled, known, (axis,)) / whole),
            )
        )
    return found


def _between(values: Floats, known: Bools, over: Sequence[int]) -> float:
    """Variance between the means taken over some axes, each weighted by how many universes it rests on."""
    count = known.sum(axis=tuple(over)).ravel()
    total = values.sum(axis=tuple(over)).ravel()
    kept = count > 0
    means, weights = total[kept] / count[kept], count[kept]
    centre = np.average(means, weights=weights)
    return float(np.average((means - centre) ** 2, weights=weights))
