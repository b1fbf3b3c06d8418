"""What a GPU costs by the hour, from listed rents."""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

__all__ = ["named", "recent_rents", "rent"]


def named(names: ir.StringValue, word: str) -> ir.BooleanValue:
    """Return whether a name contains a word as a whole, upper or lower case: ``H100`` in ``NVIDIA H100 PCIe``."""
    return names.lower().re_search(f"(^|[^a-z0-9]){re.escape(word.lower())}([^a-z0-9]|$)")


def recent_rents(prices: ir.Table, *, gpu: str) -> ir.Table:
    """Return the rents of a GPU in the twelve months up to its newest one.

    Parameters
    ----------
    prices
        The lake's ``gpu_prices``.
    gpu
        The GPU, such as ``H100``; chips whose name contains that word.
    """
    listed = prices.filter(named(prices.chip, gpu), prices.hour_usd.notnull(), prices.date.notnull())
    newest = listed.aggregate(newest=listed.date.max())
    year = newest.newest.substr(0, 4).cast("int64") - 1
    newest = newest.mutate(oldest=year.cast("string").concat(newest.newest.substr(4)))
    return listed.cross_join(newest).filter(ibis._.date > ibis._.oldest).drop("newest", "oldest")


def rent(prices: ir.Table, *, gpu: str) -> ir.Table:
    """Return what a GPU costs on demand, US dollars per GPU and hour.

    Returns
    -------
    ibis.expr.types.Table
        One row: rents (how many), low, median, high (5th, 50th and 95th percentile), since, until.
    """
    recent = recent_rents(prices, gpu=gpu)
    return recent.aggregate(
        rents=recent.count(),
        low=recent.hour_usd.quantile(0.05),
        median=recent.hour_usd.median(),
        high=recent.hour_usd.quantile(0.95),
        since=recent.date.min(),
        until=recent.date.max(),
    )
