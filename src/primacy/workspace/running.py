"""How a workspace runs studies: what each needs of the lake, and the manifest beside its results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

from primacy.errors import NotThereError, UsageError
from primacy.lake.results import StudyResults
from primacy.studies import compute, research
from primacy.studies.outcome import Outcome, Step
from primacy.studies.people.crowd import LAKE_TABLES as PEOPLE_TABLES
from primacy.studies.research.pipeline import LAKE_TABLES
from primacy.studies.research.run import SPAN
from primacy.workspace.institutions import run_institutions
from primacy.workspace.manifest import write_outcome
from primacy.workspace.models import run_models
from primacy.workspace.people import people_outcome

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["STUDIES", "Study", "run"]


class Study:
    """How the workspace runs one study: what it needs (any of ``some``, where they are given), and the call."""

    def __init__(
        self,
        needs: Mapping[str, str],
        call: Callable[[Workspace, Step], StudyResults],
        *,
        some: Iterable[str] = (),
    ) -> None:
        self.needs = needs
        self.call = call
        self.some = tuple(some)

    def ready(self, workspace: Workspace) -> bool:
        """Return whether the lake holds what the study needs."""
        has = workspace.lake.has
        return all(has(t) for t in self.needs) and (not self.some or any(has(t) for t in self.some))

    def run(self, workspace: Workspace, step: Step) -> StudyResults:
        """Run it."""
        for table, command in self.needs.items():
            workspace.lake.require(table, command)
        return self.call(workspace, step)


def _run_research(workspace: Workspace, step: Step) -> StudyResults:
    windows = workspace.windows()
    outcome = research.run(
        workspace.table,
        workspace.engine,
        method=workspace.settings.method,
        windows=windows,
        variant=workspace.variant,
        step=step,
    )
    authors = people_outcome(workspace, windows, step)
    return write_outcome(
        workspace,
        "research",
        Outcome({**outcome.tables, **authors.tables}, {**outcome.notes, **authors.notes}),
        tables=[*LAKE_TABLES, *PEOPLE_TABLES],
        settings={
            "method": workspace.settings.method.as_dict(),
            "windows": [str(w) for w in windows],
            "query": workspace.variant,
            "span": SPAN,
            "portfolio": workspace.portfolio.digest,
        },
    )


def _run_compute(workspace: Workspace, step: Step) -> StudyResults:
    outcome = compute.run(workspace.lake, workspace.engine, step=step)
    packages = {name: version(name) for name in ("ecologits", "genai-prices")}
    return write_outcome(
        workspace,
        "compute",
        outcome,
        tables=compute.LAKE_TABLES,
        settings={"export_rules": workspace.compute.rules.version, "packages": packages},
    )


STUDIES: dict[str, Study] = {
    "research": Study(
        {"works": "primacy pull openalex SOURCE", "memberships": "primacy match"}, _run_research
    ),
    "institutions": Study({"works": "primacy pull openalex SOURCE"}, run_institutions),
    "models": Study({"model_snapshots": "primacy pull hub"}, run_models),
    "compute": Study({}, _run_compute, some=("chips", "clusters", "token_prices", "token_energy")),
}
"""The studies that :meth:`Workspace.run` knows, in the order in which they run."""


def run(workspace: Workspace, studies: Iterable[str] | None, *, step: Step) -> list[StudyResults]:
    """Run the studies named, or all whose data the lake holds; see :meth:`Workspace.run`."""
    wanted = list(studies) if studies is not None else [n for n, s in STUDIES.items() if s.ready(workspace)]
    if not wanted:
        raise NotThereError(f"{workspace.path}: the lake is empty; run `primacy pull` first")
    for name in wanted:
        if name not in STUDIES:
            raise UsageError(f"study '{name}': takes {', '.join(STUDIES)}")
    return [STUDIES[name].run(workspace, step) for name in wanted]
