"""How sure a country's share of capacity is, from how sure it is that each cluster exists."""

from __future__ import annotations

from collections.abc import Sequence

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from primacy.inference.certainty import EXISTS, share_intervals
from primacy.lake.engine import Engine
from primacy.measures.clusters import Measure, capacity_of

__all__ = ["certainty_intervals"]

Ends = list[float | None]


def certainty_intervals(
    engine: Engine, clusters: ir.Table, measure: Measure, countries: Sequence[str], *, draws: int, seed: int
) -> tuple[Ends, Ends]:
    """Return the lower and upper ends of the 95 % interval of each country's share.

    Parameters
    ----------
    engine
        What computes.
    clusters
        The clusters that count.
    measure
        What is summed.
    countries
        In the order in which the ends are wanted: every country that a cluster with the measure stands in.
    draws, seed
        Number of draws, and their seed.
    """
    known = clusters.filter(clusters.country.notnull(), capacity_of(clusters, measure).notnull())
    parts = engine.to_arrow(
        known.select("country", "certainty", "line", value=capacity_of(known, measure)).order_by("line")
    ).to_pylist()
    if not parts:
        return [], []
    place = {country: i for i, country in enumerate(countries)}
    low, high = share_intervals(
        np.array([p["value"] for p in parts]),
        np.array([place[p["country"]] for p in parts]),
        np.array([EXISTS.get(p["certainty"], EXISTS["likely"]) for p in parts]),
        draws=draws,
        seed=seed,
    )
    return _finite(low), _finite(high)


def _finite(values: npt.NDArray[np.float64]) -> Ends:
    return [float(v) if np.isfinite(v) else None for v in values]
