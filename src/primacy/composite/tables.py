"""The result tables of an index as Arrow tables, ordered and typed.

``scores``: unit, score, rank, rank_low, rank_high, coverage, and rank_median, first (share of the replicates
in which the unit is first), indicators (values of its own), note. ``sensitivity``: input, first_order, total,
and the half-widths of their 95 % intervals. ``audit``: see :func:`audit_table`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from primacy.composite.audit import audit
from primacy.composite.definition import Floats
from primacy.composite.index import Result
from primacy.composite.options import Missing
from primacy.composite.ranking import ranks
from primacy.composite.reader import IndexSpec, naming
from primacy.composite.sensitivity import sensitivity, usual_alternatives
from primacy.composite.spread import rank_spread

SCORES = pa.schema(
    [
        ("unit", pa.string()),
        ("score", pa.float64()),
        ("rank", pa.int64()),
        ("rank_low", pa.int64()),
        ("rank_high", pa.int64()),
        ("coverage", pa.float64()),
        ("rank_median", pa.int64()),
        ("first", pa.float64()),
        ("indicators", pa.int64()),
        ("note", pa.string()),
    ]
)
SENSITIVITY = pa.schema(
    [
        ("input", pa.string()),
        ("first_order", pa.float64()),
        ("total", pa.float64()),
        ("first_order_error", pa.float64()),
        ("total_error", pa.float64()),
    ]
)
AUDIT = pa.schema(
    [
        ("check", pa.string()),
        ("level", pa.string()),
        ("item", pa.string()),
        ("other", pa.string()),
        ("value", pa.float64()),
        ("flag", pa.string()),
    ]
)
GROUPS = pa.schema(
    [
        ("level", pa.string()),
        ("group", pa.string()),
        ("unit", pa.string()),
        ("score", pa.float64()),
        ("rank", pa.int64()),
        ("weight", pa.float64()),
    ]
)

_FILLED: dict[Missing, str] = {
    "drop": "weights re-scaled over the others",
    "zero": "scored as zero",
    "median": "filled with the median of the others",
    "mean": "filled with the mean of the others",
    "group-mean": "filled with the mean of its group",
    "group-median": "filled with the median of its group",
    "panel": "filled with earlier values",
    "knn": "filled from similar units",
}


def scores_table(spec: IndexSpec) -> pa.Table:
    """Scores and ranks with their intervals, best first; units without a rank last, by name.

    Rank bounds are quantiles over the replicates of the uncertainties that the file states (noise around the
    weights unless it says otherwise); null without replicates or without a rank.
    """
    with naming(spec.path):
        result = spec.index.run()
        spread = rank_spread(spec.index, spec.uncertainty)
    nothing = np.full(len(result.units), np.nan)
    low, median, high, first = (
        (nothing,) * 4 if spread is None else (spread.low, spread.median, spread.high, spread.first)
    )
    order = sorted(
        range(len(result.units)), key=lambda k: (np.nan_to_num(result.rank[k], nan=np.inf), result.units[k])
    )
    columns = {
        "unit": list(result.units),
        "score": _numbers(result.score),
        "rank": _wholes(result.rank),
        "rank_low": _wholes(low),
        "rank_high": _wholes(high),
        "coverage": result.coverage.tolist(),
        "rank_median": _wholes(median),
        "first": _numbers(first),
        "indicators": [len(result.definition.indicators) - int(n) for n in result.missing],
        "note": _notes(result),
    }
    return pa.table({key: [cells[k] for k in order] for key, cells in columns.items()}, schema=SCORES)


def sensitivity_table(spec: IndexSpec) -> pa.Table:
    """Effects of the uncertain inputs on the mean absolute shift of ranks, largest total first.

    Beside the uncertainties that the file states, the usual alternatives of every step for which it states
    none are tried (see ``sensitivity.usual_alternatives``).
    """
    with naming(spec.path):
        found = sensitivity(spec.index, usual_alternatives(spec.index, spec.uncertainty))
    effects = sorted(found.effects, key=lambda e: (-e.total, e.input))
    return pa.table(
        {name: [getattr(e, name) for e in effects] for name in SENSITIVITY.names}, schema=SENSITIVITY
    )


def audit_table(spec: IndexSpec) -> pa.Table:
    """Everything that the multivariate audit finds, one finding a row; see ``audit`` for the checks."""
    with naming(spec.path):
        findings = audit(spec.index.run())
    columns = {
        "check": [f.check for f in findings],
        "level": [f.level for f in findings],
        "item": [f.item for f in findings],
        "other": [f.other for f in findings],
        "value": [None if np.isnan(f.value) else f.value for f in findings],
        "flag": [f.flag for f in findings],
    }
    return pa.table(columns, schema=AUDIT)


def groups_table(spec: IndexSpec) -> pa.Table:
    """Scores and ranks of every group above the indicators, by level, group and rank."""
    with naming(spec.path):
        result = spec.index.run()
    rows = []
    depth = len(result.definition.levels)
    for above in range(1, depth):
        step = result.definition.steps[above]
        for column, path in enumerate(step.nodes):
            score = result.scores_of(path)
            rank = _rank_of(score, result)
            order = sorted(
                range(len(score)), key=lambda k: (np.nan_to_num(rank[k], nan=np.inf), result.units[k])
            )
            weight = float(result.combined.weights[above][column])
            places, numbers = _wholes(rank), _numbers(score)
            rows += [
                (step.name, " / ".join(path), result.units[k], numbers[k], places[k], weight) for k in order
            ]
    return pa.table({name: [row[k] for row in rows] for k, name in enumerate(GROUPS.names)}, schema=GROUPS)


def _rank_of(score: Floats, result: Result) -> Floats:
    return ranks(score, result.values.ranked)


def _notes(result: Result) -> list[str]:
    notes = []
    total, method = len(result.definition.indicators), result.index.method
    filled = ~np.isnan(result.prepared.filled) & np.isnan(result.values.matrix)
    for k, unit in enumerate(result.units):
        parts = []
        gaps = int(result.missing[k])
        if not result.units_kept[k]:
            parts.append(f"left out: fewer than {method.screen_units:g} of its values are there")
        elif gaps == total and np.isnan(result.score[k]):
            parts.append("no value: no score")
        elif gaps:
            put = int(filled[k].sum())
            parts.append(f"{gaps} of {total} missing: {_FILLED[method.missing if put else 'drop']}")
            if 0 < put < gaps:
                parts[-1] += f" ({gaps - put} could not be filled: {_FILLED['drop']})"
        if unit in result.values.apart:
            parts.append("set apart: scored, not ranked")
        notes.append("; ".join(parts))
    return notes


def _numbers(column: Floats) -> list[float | None]:
    return [None if np.isnan(v) else float(v) for v in column]


def _wholes(column: Floats) -> list[int | None]:
    return [None if np.isnan(v) else int(v) for v in column]
