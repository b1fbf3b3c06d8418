"""The works of a slice of the world, as arrays: who wrote them, when, and how often they are cited.

The world is made of slices of at most `SLICE` works, each with its own random stream, so that a world of any
size is written in bounded memory and a slice is the same whoever makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from primacy.simulate.citations import draw
from primacy.simulate.design import DUAL, DUAL_ABROAD, Design
from primacy.simulate.institutions import starts, weights
from primacy.simulate.trajectory import YEARS, Floats

Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

SLICE = 50_000
BACKGROUND = 0.09
"""Part of the works that belong to no technology by its strict query."""
LOOSE = 0.5
"""Part of these that a broad query matches."""

TYPES = (
    "article",
    "review",
    "conference-paper",
    "preprint",
    "book-chapter",
    "dissertation",
    "dataset",
)
_TYPE_PARTS = (0.74, 0.07, 0.11, 0.04, 0.02, 0.01, 0.01)
RETRACTED, PARATEXT, XPAC = 0.004, 0.003, 0.03

RESOLVED, COUNTRY_ONLY, UNRESOLVED = 0, 1, 2
"""What is known of an author's affiliation: institutions; only a country; nothing."""

_COUNTRY_ONLY_PART = 0.25
_CROWD = 1 / 4000  # works with a hundred authors and more
_PERSONS = 3000


@dataclass(frozen=True)
class Authors:
    """One row per authorship, those of a work together.

    Attributes
    ----------
    work
        Index of the work.
    country, institution
        Indices of the first affiliation.
    second_institution
        Index of the second institution, or -1.
    state
        RESOLVED, COUNTRY_ONLY or UNRESOLVED.
    person
        Number of the person within the first institution.
    """

    work: Integers
    country: Integers
    institution: Integers
    second_institution: Integers
    state: Integers
    person: Integers


@dataclass(frozen=True)
class Works:
    """The works of a slice, in the order of their ids.

    Attributes
    ----------
    first_id
        Number of the first work's OpenAlex id.
    technology, year
        Indices; a background work has the technology whose numbers it borrows.
    background
        Whether no strict query matches the work's text.
    loose
        Whether the broad query of its technology matches a background work's text.
    lead, second
        Indices of the lead country and of a second one, which counts where ``abroad``.
    abroad
        Whether authors of the second country take part.
    citations
        Citations received.
    kind
        Index in TYPES.
    retracted, paratext, xpac
        Flags.
    start
        Index of each work's first authorship, and the number of all.
    authors
        The authorships.
    """

    first_id: int
    technology: Integers
    year: Integers
    background: Flags
    loose: Flags
    lead: Integers
    second: Integers
    abroad: Flags
    citations: Integers
    kind: Integers
    retracted: Flags
    paratext: Flags
    xpac: Flags
    start: Integers
    authors: Authors = field(repr=False)

    def __len__(self) -> int:
        return len(self.technology)


def slices(works: int) -> list[tuple[int, int]]:
    """Return the first and last bound of each slice of a world.

    Examples
    --------
    >>> slices(120_000)
    [(0, 40000), (40000, 80000), (80000, 120000)]
    """
    number = max(1, -(-works // SLICE))
    bounds = [works * k // number for k in range(number + 1)]
    return list(pairwise(bounds))


def cell_counts(design: Design, first: int, last: int) -> Integers:
    """Return how many works of a slice belong to each technology and year."""
    share = design.volume * (1 - BACKGROUND)
    return (np.rint(share * last) - np.rint(share * first)).astype(np.int64)


def populate(design: Design, first: int, last: int, first_id: int, rng: np.random.Generator) -> Works:
    """Draw the works of a slice.

    Parameters
    ----------
    design
        The design of the world.
    first, last
        Bounds of the slice in the world.
    first_id
        Number of the OpenAlex id of the world's work 0.
    rng
        The slice's random stream.
    """
    counts = cell_counts(design, first, last)
    size = last - first
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    others = rng.choice(counts.size, size - len(cells), p=design.volume.ravel())
    order = rng.permutation(size)
    cell = np.concatenate([cells, others])[order]
    background = (np.arange(size) >= len(cells))[order]
    technology, year = np.divmod(cell, len(YEARS))
    lead, second, abroad = _places(design, cell, year, rng)
    citations = draw(design.location[year, lead, abroad.astype(np.int64)], rng)
    people = _team_sizes(year, abroad, rng)
    start = np.concatenate([[0], np.cumsum(people)])
    chance = rng.random((4, size))
    return Works(
        first_id + first,
        technology,
        year,
        background,
        background & (chance[3] < LOOSE),
        lead,
        second,
        abroad,
        citations,
        rng.choice(len(TYPES), size, p=_TYPE_PARTS),
        chance[0] < RETRACTED,
        chance[1] < PARATEXT,
        chance[2] < XPAC,
        start,
        _authors(design, technology, year, lead, second, abroad, start, rng),
    )


def _places(
    design: Design, cell: Integers, year: Integers, rng: np.random.Generator
) -> tuple[Integers, Integers, Flags]:
    countries = design.lead.shape[-1]
    lead = _pick(design.lead.reshape(-1, countries), cell, rng)
    target = design.target.reshape(-1, countries)
    second = _pick(target, cell, rng)
    while (same := np.flatnonzero(second == lead)).size:
        second[same] = _pick(target, cell[same], rng)
    return lead, second, rng.random(len(cell)) < design.abroad[year, lead]


def _pick(table: Floats, row: Integers, rng: np.random.Generator) -> Integers:
    """Draw a column of a table of probabilities for each row named."""
    edges = np.cumsum(table, axis=1) / table.sum(axis=1, keepdims=True)
    flat = (edges + np.arange(len(table))[:, None]).ravel()
    place = np.searchsorted(flat, row + rng.random(len(row)), side="right") - row * table.shape[1]
    return np.clip(place, 0, table.shape[1] - 1)


def _team_sizes(year: Integers, abroad: Flags, rng: np.random.Generator) -> Integers:
    mean = 2.4 + 0.1 * year
    size = 1 + abroad + rng.poisson(mean * rng.gamma(3.0, 1 / 3.0, len(year)))
    crowd = rng.random(len(year)) < _CROWD
    return np.where(crowd, rng.integers(100, 260, len(year)), size).astype(np.int64)


def _authors(
    design: Design,
    technology: Integers,
    year: Integers,
    lead: Integers,
    second: Integers,
    abroad: Flags,
    start: Integers,
    rng: np.random.Generator,
) -> Authors:
    work = np.repeat(np.arange(len(technology)), np.diff(start))
    size = len(work)
    seq = np.arange(size) - start[work]
    last = seq == np.diff(start)[work] - 1
    foreign = abroad[work] & (last | ((seq > 0) & (rng.random(size) < 0.5)))
    country = np.where(foreign, second[work], lead[work])
    other = np.where(foreign, lead[work], second[work])
    table = weights(design.technologies)
    institution = _institution(table, technology[work], country, rng)
    dual = rng.random(size) < DUAL
    away = rng.random(size) < DUAL_ABROAD
    another = _institution(table, technology[work], np.where(away, other, country), rng)
    second_institution = np.where(dual & (another != institution), another, -1)
    return Authors(
        work,
        country,
        institution,
        second_institution,
        _states(year, work, rng),
        (_PERSONS * rng.random(size) ** 2).astype(np.int64),
    )


def _institution(
    table: Floats, technology: Integers, country: Integers, rng: np.random.Generator
) -> Integers:
    """Draw an institution of a country by its weight in a technology."""
    first = starts()
    places = len(first) - 1
    cumulated = np.cumsum(table, axis=1)
    flat = (cumulated + np.arange(len(table))[:, None] * places).ravel()
    found = np.searchsorted(flat, technology * places + country + rng.random(len(country)), side="right")
    return np.clip(found - technology * table.shape[1], first[country], first[country + 1] - 1)


def _states(year: Integers, work: Integers, rng: np.random.Generator) -> Integers:
    """Decide what is known of each author's affiliation: in some works nothing, elsewhere now and then."""
    progress = year / (len(YEARS) - 1)
    bare = rng.random(len(year)) < 0.10 - 0.07 * progress
    lost = rng.random(len(work)) < (0.08 - 0.04 * progress)[work]
    partly = rng.random(len(work)) < _COUNTRY_ONLY_PART
    return np.where(
        bare[work], UNRESOLVED, np.where(lost, np.where(partly, COUNTRY_ONLY, UNRESOLVED), RESOLVED)
    )
