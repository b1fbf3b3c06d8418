"""A workspace with results written by hand: small, whole, and with names that attack the pages."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from primacy.studies.research.leads import LEADS
from primacy.studies.research.overtaking import CROSSINGS, TRENDS
from primacy.studies.research.robustness import CHOICES, CURVE
from primacy.workspace import Workspace
from tests.web import world_assessment, world_baskets, world_compute, world_models

HOSTILE = world_models.HOSTILE
WINDOWS = ["2015-2019", "2020-2024"]
YEARS = range(2015, 2025)
TECHNOLOGIES = {
    "supercapacitors": "Supercapacitors",
    "quantum-sensors": "Quantum sensors",
    "hostile": HOSTILE,
}
COUNTRIES = {"CN": 0.5, "US": 0.25, "IN": 0.15, "DE": 0.1}
BLOCS = {"EU27": 0.1, "Quad": 0.4}
INSTITUTIONS = {"I1": ("Simulated University CN-001", 0.3), "I2": (HOSTILE, 0.2)}

SHARES = pa.schema(
    [
        ("technology", pa.string()), ("unit_kind", pa.string()), ("unit", pa.string()), ("window", pa.string()),
        ("papers", pa.float64()), ("high_impact", pa.float64()), ("share", pa.float64()), ("low", pa.float64()),
        ("high", pa.float64()), ("rank", pa.int64()), ("h_index", pa.int64()), ("name", pa.string()),
        ("rank_low", pa.int64()), ("rank_high", pa.int64()), ("h_low", pa.int64()), ("h_high", pa.int64()),
        ("probability", pa.float64()), ("country", pa.string()),
    ]
)  # fmt: skip


def share_rows(technology: str, window: str) -> list[dict]:
    rows = []
    for kind, units in (("bloc", BLOCS), ("country", COUNTRIES), ("institution", INSTITUTIONS)):
        for rank, (unit, value) in enumerate(units.items(), start=1):
            name, share = value if isinstance(value, tuple) else (None, value)
            if technology == "quantum-sensors" and unit in ("CN", "US"):
                share = 0.75 - share  # here the United States lead
            rows.append(
                {
                    "technology": technology, "unit_kind": kind, "unit": unit, "window": window,
                    "papers": 200 * share, "high_impact": 20 * share, "share": share, "low": 0.8 * share,
                    "high": 1.2 * share, "rank": rank, "h_index": 9, "name": name, "rank_low": 1, "rank_high": 4,
                    "h_low": 7, "h_high": 11, "probability": 0.9,
                    "country": "CN" if unit == "I1" else None,
                }
            )  # fmt: skip
    return rows


def leads_of(technology: str, window: str) -> dict:
    leader, second = ("US", "CN") if technology == "quantum-sensors" else ("CN", "US")
    verdict = {"supercapacitors": "leads", "quantum-sensors": "ahead, contestable"}.get(
        technology, "contested"
    )
    return {
        "technology": technology, "window": window, "leader": leader, "leader_share": 0.5, "runner_up": second,
        "runner_up_share": 0.25, "lead_ratio": 2.0, "lead_ratio_low": 1.5, "lead_ratio_high": 2.5,
        "top10_in_leader": 6, "monopoly_risk": "medium", "monopoly_risk_stability": 0.8, "probability": 0.9,
        "bootstrap_probability": 1.0, "ahead_of_runner_up": 1.0, "robustness": 0.88, "universes": 100,
        "challenger": second, "challenger_robustness": 0.12, "verdict": verdict, "papers": 200,
        "high_impact": 20.0, "coverage": 0.93, "trend": 0.01, "trend_low": 0.0, "trend_high": 0.02,
    }  # fmt: skip


def tables() -> dict[str, pa.Table]:
    ids = sorted(TECHNOLOGIES)
    shares = [r for t in ids for w in WINDOWS for r in share_rows(t, w)]
    yearly = [
        {k: v for k, v in r.items() if k != "window"} | {"year": y}
        for t in ids
        for y in YEARS
        for r in share_rows(t, "")
    ]
    overall = [
        {
            "window": w, "unit": u, "papers": 600 * s, "high_impact": 60 * s, "share": s, "technologies_led": 2,
            "rank": rank, "unit_kind": kind, "low": 0.9 * s, "high": 1.1 * s,
        }
        for w in [*(f"{y}-{y}" for y in YEARS), *WINDOWS]
        for kind, units in (("bloc", BLOCS), ("country", COUNTRIES))
        for rank, (u, s) in enumerate(units.items(), start=1)
    ]  # fmt: skip
    choices = [
        {"technology": t, "window": w, "choice": c, "option": o, "robustness": r, "margin": 0.1, "universes": 50,
         "first_order": 0.2, "total": 0.4}
        for t in ids for w in WINDOWS
        for c, o, r in (
            ("top", "1 %", 0.7), ("top", "10 %", 0.95), ("ties", "include", 0.88), ("ties", "exclude", None)
        )
    ]  # fmt: skip
    curve = [
        {"technology": t, "window": w, "place": i / 100, "margin": (i - 10) / 200}
        for t in ids for w in WINDOWS for i in range(101)
    ]  # fmt: skip
    crossings = [
        {"technology": t, "overtaker": "CN", "overtaken": "US", "status": "crossed", "year": 2017, "low": 2016,
         "high": 2018, "since": None, "probability": 1.0}
        for t in ids
    ]  # fmt: skip
    trends = [
        {"technology": t, "window": w, "unit": u, "slope": 0.01, "low": 0.0, "high": 0.02}
        for t in ids for w in WINDOWS for u in COUNTRIES
    ]  # fmt: skip
    bias = [
        {"technology": t, "window": w, "unit": u, "share": s, "share_lake": s, "share_foreign": 0.9 * s,
         "home_bias": 0.1 * s, "rank": 1, "rank_foreign": 1}
        for t in ids for w in WINDOWS for u, s in COUNTRIES.items()
    ]  # fmt: skip
    coverage = [
        {"technology": t, "year": y, "works": 40, "works_without_country": 3, "coverage": 0.925, "lost": 0.1}
        for t in ids for y in YEARS
    ]  # fmt: skip
    names = [f for f in SHARES if f.name != "window"]
    return {
        "shares": pa.Table.from_pylist(shares, schema=SHARES),
        "yearly": pa.Table.from_pylist(
            yearly, schema=pa.schema([*names[:3], ("year", pa.int32()), *names[3:]])
        ),
        "overall": pa.Table.from_pylist(overall),
        "leads": pa.Table.from_pylist([leads_of(t, w) for t in ids for w in WINDOWS], schema=LEADS),
        "choices": pa.Table.from_pylist(choices, schema=CHOICES),
        "curve": pa.Table.from_pylist(curve, schema=CURVE),
        "crossings": pa.Table.from_pylist(crossings, schema=CROSSINGS),
        "trends": pa.Table.from_pylist(trends, schema=TRENDS),
        "home_bias": pa.Table.from_pylist(bias),
        "coverage": pa.Table.from_pylist(coverage),
    }


def people() -> dict[str, pa.Table]:
    """Return where the authors of one technology were, by two kinds of evidence of which one tells more."""
    here = {"technology": "supercapacitors", "window": "2020-2024", "top": 0.1, "weighting": "once"}
    known = {"affiliations": 0.9, "orcid": 0.2}
    stocks = [
        {**here, "evidence": e, "stage": stage, "unit": u, "authors": 100 * s, "share": s, "low": s, "high": s,
         "rank": 1, "coverage": known[e]}
        for e, stages in {"affiliations": ("first", "employment"), "orcid": ("undergraduate", "employment")}.items()
        for stage in stages
        for u, s in (("CN", 0.5 if stage == "employment" else 0.7), ("US", 0.5 if stage == "employment" else 0.3))
    ]  # fmt: skip
    flows = [
        {**here, "evidence": "affiliations", "from_stage": "first", "to_stage": "employment", "origin": "CN",
         "destination": u, "authors": a, "share": a / 70, "low": 0.1, "high": 0.9, "coverage": 0.9}
        for u, a in (("CN", 50.0), ("US", 20.0))
    ]  # fmt: skip
    return {"stocks": pa.Table.from_pylist(stocks), "flows": pa.Table.from_pylist(flows)}


def manifest(*, simulated: bool = True) -> dict:
    return {
        "code": {"primacy": "0", "source": "0"},
        "lake_version": 3,
        "inputs": {"works": {"version": 1, "rows": 600, "schema": "0"}},
        "settings": {
            "method": {"top": 0.1, "replicates": 1000, "types": ["article", "review"]},
            "query": "strict",
        },
        "query": "strict",
        "funnel": {"works_in_lake": 700, "counted_works": 600},
        "simulated": simulated,
    }


def workspace(path: Path, *, simulated: bool = True, studies: bool = False) -> Workspace:
    """Return a workspace with the research study, and with the others where they are wanted."""
    portfolio = path / "technologies"
    portfolio.mkdir(parents=True)
    for id, name in TECHNOLOGIES.items():
        text = (
            f"id = '{id}'\nname = '''{name}'''\ndomain = 'Energy & <b>more</b>'\ndefinition = '''On {name}.'''\n"
            "topics = ['T10018']\n[queries]\nstrict = 'supercapacitor*'\nbroad = 'capacitor*'\n"
        )
        (portfolio / f"{id}.toml").write_text(text, encoding="utf-8")
    made = Workspace.init(path)
    (path / "primacy.toml").write_text(f"portfolio = '{portfolio}'\n", encoding="utf-8")
    made = Workspace.open(path)
    research = {**tables(), **(people() if studies else {})}
    made.results.write("research", research, manifest(simulated=simulated))
    if studies:
        made.results.write("models", world_models.tables(), world_models.manifest())
        made.results.write("institutions", world_baskets.tables(), world_baskets.manifest())
        made.results.write("assessment", world_assessment.tables(), world_assessment.manifest())
        world_compute.add(made, path / "world")
    return Workspace.open(path)
