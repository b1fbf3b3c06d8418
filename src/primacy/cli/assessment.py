"""Commands on the assessment."""

from __future__ import annotations

from typing import Annotated

import typer

from primacy.cli.state import state
from primacy.present.assessment import render_verdict

__all__ = ["register"]

_PEOPLE = ["technology", "leader", "verdict", "probability", "lost_at", "lost_to"]
NOTE = "each opens down to its indicators: primacy assessment ID"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("assessment")(assessment)


def assessment(
    context: typer.Context,
    technology: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A technology or domain; all where left out.")
    ] = None,
) -> None:
    """Verdicts that join research, people, compute and models; with ID, down to the indicators of one.

    Programs get the rows of `assessment`, or with ID those of `assessment_indicators`.
    """
    now = state(context)
    desk = now.workspace.assessment
    if technology is None:
        now.emit(desk.verdicts, columns=_PEOPLE, title="assessment", note=NOTE)
        return
    indicators = desk.part("assessment_indicators", technology)
    if not now.for_people:
        now.emit(indicators)
        return
    now.output.print(
        render_verdict(
            desk.verdict(technology),
            chain=desk.part("assessment_chain", technology).to_pylist(),
            indicators=indicators.to_pylist(),
            drivers=desk.part("assessment_sensitivity", technology).to_pylist(),
            published=desk.part("assessment_published", technology).to_pylist(),
            simulated=now.workspace.simulated,
        )
    )
