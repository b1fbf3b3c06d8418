"""How far ranks move when the choices behind an index move: intervals of scores and ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from primacy.composite.definition import Floats
from primacy.composite.index import Index
from primacy.composite.model import Model
from primacy.composite.ranking import ranks
from primacy.composite.uncertainty import Uncertainty


@dataclass(frozen=True, eq=False)
class RankSpread:
    """Ranks over all replicates, one entry per unit.

    Attributes
    ----------
    low, median, high : array
        Bounds of the interval and the median: ranks that occurred, ``nan`` for a unit without a rank.
    first : array
        Share of the replicates in which the unit is (or ties for) first.
    score_low, score_high : array
        The same interval of the score.
    ranks : array, replicates × units
        Every rank.
    """

    low: Floats
    median: Floats
    high: Floats
    first: Floats
    score_low: Floats
    score_high: Floats
    ranks: Floats

    def probability_above(self, one: int, other: int) -> float:
        """Share of the replicates in which unit *one* is ranked above unit *other*; ties count half."""
        a, b = self.ranks[:, one], self.ranks[:, other]
        both = ~(np.isnan(a) | np.isnan(b))
        if not both.any():
            return float("nan")
        return float(((a < b) + 0.5 * (a == b))[both].mean())


def rank_spread(index: Index, uncertainty: Uncertainty, *, draws: Floats | None = None) -> RankSpread | None:
    """Draw the uncertain inputs and rank the units each time.

    Parameters
    ----------
    index, uncertainty
        The index, and what is uncertain in it.
    draws : array, draws × units × indicators, optional
        Other values that the index may have had, such as replicates of a bootstrap; each replicate takes one.

    Returns
    -------
    RankSpread or None
        None when no replicates are asked for. When nothing is uncertain every replicate is the index itself.

    Examples
    --------
    >>> from primacy.composite import Definition, Indicator, Values
    >>> index = Index(
    ...     definition=Definition(
    ...         levels=("x",), indicators=(Indicator(path=("a",)), Indicator(path=("b",)))
    ...     ),
    ...     values=Values(units=("A", "B", "C"), matrix=np.array([[1.0, 0.9], [0.5, 0.4], [0.6, 0.3]])),
    ... )
    >>> spread = rank_spread(index, Uncertainty(replicates=200, concentration=10))
    >>> spread.low.tolist(), spread.high.tolist()
    ([1.0, 2.0, 2.0], [1.0, 3.0, 3.0])
    """
    if uncertainty.replicates == 0:
        return None
    model = Model(index, uncertainty, draws=draws)
    random = np.random.default_rng(uncertainty.seed)
    points = random.random((uncertainty.replicates, model.dimensions))
    scores = model.scores(points)
    drawn = ranks(scores, index.values.ranked)
    tail = (1.0 - uncertainty.interval) / 2
    low, median, high = _quantiles(drawn, (tail, 0.5, 1 - tail))
    score_low, _, score_high = _quantiles(scores, (tail, 0.5, 1 - tail))
    counted = (~np.isnan(drawn)).sum(axis=0)
    first = np.full(len(counted), np.nan)
    np.divide((drawn == 1).sum(axis=0), counted, out=first, where=counted > 0)
    return RankSpread(low, median, high, first, score_low, score_high, drawn)


def _quantiles(drawn: Floats, at: tuple[float, ...]) -> Floats:
    """Quantiles per column that are values of the column (inverse of the empirical distribution)."""
    out = np.full((len(at), drawn.shape[1]), np.nan)
    for k in range(drawn.shape[1]):
        column = drawn[~np.isnan(drawn[:, k]), k]
        if len(column):
            out[:, k] = np.quantile(column, at, method="inverted_cdf")
    return out
