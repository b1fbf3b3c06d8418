"""From a snapshot to results, at any size: what each stage costs, and how the whole grows.

The world is written, pulled and thrown away portion by portion, so that the disk holds one portion and the lake. Each
stage runs in a process of its own, and a line of the log is written as soon as one has ended; a chain that was broken
off goes on after the last of them.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

from primacy._version import __version__
from primacy.bench import own
from primacy.bench.fit import exponent
from primacy.bench.ground import Ground
from primacy.bench.isolated import Cost, isolated
from primacy.errors import InputError, PrimacyError
from primacy.simulate.openalex import Copy
from primacy.simulate.portions import Portion, portions, write_portion
from primacy.sources import openalex
from primacy.workspace import Workspace

__all__ = ["PORTION", "STAGES", "Chain", "Stage", "StageCost", "Through", "chain", "costs", "read"]

PORTION = 2_000_000
"""Works that are written and pulled at a time, unless told otherwise."""

Through = Literal["pull", "match", "shares", "run"]
STAGES: tuple[Through, ...] = ("pull", "match", "shares", "run")
"""The stages, after the simulation, which stands for the download. ``shares`` are those of all technologies, units,
windows and years; ``run`` is the whole study without intervals, which computes them too."""

_SOURCE_BYTES = 2_500
"""Bytes on disk that a work of a portion takes at most."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Stage:
    """One stage of one chain, or its part that concerns one portion.

    Attributes
    ----------
    stage
        ``simulate``, ``pull``, ``match``, ``shares`` or ``run``.
    portion
        Number of the portion; None for what concerns the whole lake.
    works
        How many works it was given.
    source_mb, lake_mb, results_mb
        What lies on the disk when it has ended, in MiB: the portion's snapshot, the lake with its history, results.
    cost
        What it cost.
    """

    stage: str
    portion: int | None
    works: int
    source_mb: float
    lake_mb: float
    results_mb: float
    cost: Cost

    def line(self) -> dict[str, Any]:
        """Return it as a line of the log."""
        own = asdict(self)
        return own | own.pop("cost")

    @classmethod
    def of(cls, line: dict[str, Any]) -> Stage:
        """Return what a line of the log says."""
        cost = Cost(line["cpu_seconds"], line["wall_seconds"], line["memory_mb"])
        rest = {k: line[k] for k in ("stage", "portion", "works", "source_mb", "lake_mb", "results_mb")}
        return cls(**rest, cost=cost)


@dataclass(frozen=True)
class StageCost:
    """What a stage, or the whole chain, cost at one size.

    Attributes
    ----------
    benchmark
        ``chain``.
    stage
        ``simulate``, ``pull``, ``match``, ``shares``, ``run``, or ``whole``: pull, match, and the last of the others.
    works, copies
        The size, and the format that was pulled.
    seconds, cpu_seconds
        From begin to end, and of the processors.
    works_per_cpu_second
        Works that one processor does in a second.
    peak_memory_mb
        The most memory of all its processes together, in MiB.
    share_of_pull
        Its processor time over that of the pull.
    source_mb, lake_mb, results_mb
        The snapshot in all; lake and results when the stage has ended.
    exponent
        Of the cost up to each portion against the works up to it; of the whole, over the sizes.
    """

    benchmark: str
    stage: str
    works: int
    copies: Copy
    seconds: float
    cpu_seconds: float
    works_per_cpu_second: float
    peak_memory_mb: float
    share_of_pull: float
    source_mb: float
    lake_mb: float
    results_mb: float
    exponent: float | None

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        return asdict(self)


@dataclass(frozen=True)
class Chain:
    """All stages of one size.

    Attributes
    ----------
    works
        The size.
    copies
        In which format the snapshot was pulled.
    stages
        In the order in which they ended.
    """

    works: int
    copies: Copy
    stages: tuple[Stage, ...]

    def total(self, stage: str) -> Cost:
        """Return what a stage cost over all portions: seconds add up, of memory the most counts."""
        costs = [s.cost for s in self.stages if s.stage == stage]
        return Cost(
            sum(c.cpu_seconds for c in costs),
            sum(c.wall_seconds for c in costs),
            max(c.memory_mb for c in costs),
        )

    @property
    def cpu_seconds(self) -> float:
        """Processor time of the stages that count."""
        return sum(self.total(stage).cpu_seconds for stage in self._counted())

    def _counted(self) -> list[str]:
        """Return the stages that make up the whole."""
        done = [stage for stage in STAGES if any(s.stage == stage for s in self.stages)]
        return [stage for stage in done if stage != "shares" or "run" not in done]

    def costs(self, growth: float | None = None) -> list[StageCost]:
        """Return what each stage cost, and the whole; `growth` is the whole's exponent over the sizes."""
        parts = [self.total(stage) for stage in self._counted()]
        whole = Cost(self.cpu_seconds, sum(p.wall_seconds for p in parts), max(p.memory_mb for p in parts))
        stages = dict.fromkeys(s.stage for s in self.stages)
        each = [self._cost(stage, self.total(stage), self.growth(stage)) for stage in stages]
        return [*each, self._cost("whole", whole, growth)]

    def _cost(self, stage: str, cost: Cost, growth: float | None) -> StageCost:
        last = self.last(stage) if self.done(stage) else self.stages[-1]
        source = sum(s.source_mb for s in self.stages if s.stage == "simulate")
        return StageCost(
            "chain", stage, self.works, self.copies, round(cost.wall_seconds, 2), round(cost.cpu_seconds, 2),
            round(self.works / cost.cpu_seconds, 1), round(cost.memory_mb, 1),
            round(cost.cpu_seconds / self.total("pull").cpu_seconds, 4), round(source, 1),
            last.lake_mb, last.results_mb, growth,
        )  # fmt: skip

    def done(self, stage: str) -> int:
        """Return how many works a stage was given; 0 where it was not reached."""
        return sum(s.works for s in self.stages if s.stage == stage)

    def last(self, stage: str) -> Stage:
        """Return a stage's last part."""
        return next(s for s in reversed(self.stages) if s.stage == stage)

    def growth(self, stage: str) -> float | None:
        """Return the exponent of a stage's cost up to each portion against the works up to it."""
        works, seconds = (self._summed(stage, what) for what in (_works, _cpu_seconds))
        return exponent(works, seconds) if len(works) > 2 else None

    def memory(self, stage: str) -> list[tuple[float, float]]:
        """Return the works up to the end of each part of a stage, and the memory of that part in MiB."""
        held = [s.cost.memory_mb for s in self.stages if s.stage == stage]
        return list(zip(self._summed(stage, _works), held, strict=True))

    def _summed(self, stage: str, what: Callable[[Stage], float]) -> list[float]:
        return list(accumulate(what(s) for s in self.stages if s.stage == stage))


def _works(stage: Stage) -> float:
    return stage.works


def _cpu_seconds(stage: Stage) -> float:
    return stage.cost.cpu_seconds


def chain(
    directory: Path,
    sizes: Iterable[int],
    *,
    portion: int = PORTION,
    copies: Copy = "jsonl",
    through: Through = "run",
    say: Say = lambda _: None,
) -> list[Chain]:
    """Go the whole way at several sizes.

    Parameters
    ----------
    directory
        Where each size has a directory with its workspace and its ``log.jsonl``.
    sizes
        How many works.
    portion
        Works that are written and pulled at a time.
    copies
        In which format the snapshot is pulled.
    through
        The last stage.
    say
        Told what is being done.

    Returns
    -------
    list
        A chain for each size, from small to large.
    """
    wanted = STAGES[: STAGES.index(through) + 1]
    return [
        _Run(directory / f"{works}-{copies}", works, portion, copies, say).go(wanted)
        for works in sorted(set(sizes))
    ]


def costs(chains: Sequence[Chain]) -> list[StageCost]:
    """Return what every stage of every chain cost; the whole of each has the exponent over the sizes up to it."""
    found = []
    for number, one in enumerate(chains, 1):
        done = chains[:number]
        found += one.costs(exponent([c.works for c in done], [c.cpu_seconds for c in done]))
    return found


def read(log: Path) -> Chain:
    """Return what a log says: a chain, whole or as far as it has come."""
    head, *rest = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
    return Chain(head["works"], head["copies"], tuple(Stage.of(line) for line in rest))


class _Run:
    """A chain of one size, which may have been broken off."""

    def __init__(self, directory: Path, works: int, portion: int, copies: Copy, say: Say) -> None:
        self.directory = directory
        self.works = works
        self.portion = portion
        self.copies = copies
        self.say = say
        self.ground = Ground(directory, works)
        self.log = directory / "log.jsonl"
        self.stages: list[Stage] = []

    def go(self, stages: Sequence[str]) -> Chain:
        """Do what is left to do."""
        self._open()
        done = {(s.stage, s.portion) for s in self.stages}
        parts = portions(self.works, self.portion)
        for number, part in enumerate(parts):
            if ("pull", number) not in done:
                self.say(f"{self.works:,} works: portion {number + 1} of {len(parts)}")
                self._pull(number, part)
        for stage, action in (("match", own.match), ("shares", own.shares), ("run", own.research)):
            if stage in stages and (stage, None) not in done:
                self.say(f"{self.works:,} works: {stage}")
                self._do(stage, None, self.works, 0.0, action, self.ground)
        return Chain(self.works, self.copies, tuple(self.stages))

    def _open(self) -> None:
        """Read the log of what was done before, or begin one."""
        head = {
            "primacy": __version__,
            "works": self.works,
            "portion": self.portion,
            "copies": self.copies,
            "processors": os.cpu_count(),
        }
        if self.log.exists():
            first, *rest = (json.loads(line) for line in self.log.read_text().splitlines())
            if first != head:
                raise InputError(f"{self.log}: is of another chain ({first}); name another directory")
            self.stages = [Stage.of(line) for line in rest]
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        self.ground.init()
        self.log.write_text(json.dumps(head) + "\n")

    def _pull(self, number: int, part: Portion) -> None:
        source = self.directory / f"portion-{number:03d}"
        shutil.rmtree(source, ignore_errors=True)
        need, free = part.works * _SOURCE_BYTES, shutil.disk_usage(self.directory).free
        if free < need:
            raise PrimacyError(
                f"{self.directory}: portion {number + 1} needs {need / 1e9:.1f} GB and {free / 1e9:.1f} are free; "
                "make room and run again, it goes on from here"
            )
        self._do("simulate", number, part.works, 0.0, simulate, source, part, self.copies)
        self._do("pull", number, part.works, _size(source), pull, self.ground.workspace, source)
        shutil.rmtree(source)

    def _do(
        self,
        stage: str,
        portion: int | None,
        works: int,
        source: float,
        action: Callable[..., Any],
        *given: Any,
    ) -> None:
        cost, _ = isolated(action, *given)
        if stage == "simulate":
            source = _size(given[0])
        lake, results = (_size(self.ground.workspace / name) for name in ("lake", "results"))
        ended = Stage(stage, portion, works, source, lake, results, cost)
        self.stages.append(ended)
        with self.log.open("a") as file:
            file.write(json.dumps(ended.line()) + "\n")


def simulate(source: Path, part: Portion, copies: Copy) -> None:
    """Write the snapshot of a portion."""
    write_portion(source, part, copies=(copies,))


def pull(workspace: Path, source: Path) -> None:
    """Pull a portion into the lake of a workspace."""
    openalex.pull(Workspace.open(workspace).lake, source)


def _size(directory: Path) -> float:
    """Return the MiB of all files below a directory."""
    return round(sum(p.stat().st_size for p in directory.rglob("*") if p.is_file()) / (1 << 20), 1)
