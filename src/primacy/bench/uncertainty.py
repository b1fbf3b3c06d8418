"""What uncertainty costs: a thousand replicates, and all universes, against the point estimate alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pyarrow as pa

from primacy.bench.measurement import Measurement, measured, timed
from primacy.lake.engine import Keep
from primacy.measures.method import Method
from primacy.studies.research.intervals import intervals_of, resampled, with_intervals
from primacy.studies.research.pipeline import Cells, Pipeline
from primacy.studies.research.robustness import robustness
from primacy.workspace import Workspace

__all__ = ["bootstrap", "universes"]

REPLICATES = 1000
TECHNOLOGIES = 10
"""How many technologies the universes are computed for: the first in the alphabet that have a leader."""
TIMES = 3
"""The least of so many times counts."""


def bootstrap(workspace: Workspace, works: int) -> Measurement:
    """Compute shares by country of all technologies with 1,000 replicates, against the shares alone."""
    with workspace.engine.scratch() as keep:
        method = replace(workspace.settings.method, replicates=REPLICATES)
        plain = timed(lambda: _point(workspace, keep, method), best_of=TIMES)
        cells = _cells(workspace, keep, method)
        half = timed(partial(_intervals, workspace, cells, REPLICATES // 2), best_of=TIMES)
        whole = timed(partial(_intervals, workspace, cells, REPLICATES), best_of=TIMES)
    return measured(
        "bootstrap", works, plain + whole, "the same shares without replicates", plain, growth=whole / half
    )


def universes(workspace: Workspace, works: int) -> Measurement:
    """Compute every universe of some technologies, against their shares under the main method alone."""
    window = workspace.research.windows()[-1]
    with workspace.engine.scratch() as keep:
        method = replace(workspace.settings.method, replicates=0)
        rows = _point(workspace, keep, method).to_pylist()
        leaders = {r["technology"]: r["unit"] for r in rows if r["rank"] == 1 and r["share"]}
        chosen = sorted(leaders)[:TECHNOLOGIES]
        plain = timed(lambda: _point(workspace, keep, method, chosen), best_of=TIMES)
        asked = {(t, str(window)): leaders[t] for t in chosen}
        seconds = timed(lambda: list(robustness(workspace.table, workspace.engine, keep, method, asked)))
    baseline = f"the shares of the same {len(chosen)} technologies under the main method alone"
    return measured("universes", works, seconds, baseline, plain)


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
