"""What a benchmark says: seconds, against the seconds of a baseline in the same run."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

__all__ = ["Measurement", "measured", "peak_memory", "timed"]


@dataclass(frozen=True)
class Measurement:
    """One benchmark.

    Parameters
    ----------
    benchmark, works
        Its name, and the size of the world.
    seconds, works_per_second
        What primacy took.
    baseline, baseline_seconds
        What it is compared with, and what that took.
    ratio
        Seconds of the baseline over primacy's: above 1, primacy is faster.
    cost
        Primacy's seconds over the baseline's: what an answer with uncertainty costs, where the baseline is the answer
        without.
    growth
        Seconds for 1,000 replicates over seconds for 500, where there are replicates: 2 is linear.
    peak_memory_mb
        The most memory that this process has held so far, in MiB.
    """

    benchmark: str
    works: int
    seconds: float
    works_per_second: float
    baseline: str
    baseline_seconds: float
    ratio: float
    cost: float
    growth: float | None
    peak_memory_mb: float

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return asdict(self)


def timed(action: Callable[[], object], *, best_of: int = 1) -> float:
    """Return the seconds that an action takes, the least of several times."""

    def once() -> float:
        began = perf_counter()
        action()
        return perf_counter() - began

    return min(once() for _ in range(best_of))


def measured(
    name: str,
    works: int,
    seconds: float,
    baseline: str,
    baseline_seconds: float,
    *,
    growth: float | None = None,
) -> Measurement:
    """Return a measurement, rounded."""
    return Measurement(
        name, works, round(seconds, 3), round(works / seconds, 1), baseline, round(baseline_seconds, 3),
        round(baseline_seconds / seconds, 2), float(f"{seconds / baseline_seconds:.3g}"),
        None if growth is None else round(growth, 2), round(peak_memory(), 1),
    )  # fmt: skip


def peak_memory() -> float:
    """Return the most memory that this process has held so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, on macOS bytes
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
