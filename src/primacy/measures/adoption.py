"""Adoption: whose open-weights models are downloaded.

Two questions that are seldom told apart: who *publishes* what is downloaded, and from whose models it *derives*.
Both are one sum over credits: by publisher a model's downloads are its namespace's own; by origin they go to the
roots of its lineage (:mod:`primacy.measures.lineage`). The denominator is always all downloads of the models that
count, whether their account is known or not: what belongs to nobody known is a unit of its own, ``unattributed``.

Sums are exact (:mod:`primacy.measures.exact`), so every engine gives the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_sum

__all__ = ["UNATTRIBUTED", "Rule", "UnitKind", "adoption", "attribution", "publishers", "unit_of"]

Rule: TypeAlias = Literal["publisher", "origin"]
UnitKind: TypeAlias = Literal["region", "country", "organization", "owner"]

UNATTRIBUTED = "unattributed"


def publishers(models: ir.Table) -> ir.Table:
    """Return the credits of the publisher rule: each model is wholly its namespace's.

    Parameters
    ----------
    models
        model_id, namespace.

    Returns
    -------
    ibis.expr.types.Table
        model_id, root_id (the model itself), namespace, weight (1).
    """
    return models.select("model_id", "namespace", root_id=models.model_id, weight=ibis.literal(1.0)).relocate(
        "root_id", after="model_id"
    )


def unit_of(credits: ir.Table, organizations: ir.Table, *, unit: UnitKind) -> ir.Table:
    """Add to credits the unit that their namespace belongs to, and whether it is mapped.

    Parameters
    ----------
    credits
        With a column namespace.
    organizations
        namespace, region, country, owner.
    unit
        ``region`` and ``country`` are what the organisations' list says, ``unattributed`` where it says nothing.
        ``organization`` is the namespace itself, exactly as spelt. ``owner`` joins the accounts of one firm;
        an account that is not on the list stands for itself.

    Returns
    -------
    ibis.expr.types.Table
        The credits with unit and mapped.
    """
    known = organizations.select(
        _ns=organizations.namespace, _region="region", _country="country", _owner="owner"
    )
    joined = credits.left_join(known, credits.namespace == known["_ns"])
    if unit == "region":
        named, mapped = joined["_region"].coalesce(UNATTRIBUTED), joined["_region"].notnull()
    elif unit == "country":
        named, mapped = joined["_country"].coalesce(UNATTRIBUTED), joined["_country"].notnull()
    elif unit == "organization":
        named, mapped = joined["namespace"], joined["_ns"].notnull()
    else:
        named, mapped = joined["_owner"].coalesce(joined["namespace"]), joined["_ns"].notnull()
    return joined.select(*credits.columns, unit=named, mapped=mapped)


def attribution(values: ir.Table, credits: ir.Table) -> ir.Table:
    """Divide the models' downloads among their credits.

    Parameters
    ----------
    values
        model_id, value, and columns to group by: downloads of each model that counts; a model whose counter is
        missing does not.
    credits
        model_id, weight, and what else the rows should carry.

    Returns
    -------
    ibis.expr.types.Table
        The credits of the models that count, with the values' columns to group by, and part: downloads times weight.
    """
    counted = values.filter(values.value.notnull())
    joined = counted.rename(_model="model_id").inner_join(credits, ibis._["_model"] == credits.model_id)
    return joined.mutate(part=joined.weight * joined.value).drop("_model", "value")


def adoption(
    values: ir.Table,
    credits: ir.Table,
    organizations: ir.Table,
    *,
    unit: UnitKind,
    group: Sequence[str] = (),
) -> ir.Table:
    """Return who has which share of the downloads.

    Parameters
    ----------
    values
        model_id, value, and the columns of ``group``: downloads of the models that count.
    credits
        model_id, namespace, weight: from :func:`publishers`, or the origins of a lineage.
    organizations
        namespace, region, country, owner.
    unit
        See :func:`unit_of`.
    group
        Columns of the values, such as a population: each group is a market of its own.

    Returns
    -------
    ibis.expr.types.Table
        The group, unit, downloads, share (of all downloads counted, mapped or not; null where there are none), rank
        (1 + number of units with a larger share), models (those with a part in it), total (the denominator),
        coverage (share of the downloads whose namespace is mapped).
    """
    parts = unit_of(attribution(values, credits), organizations, unit=unit)
    sums = parts.group_by(*group, "unit").agg(
        downloads=exact_sum(parts.part, large=True),
        models=parts.model_id.nunique(),
        _mapped=exact_sum(parts.mapped.ifelse(parts.part, 0.0), large=True),
    )
    whole = values.aggregate(by=list(group), total=values.value.sum().cast("float64"))
    table = sums.inner_join(whole, group) if group else sums.cross_join(whole)
    denominator = table.total.nullif(0.0)
    market = ibis.window(group_by=group or None)
    largest_first = ibis.window(group_by=group or None, order_by=ibis.desc(table.downloads))
    return table.select(
        *group,
        "unit",
        "downloads",
        share=table.downloads / denominator,
        rank=(ibis.rank().over(largest_first) + 1).cast("int64"),
        models=table.models.cast("int64"),
        total=table.total,
        coverage=exact_sum(table["_mapped"], large=True).over(market) / denominator,
    )
