"""Sums whose result does not depend on the order in which an engine adds."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

__all__ = ["exact_literal", "exact_sum"]


def exact_sum(values: ir.NumericValue, *, large: bool = False) -> ir.NumericScalar:
    """Sum fractions so that every engine, and any number of threads, gives the same bits.

    Each value is rounded to fifteen decimals, as close as a double of its size, and the rounded values are
    added as integers. Adding doubles instead would make the last digits depend on which thread came first.

    Parameters
    ----------
    values
        Numbers between 0 and 999, such as credits and scores.
    large
        Values may be larger (up to 10^22), such as sums of credits; slower.

    Examples
    --------
    >>> import ibis
    >>> t = ibis.memtable({"x": [0.1] * 10})
    >>> t.aggregate(total=exact_sum(t.x)).to_pyarrow()["total"][0].as_py()
    1.0
    """
    digits = 38 if large else 18
    return values.cast(f"decimal({digits}, 15)").sum().cast("float64")


def exact_literal(value: float) -> ir.FloatingScalar:
    """Return a number that an engine reads to the last bit.

    Written as 0.3, a number is a decimal to some engines, and their double of it may be its neighbour.

    Examples
    --------
    >>> import ibis
    >>> t = ibis.memtable({"x": [1]})
    >>> t.select(y=exact_literal(0.3)).to_pyarrow()["y"][0].as_py()
    0.3
    """
    return ibis.literal(repr(float(value))).cast("float64")
