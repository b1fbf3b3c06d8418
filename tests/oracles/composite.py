"""Composite indicators re-stated in plain Python: lists, loops and the formulae, one unit at a time.

Written from the handbook's formulae; slow on purpose, and sharing nothing with the package.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

Number = float | None
Matrix = list[list[Number]]


# --- one column ---------------------------------------------------------------------------------------------


def present(column: list[Number]) -> list[float]:
    return [v for v in column if v is not None]


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def median(values: list[float]) -> float:
    ordered = sorted(values)
    n = len(ordered)
    return ordered[n // 2] if n % 2 else (ordered[n // 2 - 1] + ordered[n // 2]) / 2


def deviation(values: list[float]) -> float:
    m = mean(values)
    return math.sqrt(math.fsum((v - m) ** 2 for v in values) / len(values))


def skewness(column: list[Number]) -> float:
    """The spreadsheet's SKEW: n / ((n-1)(n-2)) Σ ((x - m) / s)³ with the sample deviation s."""
    x = present(column)
    n, m = len(x), mean(x)
    s = math.sqrt(math.fsum((v - m) ** 2 for v in x) / (n - 1))
    return n / ((n - 1) * (n - 2)) * math.fsum(((v - m) / s) ** 3 for v in x)


def kurtosis(column: list[Number]) -> float:
    """The spreadsheet's KURT, the excess kurtosis with the sample deviation."""
    x = present(column)
    n, m = len(x), mean(x)
    s = math.sqrt(math.fsum((v - m) ** 2 for v in x) / (n - 1))
    fourth = math.fsum(((v - m) / s) ** 4 for v in x)
    return n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * fourth - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))


def tame(column: list[Number]) -> bool:
    return abs(skewness(column)) <= 2 or kurtosis(column) <= 3.5


def winsorise(column: list[Number], most: int = 5) -> list[Number]:
    """Move the extreme on the side of the skew to its neighbour until tame, at most *most* values."""
    out = list(column)
    moved: set[int] = set()
    while not tame(out):
        values = present(out)
        high = skewness(out) >= 0
        extreme = max(values) if high else min(values)
        at = {k for k, v in enumerate(out) if v == extreme}
        rest = [v for v in values if v != extreme]
        if len(set(rest)) < 2 or len(moved | at) > most:
            break
        for k in at:
            out[k] = max(rest) if high else min(rest)
        moved |= at
    return out


def treat(column: list[Number], most: int = 5) -> list[Number]:
    if tame(column):
        return list(column)
    wins = winsorise(column, most)
    if wins != list(column) and tame(wins):
        return wins
    values = present(column)
    low, high = min(values), max(values)
    shift = (high - low) / 100
    if skewness(column) >= 0:
        logs: list[Number] = [None if v is None else math.log(v - low + shift) for v in column]
    else:
        logs = [None if v is None else -math.log(high - v + shift) for v in column]
    better = abs(skewness(logs)) < abs(skewness(column)) - 1e-9
    return logs if tame(logs) or better else list(column)


def rank_up(value: float, values: list[float]) -> float:
    """1 for the least; ties share the mean of the ranks that they occupy."""
    below = sum(v < value for v in values)
    equal = sum(v == value for v in values)
    return below + (equal + 1) / 2


def normalise(
    column: list[Number],
    method: str,
    direction: int = 1,
    goalposts: tuple[float, float] = (0.0, 1.0),
    target: float = 1.0,
) -> list[Number]:
    values = present(column)
    low, high = min(values), max(values)
    out: list[Number] = []
    for x in column:
        if x is None:
            out.append(None)
        elif method == "none":
            out.append(x * direction)
        elif method == "minmax":
            share = 0.5 if low == high else (x - low) / (high - low)
            out.append(share if direction > 0 else 1 - share)
        elif method == "zscore":
            out.append(0.0 if low == high else direction * (x - mean(values)) / deviation(values))
        elif method == "rank":
            out.append(rank_up(direction * x, [direction * v for v in values]))
        elif method == "percentile-rank":
            rank = rank_up(direction * x, [direction * v for v in values])
            out.append((rank - 1) / (len(values) - 1) if len(values) > 1 else 0.5)
        elif method == "fraction-of-max":
            out.append(x / high if direction > 0 else low / x)
        elif method == "distance-to-target":
            out.append((x - low) / (target - low) if direction > 0 else (high - x) / (high - target))
        elif method == "goalposts":
            a, b = goalposts
            share = (x - a) / (b - a) if direction > 0 else (b - x) / (b - a)
            out.append(min(1.0, max(0.0, share)))
        else:
            raise ValueError(method)
    return out


# --- gaps ---------------------------------------------------------------------------------------------------


def impute(matrix: Matrix, method: str, groups: list[str] | None = None, neighbours: int = 5) -> Matrix:
    """Fill gaps; *matrix* has one list per unit. Units are named by their position in ``knn``."""
    if method == "drop":
        return [list(row) for row in matrix]
    if method == "knn":
        return _knn(matrix, neighbours)
    out = [list(row) for row in matrix]
    for i, row in enumerate(matrix):
        for k, value in enumerate(row):
            if value is not None:
                continue
            inside = [
                other[k]
                for j, other in enumerate(matrix)
                if not method.startswith("group-") or (groups and groups[j] == groups[i])
            ]
            donors = present(inside)
            if method == "zero":
                out[i][k] = 0.0
            elif donors:
                out[i][k] = mean(donors) if method.endswith("mean") else median(donors)
    return out


def _knn(matrix: Matrix, neighbours: int) -> Matrix:
    columns = list(zip(*matrix, strict=True))
    z: Matrix = []
    for row in matrix:
        z.append([])
        for k, value in enumerate(row):
            values = present(list(columns[k]))
            s = deviation(values)
            z[-1].append(None if value is None else (value - mean(values)) / s if s > 0 else 0.0)
    out = [list(row) for row in matrix]
    for i, row in enumerate(matrix):
        distances = []
        for j in range(len(matrix)):
            shared = [
                (a - b) ** 2 for a, b in zip(z[i], z[j], strict=True) if a is not None and b is not None
            ]
            if j != i and shared:
                distances.append((round(math.fsum(shared) / len(shared), 12), j))
        for k, value in enumerate(row):
            if value is None:
                donors = [matrix[j][k] for _, j in sorted(distances) if matrix[j][k] is not None]
                if donors:
                    out[i][k] = mean(present(donors[:neighbours]))
    return out


# --- weights ------------------------------------------------------------------------------------------------


def entropy_weights(columns: list[list[float]]) -> list[float]:
    information = []
    for x in columns:
        total = math.fsum(x)
        shares = [v / total for v in x]
        information.append(1 + math.fsum(p * math.log(p) for p in shares if p > 0) / math.log(len(x)))
    return [v / math.fsum(information) for v in information]


def correlation(x: list[Number], y: list[Number]) -> float:
    pairs = [(a, b) for a, b in zip(x, y, strict=True) if a is not None and b is not None]
    ma, mb = mean([a for a, _ in pairs]), mean([b for _, b in pairs])
    top = math.fsum((a - ma) * (b - mb) for a, b in pairs)
    return top / math.sqrt(
        math.fsum((a - ma) ** 2 for a, _ in pairs) * math.fsum((b - mb) ** 2 for _, b in pairs)
    )


def pca_weights(columns: list[list[float]]) -> list[float]:
    """Squared first eigenvector of the correlation matrix, by power iteration."""
    k = len(columns)
    r = [[correlation(list(a), list(b)) for b in columns] for a in columns]
    v = [1.0 + 0.01 * i for i in range(k)]
    for _ in range(20_000):
        w = [math.fsum(r[i][j] * v[j] for j in range(k)) for i in range(k)]
        size = math.sqrt(math.fsum(x * x for x in w))
        v = [x / size for x in w]
    return [x * x for x in v]


def cronbach(rows: list[list[float]]) -> float:
    k = len(rows[0])
    totals = [math.fsum(row) for row in rows]
    parts = math.fsum(deviation([row[j] for row in rows]) ** 2 for j in range(k))
    return k / (k - 1) * (1 - parts / deviation(totals) ** 2)


def correlation_ratio(x: list[float], y: list[float], shares: tuple[float, ...]) -> float:
    """Variance of a local-linear fit over the variance of y; the width by leave-one-out prediction."""
    span = max(x) - min(x)

    def fit(at: float, points: list[tuple[float, float]], width: float) -> float:
        w = [math.exp(-0.5 * ((a - at) / width) ** 2) for a, _ in points]
        s0, s1 = math.fsum(w), math.fsum(q * (a - at) for q, (a, _) in zip(w, points, strict=True))
        s2 = math.fsum(q * (a - at) ** 2 for q, (a, _) in zip(w, points, strict=True))
        t0 = math.fsum(q * b for q, (_, b) in zip(w, points, strict=True))
        t1 = math.fsum(q * (a - at) * b for q, (a, b) in zip(w, points, strict=True))
        return (s2 * t0 - s1 * t1) / (s0 * s2 - s1 * s1)

    points = list(zip(x, y, strict=True))

    def error(width: float) -> float:
        return mean(
            [(b - fit(a, points[:i] + points[i + 1 :], width)) ** 2 for i, (a, b) in enumerate(points)]
        )

    best = min(shares, key=lambda share: error(share * span))
    fitted = [fit(a, points, best * span) for a, _ in points]
    return min(1.0, deviation(fitted) ** 2 / deviation(y) ** 2)


# --- aggregation --------------------------------------------------------------------------------------------


def aggregate(
    members: list[Number], weights: list[float], method: str, floor: float | None = None, power: float = 1.0
) -> Number:
    """One unit's value of a group from its members' values."""
    pairs = [(w, x) for w, x in zip(weights, members, strict=True) if x is not None and w > 0]
    if not pairs:
        return None
    total = math.fsum(w for w, _ in pairs)
    pairs = [(w / total, x) for w, x in pairs]
    positive = method in ("geometric", "harmonic") or (method == "generalised" and power <= 0)
    if floor is not None and positive:
        pairs = [(w, max(x, floor)) for w, x in pairs]
    if method == "arithmetic":
        return math.fsum(w * x for w, x in pairs)
    if method == "geometric" or (method == "generalised" and power == 0):
        return math.prod(x**w for w, x in pairs)
    if method == "harmonic":
        return 1 / math.fsum(w / x for w, x in pairs)
    return math.fsum(w * x**power for w, x in pairs) ** (1 / power)


def outranks(a: list[Number], b: list[Number], weights: list[float]) -> float:
    """Weight of the members in which a is above b, and half of that of ties, over what both have."""
    total = share = 0.0
    for w, x, y in zip(weights, a, b, strict=True):
        if x is None or y is None:
            continue
        total += w
        share += w if x > y else w / 2 if x == y else 0.0
    return share / total if total > 0 else 0.5


def copeland(rows: Matrix, weights: list[float]) -> list[Number]:
    scores: list[Number] = []
    for i, a in enumerate(rows):
        if not any(x is not None and w > 0 for x, w in zip(a, weights, strict=True)):
            scores.append(None)
            continue
        score = 0
        for j, b in enumerate(rows):
            if i != j and any(x is not None and w > 0 for x, w in zip(b, weights, strict=True)):
                o = outranks(a, b, weights)
                score += 0 if abs(o - 0.5) < 1e-9 else 1 if o > 0.5 else -1
        scores.append(float(score))
    return scores


def ranks(scores: list[Number]) -> list[int | None]:
    return [
        None if s is None else 1 + sum(1 for t in scores if t is not None and t > s + 1e-12 * abs(s))
        for s in scores
    ]


# --- sensitivity ---------------------------------------------------------------------------------------------


def sobol_effects(y: list[float], inputs: int) -> list[tuple[float, float]]:
    """First-order and total effects (Saltelli et al. 2010) from outputs in the order A, A with B's j-th, …, B.

    S_j = mean(B (AB_j - A)) / V and T_j = mean((A - AB_j)²) / (2 V), on centred outputs, V over A and B.
    """
    step = inputs + 2
    centre = mean(y)
    blocks = [[v - centre for v in y[k : k + step]] for k in range(0, len(y), step)]
    variance = deviation([b[0] for b in blocks] + [b[-1] for b in blocks]) ** 2
    return [
        (
            mean([b[-1] * (b[j] - b[0]) for b in blocks]) / variance,
            mean([(b[0] - b[j]) ** 2 for b in blocks]) / (2 * variance),
        )
        for j in range(1, inputs + 1)
    ]


# --- a whole index ------------------------------------------------------------------------------------------


def index(
    rows: list[dict[str, str]],
    *,
    unit: str,
    levels: list[str],
    value: str,
    weights: dict[str, str],
    normalisation: str = "none",
    missing: str = "drop",
    aggregation: str | list[str] = "arithmetic",
    scale: float = 100.0,
    floor: float | None = None,
) -> dict[str, tuple[Number, float]]:
    """Score and coverage of every unit from rows in long form, weights being columns."""
    how = [aggregation] * len(levels) if isinstance(aggregation, str) else aggregation
    units = sorted({row[unit] for row in rows})
    cells: dict[tuple[str, ...], dict[str, Number]] = {}
    weight: dict[tuple[str, ...], float] = {}
    for row in rows:
        path = tuple(row[level] for level in reversed(levels))
        cells.setdefault(path, {})[row[unit]] = float(row[value]) if row[value] != "" else None
        for k, level in enumerate(levels):
            weight[path[: len(path) - k]] = float(row[weights[level]]) if level in weights else 1.0
    nodes = sorted(cells)
    matrix: Matrix = [[cells[node].get(u) for node in nodes] for u in units]
    own = [[v is not None for v in row] for row in matrix]
    filled = impute(matrix, missing)
    columns = [normalise([row[k] for row in filled], normalisation) for k in range(len(nodes))]
    at = dict(zip(nodes, columns, strict=True))
    effective = dict.fromkeys(nodes, 1.0)
    for method in how:
        above: dict[tuple[str, ...], list[Number]] = {}
        for parent in sorted({node[:-1] for node in at}):
            members = [node for node in sorted(at) if node[:-1] == parent]
            w = [weight[m] for m in members]
            for m, own_weight in zip(members, w, strict=True):
                for node in nodes:
                    if node[: len(m)] == m:
                        effective[node] *= own_weight / math.fsum(w)
            per_unit = [[at[m][i] for m in members] for i in range(len(units))]
            if method == "copeland":
                above[parent] = copeland(per_unit, w)
            else:
                above[parent] = [aggregate(x, w, method, floor) for x in per_unit]
        at = above
    scores = at[()]
    out = {}
    for i, name in enumerate(units):
        covered = math.fsum(effective[node] for k, node in enumerate(nodes) if own[i][k])
        s = scores[i]
        out[name] = (None if s is None else s * scale, covered)
    return out


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
