"""Careers of the simulated persons: where they studied, given where they are employed, for life.

A person's career depends on its number alone, by a hash, so that every process and every world tells the same story.
Employment is the country of the first institution. Postgraduate studies are drawn given employment, undergraduate
studies given both. For those employed in China the frequencies of postgraduate studies abroad follow the published
figures (2018-2022, 23 technologies: 8.5 % in the United States, 3.8 % in the United Kingdom, 4.3 % in the European
Union, 1.9 % in Australia, 1.9 % in Canada, 1.6 % in Singapore, 1.1 % in Japan); all others are assumed.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from primacy.simulate.population import Flags, Integers
from primacy.simulate.trajectory import Floats, countries

__all__ = ["IDENTIFIED", "chance", "draw_training", "identified", "orcids", "training"]

IDENTIFIED = 0.30
"""Part of the persons who have an ORCID iD."""

_CHINA = {
    "US": 0.085,
    "GB": 0.038,
    "AU": 0.019,
    "CA": 0.019,
    "SG": 0.016,
    "JP": 0.011,
    "DE": 0.020,
    "FR": 0.012,
    "NL": 0.006,
    "SE": 0.005,
}
_ATTRACTIVE = {
    "US": 10,
    "GB": 4.5,
    "DE": 3,
    "FR": 2,
    "AU": 2,
    "CA": 2,
    "CH": 1.2,
    "JP": 1.2,
    "NL": 1,
    "SG": 1,
}
"""Where people go for postgraduate studies; 0.1 for all others."""
_SENDING = {"CN": 5, "IN": 5, "IR": 1.5, "KR": 1.5, "TR": 1, "BR": 1, "RU": 1, "PK": 1, "EG": 1}
"""Where those come from who studied at home neither before nor after; 0.2 for all others."""
_AT_HOME = {"CN": None, "US": 0.80}
_AT_HOME_ELSEWHERE = 0.72
_HOME_AGAIN, _STAYED = 0.75, 0.17
"""Of those with postgraduate studies abroad: began at home; began where they went on. The rest began elsewhere."""
_NATIVE, _NATIVE_IN_US = 0.86, 0.58
"""Of those with postgraduate studies at home, the part that began there."""
_CHINESE = {"HK", "MO"}
"""Where careers are those of China, home being the territory."""


@cache
def training() -> tuple[Floats, Floats]:
    """Return the frequencies of postgraduate and undergraduate studies.

    Returns
    -------
    tuple
        employment x postgraduate, and employment x postgraduate x undergraduate given both; rows sum to 1. The axes are
        the countries of the world.
    """
    codes = [country.code for country in countries()]
    size = len(codes)
    pull = np.array([_ATTRACTIVE.get(c, 0.1) for c in codes])
    sent = np.array([_SENDING.get(c, 0.2) for c in codes])
    post = np.zeros((size, size))
    under = np.zeros((size, size, size))
    for e, code in enumerate(codes):
        if code == "CN" or code in _CHINESE:
            post[e] = [_CHINA.get(c, 0.0) for c in codes]
        else:
            away = np.where(np.arange(size) == e, 0.0, pull)
            post[e] = (1 - (_AT_HOME.get(code) or _AT_HOME_ELSEWHERE)) * away / away.sum()
        post[e, e] = 1 - post[e].sum()
        native = _NATIVE_IN_US if code == "US" else _NATIVE
        for p in range(size):
            others = np.where(np.isin(np.arange(size), (e, p)), 0.0, sent)
            if p == e:
                under[e, p] = (1 - native) * others / others.sum()
                under[e, p, e] = native
            else:
                under[e, p] = (1 - _HOME_AGAIN - _STAYED) * others / others.sum()
                under[e, p, e], under[e, p, p] = _HOME_AGAIN, _STAYED
    return post, under


def chance(number: Integers, stream: int) -> Floats:
    """Return a number between 0 and 1 for each person, another in each stream (the hash SplitMix64)."""
    start = np.uint64((stream + 1) * 0xD1B54A32D192ED03 % 2**64)
    x = number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + start
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return np.asarray((x >> np.uint64(11)).astype(np.float64) / 2.0**53)


_HAS_ORCID, _POST, _UNDER = range(3)
FIRST_FREE_STREAM = 3


def identified(number: Integers) -> Flags:
    """Return which persons have an ORCID iD."""
    return np.asarray(chance(number, _HAS_ORCID) < IDENTIFIED)


def draw_training(number: Integers, employment: Integers) -> tuple[Integers, Integers]:
    """Return the countries of postgraduate and undergraduate studies of persons, given that of employment."""
    post, under = training()
    size = len(post)
    second = _pick(post, employment, chance(number, _POST))
    first = _pick(under.reshape(size * size, size), employment * size + second, chance(number, _UNDER))
    return second, first


def _pick(table: Floats, row: Integers, at: Floats) -> Integers:
    """Return the column of each row that a number between 0 and 1 falls on."""
    edges = np.cumsum(table, axis=1) / table.sum(axis=1, keepdims=True)
    flat = (edges + np.arange(len(table))[:, None]).ravel()
    place = np.searchsorted(flat, row + at, side="right") - row * table.shape[1]
    return np.asarray(np.clip(place, 0, table.shape[1] - 1))


_BLOCK = 99 * 10**11
"""The first of the iDs, without its check digit: fifteen digits that begin with 0099."""


def orcids(number: Integers) -> list[str]:
    """Return the ORCID iD of each person: in a block that ORCID does not assign, with a valid check digit.

    Examples
    --------
    >>> orcids(np.array([1234567]))
    ['0099-0000-1234-5674']
    """
    whole = _BLOCK + number
    total = np.zeros(len(whole), np.int64)
    for place in range(14, -1, -1):
        total = (total + whole // 10**place % 10) * 2
    check = (12 - total % 11) % 11
    return [
        f"{n // 10**11:04d}-{n // 10**7 % 10**4:04d}-{n // 10**3 % 10**4:04d}-{n % 1000:03d}{'X' if c == 10 else c}"
        for n, c in zip(whole.tolist(), check.tolist(), strict=True)
    ]
