"""Anomalies: counters that say something other than use.

Downloads are requests to a server. Continuous integration, mirrors and faulty clients make some counters jump, and
corrections make others fall. A flag is no verdict: shares are given with and without the flagged models.
"""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir

__all__ = ["LEAST", "THRESHOLD", "anomalies", "jumps", "robust_z"]

THRESHOLD = 3.0
"""Robust standard deviations from the median beyond which a ratio is out of line (Leys et al., 2013)."""

LEAST = 1_000
"""Models with fewer downloads than this are too small for their ratios to mean anything."""

INTERVALS = 6
"""Fewer flows than this are no history to judge a flow by."""

LEAP = 3.0
"""A flow below so many times the usual one is no jump, however even the history."""


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


def jumps(flows: ir.Table, *, threshold: float = THRESHOLD) -> ir.Table:
    """Return flows that leap out of a model's own history.

    Parameters
    ----------
    flows
        model_id, start, end (ISO 8601), downloads: from :func:`primacy.measures.flow.flows`.
    threshold
        In robust standard deviations of the logarithm of the model's daily flows.

    Returns
    -------
    ibis.expr.types.Table
        model_id, value (flow over the model's usual flow, log10), z: the largest jump of each model.
    """
    days = flows.end.cast("date").delta(flows.start.cast("date"), unit="day")
    daily = flows.filter(flows.downloads > 0).select(
        "model_id", pace=(flows.downloads / days.nullif(0)).log10()
    )
    usual = daily.group_by("model_id").agg(usual=daily.pace.median(), _n=daily.count())
    usual = usual.filter(usual["_n"] >= INTERVALS).drop("_n")
    joined = daily.inner_join(usual, "model_id").mutate(value=ibis._.pace - ibis._.usual)
    spread = joined.group_by("model_id").agg(spread=joined.value.abs().median() * 1.4826)
    judged = joined.inner_join(spread, "model_id").mutate(z=ibis._.value / ibis._.spread.nullif(0.0))
    out = judged.filter((judged.z > threshold) & (judged.value >= math.log10(LEAP)))
    return out.group_by("model_id").agg(value=out.value.max(), z=out.z.max())


def anomalies(
    models: ir.Table, fallen: ir.Table, leaps: ir.Table, *, threshold: float = THRESHOLD, least: int = LEAST
) -> ir.Table:
    """Flag models whose counters are out of line.

    Parameters
    ----------
    models
        model_id, downloads_30d, downloads_all, likes, age (days since the repository was made): of one snapshot.
    fallen
        model_id, fall: models whose all-time counter fell between two snapshots, and by how much.
    leaps
        model_id, value, z: from :func:`jumps`.
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
        - ``jump``: a flow between two snapshots that leaps out of the model's own history (log10 of how far);
        - ``fell``: the all-time counter fell; value is by how much.
    """
    paced = models.filter((models.downloads_all >= least) & (models.downloads_30d > 0) & (models.age >= 90))
    pace = (paced.downloads_30d * paced.age / (paced.downloads_all.cast("float64").nullif(0.0) * 30)).log10()
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
        leaps.select("model_id", "value", "z", flag=ibis.literal("jump")),
        fallen.select("model_id", value=fallen.fall.cast("float64"), z=nothing, flag=ibis.literal("fell")),
    ]
    return ibis.union(*[p.select("model_id", "flag", "value", "z") for p in parts], distinct=False)
