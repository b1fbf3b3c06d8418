"""Growth of a Share: what one global factor hides.

The adjusted change rescales a Share by the growth of the whole basket. A unit that is strong in fast-growing journals
gains by it although it gains in none of them. Here the parts are told apart. For unit u, journal j and period t let
S(u,j,t) be its Share, N(j,t) the journal's articles, p = S/N its part of the journal, m(j,t) = N(j,t)/N(t) the
journal's part of the basket, s = S/N its part of the basket.

*Decomposition* (Bennet's, which is exact): the change of S from one period to the next is ::

    volume   (N' - N) x (s' + s)/2            the basket has more or fewer articles
  + within   (N' + N)/2 x sum (p' - p) (m' + m)/2     the unit has more or less of each journal
  + mix      (N' + N)/2 x sum (m' - m) (p' + p)/2     journals weigh more or less

where a journal that publishes in only one of the two periods keeps its p, so that it is all mix; ``turnover`` is that
part of the mix.

*Fixed basket* (Laspeyres' index): sum N(j,0) p(u,j,t) / sum N(j,0) p(u,j,0) over the journals that publish in both
periods: growth had every journal kept the size that it had in the base period. *Chain-linked*: the product of the
fixed-basket changes from each period to the next, which stays meaningful when journals come and go.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from primacy.measures.basket import GROUP
from primacy.measures.exact import exact_sum

__all__ = ["contributions", "decomposition", "fixed_growth", "growth", "list_difference"]


def contributions(cells: ir.Table, volumes: ir.Table, *, step: int = 1) -> ir.Table:
    """Return what each journal contributes to the change of each unit's Share.

    Parameters
    ----------
    cells, volumes
        From :mod:`primacy.measures.basket`.
    step
        How far back the period before lies.

    Returns
    -------
    ibis.expr.types.Table
        subject, period, venue, unit, share, previous_share, within, mix, turnover. Only periods whose period before
        has articles too.
    """
    keys = [*GROUP, "venue"]
    whole = volumes.group_by(*GROUP).agg(total=volumes.articles.sum())
    both = whole.join(
        whole.select("subject", period=whole.period + step, previous_total=whole.total), list(GROUP)
    )
    later = cells.select(*keys, "unit").union(
        cells.select("subject", "venue", "unit", period=cells.period + step).select(*keys, "unit"),
        distinct=True,
    )
    table = later.join(both, list(GROUP))
    for name, source, shift in (
        ("share", cells.select(*keys, "unit", share=cells.share), 0),
        ("previous_share", cells.select(*keys, "unit", previous_share=cells.share), step),
    ):
        moved = source.mutate(period=source.period + shift)
        table = table.left_join(moved, [*keys, "unit"]).select(*table.columns, name)
    for name, source, shift in (
        ("articles", volumes.select(*keys, articles=volumes.articles), 0),
        ("previous_articles", volumes.select(*keys, previous_articles=volumes.articles), step),
    ):
        moved = source.mutate(period=source.period + shift)
        table = table.left_join(moved, keys).select(*table.columns, name)
    table = table.mutate(share=table.share.fill_null(0.0), previous_share=table.previous_share.fill_null(0.0))
    now = table.share / table.articles
    before = table.previous_share / table.previous_articles
    p, q = ibis.coalesce(now, before), ibis.coalesce(before, now)
    m = table.articles.fill_null(0) / table.total
    n = table.previous_articles.fill_null(0) / table.previous_total
    size = (table.total + table.previous_total) / 2.0
    mix = size * (m - n) * (p + q) / 2.0
    one_sided = table.articles.isnull() | table.previous_articles.isnull()
    return table.select(
        *keys,
        "unit",
        "share",
        "previous_share",
        within=size * (p - q) * (m + n) / 2.0,
        mix=mix,
        turnover=ibis.cases((one_sided, mix), else_=0.0),
    )


def decomposition(cells: ir.Table, volumes: ir.Table, *, step: int = 1) -> ir.Table:
    """Split the change of each unit's Share into volume, within and mix, which add up to it.

    Returns
    -------
    ibis.expr.types.Table
        subject, period, unit, share, previous_share, change, volume, within, mix, turnover (part of the mix).
    """
    each = contributions(cells, volumes, step=step)
    sums = each.group_by(*GROUP, "unit").agg(
        **{
            c: exact_sum(each[c], large=True)
            for c in ("share", "previous_share", "within", "mix", "turnover")
        }
    )
    whole = volumes.group_by(*GROUP).agg(total=volumes.articles.sum())
    before = whole.select("subject", period=whole.period + step, previous_total=whole.total)
    table = sums.join(whole, list(GROUP)).join(before, list(GROUP))
    part = (table.share / table.total + table.previous_share / table.previous_total) / 2.0
    return table.select(
        *GROUP,
        "unit",
        "share",
        "previous_share",
        change=table.share - table.previous_share,
        volume=(table.total - table.previous_total) * part,
        within=table.within,
        mix=table.mix,
        turnover=table.turnover,
    )


def fixed_growth(cells: ir.Table, volumes: ir.Table, pairs: ir.Table) -> ir.Table:
    """Return the fixed-basket growth of each unit between pairs of periods.

    Parameters
    ----------
    pairs
        period, reference.

    Returns
    -------
    ibis.expr.types.Table
        subject, period, reference, unit, ratio (1: no growth; null where the unit had nothing in the journals that
        publish in both).
    """
    sizes = volumes.join(pairs, "period").select(*GROUP, "reference", "venue", "articles")
    then = volumes.select("subject", "venue", reference=volumes.period, then=volumes.articles)
    shared = sizes.join(then, ["subject", "reference", "venue"])
    now = cells.join(shared, [*GROUP, "venue"]).select(
        *GROUP, "reference", "unit", now=ibis._.then * ibis._.share / ibis._.articles, then=ibis.literal(0.0)
    )
    past = cells.rename(reference="period").join(
        shared.select("subject", "reference", "venue", "period"), ["subject", "reference", "venue"]
    )
    past = past.select(*GROUP, "reference", "unit", now=ibis.literal(0.0), then=past.share)
    sides = now.union(past)
    sums = sides.group_by(*GROUP, "reference", "unit").agg(
        now=exact_sum(sides.now, large=True), then=exact_sum(sides.then, large=True)
    )
    return sums.select(
        *GROUP, "reference", "unit", ratio=ibis.cases((sums.then > 0, sums.now / sums.then.nullif(0.0)))
    )


def growth(cells: ir.Table, volumes: ir.Table, *, base: int, step: int = 1) -> ir.Table:
    """Return three indices of each unit's Share, 100 in the base period.

    Parameters
    ----------
    cells, volumes
        Of the periods from ``base`` on, each ``step`` after the one before.
    base
        The base period.

    Returns
    -------
    ibis.expr.types.Table
        subject, period, unit, share, adjusted_index (Share over the number of articles), fixed_index (journals as
        large as in the base period), chain_index (from each period to the next; null after a period in which the
        unit has nothing to go on from).
    """
    whole = volumes.group_by(*GROUP).agg(total=volumes.articles.sum())
    sums = cells.group_by(*GROUP, "unit").agg(share=exact_sum(cells.share, large=True))
    table = sums.join(whole, list(GROUP)).mutate(part=ibis._.share / ibis._.total)
    start = table.filter(table.period == base).select("subject", "unit", start=table.part)
    table = table.left_join(start, ["subject", "unit"]).select(*table.columns, "start")

    periods = volumes.select("period").distinct()
    pairs = periods.filter(periods.period > base)
    from_base = fixed_growth(cells, volumes, pairs.mutate(reference=ibis.literal(base, "int64")))
    links = fixed_growth(cells, volumes, pairs.mutate(reference=pairs.period - step))
    links = links.filter(links.ratio > 0)
    window = {"group_by": ["subject", "unit"], "order_by": links.period, "rows": (None, 0)}
    chained = links.select(
        *GROUP,
        "unit",
        links_so_far=links.count().over(**window),
        log=links.ratio.ln().cast("decimal(18, 15)").sum().over(**window).cast("float64"),
    )
    unbroken = chained.filter(chained.links_so_far * step == chained.period - base)
    table = table.left_join(from_base.drop("reference"), [*GROUP, "unit"]).select(*table.columns, "ratio")
    table = table.left_join(unbroken, [*GROUP, "unit"]).select(*table.columns, "log")
    at_base = (table.period == base) & (table.start > 0)
    return table.select(
        *GROUP,
        "unit",
        "share",
        adjusted_index=ibis.cases((table.start > 0, 100.0 * table.part / table.start.nullif(0.0))),
        fixed_index=ibis.cases((at_base, 100.0), else_=100.0 * table.ratio),
        chain_index=ibis.cases((at_base, 100.0), else_=100.0 * table.log.exp()),
    )


def list_difference(one: ir.Table, other: ir.Table) -> ir.Table:
    """Compare the Shares of one period under two baskets, to see how much of a change is the list.

    Parameters
    ----------
    one, other
        From :func:`primacy.measures.basket.shares`: of the new list and of the old one.

    Returns
    -------
    ibis.expr.types.Table
        subject, period, unit; count, share, part (per cent of the basket's articles), rank, and the same with
        ``other_``; other_previous_share; of_list (share - other_share) and of_units (other_share -
        other_previous_share), which add up to the change that a reader of both lists sees; rank_difference.
    """
    columns = ["count", "share", "part", "rank"]
    keys = [*GROUP, "unit"]
    left = one.select(*keys, "count", "share", "rank", part=100.0 * one.share / one.articles)
    right = other.select(
        *keys, "count", "share", "rank", "previous_share", part=100.0 * other.share / other.articles
    )
    right = right.rename({f"other_{c}": c for c in (*columns, "previous_share")})
    both = left.select(*keys).union(right.select(*keys), distinct=True)
    table = both.left_join(left, keys).select(*keys, *columns)
    table = table.left_join(right, keys).select(*table.columns, *(c for c in right.columns if c not in keys))
    amounts = ["count", "share", "part"]
    table = table.mutate(**{c: table[c].fill_null(0) for n in amounts for c in (n, f"other_{n}")})
    return table.mutate(
        of_list=table.share - table.other_share,
        of_units=table.other_share - table.other_previous_share.fill_null(0.0),
        rank_difference=table["rank"] - table.other_rank,
    )
