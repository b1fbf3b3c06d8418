"""Results written by hand: a few rows of every study, small enough to work out what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from primacy.lake.results import Results
from primacy.studies.tables import STUDY_TABLES

WINDOW = "2020-2024"
DOMAINS = {"machine-learning": "AI technologies", "electric-batteries": "Energy and environment"}
"""Two technologies: one that all stages are about, one that only research is about."""


def table(study: str, name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of a result table; columns that a row does not state are missing."""
    return pa.Table.from_pylist(list(rows), schema=STUDY_TABLES[study][name].arrow)


def write(path: Path, **studies: Mapping[str, Sequence[Mapping[str, Any]]]) -> Results:
    """Write results: tables of rows by study."""
    results = Results(path)
    for study, tables in studies.items():
        made = {name: table(study, name, rows) for name, rows in tables.items()}
        results.write(study, made, {"lake_version": 7, "inputs": {}, "settings": {}, "windows": [WINDOW]})
    return results


def research(
    shares: Mapping[str, Mapping[str, float]],
    draws: Mapping[str, Mapping[str, Sequence[float]]] | None = None,
    papers: int = 500,
    blocs: Mapping[str, float] | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """The tables of research: shares by technology and country, H-indices that follow them, draws."""
    rows, leads = [], []
    for technology, by_unit in shares.items():
        ordered = sorted(by_unit, key=lambda u: -by_unit[u])
        for rank, unit in enumerate(ordered, start=1):
            share = by_unit[unit]
            rows.append(
                _share(technology, "country", unit, share)
                | {"rank": rank, "h_index": round(100 * share), "h_low": round(100 * share)}
                | {"h_high": round(100 * share)}
            )
        rows += [_share(technology, "bloc", unit, share) for unit, share in (blocs or {}).items()]
        leads.append(
            {
                "technology": technology,
                "window": WINDOW,
                "leader": ordered[0],
                "leader_share": by_unit[ordered[0]],
                "runner_up": ordered[1] if len(ordered) > 1 else None,
                "runner_up_share": by_unit[ordered[1]] if len(ordered) > 1 else None,
                "probability": 0.9,
                "verdict": "ahead, contestable",
                "papers": papers,
                "coverage": 0.9,
            }
        )
    drawn = [
        {"technology": t, "window": WINDOW, "unit": u, "shares": list(values)}
        for t, by_unit in (draws or {}).items()
        for u, values in by_unit.items()
    ]
    return {"shares": rows, "leads": leads, "share_draws": drawn}


def _share(technology: str, kind: str, unit: str, share: float) -> dict[str, Any]:
    return {
        "technology": technology,
        "unit_kind": kind,
        "unit": unit,
        "window": WINDOW,
        "share": share,
        "low": share,
        "high": share,
    }


def basket(shares: Mapping[str, float], year: int = 2024) -> dict[str, list[dict[str, Any]]]:
    """The table of the institutions study: Share by country, whose adjusted Share is a tenth less."""
    return {
        "basket": [
            {
                "basket": "b",
                "year": year,
                "unit_kind": "country",
                "unit": unit,
                "subject": "all",
                "share": share,
                "low": share - 1,
                "high": share + 1,
                "adjusted_share": 0.9 * share,
            }
            for unit, share in shares.items()
        ]
    }


def clusters(shares: Mapping[str, float], tpp: Mapping[str, float] | None = None) -> dict[str, Any]:
    """The tables of the compute study: capacity by country, and chips by their makers' countries."""
    made: dict[str, list[dict[str, Any]]] = {
        "clusters": [
            {"country": c, "share": s, "low": s, "high": s, "coverage": 0.8, "on": "2025-12-31"}
            for c, s in shares.items()
        ]
    }
    if tpp:
        made["chips"] = [
            {"chip": f"{c}-{n}", "maker_country": c, "tpp": t / n, "on": "2026-01-15"}
            for c, t in tpp.items()
            for n in (2, 1)
        ]
    return made


def adoption(shares: Mapping[str, Mapping[str, float]]) -> dict[str, list[dict[str, Any]]]:
    """The table of the models study: download shares by population and country, publisher's downloads of 30 days."""
    return {
        "adoption": [
            {
                "by": "publisher",
                "measure": "downloads_30d",
                "population": population,
                "unit_kind": "country",
                "unit": unit,
                "share": share,
                "coverage": 0.75,
                "snapshot": "2026-06-01",
            }
            for population, by_unit in shares.items()
            for unit, share in by_unit.items()
        ]
    }
