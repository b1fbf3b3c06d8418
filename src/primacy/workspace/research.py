"""The research study in a workspace: its run, and its questions on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from primacy.errors import NotThereError, UsageError
from primacy.lake.results import StudyResults
from primacy.measures.method import UnitKind, Window
from primacy.studies import research as study
from primacy.studies.outcome import Outcome, Step
from primacy.studies.people.crowd import LAKE_TABLES as PEOPLE_TABLES
from primacy.studies.research.pipeline import LAKE_TABLES
from primacy.studies.research.robustness import Robustness
from primacy.studies.research.run import SPAN, default_windows
from primacy.workspace.manifest import write_outcome
from primacy.workspace.people import people_outcome

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["ResearchDesk", "run_research"]


class ResearchDesk:
    """Questions about who writes the highly cited works, answered from the lake; see :attr:`Workspace.research`.

    Parameters
    ----------
    workspace
        Whose lake is asked.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    # ------------------------------------------------------------------ questions

    def shares(
        self, technology: str, *, by: UnitKind = "country", window: str | Window | None = None, **options: Any
    ) -> pa.Table:
        """Return who writes the highly cited works of a technology, computed on the spot.

        Parameters
        ----------
        technology
            Its id.
        by
            ``country``, ``institution`` or ``bloc``.
        window
            Publication years such as ``"2019-2023"``; the newest window of the study where None.
        **options
            Options of the method, as in :class:`primacy.measures.method.Method`: ``top``, ``ties``, ``scope``,
            ``counting``, ``split``, ``missing``, ``types``, ``territories``, ``rollup``, ``exclude_domestic``,
            ``include_xpac``, ``replicates``, ``seed``.

        Returns
        -------
        pyarrow.Table
            technology, unit_kind, unit, window, papers (sum of credit), high_impact (sum of credit x score), share,
            low, high (95 % bootstrap interval of the share), rank, h_index, name.

        Raises
        ------
        NotThereError
            The technology is unknown.
        UsageError
            An option has a value that it cannot have.
        """
        if by not in ("country", "institution", "bloc"):
            raise UsageError(f"by '{by}': takes country, institution, bloc")
        method = self.workspace.method(**options)
        self.require(technology)
        window = self.window(window)
        return study.shares_of(
            self.workspace.table,
            self.workspace.engine,
            technology,
            by=by,
            window=window,
            method=method,
            variant=self.workspace.variant,
        )

    def coverage(self, technology: str, *, window: str | Window | None = None, **options: Any) -> pa.Table:
        """Return what is missing in the works behind :meth:`shares`, by year.

        Parameters
        ----------
        technology, window, **options
            As for :meth:`shares`.

        Returns
        -------
        pyarrow.Table
            The columns of the result table ``coverage``: works, those without a country, the credit lost, and the
            works that mark no first and no corresponding author.
        """
        self.require(technology)
        return study.coverage_of(
            self.workspace.table,
            self.workspace.engine,
            technology,
            window=self.window(window),
            method=self.workspace.method(**options),
            variant=self.workspace.variant,
        )

    def robustness(
        self, technology: str, *, window: str | Window | None = None, **options: Any
    ) -> Robustness:
        """Return in how many defensible methods the leader of a technology leads, and what that depends on.

        Parameters
        ----------
        technology, window, **options
            As for :meth:`shares`; the leader asked about is that of the method.

        Returns
        -------
        primacy.studies.research.robustness.Robustness
            ``row()`` sums it up, ``choices()`` has a row per option, ``universes`` every universe.
        """
        self.require(technology)
        return study.robustness_of(
            self.workspace.table,
            self.workspace.engine,
            technology,
            window=self.window(window),
            method=self.workspace.method(**options),
            variant=self.workspace.variant,
        )

    # ------------------------------------------------------------------ what is asked about

    def windows(self) -> list[Window]:
        """Return the research study's windows: those of the settings, else five-year windows of the lake."""
        if self.workspace.settings.windows is not None:
            return list(self.workspace.settings.windows)
        members = self.workspace.table("works").semi_join(self.workspace.table("memberships"), "work_id")
        span = self.workspace.engine.to_arrow(
            members.aggregate(first=members.year.min(), last=members.year.max())
        )
        first, last = span["first"][0].as_py(), span["last"][0].as_py()
        return [] if first is None else default_windows([first, last])

    def window(self, window: str | Window | None) -> Window:
        """Return the window that is meant: the study's newest where None."""
        if isinstance(window, Window):
            return window
        if window is not None:
            return Window.parse(window)
        windows = self.windows()
        if not windows:
            raise NotThereError("no work in the lake belongs to a technology; run `primacy match` first")
        return windows[-1]

    def require(self, technology: str) -> None:
        """Refuse a technology that neither the portfolio nor the lake knows.

        Raises
        ------
        NotThereError
            It is unknown, or no memberships are in the lake.
        """
        self.workspace.lake.require("works", "primacy pull openalex SOURCE")
        self.workspace.lake.require("memberships", "primacy match")
        self.workspace.portfolio.find(technology)


def run_research(workspace: Workspace, step: Step) -> StudyResults:
    """Run the research study, with what it says of people, and write its results."""
    windows = workspace.research.windows()
    outcome = study.run(
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
