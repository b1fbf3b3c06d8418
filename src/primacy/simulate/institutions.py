"""Simulated institutions: plainly fictional names under real country codes.

Sizes follow Zipf's law inside each country, and every technology has its own order of the institutions, drawn
once for all worlds.
China, Germany and France have an umbrella body with institutes below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from primacy.simulate.trajectory import Floats, countries

FIRST_ID = 9_000_000_001
UMBRELLAS = {"CN": 8, "DE": 5, "FR": 5}
"""Countries with an umbrella body (their institution 001), and how many institutes are below it."""

_ZIPF = {"CN": 0.3, "US": 0.5}
_ZIPF_ELSEWHERE = 1.2  # smaller systems are led by a few universities
_SPECIALITY = 0.8  # spread of the logarithm of an institution's weight between technologies
_KINDS = (
    "education",
    "education",
    "education",
    "facility",
    "education",
    "company",
    "government",
    "education",
)
_NAMES = {
    "education": "Simulated University",
    "facility": "Simulated Laboratory",
    "company": "Simulated Company",
    "government": "Simulated Agency",
}


@dataclass(frozen=True, slots=True)
class Institution:
    """One institution.

    Attributes
    ----------
    id
        Number of its OpenAlex id, in a range that OpenAlex does not use.
    name, kind, country
        Display name, OpenAlex type and ISO code.
    place
        Index of its country.
    ror
        A code of a ROR's length that holds letters which no ROR has.
    parent
        Index of the umbrella body above it, or None.
    umbrella
        Whether it is an umbrella body.
    """

    id: int
    name: str
    kind: str
    country: str
    place: int
    ror: str
    parent: int | None
    umbrella: bool


@cache
def institutions() -> tuple[Institution, ...]:
    """Return all institutions, those of a country together, in the order of `countries`."""
    found: list[Institution] = []
    for place, country in enumerate(countries()):
        first = len(found)
        below = UMBRELLAS.get(country.code, 0)
        for number in range(1, country.institutions + 1):
            umbrella = bool(below) and number == 1
            child = 1 < number <= 1 + below
            kind = "government" if umbrella else "facility" if child else _KINDS[number % len(_KINDS)]
            name = "Simulated Academy" if umbrella else "Simulated Institute" if child else _NAMES[kind]
            found.append(
                Institution(
                    FIRST_ID + len(found),
                    f"{name} {country.code}-{number:03d}",
                    kind,
                    country.code,
                    place,
                    f"0sim{country.code.lower()}{number:03d}",
                    first if child else None,
                    umbrella,
                )
            )
    return tuple(found)


def starts() -> npt.NDArray[np.int64]:
    """Return the index of the first institution of each country, and the number of all."""
    return np.cumsum([0, *(country.institutions for country in countries())])


def weights(technologies: tuple[str, ...]) -> Floats:
    """Return the probability of each institution within its country: technology x institution."""
    first = starts()
    rank = np.concatenate([np.arange(1, n + 1) for n in np.diff(first)])
    exponent = np.array([_ZIPF.get(each.country, _ZIPF_ELSEWHERE) for each in institutions()])
    rows = []
    for technology in technologies:
        rng = np.random.default_rng(list(technology.encode()))
        row = rank**-exponent * np.exp(_SPECIALITY * rng.standard_normal(len(rank)))
        total = np.add.reduceat(row, first[:-1])
        rows.append(row / np.repeat(total, np.diff(first)))
    return np.stack(rows)
