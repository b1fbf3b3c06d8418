"""The history that the simulated world follows: target shares of high-impact work by technology and year.

Two curves per technology, China's and the United States', follow one logistic in time: both move from their
level before to their level after, around a midpoint.
`technologies.csv` states the levels and whether a published figure or an assumption stands behind them.
What the two leave is divided among the other countries by `countries.csv`, save where `exceptions.csv` gives
a third country a share of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

FIRST_YEAR = 2003
LAST_YEAR = 2024
YEARS = np.arange(FIRST_YEAR, LAST_YEAR + 1)


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the simulated world.

    Attributes
    ----------
    code, name
        ISO 3166-1 alpha-2 code and English name.
    institutions
        How many institutions it has.
    share
        Weight at the first and the last year among the countries other than CN and US; of HK and MO, their
        part of China's share.
    quality
        Logarithm of the factor on citations, at the first and the last year.
    abroad
        Probability that a work has authors of a second country, at the first and the last year.
    """

    code: str
    name: str
    institutions: int
    share: tuple[float, float]
    quality: tuple[float, float]
    abroad: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Course:
    """The course of one technology.

    Attributes
    ----------
    technology
        Its id.
    volume
        Number of works relative to the other technologies.
    china, america
        Target share of high-impact work before and after the change.
    midpoint, width
        Year at the middle of the change, and its slowness in years.
    drift, drift_year
        Lead that China gains each year over the United States, beside the change, and when it is zero.
    basis
        What the levels rest on: ``published`` or ``assumed``.
    """

    technology: str
    volume: float
    china: tuple[float, float]
    america: tuple[float, float]
    midpoint: float
    width: float
    drift: float
    drift_year: float
    basis: str


@cache
def countries() -> tuple[Country, ...]:
    """Return the countries of the world, in the order of every array of countries."""
    return tuple(
        Country(
            row["country"],
            row["name"],
            int(row["institutions"]),
            (float(row["share_2003"]), float(row["share_2024"])),
            (float(row["quality_2003"]), float(row["quality_2024"])),
            (float(row["abroad_2003"]), float(row["abroad_2024"])),
        )
        for row in _rows("countries.csv")
    )


@cache
def courses() -> tuple[Course, ...]:
    """Return the course of every technology that the world knows, by id."""
    return tuple(
        Course(
            row["technology"],
            float(row["volume"]),
            (float(row["cn_before"]), float(row["cn_after"])),
            (float(row["us_before"]), float(row["us_after"])),
            float(row["midpoint"]),
            float(row["width"]),
            float(row["drift"]),
            float(row["drift_year"]),
            row["basis"],
        )
        for row in _rows("technologies.csv")
    )


def between(first: Floats | Sequence[float], last: Floats | Sequence[float]) -> Floats:
    """Interpolate over the years: one row per year, from the first year's values to the last's.

    Examples
    --------
    >>> between([0.0], [21.0])[[0, 1, -1]].ravel().tolist()
    [0.0, 1.0, 21.0]
    """
    part = ((YEARS - FIRST_YEAR) / (LAST_YEAR - FIRST_YEAR))[:, None]
    return np.asarray(first) * (1 - part) + np.asarray(last) * part


def logistic(years: npt.ArrayLike, midpoint: float, width: float) -> Floats:
    """Return the progress of a change, 0 long before the midpoint and 1 long after."""
    return np.asarray(1 / (1 + np.exp(-(np.asarray(years, float) - midpoint) / width)))


def target_shares(technologies: Sequence[str]) -> Floats:
    """Return the target share of high-impact work: technology x year x country.

    The shares of a technology and year sum to 1. China's target is that of CN, HK and MO together.
    """
    return np.stack([_targets(course) for course in _select(technologies)])


def volumes(technologies: Sequence[str]) -> Floats:
    """Return the part of all works in each technology and year; they sum to 1."""
    weight = np.array([course.volume for course in _select(technologies)])
    growth = np.exp(0.055 * (YEARS - FIRST_YEAR))
    table = weight[:, None] * growth
    return np.asarray(table / table.sum())


def _select(technologies: Sequence[str]) -> list[Course]:
    by_id = {course.technology: course for course in courses()}
    return [by_id[name] for name in technologies]


def _targets(course: Course) -> Floats:
    progress = logistic(YEARS, course.midpoint, course.width)
    drift = np.where(YEARS >= 2012, course.drift * (YEARS - course.drift_year) / 2, 0.0)
    china = course.china[0] + (course.china[1] - course.china[0]) * progress + drift
    america = course.america[0] + (course.america[1] - course.america[0]) * progress - drift
    codes = [country.code for country in countries()]
    part = between([c.share[0] for c in countries()], [c.share[1] for c in countries()])
    table = part.copy()
    for place in map(codes.index, ("US", "CN", "HK", "MO")):
        table[:, place] = 0.0
    own = _exceptions(course.technology)
    for code in own:
        table[:, codes.index(code)] = 0.0
    rest = 1 - china - america - sum(own.values())
    table *= (rest / table.sum(axis=1))[:, None]
    for code, share in own.items():
        table[:, codes.index(code)] = share
    table[:, codes.index("US")] = america
    for code in ("HK", "MO"):
        table[:, codes.index(code)] = china * part[:, codes.index(code)]
    table[:, codes.index("CN")] = china - table[:, codes.index("HK")] - table[:, codes.index("MO")]
    return table


@cache
def _exceptions(technology: str) -> dict[str, Floats]:
    return {
        row["country"]: between([float(row["share_2003"])], [float(row["share_2024"])])[:, 0]
        for row in _rows("exceptions.csv")
        if row["technology"] == technology
    }


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
