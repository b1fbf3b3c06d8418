"""Leads: who is first, by how much, and how concentrated the leaders are.

The lead ratio is the first country's share over the second's. The technology monopoly risk follows the published
rule of ASPI's Critical Technology Tracker: with n10 the number of the ten leading institutions that are in the leading
country, *high* where n10 >= 8 and the ratio >= 3, *medium* where n10 >= 5 and the ratio >= 2, else *low*.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["leads", "monopoly_risk"]


def monopoly_risk(top10_in_leader: ir.IntegerValue, lead_ratio: ir.FloatingValue) -> ir.StringValue:
    """Return high, medium or low; a ratio that is null (there is no second) counts as beyond every bound."""
    alone = lead_ratio.isnull()
    return ibis.cases(
        ((top10_in_leader >= 8) & (alone | (lead_ratio >= 3)), "high"),
        ((top10_in_leader >= 5) & (alone | (lead_ratio >= 2)), "medium"),
        else_="low",
    )


def leads(countries: ir.Table, institutions: ir.Table, seats: ir.Table) -> ir.Table:
    """Return the leader of each technology and window.

    Parameters
    ----------
    countries
        Shares by country, from :func:`primacy.measures.share.shares`.
    institutions
        Shares by institution, by the same method.
    seats
        unit, country: where each institution is.

    Returns
    -------
    ibis.expr.types.Table
        technology, window, leader, leader_share, runner_up, runner_up_share, lead_ratio (null where nobody else
        has a share), top10_in_leader, monopoly_risk. Of equal shares the first code in the alphabet stands first.
        Technologies without any highly cited work have no row.
    """
    group = ["technology", "window"]
    some = countries.filter(countries.share > 0)
    placed = some.mutate(
        place=ibis.row_number().over(group_by=group, order_by=[some.share.round(12).desc(), "unit"])
    )
    first = placed.filter(placed.place == 0).select(*group, leader=ibis._.unit, leader_share=ibis._.share)
    second = placed.filter(placed.place == 1).select(
        *group, runner_up=ibis._.unit, runner_up_share=ibis._.share
    )
    table = first.left_join(second, group).select(*first.columns, "runner_up", "runner_up_share")

    with_seat = institutions.filter(institutions.high_impact > 0).left_join(seats, "unit")
    with_seat = with_seat.select(*group, "unit", "high_impact", "country")
    ten = with_seat.mutate(
        place=ibis.row_number().over(
            group_by=group, order_by=[with_seat.high_impact.round(12).desc(), "unit"]
        )
    ).filter(ibis._.place < 10)
    per_country = ten.group_by(*group, leader=ten.country).agg(top10=ten.count())
    table = table.left_join(per_country, [*group, "leader"]).select(
        *table.columns, top10_in_leader=ibis.coalesce(ibis._.top10, 0).cast("int64")
    )
    table = table.mutate(lead_ratio=table.leader_share / table.runner_up_share)
    return table.mutate(monopoly_risk=monopoly_risk(table.top10_in_leader, table.lead_ratio)).relocate(
        "lead_ratio", before="top10_in_leader"
    )
