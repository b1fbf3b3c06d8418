"""Who cites whom inside a slice: never more than a work's citations, with a bias for the own country.

A citation of a work falls into the slice with a chance that leaves each citing work about `INSIDE` references
there; the citing work is of the same technology, not older, and more often from the same country than by
chance.
"""

from __future__ import annotations

import numpy as np

from primacy.simulate.population import Integers, Works
from primacy.simulate.trajectory import YEARS

INSIDE = 7.0
HOME = {"CN": 0.45, "US": 0.30}
"""Part of the citations that are drawn from the own country alone; `HOME_ELSEWHERE` for the others."""
HOME_ELSEWHERE = 0.20


def references(works: Works, codes: tuple[str, ...], rng: np.random.Generator) -> tuple[Integers, Integers]:
    """Draw the references inside a slice.

    Returns
    -------
    tuple
        For each work the index of its first reference (and the number of all), and the cited works' indices.
    """
    citing, cited = _edges(works, codes, rng)
    pairs = np.unique(citing * len(works) + cited)
    citing, cited = np.divmod(pairs, len(works))
    return np.searchsorted(citing, np.arange(len(works) + 1)), cited


def _edges(works: Works, codes: tuple[str, ...], rng: np.random.Generator) -> tuple[Integers, Integers]:
    years, places = len(YEARS), len(codes)
    technologies = int(works.technology.max()) + 1
    number = np.bincount(works.technology, minlength=technologies)
    total = np.bincount(works.technology, works.citations, minlength=technologies)
    chance = np.minimum(0.9, INSIDE * number / np.maximum(total, 1))
    cited = np.repeat(np.arange(len(works)), rng.binomial(works.citations, chance[works.technology]))
    key = (works.technology * years + works.year) * places + works.lead
    order = np.argsort(key, kind="stable")
    bounds = np.searchsorted(key[order], np.arange(technologies * years * places + 1))
    year = _citing_years(works, cited, bounds[::places].reshape(-1)[: technologies * years + 1], rng)
    cell = works.technology[cited] * years + year
    home = np.array([HOME.get(code, HOME_ELSEWHERE) for code in codes])[works.lead[cited]]
    own = cell * places + works.lead[cited]
    at_home = (rng.random(len(cited)) < home) & (bounds[own + 1] > bounds[own])
    low = np.where(at_home, bounds[own], bounds[cell * places])
    high = np.where(at_home, bounds[own + 1], bounds[(cell + 1) * places])
    keep = high > low
    low, high, cited = low[keep], high[keep], cited[keep]
    citing = order[low + (rng.random(len(low)) * (high - low)).astype(np.int64)]
    other = citing != cited
    return citing[other], cited[other]


def _citing_years(works: Works, cited: Integers, cells: Integers, rng: np.random.Generator) -> Integers:
    """Draw the year of each citation: by the age of the cited work and the number of works of the year."""
    years = len(YEARS)
    number = np.diff(cells).reshape(-1, years).astype(float)
    age = np.arange(years)[None, :] - np.arange(years)[:, None]
    ageing = np.where(age >= 0, (age + 0.5) * np.exp(-age / 4.0), 0.0)
    table = number[:, None, :] * ageing[None]
    table += np.eye(years) * 1e-9
    edges = np.cumsum(table, axis=2)
    edges /= edges[:, :, -1:]
    row = works.technology[cited] * years + works.year[cited]
    flat = (edges.reshape(-1, years) + np.arange(edges.shape[0] * years)[:, None]).ravel()
    place = np.searchsorted(flat, row + rng.random(len(row)), side="right") - row * years
    return np.clip(place, works.year[cited], years - 1)
