"""How often 95 % intervals cover the truth: many simulated worlds, the study's own intervals, counted by class.

The truth is the share over the population that the works are drawn from (:mod:`primacy.simulate.truth`), not what a
world happened to show. Whether it is the right one shows in the bias, the mean of share less truth over the worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from primacy.errors import UsageError
from primacy.inference.sparse import FEW, beta_interval
from primacy.measures.method import Method, Thresholds
from primacy.simulate.samples import Sample, samples
from primacy.studies.research.intervals import Resampled, interval_rows, resample

__all__ = ["SETTINGS", "WORLDS", "Coverage", "Observed", "Setting", "calibrate", "coverage", "observe"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

WORLDS = 200
"""Worlds of each setting, unless told otherwise."""

WINDOW = "2019-2023"
TECHNOLOGIES = (
    "natural-language-processing",
    "electric-batteries",
    "quantum-computing",
    "supercapacitors",
)
"""A close race, two clear leads and one in between; the worlds take turns."""


@dataclass(frozen=True)
class Setting:
    """How many works a world has in the window, and what becomes of the thresholds in a replicate."""

    works: int
    thresholds: Thresholds


SETTINGS = (
    Setting(200, "fixed"),
    Setting(1_000, "fixed"),
    Setting(5_000, "fixed"),
    Setting(1_000, "recomputed"),
)

SHARES = (0.0, 0.005, 0.02, 0.05, 1.0)
"""Bounds of the classes by true share."""
PAPERS = (0.0, 1.0, 2.0, 5.0, 10.0, 50.0, np.inf)
"""Bounds of the classes by how many highly cited papers a unit may expect."""


@dataclass(frozen=True)
class Observed:
    """Every unit of every world: one entry per interval.

    Parameters
    ----------
    world
        Its number.
    truth, share, papers
        The true share, the share found, and how many highly cited papers the truth lets expect.
    few
        Whether fewer highly cited works than :data:`primacy.inference.sparse.FEW` carry the unit.
    low, high, beta_low, beta_high
        The percentile interval and the beta interval.
    """

    world: npt.NDArray[np.int64]
    truth: Floats
    share: Floats
    papers: Floats
    few: Bools
    low: Floats
    high: Floats
    beta_low: Floats
    beta_high: Floats


@dataclass(frozen=True)
class Coverage:
    """How often one kind of interval covers the truth in one class.

    Parameters
    ----------
    benchmark
        ``calibration``.
    works, thresholds, worlds
        The setting: works in the window, thresholds in replicates, number of worlds.
    interval
        ``percentile`` (``low``, ``high``) or ``beta`` (``beta_low``, ``beta_high``).
    by, units
        What the class goes by, and its bounds: true ``share``, expected highly cited ``papers``, or whether ``few`` of
        them were found.
    intervals
        How many.
    coverage, coverage_error
        The part that covers the truth, and its Monte Carlo standard error, worlds being independent and the units of
        a world not.
    truth_below, truth_above
        The parts of the intervals that the truth lies below and above.
    width
        Their mean width.
    bias, bias_error
        Mean of share less truth, and its standard error.
    """

    benchmark: str
    works: int
    thresholds: str
    worlds: int
    interval: str
    by: str
    units: str
    intervals: int
    coverage: float
    coverage_error: float
    truth_below: float
    truth_above: float
    width: float
    bias: float
    bias_error: float

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return asdict(self)


def calibrate(
    *,
    worlds: int = WORLDS,
    settings: Iterable[Setting] = SETTINGS,
    replicates: int = 1000,
    seed: int = 0,
    step: Callable[[str], None] = lambda _: None,
) -> list[Coverage]:
    """Measure how often the intervals of country shares cover the truth.

    Parameters
    ----------
    worlds
        How many simulated worlds of each setting.
    settings
        Sizes of the worlds, and thresholds in replicates.
    replicates
        Of the bootstrap.
    seed
        Of worlds and replicates.
    step
        Told what is being measured.

    Raises
    ------
    UsageError
        Fewer than two worlds, whose scatter is the Monte Carlo error.
    """
    if worlds < 2:
        raise UsageError(f"--worlds {worlds}: takes 2 or more")
    found = []
    for setting in settings:
        step(f"calibration: {worlds} worlds of {setting.works:,} works, thresholds {setting.thresholds}")
        found += coverage(observe(setting, worlds, replicates, seed), setting)
    return found


def observe(setting: Setting, worlds: int, replicates: int, seed: int) -> Observed:
    """Draw worlds and compute the intervals of all countries that have a true share."""
    method = Method(replicates=replicates, seed=seed, thresholds=setting.thresholds)
    parts = [
        _units(number, sample, technology, method)
        for number, (technology, sample) in enumerate(_worlds(setting.works, worlds, seed))
    ]
    return Observed(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _worlds(works: int, worlds: int, seed: int) -> Iterator[tuple[str, Sample]]:
    """Yield worlds, the technologies taking turns."""
    each = -(-worlds // len(TECHNOLOGIES))
    streams = [samples(t, WINDOW, works=works, worlds=each, seed=seed) for t in TECHNOLOGIES]
    turns = (pair for row in zip(*streams, strict=True) for pair in zip(TECHNOLOGIES, row, strict=True))
    yield from islice(turns, worlds)


def _units(number: int, sample: Sample, technology: str, method: Method) -> tuple[npt.NDArray[Any], ...]:
    """Return the columns of :class:`Observed` for one world."""
    one = _resampled(sample, f"{technology} {number}", method)
    rows = {r["unit"]: r for r in interval_rows([one]).to_pylist()}
    places = np.flatnonzero(sample.truth > 0)
    none = float(beta_interval(np.zeros(1), np.zeros(1), one.whole)[1][0])
    nothing = {"low": 0.0, "high": 0.0, "beta_low": 0.0, "beta_high": none}
    mine = [rows.get(sample.codes[p], nothing) for p in places]
    carried = ((sample.credit > 0) & (sample.score > 0)[:, None]).sum(axis=0)
    return (
        np.full(len(places), number),
        sample.truth[places],
        sample.share[places],
        sample.truth[places] * one.whole,
        carried[places] < FEW,
        *(np.array([r[c] for r in mine]) for c in nothing),
    )


def _resampled(sample: Sample, name: str, method: Method) -> Resampled:
    """Hand a sample to the study as it hands itself the works of a lake."""
    anew = method.thresholds == "recomputed"
    drawn = np.arange(len(sample.year)) if anew else np.flatnonzero(sample.score > 0)
    work, unit = np.nonzero(sample.credit[drawn])
    ids = drawn[work]
    works = pa.table(
        {
            "work_id": drawn,
            "year": sample.year[drawn],
            "citations": sample.citations[drawn],
            "score": sample.score[drawn],
        }
    )
    credit = pa.table(
        {
            "work_id": ids,
            "unit": pa.array([sample.codes[u] for u in unit], pa.string()),
            "citations": sample.citations[ids],
            "score": sample.score[ids],
            "credit": sample.credit[ids, unit],
        }
    )
    return resample((name, WINDOW), len(sample.year), works, credit, method)


def coverage(observed: Observed, setting: Setting) -> list[Coverage]:
    """Count, per class and kind of interval, how often the truth is covered."""
    classes: list[tuple[str, str, Bools]] = [
        *_bands("share", observed.truth, SHARES, lambda v: f"{100 * v:g} %"),
        *_bands("papers", observed.papers, PAPERS, lambda v: f"{v:g}"),
        ("few", f"fewer than {FEW} found", observed.few),
        ("few", f"{FEW} or more found", ~observed.few),
    ]
    ends: dict[Literal["percentile", "beta"], tuple[Floats, Floats]] = {
        "percentile": (observed.low, observed.high),
        "beta": (observed.beta_low, observed.beta_high),
    }
    worlds = int(observed.world.max()) + 1
    found = []
    for interval, (low, high) in ends.items():
        below, above = observed.truth < low, observed.truth > high
        covered = (~(below | above)).astype(float)
        for by, units, some in classes:
            if not some.any():
                continue
            rate, error = _mean(covered, some, observed.world)
            bias, bias_error = _mean(observed.share - observed.truth, some, observed.world)
            found.append(
                Coverage(
                    "calibration", setting.works, setting.thresholds, worlds, interval, by, units, int(some.sum()),
                    round(rate, 4), round(error, 4), round(float(below[some].mean()), 4),
                    round(float(above[some].mean()), 4), round(float((high - low)[some].mean()), 5),
                    round(bias, 6), round(bias_error, 6),
                )
            )  # fmt: skip
    return found


def _bands(
    by: str, values: Floats, bounds: Sequence[float], name: Callable[[float], str]
) -> Iterator[tuple[str, str, Bools]]:
    for low, high in pairwise(bounds):
        units = f"{name(low)} to {name(high)}" if np.isfinite(high) else f"{name(low)} and more"
        yield by, units, (values > low) & (values <= high)


def _mean(values: Floats, some: Bools, world: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Return the mean of some values, and its standard error with whole worlds as the independent parts."""
    count = np.bincount(world, some)
    total = np.bincount(world, np.where(some, values, 0.0))
    mean = total.sum() / count.sum()
    there = np.count_nonzero(count)
    off = ((total - mean * count) ** 2).sum() * (there / (there - 1) if there > 1 else np.nan)
    return float(mean), float(np.sqrt(off) / count.sum())
