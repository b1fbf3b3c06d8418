"""Attribution: to whose row an institution's credit goes.

The record's institution is a leaf: an institute, a campus, a hospital. A ranking shows bodies. Going up the lineage
(OpenAlex's, from ROR's parents), credit goes to the topmost ancestors, in equal parts where there are several, which
is what makes a joint laboratory its partners'. Dated overrides say where that would be wrong
(:mod:`primacy.sources.reference.attribution`).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_sum

__all__ = ["Rollup", "attribution"]

Rollup: TypeAlias = Literal["none", "parents", "systems"]
"""``none``: the record's institution; ``parents``: up to the topmost ancestors, which ``systems`` lets be university
systems and ``parents`` does not."""


def attribution(institutions: ir.Table, overrides: ir.Table, *, rollup: Rollup) -> ir.Table:
    """Return to which units an institution's credit goes, where that is not the institution itself.

    Parameters
    ----------
    institutions
        The lake's ``institutions``: institution_id, lineage, is_super_system.
    overrides
        institution, rule, unit, part: those that hold in the years looked at.
    rollup
        How far up; with ``none`` no row is returned.

    Returns
    -------
    ibis.expr.types.Table
        institution_id, unit (the number of an institution), unit_part: the parts of an institution sum to 1.
    """
    pairs = institutions.select("institution_id", ancestor=institutions.lineage.unnest())
    above = pairs.filter(pairs.ancestor != pairs.institution_id).distinct()
    above = above.anti_join(_passed_over(institutions, overrides, rollup), "ancestor")
    joint = overrides.filter(overrides.rule == "partner")
    joint = joint.select(institution_id=joint.institution, partner=joint.unit, partner_part=joint.part)
    own = overrides.filter(overrides.rule == "own").select(institution_id=ibis._.institution)
    stops = own.union(joint.select("institution_id"), distinct=True)
    tops = _tops(above, stops)

    # A joint body among the tops, or credited itself, hands on to its partners, and they to their own tops.
    bodies = joint.rename(body="institution_id")
    via = tops.left_join(bodies, tops.unit == bodies.body).select(*tops.columns, "partner", "partner_part")
    direct = joint.select("institution_id", "partner", unit="partner", unit_part="partner_part")
    direct = direct.mutate(partner_part=ibis.null("float64")).select(*via.columns)
    handed = via.union(direct).mutate(
        unit=ibis._.partner.coalesce(ibis._.unit),
        unit_part=ibis._.unit_part * ibis._.partner_part.coalesce(1.0),
    )
    up = tops.select(target="institution_id", top="unit", top_part="unit_part")
    lifted = handed.left_join(up, handed.partner == up.target).select(*handed.columns, "top", "top_part")
    lifted = lifted.mutate(
        unit=lifted.top.coalesce(lifted.unit), unit_part=lifted.unit_part * lifted.top_part.coalesce(1.0)
    )
    found = lifted.group_by("institution_id", "unit").agg(unit_part=exact_sum(lifted.unit_part))
    return found if rollup != "none" else found.filter(ibis.literal(False))


def _passed_over(institutions: ir.Table, overrides: ir.Table, rollup: Rollup) -> ir.Table:
    passed = overrides.filter(overrides.rule == "passes").select(ancestor=ibis._.institution)
    if rollup == "systems":
        return passed.distinct()
    systems = institutions.filter(institutions.is_super_system.fill_null(False))
    return passed.union(systems.select(ancestor=ibis._.institution_id), distinct=True)


def _tops(above: ir.Table, stops: ir.Table) -> ir.Table:
    """Return institution_id, unit, unit_part: the ancestors of an institution above which none of its own stands."""
    pair = ["institution_id", "ancestor"]
    over = above.semi_join(stops, "institution_id").select(stop="institution_id", ancestor="ancestor")
    below = above.select("institution_id", stop="ancestor")
    cut = below.join(over, "stop").select(*pair).distinct()
    reached = above.anti_join(cut, pair).anti_join(stops, "institution_id").select(*pair)
    higher = above.select(ancestor="institution_id", higher="ancestor")
    within = reached.join(higher, "ancestor").select(*pair, "higher")
    among = reached.select("institution_id", higher="ancestor")
    inner = within.semi_join(among, ["institution_id", "higher"]).select(*pair).distinct()
    tops = reached.anti_join(inner, pair).select("institution_id", unit="ancestor")
    return tops.mutate(unit_part=1.0 / tops.count().over(group_by=tops.institution_id).cast("float64"))
