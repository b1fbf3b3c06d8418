"""The verdict on one subject: its readings joined into a score, in every draw of all that is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from primacy.composite import (
    Definition,
    Effect,
    Group,
    Index,
    Indicator,
    Method,
    Result,
    Uncertainty,
    Values,
    outranking,
    ranks,
    sensitivity,
)
from primacy.composite.model import Model
from primacy.inference.bootstrap import generator
from primacy.inference.draws import first_probability
from primacy.studies.assessment.definition import Definition as Rules
from primacy.studies.assessment.evidence import Reading

__all__ = ["Judgement", "StageScores", "judge"]

Floats = npt.NDArray[np.float64]

_TRACE = 1e-9
"""What a value of nothing counts as, in parts of the largest: no draw of a small number leaves nobody with any."""


@dataclass(frozen=True, eq=False)
class StageScores:
    """The score of one stage: as stated by unit, and in every draw (draws x units)."""

    stage: str
    score: Floats
    draws: Floats


@dataclass(frozen=True, eq=False)
class Judgement:
    """What the readings of one subject say together.

    Parameters
    ----------
    units
        Countries, sorted.
    result
        The index as the definition states it.
    draws
        draws x units: its score in every draw of values, weights and methods.
    stages
        The stages that have data, in the order of the chain.
    effects
        What moves the leader's lead.
    """

    units: list[str]
    result: Result
    draws: Floats
    stages: tuple[StageScores, ...]
    effects: tuple[Effect, ...]

    @cached_property
    def probability(self) -> Floats:
        """How probably each unit has the highest score; not a number where it has none."""
        found = first_probability(self.draws)
        return np.where(np.isnan(self.result.score), np.nan, found)

    @cached_property
    def order(self) -> list[int]:
        """Places of the units that have a rank, the first of the ranking first."""
        return _order(self.result, self.units)

    @property
    def leader(self) -> int | None:
        """Place of the unit with the highest score."""
        return self.order[0] if self.order else None

    @property
    def runner_up(self) -> int | None:
        """Place of the unit with the second highest score."""
        return self.order[1] if len(self.order) > 1 else None

    def ahead(self, one: int, other: int) -> float:
        """Return the part of the draws in which one unit's score is above another's; a tie counts half."""
        a, b = self.draws[:, one], self.draws[:, other]
        both = ~(np.isnan(a) | np.isnan(b))
        return float(((a > b) + 0.5 * (a == b))[both].mean()) if both.any() else float("nan")

    def agreement(self, one: int, other: int) -> float:
        """Return the weight of the indicators in which one unit is above another, half of that of ties."""
        matrix = self.result.prepared.normalised[[one, other]]
        return float(outranking(matrix, self.result.effective_weights)[0, 1])

    def rank_interval(self) -> tuple[Floats, Floats]:
        """Return the 2.5 and 97.5 percentiles of every unit's rank: ranks that occurred."""
        drawn = ranks(self.draws)
        low, high = np.full(len(self.units), np.nan), np.full(len(self.units), np.nan)
        for i in range(len(self.units)):
            known = drawn[~np.isnan(drawn[:, i]), i]
            if len(known):
                low[i], high[i] = np.quantile(known, [0.025, 0.975], method="inverted_cdf")
        return low, high


def judge(rules: Rules, readings: Sequence[Reading], name: str) -> Judgement | None:
    """Join the readings of countries into a score and draw all that is uncertain in it, together.

    Parameters
    ----------
    rules
        The assessment's definition.
    readings
        Of the indicators that have data.
    name
        The subject's id: what is drawn depends on it, not on the order of the work.

    Returns
    -------
    Judgement or None
        None where fewer than two countries can be compared.
    """
    index, draws = _index(rules, readings)
    if index is None:
        return None
    result = index.run()
    uncertain = _uncertainty(rules)
    model = Model(index, uncertain, draws=draws)
    rng = generator(uncertain.seed, "assessment", name)
    groups, whole = model.levels(rng.random((uncertain.replicates, model.dimensions)))
    stages = tuple(
        StageScores(path[0], result.scores_of(path), groups[..., i])
        for i, path in enumerate(index.definition.steps[0].parents)
    )
    units = list(index.values.units)
    order = _order(result, units)
    effects: tuple[Effect, ...] = ()
    if order:
        design = replace(uncertain, replicates=rules.uncertainty.sensitivity)
        effects = sensitivity(index, design, unit=units[order[0]], of="lead", draws=draws).effects
    return Judgement(units, result, whole[..., 0], stages, effects)


def _order(result: Result, units: list[str]) -> list[int]:
    """Return the places of the units that have a rank, the first of the ranking first, ties by their codes."""
    ranked = np.flatnonzero(~np.isnan(result.rank)).tolist()
    return sorted(ranked, key=lambda i: (result.rank[i], units[i]))


def _index(rules: Rules, readings: Sequence[Reading]) -> tuple[Index | None, Floats]:
    """Return the index of the readings and the draws of its values; no index with fewer than two countries."""
    units = sorted({u for r in readings for u in r.units})
    matrix = np.full((len(units), len(readings)), np.nan)
    draws = np.full((rules.uncertainty.draws, len(units), len(readings)), np.nan)
    for k, reading in enumerate(readings):
        rows = [units.index(u) for u in reading.units]
        matrix[rows, k] = _positive(reading.value, reading)
        draws[:, rows, k] = _positive(reading.draws, reading)
    if len(units) < 2:
        return None, draws
    definition = Definition(
        levels=("indicator", "stage"),
        indicators=tuple(
            Indicator(path=(r.spec.stage, r.spec.id), weight=r.spec.weight, direction=r.spec.direction)
            for r in readings
        ),
        groups=tuple(
            Group(path=(s.id,), weight=s.weight)
            for s in rules.stages
            if any(r.spec.stage == s.id for r in readings)
        ),
    )
    method = Method(
        normalise=rules.method.normalise,
        missing=rules.method.missing,
        aggregate=rules.method.aggregate,
        screen_units=rules.method.screen_units,
    )
    return Index(
        definition=definition, values=Values(units=tuple(units), matrix=matrix), method=method
    ), draws


def _positive(values: Floats, reading: Reading) -> Floats:
    """Lift zeros by next to nothing: a fraction of the largest, or of the least, needs something to divide by.

    In a draw in which nobody has any all are then equal, and the other indicators decide it.
    """
    largest = float(np.nanmax(reading.value))
    return np.maximum(values, _TRACE * largest) if np.nanmin(reading.value) >= 0 else values


def _uncertainty(rules: Rules) -> Uncertainty:
    stated = rules.uncertainty
    return Uncertainty(
        replicates=stated.draws,
        weights="dirichlet",
        concentration=stated.concentration,
        normalise=stated.normalise,
        missing=stated.missing,
        aggregate=stated.aggregate,
        floor=stated.floor,
        seed=stated.seed,
    )
