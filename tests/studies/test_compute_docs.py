"""The figures on the page about compute are those that the study gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from primacy.cli import app
from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.sources.compute import pull
from primacy.studies.compute import Compute, run

PAGE = Path(__file__).resolve().parents[2] / "docs" / "compute.md"


def table_after(heading):
    """Return the cells of the first table below a line that contains the text."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if heading in line)
    first = next(i for i in range(start, len(lines)) if lines[i].startswith("|"))
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


@pytest.fixture(scope="module")
def study(shared, tmp_path_factory):
    lake = Lake.create(tmp_path_factory.mktemp("docs") / "lake")
    pull(lake, shared / "data" / "compute")
    engine = Engine.duckdb(threads=2)
    lake = lake.latest()
    return Compute(lake, engine), {n: t.to_pylist() for n, t in run(lake, engine).tables.items()}


def test_counts_of_chips(study):
    counts = {r["on"]: r for r in study[1]["chip_counts"]}
    for on, *cells in table_after("The count of chips by status"):
        row = counts[on]
        found = [row[n] for n in ("unrestricted", "case_by_case", "restricted", "unknown")]
        assert [int(c) for c in cells] == found, on


def test_shares_of_clusters(study):
    for measure, chosen, us, china, summed in table_after("The filter moves China's share"):
        rows = study[0].clusters(on="2025-03-31", measure=measure, standard=chosen == "standard").to_pylist()
        shares = {r["country"]: f"{100 * r['share']:.1f} %" for r in rows}
        assert (shares["US"], shares["CN"], sum(r["systems"] for r in rows)) == (us, china, int(summed))


def test_levels_of_prices(study):
    names = {"open": True, "closed": False, "not stated": None}
    levels = {r["open_weights"]: r for r in study[1]["token_price_levels"]}
    for name, prices, free, median, paid in table_after("Median blended price"):
        row = levels[names[name]]
        assert (f"{row['prices']:,}", str(row["free"])) == (prices, free)
        assert float(median.strip("$")) == pytest.approx(row["median_blended"], abs=6e-4)
        assert float(paid.strip("$")) == pytest.approx(row["median_blended_paid"], abs=6e-4)


def test_cost_of_serving_oneself(study):
    ids = {
        "Llama 3.1 8B": ("meta-llama/Llama-3.1-8B-Instruct", "llama318binstruct"),
        "Qwen3 8B": ("Qwen/Qwen3-8B", "qwen38b"),
        "Qwen3 32B": ("Qwen/Qwen3-32B", "qwen332b"),
        "Llama 3.3 70B": ("meta-llama/Llama-3.3-70B-Instruct", "llama3370binstruct"),
        "Llama 3.1 405B, FP8": ("meta-llama/Llama-3.1-405B-Instruct-FP8", "llama31405binstruct"),
    }
    costs = {(r["measured_model"], r["utilization"]): r["self_host_usd"] for r in study[1]["self_host"]}
    hosts = {r["key"]: r for r in study[1]["token_hosts"]}
    for name, low, high, cheapest, even in table_after("Serving oneself on H100"):
        hub_id, key = ids[name]
        assert float(low) == pytest.approx(costs[hub_id, 0.3], abs=6e-4)
        assert float(high) == pytest.approx(costs[hub_id, 0.7], abs=6e-4)
        assert float(cheapest) == pytest.approx(hosts[key]["cheapest_usd"], abs=6e-4)
        told = hosts[key]["break_even_utilization"]
        stated = float(re.search(r"[\d.]+", even)[0])
        assert stated == pytest.approx(told if told > 1 else 100 * told, rel=0.02)
        assert even.startswith("never") == (told > 1)


def test_usable_compute(study):
    rows = {(r["scenario"], r["country"]): r for r in study[1]["usable_compute"]}
    for scenario, country, tokens, cost in table_after("`primacy usable SCENARIO`"):
        row = rows[scenario, country]
        numbers = [float(n.replace(",", "")) for n in re.findall(r"[\d,.]+", tokens)]
        found = [row[f"tokens_per_day{end}"] / 1e12 for end in ("", "_low", "_high")]
        assert numbers == pytest.approx(found, rel=0.02, abs=0.06)
        numbers = [float(n) for n in re.findall(r"[\d.]+", cost)]
        found = [row[f"usd_per_million{end}"] for end in ("", "_low", "_high")]
        assert numbers == pytest.approx(found, abs=6e-3)


def test_every_table_of_the_study_is_on_the_page(study):
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in study[1] if f"`{name}`" not in text] == []


def test_every_command_on_the_page_exists():
    names = {command.name for command in app.registered_commands}
    names |= {group.name for group in app.registered_groups}
    text = PAGE.read_text(encoding="utf-8")
    assert {m[1] for m in re.finditer(r"^    primacy (\w+)", text, re.MULTILINE)} <= names
