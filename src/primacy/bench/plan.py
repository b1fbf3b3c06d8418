"""What a whole snapshot would take, worked out from chains that were measured.

Of every stage the largest chain that has it counts. Its processor time is taken to the size by the exponent fitted over
the chains that have it, or over the portions of the largest where there is one alone; by 1 where that is less, so that
what is fixed at small sizes promises nothing. Disk grows with the works. Memory is taken to the size by its own
exponent: over the portions of the largest chain where a stage has several, else over the chains; no less than was
measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from primacy.bench.chain import STAGES, Chain
from primacy.bench.fit import exponent

__all__ = ["SNAPSHOT", "Planned", "plan"]

SNAPSHOT = 510_000_000
"""Works of OpenAlex in the middle of 2026."""


@dataclass(frozen=True)
class Planned:
    """What one stage would take.

    Attributes
    ----------
    benchmark
        ``plan``.
    stage, works
        The stage, and the size that it is worked out for.
    measured_works
        Size of the chain that it is worked out from.
    exponent
        By which processor time is taken to the size.
    cpu_hours, hours
        Of the processors; and by the clock, if as many processors as measured are busy where the stage uses them all.
    memory_gb
        The most memory at once, in GiB.
    disk_gb
        Lake and results when it has ended, in GiB.
    """

    benchmark: str
    stage: str
    works: int
    measured_works: int
    exponent: float
    cpu_hours: float
    hours: float
    memory_gb: float
    disk_gb: float

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return asdict(self)


_SPREAD = frozenset({"pull", "match"})
"""The stages that keep all processors busy."""


def plan(chains: Sequence[Chain], works: int = SNAPSHOT, *, processors: int = 2) -> list[Planned]:
    """Work out what every stage that was measured would take.

    Parameters
    ----------
    chains
        What was measured, at one size or several, whole or as far as they came.
    works
        The size.
    processors
        How many processors there are.
    """
    return [
        _planned(stage, found, works, processors)
        for stage in STAGES
        if (found := sorted((c for c in chains if c.done(stage)), key=lambda c: c.done(stage)))
    ]


def _planned(stage: str, chains: Sequence[Chain], works: int, processors: int) -> Planned:
    largest = chains[-1]
    sizes = [chain.done(stage) for chain in chains]
    costs = [chain.total(stage) for chain in chains]
    fitted = exponent(sizes, [cost.cpu_seconds for cost in costs]) or largest.growth(stage) or 1.0
    used = max(1.0, fitted)
    times = works / sizes[-1]
    hours = costs[-1].cpu_seconds * times**used / 3600
    held = largest.memory(stage)
    if len(held) < 2:
        held = [(size, cost.memory_mb) for size, cost in zip(sizes, costs, strict=True)]
    memory = exponent(*zip(*held, strict=True)) or 0.0
    last = largest.last(stage)
    return Planned(
        "plan",
        stage,
        works,
        sizes[-1],
        round(used, 3),
        round(hours, 2),
        round(hours / (processors if stage in _SPREAD else 1), 2),
        round(costs[-1].memory_mb * times ** max(0.0, memory) / 1024, 1),
        round((last.lake_mb + last.results_mb) * times / 1024, 1),
    )
