"""One snapshot of the Hub as the study sees it: the models that count, their lineage, their owners."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.errors import NotThereError
from primacy.lake.engine import Engine
from primacy.measures.adoption import Rule, publishers
from primacy.measures.lineage import Lineage, trace

__all__ = ["LAKE_TABLES", "LEVELS", "MEASURES", "Level", "Market", "Measure", "Tables", "id_table"]

Tables: TypeAlias = Callable[[str], ir.Table]
Measure: TypeAlias = Literal["downloads_30d", "downloads_all", "downloads_12m", "downloads_first_year"]
Level: TypeAlias = Literal["model", "organization", "owner", "country", "region"]
LEVELS: tuple[Level, ...] = ("model", "organization", "owner", "country", "region")
MEASURES: tuple[Measure, ...] = ("downloads_30d", "downloads_all", "downloads_12m", "downloads_first_year")
"""The Hub's two counters, and what history makes of them: see :func:`primacy.studies.models.history.values_of`."""

LAKE_TABLES = ["models", "model_snapshots", "model_parents", "organizations", "hub_snapshots"]


class Market:
    """The models of one snapshot.

    Parameters
    ----------
    tables, engine
        The lake's tables and what computes.
    snapshot
        Its day, ISO 8601; the newest one where None.

    Raises
    ------
    NotThereError
        The lake has no such snapshot.
    """

    def __init__(self, tables: Tables, engine: Engine, snapshot: str | None = None) -> None:
        self.tables = tables
        self.engine = engine
        days = engine.to_arrow(tables("hub_snapshots").select("snapshot").order_by("snapshot"))
        self.days: list[str] = days["snapshot"].to_pylist()
        if not self.days:
            raise NotThereError("no snapshot of the Hub in the lake; run `primacy pull hub` first")
        if snapshot is not None and snapshot not in self.days:
            raise NotThereError(f"no snapshot of {snapshot} in the lake; there are {', '.join(self.days)}")
        self.snapshot = snapshot or self.days[-1]
        self._held: dict[str, ir.Table] = {}

    @cached_property
    def counters(self) -> ir.Table:
        """model_id, downloads_30d, downloads_all, likes: the models of the snapshot."""
        every = self.tables("model_snapshots")
        return every.filter(every.snapshot == self.snapshot).drop("snapshot")

    @cached_property
    def models(self) -> ir.Table:
        """The models of the snapshot, described and counted."""
        return self.tables("models").drop("snapshot").inner_join(self.counters, "model_id")

    @cached_property
    def organizations(self) -> ir.Table:
        """The organisations' list in force."""
        return self.tables("organizations")

    @cached_property
    def lineage(self) -> Lineage:
        """Every model of the snapshot traced to its roots."""
        inside = self.engine.to_arrow(self.counters.select("model_id").order_by("model_id"))
        parents = self.tables("model_parents").semi_join(self.counters, "model_id")
        declared = parents.select("model_id", "parent_id").order_by("model_id", "parent_id")
        return trace(inside, self.engine.to_arrow(declared))

    def hold(self, name: str, make: Callable[[], pa.Table]) -> ir.Table:
        """Return a table of this process for use in expressions, made once and kept as long as the market.

        Spark computes what it caches only when it is needed, and by then a table that nobody holds is gone.
        """
        if name not in self._held:
            self._held[name] = ibis.memtable(make())
        return self._held[name]

    def credits(self, by: Rule) -> ir.Table:
        """model_id, root_id, namespace, weight: to whom each model's downloads belong under a rule."""
        if by == "publisher":
            return publishers(self.models)
        return self.hold("origins", lambda: self.lineage.origins)


def id_table(ids: Collection[str]) -> pa.Table:
    """Return ids as a table with the column model_id."""
    return pa.table({"model_id": pa.array(sorted(ids), type=pa.string())})
