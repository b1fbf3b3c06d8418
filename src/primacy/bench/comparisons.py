"""What primacy does side by side with what a user would do instead: both in turn, each in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from primacy.bench import own
from primacy.bench.baselines.expressions import SAMPLE, duckdb_expressions, python_expressions
from primacy.bench.baselines.flatten import flatten
from primacy.bench.baselines.frames import pandas_shares, polars_shares
from primacy.bench.baselines.projection import THREADS, project_jsonl, project_parquet
from primacy.bench.ground import Ground
from primacy.bench.isolated import Cost, isolated
from primacy.bench.measurement import Measurement, Runs, compared
from primacy.simulate.openalex import Copy

__all__ = ["COMPARISONS", "Comparison", "Contender", "compare"]


@dataclass(frozen=True)
class Contender:
    """One way of doing something.

    Parameters
    ----------
    name
        What it is.
    action
        Does it on the ground of a size.
    processes
        How many processes or threads compute.
    omits
        What primacy does beside it that it does not do.
    needs
        A package that it needs and that may not be installed.
    bar
        How many times as fast primacy is meant to be at least.
    sample
        How many works it is run on, where all would take too long; its seconds are scaled to all.
    """

    name: str
    action: Callable[[Ground], object]
    processes: int = 1
    omits: str = ""
    needs: str | None = None
    bar: float | None = None
    sample: int | None = None

    def cost(self, ground: Ground) -> Cost:
        """Run it and return what it cost."""
        cost, _ = isolated(self.action, ground)
        return cost if self.sample is None else cost.times(ground.works / min(self.sample, ground.works))

    @property
    def missing(self) -> str:
        """Why it cannot be run; empty where it can."""
        return f"{self.needs} is not installed" if self.needs and find_spec(self.needs) is None else ""


@dataclass(frozen=True)
class Comparison:
    """What primacy does, with the baselines that it is measured against.

    Parameters
    ----------
    own
        What primacy does.
    baselines
        What a user would do instead.
    reads
        The copy of the snapshot that is read; None where it is the lake.
    """

    own: Contender
    baselines: Sequence[Contender]
    reads: Copy | None = None


PROCESSES = 2
"""How many processes or threads primacy uses on two cores."""

_NO_CREDIT = "credit, older states, withdrawn works, quarantine, resuming"
_NO_QUERY = "AND, OR, NOT, NEAR, folding, broad queries"
_NO_UNITS = "institutions, blocs, windows, ties, H-index, territories"
_PULL = Contender("primacy's own pull of the same works as JSON Lines", own.pull_jsonl, PROCESSES)

COMPARISONS = {
    "pull-jsonl": Comparison(
        Contender("pull of JSON Lines", own.pull_jsonl, PROCESSES),
        [
            Contender(
                "OpenAlex's flatten script: Python's json to csv.gz, one process",
                flatten,
                omits=f"abstracts as text, numbers as ids, {_NO_CREDIT}",
                bar=15,
            ),
            Contender(
                "DuckDB read_json with explicit columns to Parquet, abstracts rebuilt in SQL, 2 threads",
                project_jsonl,
                THREADS,
                omits=f"numbers as ids, ORCID iDs, entities, {_NO_CREDIT}",
                bar=1,
            ),
        ],
        "jsonl",
    ),
    "pull-parquet": Comparison(
        Contender("pull of the Parquet copy", own.pull_parquet, PROCESSES),
        [
            Contender(_PULL.name, _PULL.action, PROCESSES, bar=2),
            Contender(
                "DuckDB read_parquet to Parquet, abstracts rebuilt in SQL, 2 threads",
                project_parquet,
                THREADS,
                omits=f"numbers as ids, ORCID iDs, entities, {_NO_CREDIT}",
            ),
        ],
        "parquet",
    ),
    "match": Comparison(
        Contender("match of both queries of every technology", own.match, PROCESSES),
        [
            Contender(
                "one DuckDB regular expression per technology, one thread",
                duckdb_expressions,
                omits=_NO_QUERY,
                bar=20,
            ),
            Contender(
                f"one Python regular expression per technology, on {SAMPLE} texts, scaled",
                python_expressions,
                omits=_NO_QUERY,
                sample=SAMPLE,
            ),
        ],
    ),
    "measures": Comparison(
        Contender("shares by country, bloc and institution, all windows and years", own.shares, PROCESSES),
        [
            Contender(
                "pandas group-by: shares by country and year",
                pandas_shares,
                omits=_NO_UNITS,
            ),
            Contender(
                "Polars group-by: shares by country and year, 2 threads",
                polars_shares,
                PROCESSES,
                omits=_NO_UNITS,
                needs="polars",
            ),
            Contender(_PULL.name, _PULL.action, PROCESSES),
        ],
    ),
    "research": Comparison(
        Contender("the whole research study without intervals", own.research, PROCESSES),
        [Contender(_PULL.name, _PULL.action, PROCESSES, bar=6.67)],
    ),
}
"""By the benchmark's name."""


def compare(
    name: str, ground: Ground, *, repeat: int, step: Callable[[str], None] = lambda _: None
) -> list[Measurement]:
    """Run primacy and each baseline in turn, again and again.

    Parameters
    ----------
    name
        Which of `COMPARISONS`.
    ground
        What they work on, prepared.
    repeat
        How often.
    step
        Told what is being run.
    """
    comparison = COMPARISONS[name]
    sides = [comparison.own, *(b for b in comparison.baselines if not b.missing)]
    costs: dict[str, list[Cost]] = {side.name: [] for side in sides}
    for _ in range(repeat):
        for side in sides:
            step(f"{name}, {ground.works:,} works: {side.name}")
            costs[side.name].append(side.cost(ground))

    def runs(side: Contender) -> Runs:
        return Runs(side.name, tuple(costs.get(side.name, ())), side.processes, side.omits, side.missing)

    megabytes = ground.megabytes(comparison.reads) if comparison.reads else None
    return [
        compared(name, ground.works, runs(comparison.own), runs(b), megabytes=megabytes, bar=b.bar)
        for b in comparison.baselines
    ]
