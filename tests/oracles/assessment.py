"""The verdict of the assessment in plain Python, slow and from its definition alone.

Of each draw: one set of values, Dirichlet weights around the stated ones within every stage and among stages, one of
the normalisations, one rule for gaps, one mean; the score; who has the highest. The probability of a country is the
part of the draws in which it is that one, a tie divided.
"""

from __future__ import annotations

import math
import random


def normalised(column, how):
    """A column of values by country, None where missing, more being better."""
    known = {u: v for u, v in column.items() if v is not None}
    low, high = min(known.values()), max(known.values())
    out = {}
    for unit, value in column.items():
        if value is None:
            out[unit] = None
        elif how == "minmax":
            out[unit] = (value - low) / (high - low) if high > low else 0.5
        elif how == "fraction-of-max":
            out[unit] = value / high
        elif how == "percentile-rank":
            below = sum(v < value for v in known.values())
            equal = sum(v == value for v in known.values())
            rank = below + (equal + 1) / 2
            out[unit] = (rank - 1) / (len(known) - 1) if len(known) > 1 else 0.5
    return out


def median(values):
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def mean(parts, how, floor):
    """Weighted mean of (value, weight) pairs; those without a value leave their weight to the others."""
    parts = [(v, w) for v, w in parts if v is not None]
    whole = sum(w for _, w in parts)
    if not whole:
        return None
    if how == "arithmetic":
        return sum(v * w for v, w in parts) / whole
    return math.exp(sum(math.log(max(v, floor)) * w for v, w in parts) / whole)


def dirichlet(rng, weights, concentration):
    if len(weights) == 1:
        return [1.0]
    whole = sum(weights)
    drawn = [rng.gammavariate(concentration * w / whole, 1.0) for w in weights]
    return [g / sum(drawn) for g in drawn]


def probabilities(stages, draws, *, rule, replicates, seed=1):
    """Return the probability of every country.

    stages: {stage: (weight, {indicator: weight})}
    draws: list of {indicator: {country: value or None}}
    rule: concentration, normalise, missing, aggregate, floor
    """
    rng = random.Random(seed)
    units = sorted({u for draw in draws for column in draw.values() for u in column})
    won = dict.fromkeys(units, 0.0)
    for _ in range(replicates):
        values = rng.choice(draws)
        how = rng.choice(rule["normalise"])
        gaps = rng.choice(rule["missing"])
        by = rng.choice(rule["aggregate"])
        among = dirichlet(rng, [w for w, _ in stages.values()], rule["concentration"])
        columns = {}
        for name, column in values.items():
            whole = {u: column.get(u) for u in units}
            if gaps == "median":
                middle = median([v for v in whole.values() if v is not None])
                whole = {u: middle if v is None else v for u, v in whole.items()}
            columns[name] = normalised(whole, how)
        scores = {}
        inside = [dirichlet(rng, list(own.values()), rule["concentration"]) for _, own in stages.values()]
        for unit in units:
            parts = []
            for (_, own), drawn, weight in zip(stages.values(), inside, among, strict=True):
                value = mean(
                    [(columns[name][unit], w) for name, w in zip(own, drawn, strict=True)], by, rule["floor"]
                )
                parts.append((value, weight))
            scores[unit] = mean(parts, by, rule["floor"])
        best = max(s for s in scores.values() if s is not None)
        first = [u for u in units if scores[u] is not None and math.isclose(scores[u], best, rel_tol=1e-12)]
        for unit in first:
            won[unit] += 1 / len(first)
    return {u: w / replicates for u, w in won.items()}
