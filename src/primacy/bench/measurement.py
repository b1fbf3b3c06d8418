"""What a benchmark says: what primacy takes, against what a user would do instead, in the same run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any, Literal

from primacy.bench.isolated import Cost, own_peak, processor

__all__ = ["Measurement", "Runs", "compared", "timed"]

Basis = Literal["cpu", "wall"]


@dataclass(frozen=True)
class Runs:
    """What one side took, each time that it was run.

    Attributes
    ----------
    name
        What it is.
    costs
        What it took; empty where it could not be run.
    processes
        How many processes or threads compute.
    omits
        What the other side does and it does not.
    missing
        Why it could not be run; empty where it was.
    """

    name: str
    costs: tuple[Cost, ...]
    processes: int = 1
    omits: str = ""
    missing: str = ""

    def middle(self, field: Literal["cpu_seconds", "wall_seconds"]) -> float:
        """Return the median of its seconds."""
        return median(getattr(cost, field) for cost in self.costs)

    @property
    def memory_mb(self) -> float:
        """The most memory that it held."""
        return max(cost.memory_mb for cost in self.costs)


@dataclass(frozen=True)
class Measurement:
    """One benchmark against one baseline, at one size; medians over the repetitions.

    Parameters
    ----------
    benchmark, works
        Its name, and the size of the world.
    seconds, cpu_seconds
        What primacy took: from begin to end, and of the processors, in all its processes.
    works_per_second, mb_per_second
        By the clock; the second of the source's bytes (10^6), where there is one.
    peak_memory_mb
        The most memory that its processes held at once, in MiB.
    baseline, omits
        What it is compared with, and what that does not do.
    baseline_seconds, baseline_cpu_seconds, baseline_memory_mb
        What that took.
    basis
        What the ratio is of: ``cpu`` where both sides use as many processes, ``wall`` where they do not.
    ratio
        The baseline's seconds over primacy's: above 1, primacy is faster.
    ratio_low, ratio_high
        The least and the most of the repetitions.
    cpu_ratio
        The ratio of processor time, whatever the basis.
    bar
        What the ratio is meant to be at least; None where nothing is promised.
    holds
        Whether it is.
    cost
        Primacy's seconds over the baseline's: what an answer with uncertainty costs, where the baseline is the answer
        without.
    growth
        Seconds for 1,000 replicates over seconds for 500, where there are replicates: 2 is linear.
    exponent, baseline_exponent
        Of processor time against size, where several sizes were measured.
    note
        Why there is no ratio; else empty.
    """

    benchmark: str
    works: int
    seconds: float
    cpu_seconds: float
    works_per_second: float
    mb_per_second: float | None
    peak_memory_mb: float
    baseline: str
    omits: str
    baseline_seconds: float | None
    baseline_cpu_seconds: float | None
    baseline_memory_mb: float | None
    basis: Basis
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    cpu_ratio: float | None
    bar: float | None
    holds: bool | None
    cost: float | None
    growth: float | None = None
    exponent: float | None = None
    baseline_exponent: float | None = None
    note: str = ""

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return asdict(self)


def compared(
    benchmark: str,
    works: int,
    own: Runs,
    other: Runs,
    *,
    megabytes: float | None = None,
    bar: float | None = None,
    growth: float | None = None,
) -> Measurement:
    """Return one side against the other.

    Parameters
    ----------
    benchmark, works
        Name and size.
    own, other
        Primacy and the baseline, run in turn.
    megabytes
        Size of what primacy read, in 10^6 bytes.
    bar
        What the ratio is meant to be at least.
    growth
        As in :class:`Measurement`.
    """
    wall, cpu = own.middle("wall_seconds"), own.middle("cpu_seconds")
    basis: Basis = "cpu" if own.processes == other.processes else "wall"
    measured = {
        "benchmark": benchmark,
        "works": works,
        "seconds": round(wall, 3),
        "cpu_seconds": round(cpu, 3),
        "works_per_second": round(works / wall, 1),
        "mb_per_second": None if megabytes is None else round(megabytes / wall, 2),
        "peak_memory_mb": round(own.memory_mb, 1),
        "baseline": other.name,
        "omits": other.omits,
        "basis": basis,
        "bar": bar,
        "growth": None if growth is None else round(growth, 2),
        "note": other.missing,
    }
    if other.missing:
        empty = ("seconds", "cpu_seconds", "memory_mb")
        none = dict.fromkeys([*(f"baseline_{name}" for name in empty), "ratio", "ratio_low", "ratio_high"])
        return Measurement(**measured, **none, cpu_ratio=None, holds=None, cost=None)  # type: ignore[arg-type]
    field: Literal["cpu_seconds", "wall_seconds"] = "cpu_seconds" if basis == "cpu" else "wall_seconds"
    mine, its = own.middle(field), other.middle(field)
    each = [getattr(b, field) / getattr(a, field) for a, b in zip(own.costs, other.costs, strict=True)]
    ratio = its / mine
    return Measurement(
        **measured,  # type: ignore[arg-type]
        baseline_seconds=round(other.middle("wall_seconds"), 3),
        baseline_cpu_seconds=round(other.middle("cpu_seconds"), 3),
        baseline_memory_mb=round(other.memory_mb, 1),
        ratio=round(ratio, 2),
        ratio_low=round(min(each), 2),
        ratio_high=round(max(each), 2),
        cpu_ratio=round(other.middle("cpu_seconds") / cpu, 2),
        holds=None if bar is None else ratio >= bar,
        cost=float(f"{1 / ratio:.3g}"),
    )


def timed(action: Callable[[], object], *, best_of: int = 1) -> Cost:
    """Return what an action costs in this process, the least of several times; its memory is the process's so far."""

    def once() -> Cost:
        before, began = processor(), perf_counter()
        action()
        return Cost(processor() - before, perf_counter() - began, own_peak())

    return min((once() for _ in range(best_of)), key=lambda cost: cost.cpu_seconds)
