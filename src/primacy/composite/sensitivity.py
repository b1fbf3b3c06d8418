"""Which of the uncertain choices moves the ranking: variance-based sensitivity.

Saisana, Saltelli & Tarantola (2005), doi:10.1111/j.1467-985X.2005.00350.x; OECD handbook, step 7; COINr
``get_sensitivity(SA_type = "SA")``. The output of a replicate is the mean absolute shift of the ranks from
the index as stated, or the rank of one unit. SALib makes the design (Saltelli's, on scrambled Sobol points,
which converge faster than COINr's random ones) and the estimates: the first-order effect is the share of the
output's variance that an input explains alone, the total effect what is left of it when all others are known.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from primacy.composite.definition import Floats
from primacy.composite.index import Index, Result
from primacy.composite.model import Model
from primacy.composite.options import Aggregation, Missing, Normalisation, one_of
from primacy.composite.ranking import ranks
from primacy.composite.uncertainty import Uncertainty
from primacy.errors import UsageError

USUAL_FLOOR = 0.01
"""Floor of the geometric mean when it is only an alternative and the method states none."""


@dataclass(frozen=True)
class Effect:
    """First-order and total effect of one input, with the half-widths of their 95 % bootstrap intervals."""

    input: str
    first_order: float
    total: float
    first_order_error: float
    total_error: float


@dataclass(frozen=True)
class Sensitivity:
    """Effects of every uncertain input.

    ``output`` names what varies, ``mean`` and ``variance`` are over the design's ``evaluations`` (N base
    points give N × (inputs + 2)). A variance of 0 means that no choice moves the output: effects are then 0.
    """

    effects: tuple[Effect, ...]
    output: str
    mean: float
    variance: float
    evaluations: int


def sensitivity(
    index: Index,
    uncertainty: Uncertainty,
    *,
    unit: str | None = None,
    of: Literal["rank", "lead"] = "rank",
    draws: Floats | None = None,
) -> Sensitivity:
    """Estimate the effect of each uncertain input on the ranking.

    Parameters
    ----------
    index : Index
        The index.
    uncertainty : Uncertainty
        Its uncertain inputs; the base points are the largest power of two not above ``replicates``.
    unit : str, optional
        Explain this unit; by default the mean absolute shift of all ranks.
    of : str
        What of the unit: its ``rank``, or its ``lead``, which is its score less the highest other.
    draws : array, draws × units × indicators, optional
        Other values that the index may have had; see :func:`primacy.composite.rank_spread`.

    Raises
    ------
    UsageError
        Fewer than 2 replicates.
    """
    if uncertainty.replicates < 2:
        raise UsageError(f"replicates is {uncertainty.replicates}; a sensitivity analysis takes at least 2")
    model = Model(index, uncertainty, draws=draws)
    one_of(of, ("rank", "lead"), "of")
    output = "mean rank shift" if unit is None else f"{of} of {unit}"
    position = None if unit is None else index.values.position(unit)
    if not model.inputs:
        return Sensitivity((), output, 0.0, 0.0, 0)
    problem = _problem(model)
    base = 1 << (uncertainty.replicates.bit_length() - 1)
    points = _design(problem, base, uncertainty.seed)
    scores = model.scores(points)
    if of == "lead" and position is not None:
        y = _lead(scores, index.values.ranked, position)
    else:
        y = _output(ranks(scores, index.values.ranked), index.run(), position)
    if np.ptp(y) < 1e-12 or len(model.inputs) == 1:
        # What does not vary has no effects; what varies with one input varies with that input alone.
        share = 0.0 if np.ptp(y) < 1e-12 else 1.0
        effects = tuple(Effect(i.name, share, share, 0.0, 0.0) for i in model.inputs)
        return Sensitivity(effects, output, float(y.mean()), float(y.var()) * share, len(y))
    found = _analyse(problem, y, uncertainty.seed)
    effects = tuple(
        Effect(i.name, *(float(found[key][k]) for key in ("S1", "ST", "S1_conf", "ST_conf")))
        for k, i in enumerate(model.inputs)
    )
    return Sensitivity(effects, output, float(y.mean()), float(y.var()), len(y))


def usual_alternatives(index: Index, uncertainty: Uncertainty) -> Uncertainty:
    """Add the usual alternatives of every step for which none are stated.

    Normalisation: as stated, min-max, percentile rank. Gaps, if there are any: as stated, drop, median; zero
    only if it is stated. Aggregation: as stated, arithmetic, geometric (Copeland where normalised values may
    be negative), with a floor of 0.01. A step with one stated alternative stays fixed. With fewer than two
    units to rank there is no ranking to move, and nothing is added.
    """
    if int(index.values.ranked.sum()) < 2:
        return uncertainty
    method = index.method
    normalise: tuple[Normalisation, ...] = uncertainty.normalise or _unique(
        (method.normalise, "minmax", "percentile-rank")
    )
    missing: tuple[Missing, ...] = uncertainty.missing
    if not missing and np.isnan(index.values.matrix).any():
        missing = _unique((method.missing, "drop", "median"))
    aggregate: tuple[Aggregation | tuple[Aggregation, ...], ...] = uncertainty.aggregate
    if not aggregate:
        other: Aggregation = "copeland" if _may_be_negative(index, normalise) else "geometric"
        aggregate = _unique((method.aggregate, "arithmetic", other))
    return replace(
        uncertainty,
        normalise=normalise,
        missing=missing,
        aggregate=aggregate,
        floor=uncertainty.floor or USUAL_FLOOR,
    )


def _unique(options: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(options))


def _may_be_negative(index: Index, normalisations: tuple[Normalisation, ...]) -> bool:
    if "zscore" in normalisations:
        return True
    raw = {"none", "fraction-of-max", "distance-to-target"} & set(normalisations)
    negative = bool((index.values.matrix < 0).any()) or bool((index.definition.directions < 0).any())
    return bool(raw) and negative


def _problem(model: Model) -> dict[str, Any]:
    names, groups = [], []
    for given in model.inputs:
        for column in given.columns:
            names.append(f"{given.name} {column}")
            groups.append(given.name)
    return {
        "num_vars": model.dimensions,
        "names": names,
        "groups": groups,
        "bounds": [[0.0, 1.0]] * model.dimensions,
    }


def _design(problem: dict[str, Any], base: int, seed: int) -> Floats:
    # SALib imports pandas, which takes seconds: only those who ask for a sensitivity analysis wait.
    from SALib.sample import sobol

    points: Floats = sobol.sample(dict(problem), base, calc_second_order=False, seed=seed)
    return points


def _analyse(problem: dict[str, Any], y: Floats, seed: int) -> dict[str, Floats]:
    from SALib.analyze import sobol

    # SALib takes seed 0 for no seed at all, and would then draw the bootstrap from the global generator.
    found: dict[str, Floats] = sobol.analyze(problem, y, calc_second_order=False, seed=seed + 1)
    return found


def _lead(scores: Floats, ranked: NDArray[np.bool_], position: int) -> Floats:
    """Return by how much a unit is ahead of the best other that is ranked; behind it, below 0."""
    others = np.where(ranked & (np.arange(scores.shape[1]) != position), scores, -np.inf)
    best = np.nanmax(np.where(np.isnan(others), -np.inf, others), axis=1)
    return np.asarray(np.where(np.isfinite(best), scores[:, position] - best, 0.0))


def _output(ranks: Floats, stated: Result, position: int | None) -> Floats:
    if position is not None:
        return ranks[:, position]
    shift = np.abs(ranks - stated.rank)
    counted = ~np.isnan(shift)
    return np.asarray(np.where(counted, shift, 0.0).sum(axis=1) / counted.sum(axis=1))
