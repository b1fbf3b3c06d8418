"""The assessment in a workspace: its definition, its run, and its questions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from primacy.errors import NotThereError
from primacy.lake.results import StudyResults
from primacy.studies import assessment as study
from primacy.studies.claims import check_claims, load_claims
from primacy.studies.outcome import Outcome, Step
from primacy.workspace.claims import tables_of
from primacy.workspace.manifest import write_outcome

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["AssessmentDesk", "assessable", "opened", "run_assessment"]


def assessable(workspace: Workspace) -> bool:
    """Return whether the study that the assessment cannot do without was run."""
    return study.NEEDED in workspace.results.studies


def run_assessment(workspace: Workspace, step: Step) -> StudyResults:
    """Run the assessment on the results that are there and write its own.

    Raises
    ------
    NotThereError
        Research was not run; the text says how.
    """
    definition = study.load_definition(workspace.settings.assessment)
    domains = {t.id: t.domain for t in workspace.portfolio.values()}
    outcome = study.run(workspace.results, definition, domains, step=step)
    step("claims of the article")
    claims = check_claims(
        load_claims(), tables_of(workspace.results, outcome.tables), simulated=workspace.simulated
    )
    return write_outcome(
        workspace,
        "assessment",
        Outcome({**outcome.tables, "claims": claims}, outcome.notes),
        tables=[],
        settings={
            "definition": workspace.settings.assessment and workspace.settings.assessment.name,
            "version": definition.version,
            "digest": definition.digest,
            "method": definition.method.model_dump(mode="json"),
            "uncertainty": definition.uncertainty.model_dump(mode="json"),
        },
    )


class AssessmentDesk:
    """The assessment's verdicts, opened down to their indicators; see :attr:`Workspace.assessment`.

    Parameters
    ----------
    workspace
        Whose results are read; `primacy run assessment` makes them.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @cached_property
    def verdicts(self) -> pa.Table:
        """The verdict on every domain and technology.

        Raises
        ------
        NotThereError
            The assessment was not run.
        """
        return self.workspace.results.study("assessment").read("assessment")

    def verdict(self, technology: str) -> Mapping[str, Any]:
        """Return the verdict on one technology or domain, by column.

        Raises
        ------
        NotThereError
            It is none of those assessed; the text lists them.
        """
        rows = {r["technology"]: r for r in self.verdicts.to_pylist()}
        if technology not in rows:
            raise NotThereError(f"'{technology}' is not assessed; there are {', '.join(sorted(rows))}")
        return rows[technology]

    def part(self, table: str, technology: str) -> pa.Table:
        """Return one technology's rows of a table of the assessment, such as ``assessment_indicators``.

        Raises
        ------
        NotThereError
            The technology is not assessed, or there is no such table.
        """
        self.verdict(technology)
        rows = self.workspace.results.read(table)
        return rows.filter(pc.equal(rows["technology"], technology))


def opened(workspace: Workspace, technology: str) -> Mapping[str, Any]:
    """Return what a verdict rests on, for ``explain``: whose results stand for it, and where each value is from."""
    desk = AssessmentDesk(workspace)
    row = desk.verdict(technology)
    indicators: dict[str, Any] = {}
    for each in desk.part("assessment_indicators", technology).to_pylist():
        if each["state"] == "measured":
            source = f"{each['study']}: {each['table']}-{each['table_version']}, lake version {each['lake_version']}"
            indicators[each["indicator"]] = f"{source}, {each['window']}, {each['uncertainty']}"
        else:
            indicators[each["indicator"]] = f"{each['state']}: {each['reason']}"
    return {
        "id": technology,
        "name": row["name"],
        "measured_by": row["measured_by"],
        "stand_in": row["stand_in"],
        "verdict": row["verdict"],
        "indicators": indicators,
    }
