"""Attribution: two sides' shares under every rule, who leads, and what would have to be true for the lead to flip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from primacy.measures.adoption import UNATTRIBUTED

__all__ = ["attribution_matrix"]


def attribution_matrix(
    shares: ir.Table, *, sides: tuple[str, str], group: Sequence[str], reference: Mapping[str, str]
) -> ir.Table:
    """Set two sides' shares against each other under every rule and both denominators.

    Parameters
    ----------
    shares
        From :func:`primacy.measures.adoption.adoption`, with the columns of ``group``.
    sides
        Two units.
    group
        The columns that make a rule, such as population, measure and by.
    reference
        The values of the group's columns that name the rule that the others are compared with.

    Returns
    -------
    ibis.expr.types.Table
        The group, denominator (``all``: every download of the models that count; ``attributed``: those of known
        accounts), first and second (the sides), first_share, second_share, unattributed (share of all downloads),
        leader (null where they are level), lead (difference of the shares), flip_point (share of the unattributed
        downloads that the side behind would need to be level; null where all of them would not do), flips (whether
        the leader is another than under the reference), total (the denominator, in downloads), coverage.
    """
    first, second = sides

    def share_of(unit: str) -> ir.FloatingScalar:
        return shares.share.sum(where=shares.unit == unit).coalesce(0.0)

    wide = shares.group_by(*group).agg(
        _first=share_of(first),
        _second=share_of(second),
        unattributed=share_of(UNATTRIBUTED),
        total=shares.total.max(),
        coverage=shares.coverage.max(),
    )
    whole = wide.mutate(denominator=ibis.literal("all"), _base=ibis.literal(1.0), _downloads=wide.total)
    known = wide.mutate(
        denominator=ibis.literal("attributed"),
        _base=1.0 - wide.unattributed,
        _downloads=wide.total * (1.0 - wide.unattributed),
    )
    table = ibis.union(whole, known.select(whole.columns))
    gap = (table["_first"] - table["_second"]).abs()
    ahead = ibis.cases(
        (table["_first"] > table["_second"], first),
        (table["_second"] > table["_first"], second),
        else_=ibis.null("string"),
    )
    table = table.mutate(leader=ahead, _gap=gap)
    base = table["_base"].nullif(0.0)
    usual = table.filter([table[k] == v for k, v in {**reference, "denominator": "all"}.items()])
    usual = usual.aggregate(_usual=usual.leader.max(), _there=usual.count())
    joined = table.cross_join(usual)
    return joined.select(
        *group,
        "denominator",
        first=ibis.literal(first),
        second=ibis.literal(second),
        first_share=joined["_first"] / base,
        second_share=joined["_second"] / base,
        unattributed=joined.unattributed,
        leader=joined.leader,
        lead=joined["_gap"] / base,
        flip_point=(joined["_gap"] <= joined.unattributed).ifelse(
            joined["_gap"] / joined.unattributed.nullif(0.0), ibis.null("float64")
        ),
        flips=(joined["_there"] > 0).ifelse(
            joined.leader.coalesce("") != joined["_usual"].coalesce(""), ibis.null("boolean")
        ),
        total=joined["_downloads"],
        coverage=joined.coverage,
    )
