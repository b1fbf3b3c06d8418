"""Results of the models study written by hand: two rules that disagree, and names that attack the pages."""

from __future__ import annotations

from itertools import product

import pyarrow as pa

HOSTILE = "<script>alert(\"x\")</script> & 'co'"
RULES = ("publisher", "origin")
MEASURES = ("downloads_30d", "downloads_all")
POPULATIONS = ("all", "text-generation")
DAYS = ("2025-06-01", "2026-06-01")
SHARES = {
    ("publisher", "downloads_30d"): {"us": 0.45, "china": 0.40, "unattributed": 0.15},
    ("origin", "downloads_30d"): {"china": 0.55, "us": 0.40, "unattributed": 0.05},
    ("publisher", "downloads_all"): {"us": 0.60, "china": 0.25, "unattributed": 0.15},
    ("origin", "downloads_all"): {"us": 0.60, "china": 0.35, "unattributed": 0.05},
}
"""By publisher the United States lead in the last 30 days, by origin China."""
OTHERS = {
    "country": {"US": 0.45, "CN": 0.40, "unattributed": 0.15},
    "owner": {HOSTILE: 0.5, "Simulated Lab": 0.00002},
}
TOTAL = 1_000_000.0


def _adoption(day: str, kinds: tuple[str, ...]) -> list[dict]:
    rows = []
    for by, measure, population, kind in product(RULES, MEASURES, POPULATIONS, kinds):
        if kind == "owner" and population != "all":
            continue
        shares = SHARES[by, measure] if kind == "region" else OTHERS[kind]
        rows += [
            {
                "by": by, "measure": measure, "population": population, "unit_kind": kind, "unit": unit,
                "downloads": TOTAL * share, "share": share, "rank": rank, "models": 10, "total": TOTAL,
                "coverage": 0.85, "snapshot": day,
            }
            for rank, (unit, share) in enumerate(shares.items(), start=1)
        ]  # fmt: skip
    return rows


def _attribution() -> list[dict]:
    return [
        {
            "population": p, "measure": m, "by": by, "denominator": "all", "first": "us", "second": "china",
            "first_share": SHARES[by, m]["us"], "second_share": SHARES[by, m]["china"],
            "unattributed": SHARES[by, m]["unattributed"], "leader": next(iter(SHARES[by, m])), "lead": 0.1,
            "flip_point": None, "flips": False, "total": TOTAL, "coverage": 0.85, "snapshot": DAYS[-1],
        }
        for p, m, by in product(POPULATIONS, MEASURES, RULES)
    ]  # fmt: skip


def tables() -> dict[str, pa.Table]:
    mix = [
        {
            "by": by, "measure": m, "unit": u, "category": c, "downloads": TOTAL * s, "share": s, "models": 5,
            "dimension": d, "coverage": 0.85, "snapshot": DAYS[-1],
        }
        for by, m, u in product(RULES, MEASURES, ("all", "us", "china"))
        for d, parts in {
            "size": {"1-5B": 0.7, "unknown": 0.3}, "license": {"permissive": 0.6, HOSTILE: 0.4}, "task": {HOSTILE: 1.0},
        }.items()
        for c, s in parts.items()
    ]  # fmt: skip
    concentration = [
        {
            "level": level, "by": by, "measure": m, "population": p, "hhi": 3000.0, "hhi_low": 2900.0, "gini": 0.9,
            "top1_share": 0.5, "units": 20, "total": TOTAL, "coverage": 0.85, "snapshot": DAYS[-1],
        }
        for level, by, m, p in product(("model", "owner", "country", "region"), RULES, MEASURES, POPULATIONS)
    ]  # fmt: skip
    overtakings = [
        {
            "basis": "creation", "population": p, "measure": m, "by": by, "since_the_beginning": False,
            "period": "2025-09" if m == "downloads_30d" else None, "overtaken": "us", "overtaker": "china",
        }
        for p, m, by in product(POPULATIONS, MEASURES, RULES)
    ]  # fmt: skip
    bands = [
        {
            "basis": "creation", "measure": "downloads_30d", "low": "2025-04", "high": "2025-09", "overtaken_in": 3,
            "methods": 4, "overtaken": "us", "overtaker": "china",
        },
        {
            "basis": "creation", "measure": "downloads_all", "low": None, "high": None, "overtaken_in": 0,
            "methods": 4, "overtaken": "us", "overtaker": "china",
        },
    ]  # fmt: skip
    sizes = [
        {"by": by, "measure": m, "unit": u, "created": "all", "downloads": TOTAL, "known": 0.7, "mean": 9e9,
         "median": 7_000_000_000, "small": 0.6}
        for by, m, u in product(RULES, MEASURES, ("all", "us", "china"))
    ]  # fmt: skip
    flows = [
        {
            "measure": m,
            "publisher": "us",
            "origin": "china",
            "downloads": 150_000.0,
            "models": 3,
            "share": 0.15,
        }
        for m in MEASURES
    ]
    roots = [
        {
            "root_id": f"someone/{HOSTILE}", "namespace": "someone", "descendants": 9, "parts": 8.5, "region": "china",
            "children": 4, "family_downloads_30d": 12_345.0, "in_dump": False,
        }
    ]  # fmt: skip
    facts = {"derived": 12, "edges": 15, "missing_parents": 2, "models": 20, "self_loops": 1}
    history = [r for day in DAYS for r in _adoption(day, ("region",))]
    return {
        "adoption": pa.Table.from_pylist(_adoption(DAYS[-1], ("region", "country", "owner"))),
        "adoption_history": pa.Table.from_pylist(history),
        "attribution": pa.Table.from_pylist(_attribution()),
        "concentration": pa.Table.from_pylist(concentration),
        "model_mix": pa.Table.from_pylist(mix),
        "model_sizes": pa.Table.from_pylist(sizes),
        "overtakings": pa.Table.from_pylist(overtakings),
        "overtaking_bands": pa.Table.from_pylist(bands),
        "publishers_origins": pa.Table.from_pylist(flows),
        "lineage_roots": pa.Table.from_pylist(roots),
        "lineage": pa.table({"fact": list(facts), "count": list(facts.values())}),
    }


def manifest() -> dict:
    meanings = {"all": "every model of the snapshot", "text-generation": "task text-generation only"}
    return {
        "code": {"primacy": "0", "source": "0"}, "inputs": {}, "settings": {"sides": ["us", "china"]},
        "populations": meanings, "simulated": True,
    }  # fmt: skip
