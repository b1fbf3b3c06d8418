"""The truth of the world, exact: what a count over endlessly many of its works would give.

The true share of a unit in a technology and year is its expected credit times score over the expected score
of a work, where the score is that of the population: 1 above the threshold of the population's citations, a
part at it, so that it totals the top share.
The credit of authors about whom nothing is known is given to the others of their work (``renormalise``);
since nothing about a work decides whether its authors are known, the expectation does not depend on it.
The truth of a window is the mean over its years, weighted by the number of works.
Works that also belong to a second technology are part of the population of both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from primacy.simulate.careers import training
from primacy.simulate.citations import expected_score, threshold
from primacy.simulate.design import TOP, Design, credit
from primacy.simulate.institutions import institutions, weights
from primacy.simulate.trajectory import FIRST_YEAR, YEARS, Floats

TOPS = (0.01, 0.05, 0.10, 0.25)
WINDOWS = ("2003-2007", "2008-2012", "2013-2017", "2018-2022", "2019-2023", "2020-2024")
PUBLISHED = ("2003-2007", "2018-2022", "2019-2023", "2020-2024")
"""The windows for which leaders were published."""
MERGED = ("HK", "MO")
"""Territories whose works count as China's."""
TOSS = 0.01
"""A lead below this share is a coin toss: no method can be expected to see it."""
CLEAR = 0.10
"""A lead above this share is clear."""


@dataclass(frozen=True)
class Lead:
    """Who truly leads a technology in a window, and by how much."""

    leader: str
    leader_share: float
    runner_up: str
    runner_up_share: float
    top10_in_leader: int

    @property
    def margin(self) -> float:
        """Leader's share less the runner-up's."""
        return self.leader_share - self.runner_up_share

    @property
    def coin_toss(self) -> bool:
        """Whether the lead is too small to be seen."""
        return self.margin < TOSS

    @property
    def clear(self) -> bool:
        """Whether the lead is large."""
        return self.margin > CLEAR

    @property
    def risk(self) -> str:
        """Technology monopoly risk: high, medium or low."""
        ratio = self.leader_share / self.runner_up_share
        if self.top10_in_leader >= 8 and ratio >= 3:
            return "high"
        return "medium" if self.top10_in_leader >= 5 and ratio >= 2 else "low"


@dataclass(frozen=True)
class Truth:
    """The truth of a world.

    Attributes
    ----------
    design
        Its probabilities.
    overlap
        Part of the works written about a technology (row) that belong to another or the same (column).
    """

    design: Design
    overlap: Floats
    _kept: dict[tuple[float, bool], list[tuple[Floats, list[int]]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def works(self) -> Floats:
        """Expected part of all works in each technology and year."""
        return np.einsum("ty,th->hy", self.design.volume, self.overlap)

    def yearly(self, top: float = TOP, *, merge: bool = True) -> Floats:
        """Return the true share by technology, year and country.

        Parameters
        ----------
        top
            Share of works that counts as high impact.
        merge
            Whether HK and MO count as CN.
        """
        table = np.stack([given.sum(axis=0) for given, _ in self._hosts(top)])
        return self._merge(table) if merge else table

    def window(self, name: str, top: float = TOP, *, merge: bool = True) -> Floats:
        """Return the true share in a window such as ``2019-2023``: technology x country."""
        return self.mean(self.yearly(top, merge=merge), name)

    def institutions(self, name: str, top: float = TOP) -> Floats:
        """Return the true share of each institution in a window: technology x institution."""
        place = np.array([each.place for each in institutions()])
        table = weights(self.design.technologies)
        rows = []
        for given, guests in self._hosts(top):
            rows.append(np.einsum("gyi,gi->yi", given[:, :, place], table[guests]))
        return self.mean(np.stack(rows), name)

    def leads(self, name: str) -> list[Lead]:
        """Return the true lead of each technology in a window."""
        share = self.window(name)
        by_institution = self.institutions(name)
        country = np.array([self._country(each.country) for each in institutions()])
        codes = self.design.codes
        found = []
        for row, places in zip(share, by_institution, strict=True):
            first, second = np.argsort(-row, kind="stable")[:2]
            ten = country[np.argsort(-places, kind="stable")[:10]]
            found.append(
                Lead(
                    codes[first],
                    float(row[first]),
                    codes[second],
                    float(row[second]),
                    int(np.count_nonzero(ten == codes[first])),
                )
            )
        return found

    def crossings(self, overtaker: str = "CN", overtaken: str = "US") -> list[int | None]:
        """Return the first year from which the overtaker stays ahead; None where it is not ahead at the end."""
        codes = self.design.codes
        share = self.yearly()
        ahead = share[:, :, codes.index(overtaker)] > share[:, :, codes.index(overtaken)]
        found: list[int | None] = []
        for row in ahead:
            behind = np.flatnonzero(~row)
            first = 0 if not behind.size else int(behind[-1]) + 1
            found.append(FIRST_YEAR + first if first < len(YEARS) else None)
        return found

    def overall(self) -> Floats:
        """Return the share of all high-impact work together: year x country."""
        return np.asarray(np.einsum("ty,tyc->yc", self.works, self.yearly()) / self.works.sum(0)[:, None])

    def stage(self, name: str, stage: str, top: float = TOP) -> Floats:
        """Return where the authors were at a stage of their careers, weighted by credit: technology x country.

        Parameters
        ----------
        name
            A window such as ``2019-2023``.
        stage
            ``employment`` (the country of the first institution), ``postgraduate`` or ``undergraduate``.
        top
            Share of works that counts as high impact.
        """
        table = np.stack([given.sum(axis=0) for given, _ in self._hosts(top, first=True)])
        employed = self.mean(table, name)
        post, under = training()
        if stage == "postgraduate":
            employed = employed @ post
        elif stage == "undergraduate":
            employed = np.einsum("te,ep,epu->tu", employed, post, under)
        return self._merge(employed)

    def _hosts(self, top: float, *, first: bool = False) -> list[tuple[Floats, list[int]]]:
        """Return what `_host` gives for every technology, kept for the next question."""
        if (top, first) not in self._kept:
            self._kept[top, first] = [self._host(host, top, first) for host in range(len(self.overlap))]
        return self._kept[top, first]

    def _host(self, host: int, top: float, first: bool) -> tuple[Floats, list[int]]:
        """Return the share that comes from works written about each technology (guest x year x country)."""
        guests = np.flatnonzero(self.overlap[:, host]).tolist()
        plan = self.design
        mass = plan.cells[guests] * (self.overlap[guests, host, None] * plan.volume[guests])[..., None, None]
        total = mass.sum(axis=(0, 2, 3), keepdims=True)
        mass = np.divide(mass, total, out=np.zeros_like(mass), where=total > 0)
        location = np.broadcast_to(plan.location, mass.shape)
        by_year = (len(YEARS), -1)
        flat = [np.moveaxis(table, 1, 0).reshape(by_year) for table in (location, mass)]
        at, part = threshold(flat[0], flat[1], top)
        scored = mass * expected_score(at[:, None], part[:, None], location)
        credited = (
            credit(plan.target[guests], scored, away=0.0) if first else credit(plan.target[guests], scored)
        )
        return credited / top, guests

    def mean(self, table: Floats, name: str) -> Floats:
        """Average a yearly table (technology x year x unit) over a window, weighted by works."""
        first, last = (int(year) - FIRST_YEAR for year in name.split("-"))
        years = slice(first, last + 1)
        weight = self.works[:, years] / self.works[:, years].sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("ty,tyu->tu", weight, table[:, years]))

    def _merge(self, table: Floats) -> Floats:
        codes = self.design.codes
        merged = table.copy()
        for code in MERGED:
            merged[..., codes.index("CN")] += table[..., codes.index(code)]
            merged[..., codes.index(code)] = 0.0
        return merged

    @staticmethod
    def _country(code: str) -> str:
        return "CN" if code in MERGED else code
