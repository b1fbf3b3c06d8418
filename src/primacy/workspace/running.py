"""How a workspace runs studies: what each needs of the lake, and the manifest beside its results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING

from primacy.errors import NotThereError, UsageError
from primacy.lake.results import StudyResults
from primacy.studies import compute
from primacy.studies.outcome import Step
from primacy.workspace.assessment import assessable, run_assessment
from primacy.workspace.institutions import run_institutions
from primacy.workspace.manifest import write_outcome
from primacy.workspace.models import run_models
from primacy.workspace.research import run_research

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["STUDIES", "Study", "run"]


class Study:
    """How the workspace runs one study.

    Parameters
    ----------
    needs
        The lake tables that it needs, each with the command that fills it.
    call
        Runs it.
    some
        Lake tables of which it needs any.
    other
        What else must be so for it to run unasked.
    """

    def __init__(
        self,
        needs: Mapping[str, str],
        call: Callable[[Workspace, Step], StudyResults],
        *,
        some: Iterable[str] = (),
        other: Callable[[Workspace], bool] = lambda _: True,
    ) -> None:
        self.needs = needs
        self.call = call
        self.some = tuple(some)
        self.other = other

    def ready(self, workspace: Workspace) -> bool:
        """Return whether what the study needs is there."""
        has = workspace.lake.has
        some = not self.some or any(has(t) for t in self.some)
        return all(has(t) for t in self.needs) and some and self.other(workspace)

    def run(self, workspace: Workspace, step: Step) -> StudyResults:
        """Run it."""
        for table, command in self.needs.items():
            workspace.lake.require(table, command)
        return self.call(workspace, step)


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
        {"works": "primacy pull openalex SOURCE", "memberships": "primacy match"}, run_research
    ),
    "institutions": Study({"works": "primacy pull openalex SOURCE"}, run_institutions),
    "models": Study({"model_snapshots": "primacy pull hub"}, run_models),
    "compute": Study({}, _run_compute, some=("chips", "clusters", "token_prices", "token_energy")),
    "assessment": Study({}, run_assessment, other=assessable),
}
"""The studies that :meth:`Workspace.run` knows, in the order in which they run; the last reads the others' results."""


def run(workspace: Workspace, studies: Iterable[str] | None, *, step: Step) -> list[StudyResults]:
    """Run the studies named, or all whose data the lake holds; see :meth:`Workspace.run`."""
    named = None if studies is None else list(studies)
    for name in named or ():
        if name not in STUDIES:
            raise UsageError(f"study '{name}': takes {', '.join(STUDIES)}")
    written = []
    # Whether a study is ready may depend on the results of those before it.
    for study in STUDIES.values() if named is None else (STUDIES[name] for name in named):
        if named is not None or study.ready(workspace):
            written.append(study.run(workspace, step))
            workspace.__dict__.pop("results", None)
    if not written:
        raise NotThereError(f"{workspace.path}: the lake is empty; run `primacy pull` first")
    return written
