"""The models study on the spot: what notebooks and the command line ask of the Hub's snapshots in the lake."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from primacy.errors import UsageError
from primacy.lake.results import StudyResults
from primacy.measures.adoption import Rule, UnitKind
from primacy.measures.anomalies import LEAST, THRESHOLD
from primacy.sources.hub.selection import read_model_ids
from primacy.studies import models as study
from primacy.studies.models.market import LAKE_TABLES, LEVELS, MEASURES, Level, Measure
from primacy.studies.models.populations import CHATGPT
from primacy.studies.models.whole import REFERENCE, SIDES
from primacy.studies.outcome import Step
from primacy.workspace.manifest import write_outcome

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["ModelsDesk", "run_models"]

Only: TypeAlias = str | Path | Collection[str] | None
"""The models that count: a file of ids, or the ids; all where None."""


class ModelsDesk:
    """Questions about the adoption of models, answered from the lake; see :attr:`Workspace.models`.

    Parameters
    ----------
    workspace
        Whose lake is asked.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def adoption(
        self,
        *,
        by: Rule = "publisher",
        unit: UnitKind = "region",
        measure: Measure = "downloads_30d",
        population: str = "all",
        only: Only = None,
        snapshot: str | None = None,
    ) -> pa.Table:
        """Return who has which share of the downloads.

        Parameters
        ----------
        by
            ``publisher``: the model's own namespace; ``origin``: the roots of its lineage.
        unit
            ``region``, ``country``, ``organization`` (the namespace) or ``owner`` (accounts of one firm together).
        measure
            ``downloads_30d`` or ``downloads_all``; where history allows also ``downloads_12m`` and
            ``downloads_first_year``.
        population
            ``all``, ``mainline``, ``text-generation``, ``after-chatgpt``, ``no-repacks``, ``without-top`` or
            ``unflagged``.
        only
            The models that count: a file (one id a line, or a CSV with ``id`` or ``modelId``), or ids.
        snapshot
            Its day, ISO 8601; the newest where None.

        Returns
        -------
        pyarrow.Table
            by, measure, unit_kind, unit, downloads, share, rank, models, total, coverage, population,
            snapshot.

        Raises
        ------
        NotThereError
            The lake has no such snapshot, none of the models, or not that counter.
        UsageError
            An option has a value that it cannot have.
        """
        _one_of("by", by, ("publisher", "origin"))
        _one_of("unit", unit, ("region", "country", "organization", "owner"))
        _one_of("measure", measure, MEASURES)
        self._require()
        return study.adoption_of(
            self.workspace.table,
            self.workspace.engine,
            study.Selection(measure, population, _ids(only), snapshot),
            by=by,
            unit=unit,
        )

    def concentration(
        self,
        level: Level | None = None,
        *,
        by: Rule = "publisher",
        measure: Measure = "downloads_30d",
        population: str = "all",
        only: Only = None,
        snapshot: str | None = None,
    ) -> pa.Table:
        """Return how concentrated the downloads are.

        Parameters
        ----------
        level
            ``model``, ``organization``, ``owner``, ``country`` or ``region``; all of them where None.
        by, measure, population, only, snapshot
            See :meth:`adoption`.

        Returns
        -------
        pyarrow.Table
            level, measure, hhi (0 to 10,000), hhi_low, gini, top1_share, units, total, coverage, by,
            population, snapshot.
        """
        if level is not None:
            _one_of("level", level, LEVELS)
        _one_of("by", by, ("publisher", "origin"))
        _one_of("measure", measure, MEASURES)
        self._require()
        return study.concentration_of(
            self.workspace.table,
            self.workspace.engine,
            study.Selection(measure, population, _ids(only), snapshot),
            levels=LEVELS if level is None else [level],
            by=by,
        )

    def attribution(
        self, sides: tuple[str, str] = ("us", "china"), *, snapshot: str | None = None
    ) -> pa.Table:
        """Return two regions' shares under every population, measure, rule and denominator.

        Parameters
        ----------
        sides
            Two regions of the organisations' list.
        snapshot
            See :meth:`adoption`.

        Returns
        -------
        pyarrow.Table
            population, measure, by, denominator, first, second, first_share, second_share, unattributed, leader, lead,
            flip_point (share of the unattributed that would make them level), flips (another leader than
            :meth:`adoption` says without options), total, coverage.

        Raises
        ------
        UsageError
            The list has no such region.
        """
        self._require()
        return study.attribution_of(
            self.workspace.table, self.workspace.engine, sides=sides, snapshot=snapshot
        )

    def absent(self, only: Only) -> list[str]:
        """Return those of the ids that the lake does not know, sorted."""
        wanted = _ids(only) or frozenset()
        known = self.workspace.engine.to_arrow(self.workspace.table("models").select("model_id"))
        return sorted(wanted - set(known["model_id"].to_pylist()))

    def _require(self) -> None:
        self.workspace.lake.require("model_snapshots", "primacy pull hub")


def _ids(only: Only) -> frozenset[str] | None:
    if only is None:
        return None
    return read_model_ids(Path(only)) if isinstance(only, str | Path) else frozenset(only)


def _one_of(option: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise UsageError(f"{option} '{value}': takes {', '.join(known)}")


def run_models(workspace: Workspace, step: Step) -> StudyResults:
    """Run the models study and write its results."""
    outcome = study.run(workspace.table, workspace.engine, step=step)
    return write_outcome(
        workspace,
        "models",
        outcome,
        tables=LAKE_TABLES,
        settings={
            "sides": list(SIDES),
            "reference": REFERENCE,
            "after": CHATGPT,
            "anomalies": {"threshold": THRESHOLD, "least": LEAST},
        },
    )
