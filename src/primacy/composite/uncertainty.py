"""How far ranks move when the choices behind an index move.

OECD handbook, step 7; COINr ``get_sensitivity(SA_type = "UA")``. The uncertain inputs are the weights (noise
around the stated ones) and, where alternatives are stated, the method of normalisation, of filling gaps and
of aggregation. Each replicate draws all of them at once and computes the index anew.

Weights: within each group, Dirichlet with mean at the weights of the method and total concentration c
(``dirichlet``), or uniform over all weights that sum to 1 (``flat``). A Dirichlet draw is made from one
uniform number per weight, by the gamma quantile, so that plain and quasi-random designs use the same path.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln

from primacy.composite.definition import Floats
from primacy.composite.index import Index, combine, prepare, screened_of
from primacy.composite.method import Method
from primacy.composite.options import (
    AGGREGATIONS,
    MISSING,
    NORMALISATIONS,
    WEIGHT_NOISE,
    Aggregation,
    Missing,
    Normalisation,
    WeightNoise,
    one_of,
)
from primacy.composite.ranking import ranks
from primacy.errors import InputError, UsageError

_CELLS = 8_000_000
"""Most numbers held at once while replicates are aggregated."""


@dataclass(frozen=True, kw_only=True)
class Uncertainty:
    """What is uncertain in an index, and how often it is drawn.

    Parameters
    ----------
    replicates : int
        Number of draws; 0 for none.
    weights : str
        ``dirichlet``, ``flat`` or ``none``.
    concentration : float
        Of the Dirichlet: the larger, the nearer to the stated weights. A weight w has standard deviation
        sqrt(w (1 - w) / (c + 1)).
    normalise, missing, aggregate : tuple
        Alternatives, drawn with equal chances; fewer than two leave the method's own choice fixed.
    floor : float, optional
        Floor of means that need positive values, under alternatives, when the method states none.
    interval : float
        Share of the replicates within the rank interval.
    split_weights : bool
        In the sensitivity analysis, one input per level of weights in place of one for all.
    seed : int
        Of the random numbers.
    """

    replicates: int = 2000
    weights: WeightNoise = "dirichlet"
    concentration: float = 50.0
    normalise: tuple[Normalisation, ...] = ()
    missing: tuple[Missing, ...] = ()
    aggregate: tuple[Aggregation | tuple[Aggregation, ...], ...] = ()
    floor: float | None = None
    interval: float = 0.95
    split_weights: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        if self.replicates < 0:
            raise UsageError(f"replicates is {self.replicates}; it takes a whole number from 0")
        one_of(self.weights, WEIGHT_NOISE, "uncertainty weights")
        if not (math.isfinite(self.concentration) and self.concentration > 0):
            raise UsageError(f"concentration is {self.concentration}; it takes a number above 0")
        if self.floor is not None and not (math.isfinite(self.floor) and self.floor > 0):
            raise UsageError(f"floor is {self.floor}; it takes a number above 0")
        if not 0.0 < self.interval < 1.0:
            raise UsageError(f"interval is {self.interval}; it takes a share between 0 and 1")
        if self.seed < 0:
            raise UsageError(f"seed is {self.seed}; it takes a whole number from 0")
        for normalise in self.normalise:
            one_of(normalise, NORMALISATIONS, "uncertainty normalise")
        for missing in self.missing:
            one_of(missing, MISSING, "uncertainty missing")
        for aggregate in self.aggregate:
            for part in aggregate if isinstance(aggregate, tuple) else (aggregate,):
                one_of(part, AGGREGATIONS, "uncertainty aggregate")


@dataclass(frozen=True)
class Input:
    """One uncertain input: its name and the columns of the unit hypercube that it uses."""

    name: str
    columns: tuple[int, ...]


class Model:
    """An index as a function of a point in the unit hypercube: the scores of all its units.

    Parameters
    ----------
    index : Index
        The index.
    uncertainty : Uncertainty
        Its uncertain inputs.

    Attributes
    ----------
    inputs : tuple of Input
        The inputs that can vary; empty when nothing is uncertain.
    dimensions : int
        Columns of the hypercube.
    """

    def __init__(self, index: Index, uncertainty: Uncertainty) -> None:
        self.index, self.uncertainty = index, uncertainty
        self._screened = screened_of(index)
        kept = np.flatnonzero(self._screened.units_kept)
        values = self._screened.values
        self._part = values.select(kept, range(values.matrix.shape[1]))
        self._noisy = self._noisy_nodes()
        self._choices: dict[str, tuple[object, ...]] = {
            name: options
            for name in ("normalise", "missing", "aggregate")
            if len(options := getattr(uncertainty, name)) > 1
        }
        self.inputs = tuple(self._lay_out())
        self.dimensions = sum(len(i.columns) for i in self.inputs)

    def scores(self, points: Floats) -> Floats:
        """Compute the index at each point.

        Parameters
        ----------
        points : array, n × dimensions
            In the unit hypercube.

        Returns
        -------
        array, n × units
            Scores; ``nan`` for units without one.
        """
        out = np.full((len(points), len(self.index.values.units)), np.nan)
        columns = {i.name: i.columns for i in self.inputs}
        picks = {
            name: np.minimum((points[:, columns[name][0]] * len(options)).astype(np.intp), len(options) - 1)
            for name, options in self._choices.items()
        }
        for combination in product(*(range(len(options)) for options in self._choices.values())):
            chosen = np.ones(len(points), dtype=np.bool_)
            changes: dict[str, Any] = {}
            for (name, options), pick in zip(self._choices.items(), combination, strict=True):
                chosen &= picks[name] == pick
                changes[name] = options[pick]
            rows = np.flatnonzero(chosen)
            if len(rows):
                kept = np.flatnonzero(self._screened.units_kept)
                out[np.ix_(rows, kept)] = self._under(self._method(changes), points[rows])
        return out

    def ranks(self, points: Floats) -> Floats:
        """Ranks at each point, ``nan`` where there is none."""
        return ranks(self.scores(points), self.index.values.ranked)

    def _method(self, changes: dict[str, Any]) -> Method:
        stated = self.index.method
        method = replace(stated, **changes)
        # The index as stated is computed as stated, without the floor that its alternatives need.
        return method if method == stated or stated.floor else replace(method, floor=self.uncertainty.floor)

    def _under(self, method: Method, points: Floats) -> Floats:
        try:
            return self._computed(method, points)
        except InputError as error:
            tried = ", ".join(f"{name} {getattr(method, name)}" for name in self._choices)
            raise InputError(f"under {tried}: {error}" if tried else str(error)) from None

    def _computed(self, method: Method, points: Floats) -> Floats:
        definition = self._screened.definition
        prepared = prepare(definition, self._part, method)
        nominal = combine(prepared.normalised, definition, method, units=self._part).weights
        n, k = prepared.normalised.shape
        size = max(1, _CELLS // self._cells(method, n, k))
        out = np.empty((len(points), n))
        for start in range(0, len(points), size):
            batch = points[start : start + size]
            weights = self._draw(nominal, batch)
            combined = combine(prepared.normalised, definition, method, units=self._part, weights=weights)
            out[start : start + size] = combined.levels[-1][..., 0] * method.scale
        return out

    def _cells(self, method: Method, n: int, k: int) -> int:
        """Most numbers that one replicate holds at a time."""
        cells = n * k
        steps = self._screened.definition.steps
        for depth, how in enumerate(method.aggregations(self._screened.definition.levels)):
            if how == "copeland":
                cells = max(cells, n * n * (len(steps[depth].nodes) if depth else 1))
        return cells

    def _noisy_nodes(self) -> tuple[tuple[NDArray[np.intp], ...], ...]:
        """Per level, the groups whose weights can move: those with two stated weights above 0."""
        if self.uncertainty.weights == "none":
            return tuple(() for _ in self._screened.definition.steps)
        return tuple(
            tuple(inside for members in step.members if len(inside := members[step.weights[members] > 0]) > 1)
            for step in self._screened.definition.steps
        )

    def _lay_out(self) -> Iterator[Input]:
        at = 0
        levels = self._screened.definition.levels
        sizes = [sum(len(g) for g in groups) for groups in self._noisy]
        if self.uncertainty.split_weights:
            weights = [(f"weights of {level}", size) for level, size in zip(levels, sizes, strict=True)]
        else:
            weights = [("weights", sum(sizes))]
        for name, size in [*weights, *((name, 1) for name in self._choices)]:
            if size:
                yield Input(name, tuple(range(at, at + size)))
                at += size

    def _draw(self, nominal: tuple[Floats, ...], points: Floats) -> tuple[Floats, ...]:
        at, drawn = 0, []
        for own, groups in zip(nominal, self._noisy, strict=True):
            weights = np.broadcast_to(own, (len(points), len(own))).copy()
            for members in groups:
                u = points[:, at : at + len(members)]
                at += len(members)
                weights[:, members] = self._noise(own[members], u)
            drawn.append(weights)
        return tuple(drawn)

    def _noise(self, mean: Floats, u: Floats) -> Floats:
        if self.uncertainty.weights == "flat":
            return dirichlet(np.ones(len(mean)), u)
        inside = np.flatnonzero(mean > 0)
        out = np.zeros_like(u)
        out[:, inside] = dirichlet(self.uncertainty.concentration * mean[inside], u[:, inside])
        return out


def dirichlet(alpha: Floats, u: Floats) -> Floats:
    """Dirichlet draws from uniform numbers: gamma quantiles, scaled to sum to 1.

    Parameters
    ----------
    alpha : array, k
        Parameters above 0.
    u : array, n × k
        Uniform numbers in [0, 1).

    Returns
    -------
    array, n × k
        Each row sums to 1.

    Examples
    --------
    >>> dirichlet(np.array([2.0, 2.0]), np.array([[0.5, 0.5]])).tolist()
    [[0.5, 0.5]]
    """
    u = np.clip(u, 1e-300, 1.0 - 2.0**-53)
    gamma = gammaincinv(alpha, u)
    # For small alpha most gammas underflow; there log G = (log u + log Γ(alpha + 1)) / alpha to first order.
    small = (np.log(u) + gammaln(alpha + 1.0)) / alpha
    logs = np.where(gamma > 1e-100, np.log(np.where(gamma > 1e-100, gamma, 1.0)), small)
    raised = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


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


def rank_spread(index: Index, uncertainty: Uncertainty) -> RankSpread | None:
    """Draw the uncertain inputs and rank the units each time.

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
    model = Model(index, uncertainty)
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
