"""The models study again, slowly and in plain Python: written from the command contract, sharing no code.

Models are a dict: id -> downloads (None where the counter is missing). Parents are a dict: id -> list of ids.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

Credits = dict[str, dict[str, Fraction]]


def namespace(model: str) -> str:
    return model.split("/")[0]


def roots(
    model: str, parents: Mapping[str, Sequence[str]], seen: tuple[str, ...] = ()
) -> dict[str, Fraction]:
    """Where one download of a model ends: equal parts to the parents, step by step, stopping at a repeat."""
    if model in seen or not parents.get(model):
        return {model: Fraction(1)}
    ends: defaultdict[str, Fraction] = defaultdict(Fraction)
    distinct = list(dict.fromkeys(parents[model]))
    for parent in distinct:
        for root, part in roots(parent, parents, (*seen, model)).items():
            ends[root] += part / len(distinct)
    return dict(ends)


def credits(models: Iterable[str], parents: Mapping[str, Sequence[str]], by: str) -> Credits:
    """Each model's parts by namespace."""
    inside = set(models)
    declared = {m: p for m, p in parents.items() if m in inside}
    found: Credits = {}
    for model in inside:
        ends = {model: Fraction(1)} if by == "publisher" else roots(model, declared)
        parts: defaultdict[str, Fraction] = defaultdict(Fraction)
        for root, part in ends.items():
            parts[namespace(root)] += part
        found[model] = dict(parts)
    return found


def adoption(
    downloads: Mapping[str, int | None],
    parents: Mapping[str, Sequence[str]],
    units: Mapping[str, str | None] | None,
    *,
    by: str,
    only: set[str] | None = None,
) -> list[dict[str, object]]:
    """Rows of ``adoption``; without ``units`` every namespace is its own."""
    parts = credits(downloads, parents, by)
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    for model, count in downloads.items():
        if count is None or (only is not None and model not in only):
            continue
        for name, part in parts[model].items():
            unit = name if units is None else units.get(name) or "unattributed"
            sums[unit] += part * count
    total = sum(sums.values())
    ascending = sorted(sums.values())
    return [
        {
            "unit": unit,
            "downloads": float(value),
            "share": float(value / total) if total else None,
            "rank": 1 + len(ascending) - bisect_right(ascending, value),
        }
        for unit, value in sums.items()
    ]


def concentration(values: Sequence[float | Fraction | int]) -> dict[str, float | None]:
    """HHI on 0-10,000, Gini without correction by its definition over all pairs, share of the top 1 %."""
    exact = [v if isinstance(v, int) else Fraction(v) for v in values]
    total, n = Fraction(sum(exact)), len(exact)
    if not total:
        return {"hhi": None, "gini": None, "top1_share": None}
    gaps = sum((2 * i - n - 1) * v for i, v in enumerate(sorted(exact), start=1))
    top = -(-n // 100)
    return {
        "hhi": float(10_000 * sum(v * v for v in exact) / total**2),
        "gini": float(gaps / (n * total)),
        "top1_share": float(sum(sorted(exact, reverse=True)[:top]) / total),
    }


def gini_by_pairs(values: Sequence[int]) -> float:
    """The definition: mean absolute difference over twice the mean."""
    n = len(values)
    return sum(abs(a - b) for a in values for b in values) / (2 * n * sum(values))


def forest(models: Iterable[str], parents: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """Each distinct edge with its fate."""
    inside = set(models)
    edges = [(m, p) for m in sorted(inside) for p in sorted(set(parents.get(m, ())))]

    def reaches(start: str, goal: str) -> bool:
        todo, seen = [start], set()
        while todo:
            here = todo.pop()
            if here == goal:
                return True
            if here not in seen and here in inside:
                seen.add(here)
                todo += parents.get(here, ())
        return False

    found = []
    for child, parent in edges:
        if child == parent:
            fate = "self"
        elif parent not in inside:
            fate = "missing"
        else:
            fate = "cycle" if reaches(parent, child) else "kept"
        found.append((child, parent, fate))
    return found


def depths(models: Iterable[str], edges: Sequence[tuple[str, str, str]]) -> dict[str, int]:
    """Generations to the farthest root over the edges that were not cut."""
    above: defaultdict[str, list[str]] = defaultdict(list)
    for child, parent, fate in edges:
        if fate in ("kept", "missing"):
            above[child].append(parent)
    known: dict[str, int] = {}

    def depth(model: str) -> int:
        if model not in known:
            known[model] = 1 + max((depth(p) for p in above[model]), default=-1)
        return known[model]

    return {m: depth(m) for m in models}
