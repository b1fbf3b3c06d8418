"""What is uncertain in an index: weights, values, and the choice of methods.

OECD handbook, step 7; COINr ``get_sensitivity(SA_type = "UA")``. The uncertain inputs are the weights (noise
around the stated ones) and, where alternatives are stated, the method of normalisation, of filling gaps and
of aggregation. Each replicate draws all of them at once and computes the index anew.

Weights: within each group, Dirichlet with mean at the weights of the method and total concentration c
(``dirichlet``), or uniform over all weights that sum to 1 (``flat``). Where the values themselves are
uncertain, draws of the whole matrix are handed in, and each replicate takes one of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

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
from primacy.errors import UsageError


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
