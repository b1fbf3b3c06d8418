"""Claims: what may be said of a number or a name that somebody states, given what is known and how surely."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from primacy.inference.verdict import LEADS

__all__ = ["ClaimVerdict", "all_of", "of_interval", "of_probability"]

ClaimVerdict = Literal["confirmed", "contradicted", "cannot be said"]

TOUCH = 1e-9
"""How near two ends count as touching: 0.48 - 0.05 is not exactly 0.43."""


def of_interval(low: float, high: float, *, least: float, most: float) -> ClaimVerdict:
    """Return the verdict on a number that is claimed to lie between two bounds.

    Parameters
    ----------
    low, high
        Between which the number is known to lie.
    least, most
        Between which it is claimed to lie; infinite where there is no bound.

    Examples
    --------
    >>> of_interval(0.44, 0.52, least=0.43, most=0.53)
    'confirmed'
    >>> of_interval(0.54, 0.60, least=0.43, most=0.53)
    'contradicted'
    >>> of_interval(0.40, 0.52, least=0.43, most=0.53)
    'cannot be said'
    """
    if math.isnan(low) or math.isnan(high):
        return "cannot be said"
    if low >= least - TOUCH and high <= most + TOUCH:
        return "confirmed"
    return "contradicted" if high < least - TOUCH or low > most + TOUCH else "cannot be said"


def of_probability(probability: float | None) -> ClaimVerdict:
    """Return the verdict on a statement that is true with a probability: from 0.95, and below 0.05.

    Examples
    --------
    >>> of_probability(0.97), of_probability(0.5), of_probability(0.04), of_probability(None)
    ('confirmed', 'cannot be said', 'contradicted', 'cannot be said')
    """
    if probability is None or math.isnan(probability):
        return "cannot be said"
    if probability >= LEADS:
        return "confirmed"
    return "contradicted" if probability <= 1 - LEADS + TOUCH else "cannot be said"


def all_of(verdicts: Iterable[ClaimVerdict]) -> ClaimVerdict:
    """Return the verdict on several statements claimed together: one that is contradicted contradicts all.

    Examples
    --------
    >>> all_of(["confirmed", "cannot be said"]), all_of(["contradicted", "cannot be said"]), all_of(["confirmed"])
    ('cannot be said', 'contradicted', 'confirmed')
    """
    every = set(verdicts)
    if "contradicted" in every:
        return "contradicted"
    return "confirmed" if every == {"confirmed"} else "cannot be said"
