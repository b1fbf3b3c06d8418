"""The models study: a small history whose every number is known, and the real dump against plain Python."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.sources.hub.builders import bases, csv_file

from primacy.sources.hub.pull import pull_dump
from primacy.sources.reference.organizations import shipped_organizations
from primacy.studies import models as study
from primacy.workspace import Workspace

DOCS = Path(__file__).resolve().parents[2] / "docs" / "models.md"
ORGANIZATIONS = "hf_org,region,country\nus1,us,US\ncn1,china,CN\n"
START = date(2025, 1, 1)
DAYS = [START + timedelta(days=91 * n) for n in range(5)]  # a year and a day less


def world(step: int) -> list[dict[str, object]]:
    """American downloads grow evenly, Chinese ones faster; one counter falls; one model is new every quarter."""
    rows: list[dict[str, object]] = [
        {
            "id": "us1/old",
            "createdAt": "2022-06-01",
            "downloads": 100,
            "downloadsAllTime": 10_000 + 300 * step,
            "likes": 50,
        },
        {
            "id": "cn1/new",
            "createdAt": "2024-12-01",
            "downloads": 40 * (step + 1),
            "downloadsAllTime": 500 * step * step,
            "likes": 40,
            "pipeline_tag": "text-generation",
        },
        {
            "id": "x/tune-GGUF",
            "createdAt": "2025-02-01",
            "downloads": 10,
            "downloadsAllTime": [0, 90, 60, 70, 80][step],
            "baseModels": json.dumps(bases("cn1/new", relation="quantized")),
        },
    ]
    return rows if step else rows[:2]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    home = tmp_path_factory.mktemp("models")
    workspace = Workspace.init(home / "ws")
    (home / "orgs.csv").write_text(ORGANIZATIONS, encoding="utf-8")
    for step, day in enumerate(DAYS):
        dump = csv_file(home / f"hub-{day}.csv", world(step))
        pull_dump(workspace.lake, dump, organizations=home / "orgs.csv")
    workspace.refresh()
    outcome = study.run(workspace.table, workspace.engine)
    return {name: table.to_pylist() for name, table in outcome.tables.items()}, outcome.notes


def pick_rows(rows, **wanted):
    return [r for r in rows if all(r[k] == v for k, v in wanted.items())]


def pick(rows, *columns, **wanted):
    return [tuple(r[c] for c in columns) for r in pick_rows(rows, **wanted)]


def test_shares_of_every_population_measure_and_rule(results):
    adoption = results[0]["adoption"]
    usual = {"population": "all", "unit_kind": "region"}
    assert pick(adoption, "unit", "downloads", by="publisher", measure="downloads_30d", **usual) == [
        ("china", 200),
        ("us", 100),
        ("unattributed", 10),
    ]
    assert pick(adoption, "unit", "downloads", by="origin", measure="downloads_all", **usual) == [
        ("us", 11_200),
        ("china", 8_080),
    ]
    # of a year: the flow of the counters, the young one from 0
    assert pick(adoption, "unit", "downloads", by="publisher", measure="downloads_12m", **usual) == [
        ("china", 8_000),
        ("us", 1_200),
        ("unattributed", 80),
    ]
    # first year only: cn1/new turned one between the last two snapshots; us1/old is older than its history
    (first,) = pick(adoption, "downloads", by="origin", measure="downloads_first_year", unit="china", **usual)
    born = date(2024, 12, 1)
    before, after = ((d - born).days for d in DAYS[3:])
    expected = 4_500 + (365 - before) / (after - before) * 3_500
    assert first[0] == pytest.approx(round(expected) + 80)
    assert pick(adoption, "downloads", measure="downloads_first_year", unit="us", **usual) == []
    mainline = pick(
        adoption, "unit", population="no-repacks", by="publisher", measure="downloads_30d", unit_kind="region"
    )
    assert mainline == [("china",), ("us",)]


def test_what_the_two_sides_need_to_change_places(results):
    matrix = results[0]["attribution"]
    (row,) = [
        r
        for r in matrix
        if (r["population"], r["measure"], r["by"], r["denominator"])
        == ("all", "downloads_all", "publisher", "all")
    ]
    assert (row["leader"], row["flips"], row["flip_point"]) == ("us", True, None)
    assert row["lead"] == pytest.approx(3_200 / 19_280)
    (known,) = [
        r
        for r in matrix
        if (r["population"], r["measure"], r["by"], r["denominator"])
        == ("all", "downloads_30d", "publisher", "attributed")
    ]
    assert (known["first_share"], known["second_share"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (known["leader"], known["flips"], known["total"]) == ("china", False, pytest.approx(300))


def test_the_date_of_overtaking_and_its_band(results):
    tables = results[0]
    dates = {(r["basis"], r["population"], r["measure"], r["by"]): r["period"] for r in tables["overtakings"]}
    assert dates["snapshot", "all", "downloads_30d", "publisher"] == str(DAYS[2])  # 120 against 100
    assert dates["snapshot", "all", "downloads_30d", "origin"] == str(DAYS[2])
    assert dates["snapshot", "all", "downloads_all", "publisher"] is None
    assert dates["snapshot", "without-top", "downloads_all", "publisher"] == str(DAYS[1])
    assert dates["creation", "all", "downloads_30d", "publisher"] == "2024-12"
    (band,) = [
        r for r in tables["overtaking_bands"] if (r["basis"], r["measure"]) == ("snapshot", "downloads_all")
    ]
    assert (band["overtaken_in"], band["methods"]) == (
        len([1 for k, v in dates.items() if k[0] == "snapshot" and k[2] == "downloads_all" and v]),
        len([1 for k in dates if k[0] == "snapshot" and k[2] == "downloads_all"]),
    )


def test_counters_that_fell_are_restated_not_hidden(results):
    tables = results[0]
    assert pick(tables["restatements"], "model_id", "start", "end", "fall") == [
        ("x/tune-GGUF", str(DAYS[1]), str(DAYS[2]), -30)
    ]
    assert pick(tables["anomalies"], "model_id", "flag", "value") == [("x/tune-GGUF", "fell", -30.0)]
    unflagged = pick(
        tables["adoption"],
        "unit",
        population="unflagged",
        by="publisher",
        measure="downloads_30d",
        unit_kind="region",
    )
    assert unflagged == [("china",), ("us",)]


def test_history_contents_and_lineage(results):
    tables, notes = results
    shares = pick(
        tables["adoption_history"],
        "snapshot",
        "downloads",
        population="all",
        measure="downloads_30d",
        by="publisher",
        unit="china",
    )
    assert shares == [(str(d), 40.0 * (n + 1)) for n, d in enumerate(DAYS)]
    relation = pick(
        tables["model_mix"],
        "category",
        "downloads",
        dimension="relation",
        by="origin",
        unit="china",
        measure="downloads_30d",
    )
    assert relation == [("root", 200), ("quantized", 10)]
    made = pick(tables["new_models"], "month", "models", "derivatives", by="origin")
    assert made == [("2022-06", 1, 0), ("2024-12", 1, 0), ("2025-02", 1, 1)]
    assert pick(
        tables["publishers_origins"], "publisher", "origin", "downloads", measure="downloads_30d"
    ) == [
        ("china", "china", 200),
        ("unattributed", "china", 10),
        ("us", "us", 100),
    ]
    assert pick(
        tables["lineage_roots"], "root_id", "descendants", "children", "family_downloads_30d", "in_dump"
    ) == [("cn1/new", 1, 1, 210, True)]
    assert notes["funnel"]["models"] == 3
    assert notes["snapshots"] == [str(d) for d in DAYS]


def test_rows_about_downloads_say_how_much_of_them_is_known(results):
    for name, rows in results[0].items():
        if rows and {"measure", "by"} <= rows[0].keys():
            assert all(r["coverage"] is not None or r.get("total") == 0 for r in rows), name


def test_a_list_without_the_two_sides_leaves_their_tables_out(tmp_path):
    workspace = Workspace.init(tmp_path / "ws")
    (tmp_path / "orgs.csv").write_text("hf_org,region\na,here\n", encoding="utf-8")
    dump = csv_file(
        tmp_path / "hub-2022-07.csv", [{"model": "a/b", "downloads": 1}, {"model": "gpt2", "downloads": 3}]
    )
    pull_dump(workspace.lake, dump, organizations=tmp_path / "orgs.csv")
    workspace.refresh()
    (written,) = workspace.run(["models"])
    assert {"attribution", "overtakings"}.isdisjoint(written.tables)
    assert written.manifest["sides"] == "no us and china in the list"
    rows = written.read("adoption").to_pylist()
    assert pick(rows, "unit", "downloads", population="all", unit_kind="region", by="origin") == [
        ("unattributed", 3),
        ("here", 1),
    ]


# ---------------------------------------------------------------------- the real dump


@pytest.fixture(scope="module")
def real(tmp_path_factory, shared):
    workspace = Workspace.init(tmp_path_factory.mktemp("real") / "ws")
    pull_dump(workspace.lake, shared / "data/models/hub_stats_frozen_2026-05.parquet")
    regions = {r["namespace"]: r["region"] for r in shipped_organizations().to_pylist()}
    listed = set()
    for name in ("atom_models.csv", "atom_extra_models.csv"):
        with (shared / "data/models" / name).open(encoding="utf-8") as file:
            listed |= {r["modelId"] for r in csv.DictReader(file)}
    rows = pq.read_table(shared / "data/models/hub_stats_frozen_2026-05.parquet").to_pylist()
    workspace.refresh()
    outcome = study.run(workspace.table, workspace.engine)
    return rows, regions, listed, {n: t.to_pylist() for n, t in outcome.tables.items()}


def test_every_population_of_the_real_dump_equals_plain_python(real):
    rows, regions, listed, tables = real
    repack = re.compile("gguf|mlx|onnx|openvino|gptq|awq|bnb|bitsandbytes|prequantized")
    fields = {"downloads_30d": "downloads", "downloads_all": "downloadsAllTime"}
    keeps = {
        "all": lambda r: True,
        "mainline": lambda r: r["id"] in listed,
        "text-generation": lambda r: r["pipeline_tag"] == "text-generation",
        "after-chatgpt": lambda r: r["createdAt"].date() > date(2022, 11, 30),
        "no-repacks": lambda r: (
            not repack.search(r["id"].lower()) and (r["baseModels"] or {}).get("relation") != "quantized"
        ),
    }
    for population, keep in keeps.items():
        for measure, field in fields.items():
            sums: defaultdict[str, int] = defaultdict(int)
            for row in filter(keep, rows):
                sums[regions.get(row["id"].split("/")[0], "unattributed")] += row[field]
            got = pick(
                tables["adoption"], "unit", "downloads", "share",
                population=population, measure=measure, by="publisher", unit_kind="region",
            )  # fmt: skip
            assert {u: d for u, d, _ in got} == dict(sums)
            for unit, downloads, share in got:
                assert share == pytest.approx(downloads / sum(sums.values()), abs=1e-12), unit


def test_mixes_of_the_real_dump_add_up(real):
    rows, _, _, tables = real
    total = sum(r["downloads"] for r in rows)
    for dimension in ("size", "license", "task", "relation", "precision", "library"):
        for by in ("publisher", "origin"):
            parts = pick(
                tables["model_mix"],
                "downloads",
                "share",
                dimension=dimension,
                by=by,
                unit="all",
                measure="downloads_30d",
            )
            assert sum(d for d, _ in parts) == pytest.approx(total, abs=1e-3)
            assert sum(s for _, s in parts) == pytest.approx(1, abs=1e-12)
    tasks: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        tasks[row["pipeline_tag"] or "unknown"] += row["downloads"]
    got = pick(
        tables["model_mix"], "category", "downloads",
        dimension="task", by="publisher", unit="all", measure="downloads_30d",
    )  # fmt: skip
    assert dict(got) == dict(tasks)
    cells = pick(tables["publishers_origins"], "downloads", measure="downloads_30d")
    assert sum(d for (d,) in cells) == pytest.approx(total, abs=1e-3)


def test_licence_drift_of_the_real_dump_counts_the_edges_inside_it(real):
    rows, _, _, tables = real
    inside = {r["id"] for r in rows}
    edges = [
        (r["id"], m["id"])
        for r in rows
        for m in (r["baseModels"] or {"models": []})["models"]
        if m["id"] in inside and m["id"] != r["id"]
    ]
    assert sum(r["edges"] for r in tables["license_drift"]) == len(edges) == 3739


def test_months_of_the_real_dump(real):
    rows, _, _, tables = real
    months: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        months[row["createdAt"].strftime("%Y-%m")][0] += 1
        months[row["createdAt"].strftime("%Y-%m")][1] += bool(row["baseModels"])
    for by in ("publisher", "origin"):
        sums: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0])
        for month, models, derivatives in pick(tables["new_models"], "month", "models", "derivatives", by=by):
            sums[month][0] += models
            sums[month][1] += derivatives
        assert {m: [round(a, 9), round(b, 9)] for m, (a, b) in sums.items()} == dict(months)


def test_the_answer_flips_in_the_real_dump(real):
    *_, tables = real
    leaders = {
        (r["population"], r["measure"], r["by"]): (r["leader"], r["flips"])
        for r in tables["attribution"]
        if r["denominator"] == "all"
    }
    assert leaders["all", "downloads_30d", "publisher"] == ("china", False)
    assert leaders["all", "downloads_all", "publisher"] == ("us", True)
    assert leaders["mainline", "downloads_all", "origin"] == ("china", False)


def test_the_documentation_states_what_the_real_dump_says(real):
    *_, tables = real
    matrix = {
        (r["population"], r["measure"], r["by"]): r
        for r in tables["attribution"]
        if r["denominator"] == "all"
    }
    text = DOCS.read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\S+) \| (downloads_\S+) \| (\S+) \| (\S+) % \| (\S+) % \| (\S+) \| (\S+) \|$", text, re.M
    )
    assert len(rows) == 13
    for population, measure, by, china, us, total, leader in rows:
        row = matrix[population, measure, by]
        assert (f"{100 * row['second_share']:.1f}", f"{100 * row['first_share']:.1f}") == (china, us)
        assert (f"{row['total']:,.0f}", row["leader"]) == (total, leader)
    (band,) = [r for r in tables["overtaking_bands"] if r["measure"] == "downloads_30d"]
    assert (band["low"], band["high"], band["overtaken_in"], band["methods"]) == (
        "2024-01",
        "2025-10",
        14,
        14,
    )
    small = {
        r["created"]: r["small"]
        for r in pick_rows(tables["model_sizes"], by="origin", unit="all", measure="downloads_30d")
    }
    told = {"all": 70, "2022": 99, "2024": 86, "2025": 47, "2026": 38}
    assert {k: round(100 * small[k]) for k in told} == told
