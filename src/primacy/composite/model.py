"""An index as a function of its uncertain inputs: a point in the unit hypercube gives the scores of all units.

Weights, values, normalisation, gaps and aggregation are all drawn from the point's coordinates, so that plain random
numbers and quasi-random designs use the same path. A Dirichlet draw is made from one uniform number per weight, by
the gamma quantile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln

from primacy.composite.definition import Floats
from primacy.composite.denomination import denominate
from primacy.composite.index import Index, combine, prepare, screened_of
from primacy.composite.method import Method
from primacy.composite.ranking import ranks
from primacy.composite.uncertainty import Uncertainty
from primacy.errors import InputError

_CELLS = 8_000_000
"""Most numbers held at once while replicates are aggregated."""

VALUES = "values"
"""Name of the input that stands for draws of the values."""


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
    draws : array, draws × units × indicators, optional
        Other values that the index may have had, such as replicates of a bootstrap, drawn with equal chances. Units
        and indicators are screened, and weights that the data decide are found, by the values of the index.

    Attributes
    ----------
    inputs : tuple of Input
        The inputs that can vary; empty when nothing is uncertain.
    dimensions : int
        Columns of the hypercube.

    Raises
    ------
    InputError
        The draws have not the shape of the values.
    """

    def __init__(self, index: Index, uncertainty: Uncertainty, *, draws: Floats | None = None) -> None:
        self.index, self.uncertainty = index, uncertainty
        self._screened = screened_of(index)
        self._kept = np.flatnonzero(self._screened.units_kept)
        values = self._screened.values
        self._part = values.select(self._kept, range(values.matrix.shape[1]))
        self._draws = self._screened_draws(draws)
        self._noisy = self._noisy_nodes()
        self._choices: dict[str, tuple[object, ...]] = {
            name: options
            for name in ("normalise", "missing", "aggregate")
            if len(options := getattr(uncertainty, name)) > 1
        }
        self.inputs = tuple(self._lay_out())
        self._columns = {i.name: i.columns for i in self.inputs}
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
        return self.levels(points)[-1][..., 0]

    def levels(self, points: Floats) -> tuple[Floats, ...]:
        """Compute the index and the groups below it at each point.

        Returns
        -------
        tuple of arrays
            Per level, innermost first: n × units × groups, times the scale; the last has one group, the index.
        """
        units = len(self.index.values.units)
        out = tuple(
            np.full((len(points), units, len(step.parents)), np.nan)
            for step in self._screened.definition.steps
        )
        picks = {name: self._pick(name, points, len(options)) for name, options in self._choices.items()}
        for combination in product(*(range(len(options)) for options in self._choices.values())):
            chosen = np.ones(len(points), dtype=np.bool_)
            changes: dict[str, Any] = {}
            for (name, options), pick in zip(self._choices.items(), combination, strict=True):
                chosen &= picks[name] == pick
                changes[name] = options[pick]
            rows = np.flatnonzero(chosen)
            if len(rows):
                found = self._under(self._method(changes), points[rows])
                for whole, part in zip(out, found, strict=True):
                    whole[np.ix_(rows, self._kept)] = part
        return out

    def ranks(self, points: Floats) -> Floats:
        """Ranks at each point, ``nan`` where there is none."""
        return ranks(self.scores(points), self.index.values.ranked)

    def _pick(self, name: str, points: Floats, options: int) -> NDArray[np.intp]:
        """Return which of so many equally likely options each point takes; the only one where there is no choice."""
        if name not in self._columns:
            return np.zeros(len(points), dtype=np.intp)
        return np.minimum((points[:, self._columns[name][0]] * options).astype(np.intp), options - 1)

    def _method(self, changes: dict[str, Any]) -> Method:
        stated = self.index.method
        method = replace(stated, **changes)
        # The index as stated is computed as stated, without the floor that its alternatives need.
        return method if method == stated or stated.floor else replace(method, floor=self.uncertainty.floor)

    def _under(self, method: Method, points: Floats) -> tuple[Floats, ...]:
        try:
            return self._computed(method, points)
        except InputError as error:
            tried = ", ".join(f"{name} {getattr(method, name)}" for name in self._choices)
            raise InputError(f"under {tried}: {error}" if tried else str(error)) from None

    def _computed(self, method: Method, points: Floats) -> tuple[Floats, ...]:
        definition = self._screened.definition
        stated = prepare(definition, self._part, method).normalised
        nominal = combine(stated, definition, method, units=self._part).weights
        n, k = stated.shape
        size = max(1, _CELLS // self._cells(method, n, k))
        out = tuple(np.empty((len(points), n, len(step.parents))) for step in definition.steps)
        for start in range(0, len(points), size):
            batch = points[start : start + size]
            matrix = stated if self._draws is None else self._drawn(method, batch, self._draws)
            weights = self._draw(nominal, batch)
            combined = combine(matrix, definition, method, units=self._part, weights=weights)
            for whole, level in zip(out, combined.levels, strict=True):
                whole[start : start + size] = level * method.scale
        return out

    def _drawn(self, method: Method, points: Floats, draws: Floats) -> Floats:
        """Return the prepared matrix of each point: points × units × indicators."""
        numbers = self._pick(VALUES, points, len(draws))
        different, place = np.unique(numbers, return_inverse=True)
        definition = self._screened.definition
        prepared = [
            prepare(definition, replace(self._part, matrix=draws[i]), method).normalised
            for i in different.tolist()
        ]
        return np.stack(prepared)[place]

    def _screened_draws(self, draws: Floats | None) -> Floats | None:
        if draws is None or len(draws) == 0:
            return None
        values = self.index.values
        if draws.shape[1:] != values.matrix.shape:
            raise InputError(
                f"draws of values are {draws.shape[1:]}; the index has {len(values.units)} units and "
                f"{values.matrix.shape[1]} indicators"
            )
        columns = np.flatnonzero(self._screened.indicators_kept)
        if values.denominators is not None:
            names = self.index.definition.names
            draws = np.stack([denominate(replace(values, matrix=one), names).matrix for one in draws])
        return draws[:, self._kept][:, :, columns]

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
        values = [(VALUES, 1)] if self._draws is not None and len(self._draws) > 1 else []
        for name, size in [*weights, *values, *((name, 1) for name in self._choices)]:
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
