"""Anomalies: counters that say something other than use.

Downloads are requests to a server. Continuous integration, mirrors and faulty clients make some counters jump, and
corrections make others fall. A flag is no verdict: shares are given with and without the flagged models.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["LEAST", "THRESHOLD", "anomalies", "robust_z"]

THRESHOLD = 5.0
"""Robust standard deviations from the median beyond which a ratio is out of line."""

LEAST = 1_000
"""Models with fewer downloads than this are too small for their ratios to mean anything."""


def robust_z(table: ir.Table, value: str) -> ir.Table:
    """Add to each row how far its value is from the median, in units of 1.4826 times the median deviation.

    Parameters
    ----------
    table
        Any table.
    value
        The column to judge; rows where it is null are left out.

    Returns
    -------
    ibis.expr.types.Table
        The rows with z; null where half of the values or more are the same.
    """
    some = table.filter(table[value].notnull())
    centred = some.cross_join(some.aggregate(_median=some[value].median()))
    centred = centred.mutate(_gap=centred[value] - centred["_median"])
    spread = centred.aggregate(_spread=centred["_gap"].abs().median() * 1.4826)
    joined = centred.cross_join(spread)
    return joined.mutate(z=joined["_gap"] / joined["_spread"].nullif(0.0)).drop("_median", "_gap", "_spread")


def anomalies(
    models: ir.Table, fallen: ir.Table, *, threshold: float = THRESHOLD, least: int = LEAST
) -> ir.Table:
    """Flag models whose counters are out of line.

    Parameters
    ----------
    models
        model_id, downloads_30d, downloads_all, likes, age (days since the repository was made): of one snapshot.
    fallen
        model_id, fall: models whose all-time counter fell between two snapshots, and by how much.
    threshold
        In robust standard deviations.
    least
        All-time downloads below which a model is not judged by ratios.

    Returns
    -------
    ibis.expr.types.Table
        model_id, flag, value, z; a model may have several flags:

        - ``burst``: downloads of the last 30 days over those of an average 30 days of its life (log10), from the
          ninetieth day on;
        - ``unliked``: all-time downloads per like (log10 of each plus one);
        - ``impossible``: more downloads in 30 days than since the beginning;
        - ``fell``: the all-time counter fell; value is by how much.
    """
    paced = models.filter((models.downloads_all >= least) & (models.downloads_30d > 0) & (models.age >= 90))
    pace = (paced.downloads_30d * paced.age / (paced.downloads_all.cast("float64") * 30)).log10()
    burst = robust_z(paced.select("model_id", value=pace), "value")
    liked = models.filter((models.downloads_all >= least) & models.likes.notnull())
    ratio = ((liked.downloads_all.cast("float64") + 1) / (liked.likes + 1)).log10()
    unliked = robust_z(liked.select("model_id", value=ratio), "value")
    impossible = models.filter(models.downloads_30d > models.downloads_all)
    nothing = ibis.null("float64")
    parts = [
        burst.filter(burst.z > threshold).mutate(flag=ibis.literal("burst")),
        unliked.filter(unliked.z > threshold).mutate(flag=ibis.literal("unliked")),
        impossible.select(
            "model_id",
            value=(impossible.downloads_30d - impossible.downloads_all).cast("float64"),
            z=nothing,
            flag=ibis.literal("impossible"),
        ),
        fallen.select("model_id", value=fallen.fall.cast("float64"), z=nothing, flag=ibis.literal("fell")),
    ]
    return ibis.union(*[p.select("model_id", "flag", "value", "z") for p in parts], distinct=False)
