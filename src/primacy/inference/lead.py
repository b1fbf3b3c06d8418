"""Leads in every replicate: the lead ratio and the technology monopoly risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["LEVELS", "LeadReplicates", "lead_replicates"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LEVELS = ("low", "medium", "high")


@dataclass(frozen=True)
class LeadReplicates:
    """One entry per replicate.

    Parameters
    ----------
    leader
        The leading country; -1 where nobody has a share.
    ratio
        Its share over the second's; infinite where nobody else has one.
    top10_in_leader
        How many of the ten leading institutions are in the leading country.
    level
        Place in :data:`LEVELS`.
    """

    leader: Ints
    ratio: Floats
    top10_in_leader: Ints
    level: Ints


def lead_replicates(countries: Floats, institutions: Floats, seat: Ints) -> LeadReplicates:
    """Find leader, ratio and monopoly risk in every replicate.

    Parameters
    ----------
    countries, institutions
        Credit x score by unit, replicates x units, of the same replicates.
    seat
        For each institution the number of its country; -1 where it is none of them.

    Examples
    --------
    >>> import numpy as np
    >>> one = lead_replicates(np.array([[3.0, 1.0]]), np.array([[2.0, 1.0, 1.0]]), np.array([0, 0, 1]))
    >>> float(one.ratio[0]), int(one.top10_in_leader[0]), LEVELS[one.level[0]]
    (3.0, 2, 'low')
    """
    rows, size = countries.shape
    if size == 0:
        nothing = np.zeros(rows, dtype=np.int64)
        return LeadReplicates(nothing - 1, np.full(rows, np.nan), nothing, nothing)
    rounded = np.round(countries, 12)
    leader = np.where(rounded.max(axis=1) > 0, rounded.argmax(axis=1), -1)
    ordered = np.sort(rounded, axis=1)
    second = ordered[:, -2] if size > 1 else np.zeros(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = ordered[:, -1] / second
    ten = np.argsort(-np.round(institutions, 12), axis=1, kind="stable")[:, :10]
    counted = np.take_along_axis(institutions, ten, axis=1) > 0
    top10 = ((seat[ten] == leader[:, None]) & counted).sum(axis=1)
    medium = (top10 >= 5) & (ratio >= 2)
    high = (top10 >= 8) & (ratio >= 3)
    return LeadReplicates(leader, ratio, top10, medium.astype(np.int64) + high)
