"""People on the spot and in the research study: where the authors of highly cited works learned and work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from primacy.errors import UsageError
from primacy.measures.method import Window
from primacy.measures.talent import Weighting
from primacy.studies import people
from primacy.studies.outcome import Outcome, Step

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["PeopleDesk", "people_outcome"]

WEIGHTINGS: tuple[Weighting, ...] = ("once", "credit")


class PeopleDesk:
    """Questions about authors, answered from the lake; see :attr:`Workspace.people`.

    Parameters
    ----------
    workspace
        Whose lake is asked.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def of(
        self,
        technology: str,
        *,
        window: str | Window | None = None,
        weighting: Weighting = "once",
        **options: Any,
    ) -> Outcome:
        """Return where the authors of a technology's highly cited works learned and work.

        Parameters
        ----------
        technology
            Its id.
        window
            Publication years such as ``"2019-2023"``; the newest window of the study where None.
        weighting
            ``once``: an author counts once, however many works; ``credit``: by the credit of the works.
        **options
            Options of the method, as in :class:`primacy.measures.method.Method`; ``top`` says which works are highly
            cited: 0.01, 0.10 or 0.25.

        Returns
        -------
        primacy.studies.outcome.Outcome
            Its ``tables`` are ``stocks``, ``flows``, ``balances`` and ``careers``.

        Raises
        ------
        NotThereError
            The technology is unknown.
        UsageError
            An option has a value that it cannot have.
        """
        if weighting not in WEIGHTINGS:
            raise UsageError(f"weighting '{weighting}': takes {', '.join(WEIGHTINGS)}")
        method = self.workspace.method(**options)
        self.workspace.research.require(technology)
        return people.run(
            self.workspace.table,
            self.workspace.engine,
            method=method,
            windows=[self.workspace.research.window(window)],
            weighting=weighting,
            technologies=[technology],
            variant=self.workspace.variant,
            doubtful=False,
        )


def people_outcome(workspace: Workspace, windows: list[Window], step: Step) -> Outcome:
    """Return what the research study says of people."""
    return people.run(
        workspace.table,
        workspace.engine,
        method=workspace.settings.method,
        windows=windows,
        variant=workspace.variant,
        step=step,
    )
