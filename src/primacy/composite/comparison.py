"""Two indices over the same units: who moves, and how far they agree.

COINr ``compare_coins``; OECD handbook, step 9.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from primacy.composite.definition import Floats
from primacy.composite.index import Result
from primacy.composite.multivariate import correlation
from primacy.composite.ranking import ranks
from primacy.errors import InputError


@dataclass(frozen=True)
class Move:
    """A unit in both indices; ``change`` is positive when it climbs from the first to the second."""

    unit: str
    rank_one: float
    rank_other: float
    change: float
    score_one: float
    score_other: float


@dataclass(frozen=True)
class Comparison:
    """How two indices compare over the units that both of them rank.

    Attributes
    ----------
    moves : tuple of Move
        Largest absolute change first; ranks are among the common units.
    spearman, kendall : float
        Rank correlations (Kendall's tau-b); ``nan`` for fewer than two units.
    mean_shift, largest_shift : float
        Of the ranks, absolute.
    only_one, only_other : tuple of str
        Units ranked by one of them alone.
    """

    moves: tuple[Move, ...]
    spearman: float
    kendall: float
    mean_shift: float
    largest_shift: float
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]


def compare(one: Result, other: Result) -> Comparison:
    """Compare two computed indices.

    Raises
    ------
    InputError
        No unit is ranked by both.
    """
    first = {u: k for k, u in enumerate(one.units) if not np.isnan(one.rank[k])}
    second = {u: k for k, u in enumerate(other.units) if not np.isnan(other.rank[k])}
    common = [unit for unit in first if unit in second]
    if not common:
        raise InputError("the two indices rank no unit in common")
    a = one.score[[first[u] for u in common]]
    b = other.score[[second[u] for u in common]]
    rank_a, rank_b = ranks(a), ranks(b)
    moves = [
        Move(u, float(p), float(q), float(p - q), float(x), float(y))
        for u, p, q, x, y in zip(common, rank_a, rank_b, a, b, strict=True)
    ]
    shift = np.abs(rank_a - rank_b)
    return Comparison(
        moves=tuple(sorted(moves, key=lambda m: (-abs(m.change), m.rank_one, m.unit))),
        spearman=correlation(-rank_a, -rank_b, kind="spearman"),
        kendall=_kendall(rank_a, rank_b),
        mean_shift=float(shift.mean()),
        largest_shift=float(shift.max()),
        only_one=tuple(u for u in first if u not in second),
        only_other=tuple(u for u in second if u not in first),
    )


def _kendall(x: Floats, y: Floats) -> float:
    """Kendall's tau-b: agreeing pairs less disagreeing ones, over those that are not tied."""
    one, other = np.sign(x[:, None] - x[None, :]), np.sign(y[:, None] - y[None, :])
    untied = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / untied if untied > 0 else float("nan")
