"""What primacy does, as functions that a process of its own can call."""

from __future__ import annotations

from primacy.bench.ground import Ground
from primacy.lake.store import Lake
from primacy.measures.method import Window
from primacy.simulate.openalex import Copy
from primacy.sources import openalex
from primacy.studies.research.pipeline import Pipeline
from primacy.workspace import Workspace

__all__ = ["match", "pull_jsonl", "pull_parquet", "research", "shares"]


def pull_jsonl(ground: Ground) -> None:
    """Pull the snapshot of JSON Lines into an empty lake."""
    _pull(ground, "jsonl")


def pull_parquet(ground: Ground) -> None:
    """Pull the Parquet copy into an empty lake."""
    _pull(ground, "parquet")


def _pull(ground: Ground, copy: Copy) -> None:
    with ground.scratch() as place:
        openalex.pull(Lake.create(place / "lake"), ground.snapshot(copy))


def match(ground: Ground) -> None:
    """Match every text with both queries of all technologies."""
    Workspace.open(ground.workspace).match(full=True)


def shares(ground: Ground) -> int:
    """Compute shares by country, bloc and institution in all windows and years; return how many rows there are."""
    workspace = Workspace.open(ground.workspace)
    windows = workspace.research.windows()
    years = [Window(y, y) for y in range(windows[0].first, windows[-1].last + 1)]
    with workspace.engine.scratch() as keep:
        pipeline = Pipeline(
            workspace.table, keep, workspace.settings.method, [*windows, *years], variant=workspace.variant
        )
        return sum(
            workspace.engine.to_arrow(pipeline.cells(kind).shares()).num_rows
            for kind in ("country", "bloc", "institution")
        )


def research(ground: Ground) -> None:
    """Run the whole research study, as the workspace is set: without intervals."""
    Workspace.open(ground.workspace).run(["research"])
