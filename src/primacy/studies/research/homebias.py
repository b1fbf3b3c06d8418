"""Home bias: the same shares with and without citations from a work's own countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import ibis
import pyarrow as pa

from primacy.lake.engine import Engine, Keep
from primacy.measures.method import Method, Window
from primacy.studies.research.pipeline import Pipeline, Tables, Variant

__all__ = ["home_bias"]

Citations = Literal["stated", "lake", "foreign"]


def home_bias(
    tables: Tables, engine: Engine, keep: Keep, method: Method, windows: Sequence[Window], variant: Variant
) -> pa.Table:
    """Return shares by country three ways, the most cited works being found anew in each.

    Returns
    -------
    pyarrow.Table
        technology, window, unit; share (by the citations that records state), share_lake (by the citations that the
        lake holds), share_foreign (of those, only the ones from abroad), home_bias (share_lake - share_foreign:
        what domestic citations add), rank, rank_foreign.
    """
    keys = ["technology", "window", "unit"]
    found = {}
    for name in ("stated", "lake", "foreign"):
        pipeline = Pipeline(
            tables,
            keep,
            replace(method, exclude_domestic=name == "foreign"),
            windows,
            variant=variant,
            from_lake=name == "lake",
        )
        shares = pipeline.cells("country").shares()
        found[name] = keep(
            shares.select(*keys, **{f"share_{name}": shares.share, f"rank_{name}": shares["rank"]})
        )
    joined = found["stated"].join(found["lake"], keys).join(found["foreign"], keys)
    table = joined.select(
        *keys,
        share=joined.share_stated,
        share_lake=joined.share_lake,
        share_foreign=joined.share_foreign,
        home_bias=joined.share_lake - joined.share_foreign,
        rank=joined.rank_stated,
        rank_foreign=joined.rank_foreign,
    )
    return engine.to_arrow(table.order_by(["technology", "window", ibis.asc("rank"), "unit"]))
