"""An index: what it is made of, its values and its method; computed by ``run``, re-run with any step changed.

The steps, in order: divide by denominators, screen, impute, treat outliers, normalise, weight, aggregate,
scale. ``prepare`` does those that need no weights, ``combine`` the others, so that a thousand sets of weights
can be tried on one preparation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from primacy.composite._text import quote
from primacy.composite.aggregation import aggregate
from primacy.composite.definition import Definition, Floats, Level
from primacy.composite.denomination import denominate
from primacy.composite.imputation import impute, refuse_all_missing
from primacy.composite.method import Method
from primacy.composite.normalisation import normalise
from primacy.composite.ranking import ranks
from primacy.composite.screening import screen
from primacy.composite.treatment import Treated, treat
from primacy.composite.values import Values
from primacy.composite.weighting import group_weights
from primacy.errors import InputError, UsageError


@dataclass(frozen=True, kw_only=True, eq=False)
class Index:
    """A composite indicator.

    Parameters
    ----------
    definition : Definition
        Indicators, groups, levels.
    values : Values
        One column per indicator of the definition, in its order.
    method : Method
        How it is computed.

    Examples
    --------
    >>> from primacy.composite import Definition, Index, Indicator, Method, Values
    >>> index = Index(
    ...     definition=Definition(
    ...         levels=("indicator",),
    ...         indicators=(Indicator(path=("papers",), weight=2), Indicator(path=("chips",), weight=1)),
    ...     ),
    ...     values=Values(units=("A", "B"), matrix=np.array([[0.9, 0.3], [0.6, np.nan]])),
    ...     method=Method(scale=100),
    ... )
    >>> result = index.run()
    >>> result.score.round(6).tolist(), result.rank.tolist(), result.coverage.round(6).tolist()
    ([70.0, 60.0], [1.0, 2.0], [1.0, 0.666667])
    >>> index.change(missing="zero").run().score.round(6).tolist()
    [70.0, 40.0]
    """

    definition: Definition
    values: Values
    method: Method = field(default_factory=Method)

    def __post_init__(self) -> None:
        if self.values.matrix.shape[1] != len(self.definition.indicators):
            raise InputError(
                f"the values have {self.values.matrix.shape[1]} columns; the index has "
                f"{len(self.definition.indicators)} indicators"
            )
        levels = self.definition.levels
        self.method.aggregations(levels)
        self.method.weightings(levels)

    def change(self, **changes: Any) -> Index:
        """Return the index with settings of its method, its ``definition`` or its ``values`` replaced.

        Raises
        ------
        UsageError
            There is no such setting, or it does not take the value.
        """
        whole = {key: changes.pop(key) for key in ("definition", "values", "method") if key in changes}
        unknown = [key for key in changes if key not in Method.__dataclass_fields__]
        if unknown:
            known = ", ".join(Method.__dataclass_fields__)
            raise UsageError(f"a method has no setting {quote(unknown[0])}; it has {known}")
        method = replace(whole.pop("method", self.method), **changes)
        return replace(self, method=method, **whole)

    def run(self) -> Result:
        """Compute the index."""
        return compute(self)


@dataclass(frozen=True, eq=False)
class Screened:
    """An index after its values are divided and its units and indicators screened."""

    definition: Definition
    values: Values
    units_kept: NDArray[np.bool_]
    indicators_kept: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Prepared:
    """A matrix ready to be weighted: filled, treated, normalised."""

    filled: Floats
    treated: tuple[Treated, ...]
    normalised: Floats


@dataclass(frozen=True, eq=False)
class Combined:
    """Values of every level, innermost first, and the weights by which they were made.

    ``levels[l]`` holds, per unit, the values of the parents of step l; the last has one column, the score
    before scaling. ``weights[l]`` sums to 1 within each group of step l.
    """

    levels: tuple[Floats, ...]
    weights: tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class Result:
    """A computed index. Arrays have one row per unit of the index, screened-out ones holding ``nan``.

    Attributes
    ----------
    index : Index
        What was computed.
    definition : Definition
        Without the indicators that were screened out.
    values : Values
        Divided by denominators, with the indicators of ``definition``.
    units_kept : array of bool
        Units that passed screening.
    prepared, combined : Prepared, Combined
        The steps in between.
    score : array
        ``nan`` for a unit without any value, or screened out.
    rank : array
        ``nan`` for a unit without a score or set apart.
    coverage : array
        Share of the index's weight for which the unit has a value of its own, 0 to 1.
    """

    index: Index
    definition: Definition
    values: Values
    units_kept: NDArray[np.bool_]
    prepared: Prepared
    combined: Combined
    score: Floats
    rank: Floats
    coverage: Floats

    @property
    def units(self) -> tuple[str, ...]:
        """Names of the units."""
        return self.values.units

    @cached_property
    def effective_weights(self) -> Floats:
        """Weight of each indicator in the whole index."""
        return self.definition.effective_weights(self.combined.weights)

    @cached_property
    def missing(self) -> NDArray[np.intp]:
        """Number of values that each unit lacks."""
        return np.asarray(np.isnan(self.values.matrix).sum(axis=1))

    def scores_of(self, node: str | tuple[str, ...]) -> Floats:
        """Return the values of one group or indicator for every unit, times the scale.

        Raises
        ------
        InputError
            There is no such node.
        """
        path = self.definition.find(node)
        depth = len(self.definition.levels)
        scale = self.index.method.scale
        if len(path) == depth:
            return self.prepared.normalised[:, self.definition.names.index(" / ".join(path))] * scale
        step = depth - len(path) - 1
        column = self.definition.steps[step].parents.index(path)
        return self.combined.levels[step][:, column] * scale


def compute(index: Index) -> Result:
    """Compute an index, step by step."""
    screened = screened_of(index)
    kept = screened.units_kept
    part = screened.values.select(np.flatnonzero(kept), range(screened.values.matrix.shape[1]))
    prepared = prepare(screened.definition, part, index.method)
    combined = combine(prepared.normalised, screened.definition, index.method, units=part)
    score = _spread(combined.levels[-1][:, 0] * index.method.scale, kept)
    weights = screened.definition.effective_weights(combined.weights)
    # The same sum above and below: a unit with every value has a coverage of exactly 1.
    present = np.where(np.isnan(screened.values.matrix), 0.0, weights).sum(axis=1)
    whole = np.broadcast_to(weights, screened.values.matrix.shape).copy().sum(axis=1)
    return Result(
        index=index,
        definition=screened.definition,
        values=screened.values,
        units_kept=kept,
        prepared=Prepared(
            _spread(prepared.filled, kept), prepared.treated, _spread(prepared.normalised, kept)
        ),
        combined=Combined(tuple(_spread(level, kept) for level in combined.levels), combined.weights),
        score=score,
        rank=ranks(score, screened.values.ranked),
        coverage=present / whole,
    )


def screened_of(index: Index) -> Screened:
    """Divide by denominators and screen.

    Raises
    ------
    InputError
        An indicator that no ranked unit has; nothing left after screening.
    """
    names, method = index.definition.names, index.method
    values = denominate(index.values, names)
    # A gap that an earlier period fills is no gap here; every other filling needs values of this one.
    known = impute(values, method="panel") if method.missing == "panel" else values.matrix
    who = "no unit but those set apart" if values.apart else "no unit"
    refuse_all_missing(known[values.ranked], names, who=who)
    rows, columns = screen(values.matrix, units=method.screen_units, indicators=method.screen_indicators)
    if not columns.any():
        raise InputError(f"no indicator has {method.screen_indicators:g} of its values: lower the screen")
    if not (rows & values.ranked).any():
        raise InputError(f"no unit to rank has {method.screen_units:g} of its values: lower the screen")
    kept = np.flatnonzero(columns)
    definition = index.definition.keep(kept)
    refuse_all_missing(known[rows & values.ranked][:, kept], definition.names, who=f"{who} that is left")
    values = values.select(range(len(values.units)), kept)
    return Screened(definition, values, rows, columns)


def prepare(definition: Definition, values: Values, method: Method) -> Prepared:
    """Impute, treat and normalise a screened matrix."""
    filled = impute(
        values,
        method=method.missing,
        neighbours=method.neighbours,
        directions=definition.directions,
        names=definition.names,
    )
    treated: tuple[Treated, ...] = ()
    matrix = filled
    if method.treat == "winsorise":
        treated, matrix = _treat_columns(filled, values.ranked, method.most_winsorised)
    ready = Values(units=values.units, matrix=matrix, apart=values.apart)
    return Prepared(filled, treated, normalise(ready, definition.indicators, method=method.normalise))


def _treat_columns(
    matrix: Floats, ranked: NDArray[np.bool_], most: int
) -> tuple[tuple[Treated, ...], Floats]:
    treated, out = [], matrix.copy()
    for k in range(matrix.shape[1]):
        done = treat(matrix[ranked, k], most=most)
        treated.append(done)
        if done.action in ("winsorised", "log"):
            out[ranked, k] = done.values
            # A unit set apart follows the ranked ones: between them in order, never beyond their extremes.
            base = ranked & ~np.isnan(matrix[:, k])
            order = np.argsort(matrix[base, k], kind="stable")
            others = ~ranked & ~np.isnan(matrix[:, k])
            out[others, k] = np.interp(matrix[others, k], matrix[base, k][order], out[base, k][order])
    return tuple(treated), out


def combine(
    normalised: Floats,
    definition: Definition,
    method: Method,
    *,
    units: Values,
    weights: Sequence[Floats] | None = None,
) -> Combined:
    """Weight and aggregate level by level.

    Parameters
    ----------
    normalised : array, units × indicators
        A prepared matrix.
    definition, method
        Of the index.
    units : Values
        For the units' names and which of them are ranked.
    weights : sequence of arrays, optional
        Weights per level, innermost first, each … × nodes, in place of those of the method.

    Raises
    ------
    InputError
        Values that a mean or a weighting does not take; the text names indicator and unit.
    """
    levels, used = [], []
    x, ranked = normalised, units.ranked
    for depth, step in enumerate(definition.steps):
        how = method.aggregations(definition.levels)[depth]
        own = _weights_of(x, step, depth, definition, method, ranked) if weights is None else weights[depth]
        lead = np.broadcast_shapes(x.shape[:-2], own.shape[:-1])
        out = np.empty((*lead, x.shape[-2], len(step.parents)))
        for g, members in enumerate(step.members):
            part = x[..., members]
            try:
                out[..., g] = aggregate(
                    part, own[..., members], method=how, floor=method.floor, power=method.power, ranked=ranked
                )
            except InputError as error:
                # Every refusal of a mean is about its least value.
                place = np.unravel_index(np.argmin(np.where(np.isnan(part), np.inf, part)), part.shape)
                node = " / ".join(step.nodes[members[place[-1]]])
                raise InputError(f"{quote(node)} of {quote(units.units[place[-2]])}: {error}") from None
        levels.append(out)
        used.append(own)
        x = out
    return Combined(tuple(levels), tuple(used))


def _weights_of(
    x: Floats,
    step: Level,
    depth: int,
    definition: Definition,
    method: Method,
    ranked: NDArray[np.bool_],
) -> Floats:
    weighting = method.weightings(definition.levels)[depth]
    if weighting == "given":
        return step.weights
    weights = np.empty(len(step.nodes))
    for parent, members in zip(step.parents, step.members, strict=True):
        try:
            weights[members] = group_weights(
                x[ranked][:, members],
                step.weights[members],
                method=weighting,
                aggregation=method.aggregations(definition.levels)[depth],
                floor=method.floor,
                power=method.power,
            )
        except InputError as error:
            where = " / ".join(parent) if parent else "the index"
            raise InputError(f"{step.name} of {quote(where)}: {error}") from None
    return weights


def _spread(part: Floats, kept: NDArray[np.bool_]) -> Floats:
    whole = np.full((len(kept), *part.shape[1:]), np.nan)
    whole[kept] = part
    return whole
