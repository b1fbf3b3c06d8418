"""The audit of an index: whether it is coherent, its weights do what they say, its data is sound.

OECD handbook, steps 2, 4 and 8; JRC's statistical audit. One finding a row, always in the same order:

====================  ======================================================================================
check                 value, and the flag
====================  ======================================================================================
``screened``          share of values present of an indicator or unit that was left out; ``left out``
``coverage``          share of ranked units that have the indicator; ``low`` below 0.65
``zeros``             share of its values that are exactly 0; ``many`` at 0.5 and above
``least, mean,        of the values before treatment and normalisation; ``constant`` beside a ``greatest``
greatest``            that equals the least
``skewness``          G1; ``outliers`` when |G1| > 2 and G2 > 3.5
``kurtosis``          G2 (excess); flagged with the former
``treated``           number of values winsorised (0 for a logarithm); what was done to what effect
``weight``            weight in the whole index
``importance``        squared correlation with the score, scaled to sum to 1 over the indicators; ``silent``
                      below half of the weight, ``dominant`` above twice
``correlation_ratio`` share of the score's variance that the indicator explains, however it enters
``with_group``        correlation with its own group's value; ``negative`` below 0
``with_score``        correlation with the score; ``negative`` below 0
``correlation``       of two members of a group; ``redundant`` at 0.9 and above, ``opposed`` at -0.4 and below
``cronbach``          internal consistency of a group; ``low`` below 0.7
``first_component``   share of the variance of a group's members on their first principal component
``dimensions``        number of eigenvalues above 1; ``several`` above 1
``dominance``         share of the pairs of ranked units in which one is at least as good in every indicator
====================  ======================================================================================

Statistics are over the ranked units, on normalised values where not said otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from primacy.composite._text import path_text
from primacy.composite.definition import Floats
from primacy.composite.importance import correlation_ratio, linear_importance
from primacy.composite.index import Result
from primacy.composite.multivariate import correlation, cronbach_alpha, principal_components
from primacy.composite.outranking import dominance
from primacy.composite.screening import availability
from primacy.composite.treatment import KURTOSIS_LIMIT, SKEW_LIMIT, kurtosis, skewness

LOW_COVERAGE = 0.65
MANY_ZEROS = 0.5
REDUNDANT = 0.9
OPPOSED = -0.4
LOW_CRONBACH = 0.7


@dataclass(frozen=True)
class Finding:
    """One row of the audit. ``level`` and ``other`` are empty where they do not apply, and so is ``flag``."""

    check: str
    level: str
    item: str
    other: str
    value: float
    flag: str = ""


def audit(result: Result) -> tuple[Finding, ...]:
    """Audit a computed index.

    Parameters
    ----------
    result : Result
        Of ``Index.run``.

    Returns
    -------
    tuple of Finding
        In the order of the table above, within a check in the order of the indicators.
    """
    return (
        *_screened(result),
        *_data(result),
        *_treated(result),
        *_weights(result),
        *_coherence(result),
        *_groups(result),
        Finding("dominance", "", "index", "", dominance(result.prepared.normalised[_rows(result)])),
    )


def _rows(result: Result) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Ranked units that were not screened out."""
    return np.flatnonzero(result.units_kept & result.values.ranked)


def _screened(result: Result) -> Iterator[Finding]:
    kept = set(result.definition.names)
    before = availability(result.index.values.matrix)
    for k, name in enumerate(result.index.definition.names):
        if name not in kept:
            level = result.definition.levels[0]
            yield Finding("screened", level, name, "", float(before.indicators[k]), "left out")
    share = availability(result.values.matrix).units
    for k, unit in enumerate(result.units):
        if not result.units_kept[k]:
            yield Finding("screened", "unit", unit, "", float(share[k]), "left out")


def _data(result: Result) -> Iterator[Finding]:
    level = result.definition.levels[0]
    columns = result.values.matrix[_rows(result)].T
    for name, column in zip(result.definition.names, columns, strict=True):
        there = np.sort(column[~np.isnan(column)])
        share = len(there) / len(column)
        yield Finding("coverage", level, name, "", share, "low" if share < LOW_COVERAGE else "")
        if len(there) == 0:
            continue
        zeros = float((there == 0).mean())
        yield Finding("zeros", level, name, "", zeros, "many" if zeros >= MANY_ZEROS else "")
        yield Finding("least", level, name, "", float(there[0]))
        yield Finding("mean", level, name, "", float(there.mean()))
        constant = "constant" if there[0] == there[-1] else ""
        yield Finding("greatest", level, name, "", float(there[-1]), constant)
        g1, g2 = skewness(there), kurtosis(there)
        outlying = "outliers" if abs(g1) > SKEW_LIMIT and g2 > KURTOSIS_LIMIT else ""
        yield Finding("skewness", level, name, "", g1, outlying)
        yield Finding("kurtosis", level, name, "", g2, outlying)


def _treated(result: Result) -> Iterator[Finding]:
    for name, done in zip(result.definition.names, result.prepared.treated, strict=False):
        if done.action != "none":
            flag = done.action if done.passed else f"{done.action}, still outlying"
            yield Finding("treated", result.definition.levels[0], name, "", float(done.changed), flag)


def _weights(result: Result) -> Iterator[Finding]:
    level, rows = result.definition.levels[0], _rows(result)
    score, weights = result.score[rows], result.effective_weights
    columns = result.prepared.normalised[rows].T
    squares = np.array([linear_importance(column, score) for column in columns])
    total = np.nansum(squares)
    for k, name in enumerate(result.definition.names):
        weight = float(weights[k])
        yield Finding("weight", level, name, "", weight)
        importance = float(squares[k] / total) if total > 0 else float("nan")
        flag = "silent" if importance < weight / 2 else "dominant" if importance > weight * 2 else ""
        yield Finding("importance", level, name, "", importance, flag)
        yield Finding("correlation_ratio", level, name, "", correlation_ratio(columns[k], score))


def _coherence(result: Result) -> Iterator[Finding]:
    rows = _rows(result)
    score = result.score[rows]
    below: Floats = result.prepared.normalised
    for depth, step in enumerate(result.definition.steps):
        above = result.combined.levels[depth]
        for g, members in enumerate(step.members):
            parent = path_text(step.parents[g]) or "index"
            for k in members:
                name = path_text(step.nodes[k])
                own = below[rows, k]
                if depth < len(result.definition.steps) - 1:
                    r = correlation(own, above[rows, g])
                    yield Finding("with_group", step.name, name, parent, r, "negative" if r < 0 else "")
                r = correlation(own, score)
                yield Finding("with_score", step.name, name, "index", r, "negative" if r < 0 else "")
        below = above


def _groups(result: Result) -> Iterator[Finding]:
    rows = _rows(result)
    below: Floats = result.prepared.normalised
    for depth, step in enumerate(result.definition.steps):
        for g, members in enumerate(step.members):
            if len(members) < 2:
                continue
            part = below[rows][:, members]
            names = [path_text(step.nodes[k]) for k in members]
            for i, one in enumerate(names):
                for j in range(i + 1, len(names)):
                    r = correlation(part[:, i], part[:, j])
                    flag = "redundant" if r >= REDUNDANT else "opposed" if r <= OPPOSED else ""
                    yield Finding("correlation", step.name, one, names[j], r, flag)
            parent = path_text(step.parents[g]) or "index"
            alpha = cronbach_alpha(part)
            yield Finding("cronbach", step.name, parent, "", alpha, "low" if alpha < LOW_CRONBACH else "")
            components = principal_components(part)
            yield Finding("first_component", step.name, parent, "", float(components.explained[0]))
            above_one = components.above_one
            yield Finding(
                "dimensions", step.name, parent, "", float(above_one), "several" if above_one > 1 else ""
            )
        below = result.combined.levels[depth]
