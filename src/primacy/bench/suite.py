"""Named benchmarks over a simulated world; each is timed against a baseline in the same run."""

from __future__ import annotations

import csv
import gzip
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow as pa

from primacy.bench import uncertainty
from primacy.bench.calibration import WORLDS, Coverage, calibrate
from primacy.bench.chain import PORTION, StageCost, chain
from primacy.bench.crash import KILLS, CrashReport, crash_simulated
from primacy.bench.measurement import Measurement, measured, timed
from primacy.errors import UsageError
from primacy.simulate.openalex import Copy
from primacy.simulate.world import simulate
from primacy.sources import openalex
from primacy.studies.research.robustness import Robustness, robustness
from primacy.technologies.query.nodes import Words
from primacy.workspace import Workspace

__all__ = ["BENCHMARKS", "Benchmark", "run"]

WORKS = 10_000
"""Works of the simulated world, unless told otherwise."""


@dataclass
class _Bench:
    """What the benchmarks of one run share: a simulated world, made when first asked for, and its workspace."""

    root: Path
    works: int
    worlds: int
    kills: int
    sizes: Sequence[int]
    portion: int
    copies: Copy
    step: Callable[[str], None]

    @cached_property
    def source(self) -> Path:
        self.step("making a simulated world")
        simulate(self.root / "world", works=self.works)
        return self.root / "world" / "openalex"

    def workspace(self) -> Workspace:
        return Workspace.open(self.root / "ws")


def _pull(bench: _Bench) -> Measurement:
    """Pull the snapshot into a lake, against one Python loop: json to two CSV files, no abstract, one core."""
    workspace, source = Workspace.init(bench.root / "ws"), str(bench.source)
    seconds = timed(lambda: openalex.pull(workspace.lake, source))
    return measured(
        "pull", bench.works, seconds, "json to csv.gz in one Python loop", timed(lambda: _flatten(bench))
    )


def _flatten(bench: _Bench) -> None:
    with (
        gzip.open(bench.root / "works.csv.gz", "wt", encoding="utf-8", newline="") as works,
        gzip.open(bench.root / "authorships.csv.gz", "wt", encoding="utf-8", newline="") as authorships,
    ):
        work_rows, author_rows = csv.writer(works), csv.writer(authorships)
        for part in sorted((bench.source / "data" / "jsonl" / "works").glob("*/*.gz")):
            with gzip.open(part, "rt", encoding="utf-8") as lines:
                for record in map(json.loads, lines):
                    work_rows.writerow(
                        [record.get(k) for k in ("id", "doi", "title", "publication_year", "type")]
                    )
                    for authorship in record.get("authorships") or []:
                        for institution in authorship.get("institutions") or [{}]:
                            author_rows.writerow(
                                [record["id"], authorship.get("author_position"), institution.get("id")]
                            )


def _match(bench: _Bench) -> Measurement:
    """Match both queries of all technologies, against one regular expression of the strict terms per technology."""
    workspace = bench.workspace()
    seconds = timed(lambda: workspace.match(full=True))
    texts = workspace.engine.to_arrow(workspace.table("texts"))
    return measured("match", bench.works, seconds, "one DuckDB regular expression per technology, one thread",
        timed(lambda: _regexes(workspace, texts)),
    )  # fmt: skip


def _regexes(workspace: Workspace, texts: pa.Table) -> None:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("texts", texts)
        for technology in workspace.portfolio.values():
            words = {_regex(leaf) for leaf in technology.strict.leaves()} - {""}
            pattern = rf"(?i)\b({'|'.join(sorted(words))})"
            connection.execute(
                "SELECT count(*) FROM texts WHERE regexp_matches(title || ' ' || coalesce(abstract, ''), ?)",
                [pattern],
            ).fetchall()


def _regex(leaf: object) -> str:
    return r"\W+".join(re.escape(w) for w in leaf.words) if isinstance(leaf, Words) else ""


def _multiverse(bench: _Bench) -> Measurement:
    """Compute the multiverse of one technology, against calling ``shares`` once for each of its universes."""
    workspace = bench.workspace()
    technology = "electric-batteries"
    once = timed(lambda: workspace.research.shares(technology, replicates=0))
    window = str(workspace.research.windows()[-1])
    leader = workspace.research.shares(technology, replicates=0, window=window)["unit"][0].as_py()
    found: list[Robustness] = []

    def compute() -> None:
        with workspace.engine.scratch() as keep:
            found.extend(
                robustness(
                    workspace.table,
                    workspace.engine,
                    keep,
                    workspace.settings.method,
                    {(technology, window): leader},
                )
            )

    seconds = timed(compute)
    universes = found[0].universes.leader.size
    return measured(
        "multiverse",
        bench.works,
        seconds,
        f"shares called {universes} times (one call timed)",
        once * universes,
    )


def _bootstrap(bench: _Bench) -> Measurement:
    return uncertainty.bootstrap(bench.workspace(), bench.works)


def _universes(bench: _Bench) -> Measurement:
    return uncertainty.universes(bench.workspace(), bench.works)


def _calibration(bench: _Bench) -> list[Coverage]:
    """Count how often intervals cover the truth, over worlds of sizes of their own; never a matter of speed."""
    return calibrate(worlds=bench.worlds, step=bench.step)


def _crash(bench: _Bench) -> CrashReport:
    """Kill pull, match and run at random moments, on a world of its own; never a matter of speed."""
    return crash_simulated(bench.root / "crash", kills=bench.kills, say=bench.step)


def _chain(bench: _Bench) -> list[StageCost]:
    """Go from snapshots to results, each stage in a process of its own, at sizes of its own."""
    return chain(
        bench.root / "chain", bench.sizes, portion=bench.portion, copies=bench.copies, say=bench.step
    )


@dataclass(frozen=True)
class Benchmark:
    """How one benchmark is run.

    Parameters
    ----------
    measure
        Runs it.
    needs
        The benchmark whose work it builds on, which then runs first.
    by_default
        Whether it runs where no benchmark is named.
    """

    measure: Callable[[_Bench], Measurement | CrashReport | list[Coverage] | list[StageCost]]
    needs: str | None = None
    by_default: bool = True


BENCHMARKS: dict[str, Benchmark] = {
    "pull": Benchmark(_pull),
    "match": Benchmark(_match, needs="pull"),
    "multiverse": Benchmark(_multiverse, needs="match"),
    "bootstrap": Benchmark(_bootstrap, needs="match"),
    "universes": Benchmark(_universes, needs="match"),
    "chain": Benchmark(_chain, by_default=False),
    "calibration": Benchmark(_calibration, by_default=False),
    "crash": Benchmark(_crash, by_default=False),
}
"""In the order in which they run."""


def run(
    names: Iterable[str] = (),
    *,
    works: int = WORKS,
    worlds: int = WORLDS,
    kills: int = KILLS,
    sizes: Sequence[int] = (),
    portion: int = PORTION,
    copies: Copy = "jsonl",
    keep: Path | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> Sequence[Measurement | Coverage | CrashReport | StageCost]:
    """Run benchmarks over simulated worlds that are made for the purpose and removed.

    Parameters
    ----------
    names
        Which; where empty, all that measure time. What one needs of another is run too, and left out of the answer.
    works
        Size of the world that is timed.
    worlds
        How many worlds the intervals are calibrated on.
    kills
        How many times a pull, a match or a run is killed.
    sizes
        Sizes of the chains; `works` alone where empty.
    portion, copies
        How many works of a chain are written and pulled at a time, and in which format.
    keep
        Where what the benchmarks write is kept, so that a chain that was broken off goes on; else it is removed.
    step
        Told what is being timed.

    Raises
    ------
    UsageError
        There is no benchmark of that name.
    PrimacyError
        Something was left between before and after by a kill.
    """
    wanted = list(names) or [n for n, b in BENCHMARKS.items() if b.by_default]
    needed: set[str] = set()
    for name in wanted:
        if name not in BENCHMARKS:
            raise UsageError(f"benchmark '{name}': takes {', '.join(BENCHMARKS)}")
        above: str | None = name
        while above is not None:
            needed.add(above)
            above = BENCHMARKS[above].needs
    found: list[Measurement | Coverage | CrashReport | StageCost] = []
    with nullcontext(keep) if keep else tempfile.TemporaryDirectory() as directory:
        bench = _Bench(Path(directory), works, worlds, kills, sizes or [works], portion, copies, step)
        for name in (n for n in BENCHMARKS if n in needed):
            step(name)
            measured = BENCHMARKS[name].measure(bench)
            if name in wanted:
                found += measured if isinstance(measured, list) else [measured]
    return found
