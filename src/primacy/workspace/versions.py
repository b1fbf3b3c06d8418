"""Versions of the lake: reports on releases, and what changed between two of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.errors import NotThereError, UsageError
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.studies import versions as study
from primacy.studies.research.pipeline import Tables
from primacy.studies.research.run import default_windows
from primacy.studies.search import search_texts
from primacy.studies.versions import RELEASES, LeadChanges

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["VersionsDesk"]

_DESCRIBED = ("works", "institutions", "sources", "topics")


class VersionsDesk:
    """Questions about the versions of a workspace's lake.

    Parameters
    ----------
    workspace
        Whose.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def releases(self, *, last: int | None = None) -> pa.Table:
        """Return what each release brought: rows by entity and year, coverage, and what moved.

        A release is what consecutive transactions of one pull made; versions that left works and entities alone,
        such as those of a match, are none.

        Parameters
        ----------
        last
            Only so many, the newest; all where None.

        Returns
        -------
        pyarrow.Table
            lake_version, reason, entity (works, institutions, sources, topics), year (null: all years), rows, change
            (rows since the release before), and of works: added, removed, updated (another ``updated_date``), redealt
            (whose authors have other institutions), with_country and with_abstract (shares of the works).
        """
        found = list(self._releases())
        pairs = list(zip([None, *found], found, strict=False))
        if last is not None:
            pairs = pairs[-last:] if last else []
        tables = [
            study.release_rows(lake, before, self._tables, self.workspace.engine) for before, lake in pairs
        ]
        return pa.concat_tables([RELEASES.empty_table(), *tables])

    def _releases(self) -> Iterator[Lake]:
        lake = self.workspace.lake
        versions = [lake.at(v) for v in range(lake.version + 1)]
        moved = [
            now
            for before, now in pairwise(versions)
            if any(before.versions().get(n) != now.versions().get(n) for n in _DESCRIBED)
        ]
        for _, group in groupby(moved, key=lambda v: v.catalog.reason):
            *_, newest = group
            yield newest

    def diff(
        self, before: int, after: int, *, technologies: Iterable[str] | None = None, **options: Any
    ) -> LeadChanges:
        """Return which leads changed between two versions of the lake because of the data, and which works did it.

        Both versions are computed anew: by the same method, with today's definitions of the technologies and today's
        code, in the windows of the later version.

        Parameters
        ----------
        before, after
            Numbers of versions.
        technologies
            Their ids; all where None.
        **options
            Options of the method, as in :meth:`Workspace.shares`.

        Raises
        ------
        NotThereError
            The lake has no such version or it holds no works; a technology is unknown.
        UsageError
            The versions are the same or in the wrong order.
        """
        if before >= after:
            raise UsageError(f"versions {before} and {after}: name the earlier one first")
        workspace = self.workspace
        earlier, later = (workspace.lake.at(v) for v in (before, after))
        for lake in (earlier, later):
            if not lake.has("works"):
                raise NotThereError(
                    f"lake version {lake.version}: no works in it; `primacy releases` lists others"
                )
        wanted = None if technologies is None else [workspace.portfolio.find(t).id for t in technologies]
        old, new = (self._matched(lake, wanted) for lake in (earlier, later))
        windows = workspace.settings.windows or default_windows(self._years(new))
        return study.lead_changes(
            old, new, workspace.engine, method=workspace.method(**options), windows=list(windows)
        )

    def _tables(self, lake: Lake) -> Tables:
        return lambda name: self.workspace.engine.table(lake, name)

    def _matched(self, lake: Lake, technologies: list[str] | None) -> Tables:
        """Return the tables of a version, its memberships as today's definitions have them."""
        portfolio = self.workspace.portfolio
        queries = {
            name: portfolio.find(name).query(self.workspace.variant) for name in technologies or portfolio
        }
        found = search_texts(lake, queries, threads=self.workspace.threads)
        schema = declared("memberships").arrow
        rows = [
            pa.record_batch([pa.repeat(name, len(works)), works, pa.repeat("strict", len(works))], schema)
            for name, works in sorted(found.items())
        ]
        memberships = ibis.memtable(pa.Table.from_batches(rows, schema))
        tables: Callable[[str], ir.Table] = self._tables(lake)
        return lambda name: memberships if name == "memberships" else tables(name)

    def _years(self, tables: Tables) -> list[int]:
        members = tables("works").semi_join(tables("memberships"), "work_id")
        span = self.workspace.engine.to_arrow(
            members.aggregate(first=members.year.min(), last=members.year.max())
        ).to_pylist()[0]
        return [] if span["first"] is None else [span["first"], span["last"]]
