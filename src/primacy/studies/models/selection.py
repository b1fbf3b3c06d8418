"""One market's downloads under one choice: which counter, which models, which day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ibis.expr.types as ir

from primacy.errors import NotThereError, UsageError
from primacy.lake.engine import Engine
from primacy.studies.models.history import values_of
from primacy.studies.models.market import Market, Measure, Tables, id_table
from primacy.studies.models.populations import POPULATIONS, stacked
from primacy.studies.models.whole import flagged

__all__ = ["Selection"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which downloads count.

    Parameters
    ----------
    measure
        ``downloads_30d``, ``downloads_all``, ``downloads_12m`` or ``downloads_first_year``.
    population
        One of :data:`primacy.studies.models.populations.POPULATIONS`, by name.
    only
        Ids of the models to keep; all where None. Lineage goes through the others all the same.
    snapshot
        Its day, ISO 8601; the newest where None.
    """

    measure: Measure = "downloads_30d"
    population: str = "all"
    only: Collection[str] | None = None
    snapshot: str | None = None

    def __post_init__(self) -> None:
        names = [p.name for p in POPULATIONS]
        if self.population not in names:
            raise UsageError(f"--population {self.population}: takes {', '.join(names)}")

    def downloads(self, tables: Tables, engine: Engine) -> tuple[Market, ir.Table]:
        """Return the market, and model_id and value of the models that count.

        Raises
        ------
        NotThereError
            There is no such snapshot, it lacks the measure, or none of the models is in it.
        """
        market = Market(tables, engine, self.snapshot)
        whole = values_of(market, [self.measure])
        if not _some(engine, whole):
            raise NotThereError(
                f"the snapshot of {market.snapshot} {_LACKS[self.measure]}; take another --measure"
            )
        flags = (
            flagged(market).select("model_id").distinct()
            if self.population == "unflagged"
            else whole.limit(0)
        )
        kept = stacked(market, whole, flags.select("model_id"), [self.population])
        if self.only is not None:
            ids = id_table(self.only)
            kept = kept.semi_join(market.hold("only", lambda: ids), "model_id")
        if not _some(engine, kept):
            raise NotThereError(f"none of the models asked for is in the snapshot of {market.snapshot}")
        return market, kept.select("model_id", "value")


_LACKS: dict[Measure, str] = {
    "downloads_30d": "states no downloads_30d",
    "downloads_all": "states no downloads_all",
    "downloads_12m": "has none of a year before to be compared with",
    "downloads_first_year": "tells no model's first year",
}


def _some(engine: Engine, table: ir.Table) -> bool:
    return bool(engine.to_arrow(table.limit(1)).num_rows)
