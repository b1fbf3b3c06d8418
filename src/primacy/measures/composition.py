"""What the downloads are made of: sizes, licences, tasks, relations, weighted by downloads."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from primacy.measures.exact import exact_sum

__all__ = ["SIZE_CLASSES", "mix", "size_class", "weighted_sizes"]

SIZE_CLASSES = ("<1B", "1-5B", "5-10B", "10-50B", "50-100B", "100-250B", "250B+")
"""Classes by number of parameters; a class begins with its lower bound. Source: the ATOM report."""

_BOUNDS = (1, 5, 10, 50, 100, 250)
SMALL = 10_000_000_000
"""Fewer parameters than this is small: the three lowest classes."""


def size_class(parameters: ir.IntegerValue) -> ir.StringValue:
    """Return the class of a size; null where it is not known.

    Examples
    --------
    >>> t = ibis.memtable({"p": [999_999_999, 10**9, 7 * 10**9, 671 * 10**9]})
    >>> t.select(c=size_class(t.p)).to_pyarrow()["c"].to_pylist()
    ['<1B', '1-5B', '5-10B', '250B+']
    """
    classes = [
        (parameters < bound * 10**9, name) for bound, name in zip(_BOUNDS, SIZE_CLASSES[:-1], strict=True)
    ]
    return ibis.cases((parameters.isnull(), ibis.null("string")), *classes, else_=SIZE_CLASSES[-1])


def mix(parts: ir.Table, categories: ir.Table, *, group: Sequence[str]) -> ir.Table:
    """Return how the downloads of each unit divide among categories.

    Parameters
    ----------
    parts
        model_id, part, and the columns of ``group``: from :func:`primacy.measures.adoption.unit_of` and
        :func:`primacy.measures.adoption.attribution`.
    categories
        model_id, category: null is a category of its own, ``unknown``.
    group
        Columns such as by and unit.

    Returns
    -------
    ibis.expr.types.Table
        The group, category, downloads, share (of the group's downloads; null where it has none), models.
    """
    named = categories.select(_model=categories.model_id, category=categories.category.coalesce("unknown"))
    joined = parts.inner_join(named, parts.model_id == named["_model"])
    sums = joined.group_by(*group, "category").agg(
        downloads=exact_sum(joined.part, large=True), models=joined.model_id.nunique()
    )
    whole = exact_sum(sums.downloads, large=True).over(ibis.window(group_by=list(group)))
    return sums.mutate(share=sums.downloads / whole.nullif(0.0)).relocate("share", after="downloads")


def weighted_sizes(parts: ir.Table, sizes: ir.Table, *, group: Sequence[str]) -> ir.Table:
    """Return the sizes of the models that are downloaded, weighted by downloads.

    Parameters
    ----------
    parts
        As for :func:`mix`.
    sizes
        model_id, parameters: models without a size are left out, and ``known`` says what they are worth.
    group
        Columns such as by and unit.

    Returns
    -------
    ibis.expr.types.Table
        The group, downloads, known (share of them with a known size), mean and median (parameters), small (share of
        the known that is of models under 10 billion parameters).
    """
    listed = sizes.select(_model=sizes.model_id, parameters=sizes.parameters)
    joined = parts.inner_join(listed, parts.model_id == listed["_model"])
    sized = joined.parameters.notnull().ifelse(joined.part, 0.0)
    smallest_first = [joined.parameters.asc(nulls_first=False), joined.model_id]
    placed = joined.mutate(
        _sized=sized,
        _below=sized.sum().over(ibis.cumulative_window(group_by=list(group), order_by=smallest_first)),
    )
    wholes = placed.group_by(*group).agg(_whole=exact_sum(placed["_sized"], large=True))
    table = placed.inner_join(wholes, list(group))
    half = table.parameters.notnull() & (table["_below"] * 2 >= table["_whole"]) & (table["_whole"] > 0)
    small = (table.parameters < SMALL).coalesce(False).ifelse(table.part, 0.0)
    share_of_size = table["_sized"] / table["_whole"].nullif(0.0) * table.parameters.coalesce(0)
    sums = table.group_by(*group).agg(
        downloads=exact_sum(table.part, large=True),
        _known=exact_sum(table["_sized"], large=True),
        _small=exact_sum(small, large=True),
        mean=exact_sum(share_of_size, large=True),
        median=table.parameters.min(where=half),
    )
    return sums.select(
        *group,
        "downloads",
        known=sums["_known"] / sums.downloads.nullif(0.0),
        mean=(sums["_known"] > 0).ifelse(sums["mean"], ibis.null("float64")),
        median=sums["median"],
        small=sums["_small"] / sums["_known"].nullif(0.0),
    )
