"""The design of the world: probabilities that make its truth the one that is wanted.

A work has a lead country, and perhaps a second one; its citations depend on both facts, on its year and on
nothing else.
`design` finds, for each technology and year, how often each country must lead a work so that the expected
share of high-impact work is the target of `trajectory`: from a first guess, each country's frequency is
scaled by target over outcome until nothing moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from primacy.simulate.citations import ABROAD_BONUS, expected_score, levels, threshold
from primacy.simulate.trajectory import Floats, between, countries, target_shares, volumes

TOP = 0.10
DUAL = 0.10
"""Probability that an author has a second institution."""
DUAL_ABROAD = 0.3
"""Probability that the second institution of an author is in another country."""

_ROUNDS = 40
_TOLERANCE = 1e-10


@dataclass(frozen=True)
class Design:
    """Probabilities of the world; the axes are technology, year, country.

    Attributes
    ----------
    technologies
        Ids, sorted.
    volume
        Part of all works: technology x year.
    target
        Share of high-impact work that is wanted: technology x year x country. The second country of a work
        is drawn by it, the lead country left out.
    lead
        Probability that a country leads a work: technology x year x country.
    abroad
        Probability that a work led by a country has authors of a second one: year x country.
    location
        Level of the citations: year x lead country x (alone, with a second country).
    """

    technologies: tuple[str, ...]
    volume: Floats
    target: Floats
    lead: Floats
    abroad: Floats
    location: Floats

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the countries, in the order of the arrays."""
        return tuple(country.code for country in countries())

    @property
    def cells(self) -> Floats:
        """Probability of each kind of work: technology x year x lead country x (alone, with a second)."""
        return np.asarray(self.lead[..., None] * np.stack([1 - self.abroad, self.abroad], axis=-1))


@cache
def design(technologies: tuple[str, ...]) -> Design:
    """Solve for the probabilities of a world of these technologies."""
    target = target_shares(technologies)
    plan = Design(tuple(technologies), volumes(technologies), target, target, *_frame())
    for _ in range(_ROUNDS):
        share = credit(target, scored(plan, TOP)) / TOP
        if np.abs(share - target).max() < _TOLERANCE:
            return plan
        lead = plan.lead * (target / share)
        plan = replace(plan, lead=lead / lead.sum(axis=-1, keepdims=True))
    raise ArithmeticError("the design of the simulated world does not converge; its tables contradict")


def scored(plan: Design, top: float) -> Floats:
    """Return the probability of each kind of work times its expected score, each cell taken by itself."""
    cells = plan.cells
    flat = (*cells.shape[:2], -1)
    location = np.broadcast_to(plan.location, cells.shape).reshape(flat)
    at, part = threshold(location, cells.reshape(flat), top)
    return np.asarray(cells * expected_score(at, part, location).reshape(cells.shape))


def credit(target: Floats, kinds: Floats, *, away: float = DUAL * DUAL_ABROAD / 2) -> Floats:
    """Return the expected credit of each country, given the mass of each kind of work.

    Authors of a second country hold half of the credit in expectation; of a work with one country, authors
    with a second institution abroad give half of their part to a country drawn in the same way.

    Parameters
    ----------
    target
        What second countries are drawn by: technology x year x country.
    kinds
        Mass: technology x year x lead country x (alone, with a second country).
    away
        What an author's second institutions give abroad; 0 counts authors by their first institution.
    """
    given = kinds[..., 0] * away + kinds[..., 1] / 2
    kept = kinds.sum(axis=-1) - given
    rate = given / (1 - target)
    return np.asarray(kept + target * (rate.sum(axis=-1, keepdims=True) - rate))


def _frame() -> tuple[Floats, Floats]:
    known = countries()
    quality = between([c.quality[0] for c in known], [c.quality[1] for c in known])
    abroad = between([c.abroad[0] for c in known], [c.abroad[1] for c in known])
    alone = levels()[:, None] + quality
    return abroad, np.stack([alone, alone + ABROAD_BONUS], axis=-1)
