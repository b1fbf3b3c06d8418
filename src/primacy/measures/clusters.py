"""Capacity of clusters by country, by owner and over time.

The source lists clusters that are known, between a tenth and a fifth of the world's capacity as its authors judge
(Pilz et al. 2025, arXiv 2504.16026); a share here is a share of what is listed, and says how much of that counts.
"""

from __future__ import annotations

from typing import Literal

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_sum

__all__ = ["FIRST_DAY", "Measure", "capacity", "capacity_of", "operational", "owners", "planned"]

Measure = Literal["h100e", "flops16", "megawatts"]

FIRST_DAY = "2019-01-01"
"""Clusters that began before this day are left out, as in the source's own analysis."""

_COLUMNS: dict[Measure, tuple[str, float]] = {
    "h100e": ("h100_equivalents", 1.0),
    "flops16": ("flops16", 1e15),
    "megawatts": ("power_mw", 1.0),
}
"""The column of each measure, and the unit in which its sums stay exact."""


def operational(clusters: ir.Table, *, on: str | ir.StringValue, standard: bool = False) -> ir.Table:
    """Return the clusters that count on a day: not planned, first operational from 2019 to that day.

    Parameters
    ----------
    clusters
        The lake's ``clusters``.
    on
        The day, ISO 8601, or a column with one.
    standard
        Only those that the source includes in its standard analysis.
    """
    kept = clusters.filter(
        clusters.status != "planned",
        clusters.first_operational >= FIRST_DAY,
        clusters.first_operational <= on,
    )
    return kept.filter(kept.standard) if standard else kept


def capacity_of(clusters: ir.Table, measure: Measure) -> ir.FloatingValue:
    """Return the column that a measure sums: H100-equivalents, 16-bit operations per second, or megawatts."""
    return clusters[_COLUMNS[measure][0]]


def capacity(
    clusters: ir.Table,
    *,
    on: str,
    measure: Measure = "h100e",
    standard: bool = False,
) -> ir.Table:
    """Return the capacity of each country on a day.

    Parameters
    ----------
    clusters
        The lake's ``clusters``. Names are not unique; every row is a cluster.
    on
        The day, ISO 8601.
    measure
        ``h100e``: H100-equivalents; ``flops16``: 16-bit operations per second; ``megawatts``.
    standard
        Only clusters of the source's standard analysis.

    Returns
    -------
    ibis.expr.types.Table
        country, capacity, share (of the capacity of clusters whose country and measure are known), rank (1 + the
        number of countries with more), systems (clusters summed), confirmed (capacity of those that certainly
        exist), unmeasured (the country's clusters without the measure), coverage (clusters summed over clusters
        that count, for all countries together).
    """
    rows = operational(clusters, on=on, standard=standard)
    return _by(rows.mutate(unit=rows.country), measure).rename(country="unit")


def _by(rows: ir.Table, measure: Measure) -> ir.Table:
    """Sum a measure by ``unit``; rows without one stay in the coverage only."""
    column, scale = _COLUMNS[measure]
    rows = rows.mutate(value=rows[column] / scale)
    rows = rows.mutate(known=rows.unit.notnull() & rows.value.notnull())
    summed = rows.aggregate(all_systems=rows.count(), all_known=rows.known.sum())
    sums = (
        rows.filter(rows.unit.notnull())
        .group_by("unit")
        .agg(
            capacity=exact_sum(ibis._.value.fill_null(0.0), large=True) * scale,
            confirmed=exact_sum(
                ibis.ifelse(ibis._.known & (ibis._.certainty == "confirmed"), ibis._.value, 0.0), large=True
            )
            * scale,
            systems=ibis._.known.sum(),
            unmeasured=(~ibis._.known).sum(),
        )
    )
    sums = sums.filter(sums.systems > 0)
    whole = sums.aggregate(total=exact_sum(sums.capacity / scale, large=True) * scale)
    t = sums.cross_join(whole).cross_join(summed)
    return t.select(
        "unit",
        "capacity",
        share=t.capacity / t.total,
        rank=ibis.rank().over(order_by=ibis.desc(t.capacity)) + 1,
        systems=t.systems.cast("int64"),
        confirmed="confirmed",
        unmeasured=t.unmeasured.cast("int64"),
        coverage=t.all_known / t.all_systems,
    ).order_by("rank", "unit")


def planned(clusters: ir.Table, *, measure: Measure = "h100e") -> ir.Table:
    """Return the capacity that is announced and not there yet, by country, columns as in :func:`capacity`."""
    rows = clusters.filter(clusters.status == "planned")
    return _by(rows.mutate(unit=rows.country), measure).rename(country="unit")


def owners(clusters: ir.Table, *, on: str, measure: Measure = "h100e", standard: bool = False) -> ir.Table:
    """Return the capacity of each owner on a day; a cluster with several owners counts in equal parts.

    Returns
    -------
    ibis.expr.types.Table
        owner, capacity, share (of the capacity whose owner is known), rank, hhi (Herfindahl-Hirschman index of
        those shares, 0 to 10,000, the same on every row), coverage (clusters whose owner and measure are known
        over clusters that count).
    """
    rows = operational(clusters, on=on, standard=standard)
    column, scale = _COLUMNS[measure]
    known = rows.filter(rows.owner.notnull(), rows[column].notnull())
    parts = known.select(names=known.owner.split(","), value=known[column] / scale)
    each = parts.select(owner=parts.names.unnest(), part=parts.value / parts.names.length())
    each = each.mutate(owner=each.owner.strip())
    sums = each.group_by("owner").agg(capacity=exact_sum(each.part, large=True) * scale)
    whole = sums.aggregate(total=exact_sum(sums.capacity / scale, large=True) * scale)
    shares = sums.cross_join(whole)
    shares = shares.mutate(share=shares.capacity / shares.total)
    index = shares.aggregate(hhi=exact_sum(shares.share * shares.share) * 10_000)
    counted = rows.aggregate(
        coverage=(rows.owner.notnull() & rows[column].notnull()).sum() / rows.count(),
    )
    t = shares.cross_join(index).cross_join(counted)
    return t.select(
        "owner",
        "capacity",
        "share",
        rank=ibis.rank().over(order_by=ibis.desc(t.capacity)) + 1,
        hhi="hhi",
        coverage="coverage",
    ).order_by("rank", "owner")
