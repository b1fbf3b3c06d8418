"""Samples of one technology without files: the quick way to see how often an interval covers the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from primacy.errors import UsageError
from primacy.simulate.citations import score
from primacy.simulate.design import TOP, Design, design
from primacy.simulate.institutions import institutions
from primacy.simulate.population import RESOLVED, UNRESOLVED, Integers, Works, populate
from primacy.simulate.trajectory import FIRST_YEAR, LAST_YEAR, YEARS, Floats, courses
from primacy.simulate.truth import MERGED, Truth


@dataclass(frozen=True)
class Sample:
    """The counted works of one technology and window in one world.

    Attributes
    ----------
    codes
        Countries, the columns of ``credit`` and ``truth``.
    year
        Publication year of each work.
    citations
        Citations of each work.
    score
        Score of each work within its year, ties in part; the scores of a year sum to top x works.
    credit
        Fractional credit, works x countries, renormalised, HK and MO within CN; each row sums to 1.
    truth
        True share of each country in the window.
    """

    codes: tuple[str, ...]
    year: Integers
    citations: Integers
    score: Floats
    credit: Floats
    truth: Floats

    @property
    def share(self) -> Floats:
        """The share of each country in this sample."""
        return np.asarray((self.score @ self.credit) / self.score.sum())


def samples(
    technology: str, window: str, *, works: int, worlds: int, seed: int = 0, top: float = TOP
) -> Iterator[Sample]:
    """Yield the works of a technology and window in many worlds of one truth.

    Parameters
    ----------
    technology
        Its id.
    window
        Years, such as ``2019-2023``.
    works
        About how many works each world has in the window; those of which no country is known are not among
        those yielded.
    worlds
        How many worlds.
    seed
        Of the first world; the others follow from it.
    top
        Share of works that counts as high impact.

    Raises
    ------
    UsageError
        The technology is unknown, or the window is not within the years of the world.

    Examples
    --------
    >>> for sample in samples("lasers", "2019-2023", works=100, worlds=1):
    ...     pass
    Traceback (most recent call last):
    primacy.errors.UsageError: technology lasers: the simulated world does not know it
    >>> (sample,) = samples("supercapacitors", "2019-2023", works=500, worlds=1)
    >>> float(sample.score.sum().round(6)) == round(0.1 * len(sample.citations), 6)
    True
    """
    if technology not in {course.technology for course in courses()}:
        raise UsageError(f"technology {technology}: the simulated world does not know it")
    plan = _within(design((technology,)), window)
    truth = Truth(plan, np.eye(1)).window(window, top)[0]
    for world in range(worlds):
        drawn = populate(plan, 0, works, 1, np.random.default_rng([seed, world]))
        credit = country_credit(drawn, plan.codes)
        counted = np.flatnonzero(credit.any(axis=1))
        year, citations = drawn.year[counted], drawn.citations[counted]
        scores = np.zeros(len(counted))
        for each in np.unique(year):
            scores[year == each] = score(citations[year == each], top)
        yield Sample(plan.codes, FIRST_YEAR + year, citations, scores, credit[counted], truth)


def country_credit(works: Works, codes: tuple[str, ...]) -> Floats:
    """Return the fractional credit of each country: works x countries.

    Each author has an equal part, divided over the institutions; authors about whom nothing is known leave
    theirs to the others; HK and MO count as CN. The row of a work with no known author is zero.
    """
    people = works.authors
    place = np.array([each.place for each in institutions()])
    territory = np.array([codes.index("CN") if code in MERGED else n for n, code in enumerate(codes)])
    known = people.state != UNRESOLVED
    two = (people.second_institution >= 0) & (people.state == RESOLVED)
    part = np.where(two, 0.5, 1.0)
    table = np.zeros((len(works), len(codes)))
    np.add.at(table, (people.work[known], territory[people.country[known]]), part[known])
    np.add.at(table, (people.work[two], territory[place[people.second_institution[two]]]), 0.5)
    total = table.sum(axis=1, keepdims=True)
    return np.divide(table, total, out=table, where=total > 0)


def _within(plan: Design, window: str) -> Design:
    try:
        first, last = (int(year) for year in window.split("-"))
    except ValueError:
        raise UsageError(f"window {window}: write it as 2019-2023") from None
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise UsageError(f"window {window}: the simulated world has the years {FIRST_YEAR}-{LAST_YEAR}")
    volume = plan.volume * ((first <= YEARS) & (last >= YEARS))
    return replace(plan, volume=volume / volume.sum())
