"""Named benchmarks over simulated worlds; each is timed against what a user would do instead, in the same run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from primacy.bench import uncertainty
from primacy.bench.calibration import WORLDS, calibrate
from primacy.bench.ceilings import ceilings
from primacy.bench.chain import PORTION, Through, chain, costs
from primacy.bench.comparisons import COMPARISONS, compare
from primacy.bench.crash import KILLS, crash_simulated
from primacy.bench.explorer import explorer
from primacy.bench.fit import exponent
from primacy.bench.ground import Ground
from primacy.bench.isolated import isolated
from primacy.bench.measurement import Measurement
from primacy.bench.plan import plan
from primacy.errors import UsageError
from primacy.simulate.openalex import Copy

__all__ = ["BENCHMARKS", "GROUPS", "REPEAT", "WORKS", "Benchmark", "Options", "Row", "run"]

WORKS = 50_000
"""Works of the simulated world, unless told otherwise."""

REPEAT = 3
"""How often both sides are run in turn, unless told otherwise."""


class Row(Protocol):
    """What a benchmark says."""

    def row(self) -> dict[str, Any]:
        """Return it as a row."""
        ...


@dataclass(frozen=True)
class Options:
    """How benchmarks are run.

    Parameters
    ----------
    sizes
        Works of the simulated worlds: everything that measures time is run at each of them.
    repeat
        How often both sides are run in turn.
    portion, copies, through
        How many works `chain` writes and pulls at a time, in which format, and its last stage.
    target
        The size for which `chain` works out what it would take; None: none.
    worlds
        On how many worlds intervals are calibrated.
    kills
        How often a pull, a match or a run is killed.
    """

    sizes: tuple[int, ...] = (WORKS,)
    repeat: int = REPEAT
    portion: int = PORTION
    copies: Copy = "jsonl"
    through: Through = "run"
    target: int | None = None
    worlds: int = WORLDS
    kills: int = KILLS


Step = Callable[[str], None]


@dataclass(frozen=True)
class _Bench:
    """What the benchmarks of one run share."""

    root: Path
    options: Options
    step: Step

    def grounds(self, *, lake: bool) -> list[Ground]:
        """Return the ground of every size: a world, and a lake where one is needed; each is prepared once."""
        found = [Ground(self.root / str(works), works) for works in sorted(set(self.options.sizes))]
        for ground in found:
            self.step(f"preparing {ground.works:,} works")
            ground.root.mkdir(parents=True, exist_ok=True)
            isolated(Ground.prepare_lake if lake else Ground.prepare_world, ground)
        return found


def _comparison(name: str, bench: _Bench) -> list[Measurement]:
    lake = COMPARISONS[name].reads is None
    return _grown(
        m
        for ground in bench.grounds(lake=lake)
        for m in compare(name, ground, repeat=bench.options.repeat, step=bench.step)
    )


def _within(action: Callable[[Ground], Measurement], bench: _Bench) -> list[Measurement]:
    return _grown(isolated(action, ground)[1] for ground in bench.grounds(lake=True))


def _grown(measurements: Iterable[Measurement]) -> list[Measurement]:
    """Add the exponents over the sizes."""
    found = list(measurements)
    grown = []
    for one in found:
        alike = [m for m in found if m.baseline == one.baseline]
        its = [m for m in alike if m.baseline_cpu_seconds]
        grown.append(
            replace(
                one,
                exponent=exponent([m.works for m in alike], [m.cpu_seconds for m in alike]),
                baseline_exponent=exponent(
                    [m.works for m in its], [m.baseline_cpu_seconds or 0.0 for m in its]
                ),
            )
        )
    return grown


def _ceilings(bench: _Bench) -> list[Row]:
    """Measure the floor of every stage of a pull."""
    return [row for ground in bench.grounds(lake=True) for row in ceilings(ground, step=bench.step)]


def _chain(bench: _Bench) -> Sequence[Row]:
    """Go from snapshots to results, each stage in a process of its own."""
    wanted = bench.options
    chains = chain(
        bench.root / "chain",
        wanted.sizes,
        portion=wanted.portion,
        copies=wanted.copies,
        through=wanted.through,
        say=bench.step,
    )
    return [*costs(chains), *(plan(chains, wanted.target) if wanted.target else ())]


def _calibration(bench: _Bench) -> Sequence[Row]:
    """Count how often intervals cover the truth, over worlds of sizes of their own; never a matter of speed."""
    return calibrate(worlds=bench.options.worlds, step=bench.step)


def _crash(bench: _Bench) -> Sequence[Row]:
    """Kill pull, match and run at random moments, on a world of its own; never a matter of speed."""
    return [crash_simulated(bench.root / "crash", kills=bench.options.kills, say=bench.step)]


def _explorer(bench: _Bench) -> Sequence[Row]:
    """Serve and publish the demonstration at each size."""
    return [row for works in bench.options.sizes for row in explorer(bench.root, works, say=bench.step)]


@dataclass(frozen=True)
class Benchmark:
    """How one benchmark is run.

    Parameters
    ----------
    measure
        Runs it.
    by_default
        Whether it runs where no benchmark is named.
    """

    measure: Callable[[_Bench], Sequence[Row]]
    by_default: bool = True


BENCHMARKS: dict[str, Benchmark] = {
    **{name: Benchmark(partial(_comparison, name), by_default=name != "research") for name in COMPARISONS},
    "multiverse": Benchmark(partial(_within, uncertainty.multiverse)),
    "bootstrap": Benchmark(partial(_within, uncertainty.bootstrap)),
    "universes": Benchmark(partial(_within, uncertainty.universes)),
    "ceilings": Benchmark(_ceilings),
    "chain": Benchmark(_chain, by_default=False),
    "explorer": Benchmark(_explorer, by_default=False),
    "calibration": Benchmark(_calibration, by_default=False),
    "crash": Benchmark(_crash, by_default=False),
}
"""In the order in which they run."""

GROUPS = {"pull": ("pull-jsonl", "pull-parquet")}
"""Names that stand for several."""


def run(
    names: Iterable[str] = (),
    *,
    options: Options | None = None,
    keep: Path | None = None,
    step: Step = lambda _: None,
) -> list[Row]:
    """Run benchmarks over simulated worlds that are made for the purpose and removed.

    Parameters
    ----------
    names
        Which; where empty, all that measure time and end soon.
    options
        At which sizes, how often, and so on.
    keep
        Where what the benchmarks write is kept, so that a chain that was broken off goes on.
    step
        Told what is being timed.

    Raises
    ------
    UsageError
        There is no benchmark of that name.
    PrimacyError
        Something was left between before and after by a kill.
    """
    wanted = [n for name in names for n in GROUPS.get(name, (name,))]
    wanted = wanted or [n for n, b in BENCHMARKS.items() if b.by_default]
    for name in wanted:
        if name not in BENCHMARKS:
            raise UsageError(f"benchmark '{name}': takes {', '.join([*GROUPS, *BENCHMARKS])}")
    found: list[Row] = []
    with nullcontext(keep) if keep else tempfile.TemporaryDirectory() as directory:
        bench = _Bench(Path(directory), options or Options(), step)
        for name in (n for n in BENCHMARKS if n in wanted):
            step(name)
            found += BENCHMARKS[name].measure(bench)
    return found
