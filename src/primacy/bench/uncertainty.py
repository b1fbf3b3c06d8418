"""What uncertainty costs: a thousand replicates, and all universes, against the point estimate alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pyarrow as pa

from primacy.bench.ground import Ground
from primacy.bench.measurement import Measurement, Runs, compared, timed
from primacy.lake.engine import Keep
from primacy.measures.method import Method
from primacy.studies.research.intervals import intervals_of, resampled, with_intervals
from primacy.studies.research.pipeline import Cells, Pipeline
from primacy.studies.research.robustness import Robustness, robustness
from primacy.workspace import Workspace

__all__ = ["bootstrap", "multiverse", "universes"]

REPLICATES = 1000
TECHNOLOGIES = 10
"""How many technologies the universes are computed for: the first in the alphabet that have a leader."""
TECHNOLOGY = "electric-batteries"
"""The technology whose multiverse is computed."""
TIMES = 3
"""The least of so many times counts."""


def bootstrap(ground: Ground) -> Measurement:
    """Compute shares by country of all technologies with 1,000 replicates, against the shares alone."""
    workspace = Workspace.open(ground.workspace)
    with workspace.engine.scratch() as keep:
        method = replace(workspace.settings.method, replicates=REPLICATES)
        plain = timed(lambda: _point(workspace, keep, method), best_of=TIMES)
        cells = _cells(workspace, keep, method)
        half = timed(partial(_intervals, workspace, cells, REPLICATES // 2), best_of=TIMES)
        whole = timed(partial(_intervals, workspace, cells, REPLICATES), best_of=TIMES)
    return compared(
        "bootstrap",
        ground.works,
        Runs("primacy", (plain + whole,)),
        Runs("the same shares without replicates", (plain,), omits="intervals"),
        growth=whole.cpu_seconds / half.cpu_seconds,
    )


def universes(ground: Ground) -> Measurement:
    """Compute every universe of some technologies, against their shares under the main method alone."""
    workspace = Workspace.open(ground.workspace)
    window = workspace.research.windows()[-1]
    with workspace.engine.scratch() as keep:
        method = replace(workspace.settings.method, replicates=0)
        rows = _point(workspace, keep, method).to_pylist()
        leaders = {r["technology"]: r["unit"] for r in rows if r["rank"] == 1 and r["share"]}
        chosen = sorted(leaders)[:TECHNOLOGIES]
        plain = timed(lambda: _point(workspace, keep, method, chosen), best_of=TIMES)
        asked = {(t, str(window)): leaders[t] for t in chosen}
        every = timed(lambda: list(robustness(workspace.table, workspace.engine, keep, method, asked)))
    baseline = f"the shares of the same {len(chosen)} technologies under the main method alone"
    return compared(
        "universes",
        ground.works,
        Runs("primacy", (every,)),
        Runs(baseline, (plain,), omits="all other defensible methods"),
    )


def multiverse(ground: Ground) -> Measurement:
    """Compute the multiverse of one technology, against calling ``shares`` once for each of its universes."""
    workspace = Workspace.open(ground.workspace)
    research = workspace.research
    method = replace(workspace.settings.method, replicates=REPLICATES)
    once = timed(lambda: research.shares(TECHNOLOGY, replicates=0), best_of=TIMES)
    window = str(research.windows()[-1])
    leader = research.shares(TECHNOLOGY, replicates=0, window=window)["unit"][0].as_py()
    found: list[Robustness] = []

    def compute() -> None:
        with workspace.engine.scratch() as keep:
            asked = {(TECHNOLOGY, window): leader}
            found.extend(robustness(workspace.table, workspace.engine, keep, method, asked))

    every = timed(compute)
    universes = found[0].universes.leader.size
    baseline = f"shares called {universes:,} times (one call timed)"
    return compared(
        "multiverse", ground.works, Runs("primacy", (every,)), Runs(baseline, (once.times(universes),))
    )


def _cells(workspace: Workspace, keep: Keep, method: Method, technologies: list[str] | None = None) -> Cells:
    window = workspace.research.windows()[-1]
    pipeline = Pipeline(
        workspace.table, keep, method, [window], technologies=technologies, variant=workspace.variant
    )
    return pipeline.cells("country")


def _point(
    workspace: Workspace, keep: Keep, method: Method, technologies: list[str] | None = None
) -> pa.Table:
    return workspace.engine.to_arrow(_cells(workspace, keep, method, technologies).shares())


def _intervals(workspace: Workspace, cells: Cells, replicates: int) -> pa.Table:
    method = replace(workspace.settings.method, replicates=replicates)
    intervals = intervals_of(resampled(cells, method, workspace.engine.to_arrow))
    return workspace.engine.to_arrow(with_intervals(cells.shares(), intervals, replicates=replicates))
