"""A world's snapshot in portions, for worlds that are larger than the disk: each can be pulled and thrown away.

The records are those of the whole world, whatever the size of the portions.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from primacy.simulate.openalex import Copy, finish_works, write_entities
from primacy.simulate.population import slices
from primacy.simulate.workers import write_slices
from primacy.simulate.world import World, mark, plan
from primacy.technologies.portfolio import load_portfolio

__all__ = ["Portion", "portions", "write_portion"]


@dataclass(frozen=True)
class Portion:
    """Consecutive slices of a world.

    Attributes
    ----------
    world, seed
        How many works the world has, and which sample of it this is.
    first
        Number of the first slice.
    bounds
        First and last bound of each slice.
    """

    world: int
    seed: int
    first: int
    bounds: tuple[tuple[int, int], ...]

    @property
    def works(self) -> int:
        """How many works it has."""
        return self.bounds[-1][1] - self.bounds[0][0]


def portions(world: int, size: int, *, seed: int = 0) -> list[Portion]:
    """Divide a world into portions of at most a number of works, as far as its slices allow.

    Examples
    --------
    >>> [p.works for p in portions(200_000, 100_000)]
    [100000, 100000]
    """
    bounds = slices(world)
    number = max(1, size // (bounds[0][1] - bounds[0][0]))
    return [
        Portion(world, seed, first, tuple(bounds[first : first + number]))
        for first in range(0, len(bounds), number)
    ]


def write_portion(
    directory: Path, portion: Portion, *, copies: Sequence[Copy] = ("jsonl",), processes: int | None = None
) -> World:
    """Write the snapshot of a portion, of the bundled portfolio's world.

    Parameters
    ----------
    directory
        Where; it becomes a snapshot's root.
    portion
        Which works.
    copies
        In which of OpenAlex's formats.
    processes
        How many processes write; as many as there are processors by default.
    """
    found, words, _ = plan(load_portfolio())
    written = write_slices(
        directory,
        found,
        words,
        bounds=portion.bounds,
        seed=portion.seed,
        processes=processes or os.cpu_count() or 1,
        step=lambda _: None,
        first=portion.first,
        copies=copies,
    )
    write_entities(directory, words, copies)
    finish_works(directory, written, copies)
    world = World.of(directory, written, found)
    mark(directory, world, portion.seed)
    return world
