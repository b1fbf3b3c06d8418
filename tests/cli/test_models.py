from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from primacy.cli import main
from primacy.workspace import Workspace
from tests.oracles import models as oracle
from tests.sources.hub.builders import bases, csv_file, parquet
from tests.sources.hub.hubserver import Hub, serving, status

ROWS = [
    {"id": "us1/base", "downloads": 100, "downloadsAllTime": 1000},
    {"id": "cn1/tune", "downloads": 50, "downloadsAllTime": 2000, "baseModels": bases("us1/base")},
    {"id": "x/merge", "downloads": 30, "downloadsAllTime": 40, "baseModels": bases("cn1/tune", "cn2/gone")},
    {"id": "gpt2", "downloads": 20, "downloadsAllTime": 60},
]
REGIONS = "hf_org,region,country\nus1,america,us\ncn1,asia,CN\ncn2,asia,CN\nunused,other,\n"


@pytest.fixture
def ws(tmp_path) -> Path:
    Workspace.init(tmp_path / "ws")
    return tmp_path / "ws"


@pytest.fixture
def ask(capsys, ws):
    def ask(*arguments: object) -> list[dict[str, object]]:
        code = main(["--workspace", str(ws), "--format", "json", *map(str, arguments)])
        printed = capsys.readouterr()
        assert (code, printed.err) == (0, ""), printed.err
        return json.loads(printed.out)

    return ask


@pytest.fixture
def refuse(capsys, ws):
    def refuse(*arguments: object, code: int = 1) -> str:
        assert main(["--workspace", str(ws), "--format", "json", *map(str, arguments)]) == code
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "Traceback" not in printed.err
        return printed.err

    return refuse


@pytest.fixture
def pulled(tmp_path, ask):
    orgs = tmp_path / "orgs.csv"
    orgs.write_text(REGIONS, encoding="utf-8")
    dump = parquet(tmp_path / "hub-2026-05-20.parquet", ROWS)
    (row,) = ask("pull", "hub", dump, "--organizations", orgs)
    return row


def shares(rows):
    return {r["unit"]: (round(r["downloads"], 9), round(r["share"], 9), r["rank"]) for r in rows}


def test_pull_says_what_it_did(pulled):
    keys = {
        "read",
        "added",
        "updated",
        "unchanged",
        "deleted",
        "quarantined",
        "files",
        "snapshot",
        "dated_by",
    }
    assert keys <= pulled.keys()
    assert (pulled["read"], pulled["added"], pulled["snapshot"]) == (4, 4, "2026-05-20")
    assert pulled["organizations"] == "orgs.csv"


def test_adoption_by_publisher_and_by_origin(pulled, ask):
    rows = ask("adoption")
    assert {"by", "measure", "unit_kind", "unit", "downloads", "share", "rank"} <= rows[0].keys()
    assert {(r["by"], r["measure"], r["unit_kind"]) for r in rows} == {
        ("publisher", "downloads_30d", "region")
    }
    assert shares(rows) == {"america": (100, 0.5, 1), "asia": (50, 0.25, 2), "unattributed": (50, 0.25, 2)}
    # tune's 50 and half of merge's 30 go to us1; the other half to cn2, which is not in the dump
    origin = ask("adoption", "--by", "origin")
    assert shares(origin) == {
        "america": (165, 0.825, 1),
        "asia": (15, 0.075, 3),
        "unattributed": (20, 0.1, 2),
    }
    everything = ask("adoption", "--measure", "downloads_all")
    assert shares(everything)["asia"][0] == 2000
    countries = ask("adoption", "--unit", "country", "--by", "origin")
    assert [(r["unit"], r["rank"]) for r in countries] == [("US", 1), ("unattributed", 2), ("CN", 3)]
    names = ask("adoption", "--unit", "organization")
    assert [r["unit"] for r in names] == ["us1", "cn1", "x", "gpt2"]


def test_only_the_models_listed(pulled, ask, tmp_path, refuse):
    (tmp_path / "ids.txt").write_text("x/merge\n")
    (tmp_path / "ids.csv").write_text("org,modelId\nx,x/merge\n")
    for name in ("ids.txt", "ids.csv"):
        rows = ask("adoption", "--by", "origin", "--only", tmp_path / name)
        assert shares(rows) == {"america": (15, 0.5, 1), "asia": (15, 0.5, 1)}
        assert {r["total"] for r in rows} == {30}
    (tmp_path / "other.txt").write_text("who/knows\n")
    assert "none of the models asked for is in the snapshot of 2026-05-20" in refuse(
        "adoption", "--only", tmp_path / "other.txt"
    )


def test_models_of_the_list_that_are_not_there_are_counted(pulled, tmp_path, capsys, ws):
    (tmp_path / "ids.txt").write_text("x/merge\nwho/knows\n")
    arguments = ["--workspace", ws, "--format", "json", "adoption", "--only", tmp_path / "ids.txt"]
    assert main([str(a) for a in arguments]) == 0
    assert "1 of its models are not in the lake, such as who/knows" in capsys.readouterr().err


def test_concentration_at_every_level(pulled, ask):
    rows = {r["level"]: r for r in ask("concentration")}
    assert list(rows) == ["model", "organization", "owner", "country", "region"]
    values = [100, 50, 30, 20]
    for name, value in oracle.concentration(values).items():
        assert rows["model"][name] == pytest.approx(value, abs=1e-9)
        assert rows["organization"][name] == pytest.approx(value, abs=1e-9)
    assert rows["region"]["hhi"] == pytest.approx(10_000 * (0.25 + 0.0625 + 0.0625))
    assert rows["region"]["hhi_low"] == pytest.approx(10_000 * (0.25 + 0.0625))
    (only,) = ask("concentration", "--level", "region", "--by", "origin", "--measure", "downloads_all")
    assert (only["level"], only["measure"], only["by"]) == ("region", "downloads_all", "origin")


def test_a_snapshot_without_all_time_downloads_says_so(ask, refuse, tmp_path):
    ask("pull", "hub", csv_file(tmp_path / "d-2022-07.csv", [{"model": "a/b", "downloads": 1}]))
    assert "states no downloads_all; take another --measure" in refuse(
        "adoption", "--measure", "downloads_all"
    )
    assert "no snapshot of 2021-01-01 in the lake; there are 2022-07-31" in refuse(
        "adoption", "--snapshot", "2021-01-01"
    )


def test_refusals(refuse, tmp_path, pulled, capsys):
    assert "column 'downloads' is missing" in refuse(
        "pull", "hub", csv_file(tmp_path / "d.csv", [{"id": "a/b"}])
    )
    assert "cannot be read" in refuse("pull", "hub", tmp_path / "nowhere.parquet")
    assert "--date" in refuse("pull", "hub", tmp_path / "hub-2026-05-20.parquet", "--date", "May", code=2)
    assert "--max: only for the live Hub" in refuse(
        "pull", "hub", tmp_path / "hub-2026-05-20.parquet", "--max", 3, code=2
    )
    assert "--date: only for a dump" in refuse("pull", "hub", "--date", "2026-05-20", code=2)
    assert "--by" in refuse("adoption", "--by", "uploader", code=2)


def test_an_empty_lake_says_what_to_do(refuse):
    for command in ("adoption", "concentration"):
        assert "run `primacy pull hub` first" in refuse(command)


def test_people_get_a_table(pulled, ws, capsys):
    assert main(["--workspace", str(ws), "adoption"]) == 0
    printed = capsys.readouterr().out
    assert "of 200 downloads; organisation known for 75.0% of them" in printed
    assert main(["--workspace", str(ws), "concentration"]) == 0
    assert "hhi" in capsys.readouterr().out


def test_a_live_pull_goes_on_after_it_was_stopped(ws, capsys, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    pages = [[{"id": f"a/m{p}{k}", "downloads": 1, "tags": []} for k in range(2)] for p in range(3)]
    with serving(Hub(pages)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        hub.faults = {2: status(404)}
        assert main(["--workspace", str(ws), "pull", "hub"]) == 1
        assert "after 1 pages; run the pull again" in capsys.readouterr().err
        assert main(["--workspace", str(ws), "--format", "json", "pull", "hub"]) == 0
    printed = capsys.readouterr()
    assert "going on with the crawl of" in printed.err
    (row,) = json.loads(printed.out)
    assert (row["added"], row["files"], row["dated_by"]) == (6, 3, "crawl")


# ---------------------------------------------------------------------- the real dumps


@pytest.fixture
def data(shared) -> Path:
    return shared / "data" / "models"


def atom_regions(data: Path) -> dict[str, str]:
    with (data / "atom_organization_regions.csv").open(encoding="utf-8") as file:
        return {r["hf_org"]: r["region"] for r in csv.DictReader(file)}


@pytest.mark.parametrize("by", ["publisher", "origin"])
def test_the_dump_of_may_2026_equals_the_oracle(ask, data, by):
    ask(
        "pull", "hub", data / "hub_stats_frozen_2026-05.parquet",
        "--organizations", data / "atom_organization_regions.csv",
    )  # fmt: skip
    rows = pq.read_table(
        data / "hub_stats_frozen_2026-05.parquet",
        columns=["id", "downloads", "downloadsAllTime", "baseModels"],
    ).to_pylist()
    parents = {r["id"]: [m["id"] for m in r["baseModels"]["models"]] for r in rows if r["baseModels"]}
    with (data / "atom_models.csv").open(encoding="utf-8") as file:
        mainline = {r["modelId"] for r in csv.DictReader(file)}
    parts = quick_credits([r["id"] for r in rows], parents, by)
    for measure, field in (("downloads_30d", "downloads"), ("downloads_all", "downloadsAllTime")):
        downloads = {r["id"]: r[field] for r in rows}
        for only in (None, mainline):
            listed = ["--quiet", "--only", data / "atom_models.csv"] if only else []
            for unit, units in (("region", atom_regions(data)), ("organization", None)):
                got = {
                    r["unit"]: r
                    for r in ask("adoption", "--by", by, "--measure", measure, "--unit", unit, *listed)
                }
                expected = sums(downloads, parts, units, only)
                total = sum(expected.values())
                assert got.keys() == expected.keys()
                for name, value in expected.items():
                    assert got[name]["downloads"] == pytest.approx(value, rel=1e-9, abs=1e-6)
                    assert got[name]["share"] == pytest.approx(value / total, abs=1e-9)


def quick_credits(models, parents, by):
    """The oracle's credits, with memory: the dump's only cycles are models that name themselves."""
    known: dict[str, dict[str, float]] = {}

    def ends(model: str) -> dict[str, float]:
        if model not in known:
            found: dict[str, float] = {}
            declared = parents.get(model, []) if model in inside else []
            for parent in declared:
                inner = {oracle.namespace(model): 1.0} if parent == model else ends(parent)
                for name, part in inner.items():
                    found[name] = found.get(name, 0.0) + part / len(declared)
            known[model] = found or {oracle.namespace(model): 1.0}
        return known[model]

    inside = set(models)
    if by == "publisher":
        return {m: {oracle.namespace(m): 1.0} for m in models}
    return {m: ends(m) for m in models}


def sums(downloads, parts, units, only):
    found: dict[str, float] = {}
    for model, count in downloads.items():
        if only is None or model in only:
            for name, part in parts[model].items():
                unit = name if units is None else units.get(name) or "unattributed"
                found[unit] = found.get(unit, 0.0) + part * count
    return found


def test_the_listing_of_july_2022_equals_the_oracle(ask, data):
    regions = atom_regions(data)
    ask(
        "pull", "hub", data / "hub_downloads_2022-07.csv.gz",
        "--organizations", data / "atom_organization_regions.csv",
    )  # fmt: skip
    with gzip.open(data / "hub_downloads_2022-07.csv.gz", "rt", encoding="utf-8") as file:
        downloads = {r["model"]: int(r["downloads"]) for r in csv.DictReader(file)}
    got = {r["unit"]: r for r in ask("adoption")}
    expected = sums(downloads, {m: {m.split("/")[0]: 1} for m in downloads}, regions, None)
    assert {u: r["downloads"] for u, r in got.items()} == expected
    order = sorted(expected, key=lambda u: -expected[u])
    assert {u: r["rank"] for u, r in got.items()} == {u: n for n, u in enumerate(order, start=1)}
    for unit, value in expected.items():
        assert got[unit]["share"] == pytest.approx(value / sum(downloads.values()), abs=1e-12)
    levels = {r["level"]: r for r in ask("concentration")}
    by_name = Counter()
    for model, count in downloads.items():
        by_name[model.split("/")[0]] += count
    for level, values in (("model", list(downloads.values())), ("organization", list(by_name.values()))):
        for name, value in oracle.concentration(values).items():
            assert levels[level][name] == pytest.approx(value, rel=1e-9), (level, name)


def test_two_sides_under_every_rule(ws, ask, refuse, tmp_path, capsys):
    rows = [
        {"id": "us1/a", "downloads": 50, "downloadsAllTime": 100, "pipeline_tag": "text-generation"},
        {"id": "cn1/b", "downloads": 40, "downloadsAllTime": 300},
        {"id": "x/c", "downloads": 20, "downloadsAllTime": 0, "baseModels": ["cn1/b"]},
    ]
    orgs = tmp_path / "orgs.csv"
    orgs.write_text("hf_org,region\nus1,us\ncn1,china\n", encoding="utf-8")
    ask("pull", "hub", csv_file(tmp_path / "hub-2026-05-20.csv", rows), "--organizations", orgs)
    matrix = {
        (r["population"], r["measure"], r["by"]): r for r in ask("attribution") if r["denominator"] == "all"
    }
    usual = matrix["all", "downloads_30d", "publisher"]
    assert (usual["first"], usual["second"], usual["leader"], usual["flips"]) == ("us", "china", "us", False)
    assert usual["lead"] == pytest.approx(10 / 110)
    assert usual["flip_point"] == pytest.approx(0.5)  # 10 of the 20 unattributed
    origin = matrix["all", "downloads_30d", "origin"]
    assert (origin["leader"], origin["flips"], origin["flip_point"]) == ("china", True, None)
    assert matrix["text-generation", "downloads_30d", "publisher"]["first_share"] == 1
    turned = ask("attribution", "--sides", "china,us")
    assert turned[0]["first"] == "china"
    assert main(["--workspace", str(ws), "attribution"]) == 0
    printed = capsys.readouterr().out
    assert "flips" in printed
    assert "45.5 %" in printed
    assert "no region 'mars' in the organisations' list; there are china, us" in refuse(
        "attribution", "--sides", "us,mars", code=2
    )
    assert "two regions with a comma" in refuse("attribution", "--sides", "us", code=2)


def test_the_study_runs_and_its_tables_can_be_shown(pulled, ask):
    tables = {r["table"] for r in ask("--quiet", "run", "models")}
    assert {"adoption", "concentration", "lineage", "model_sizes"} <= tables
    shown = ask("show", "adoption", "--unit", "asia")
    assert {r["unit"] for r in shown} == {"asia"}
    assert {"coverage", "total", "population"} <= shown[0].keys()


def test_populations_and_measures_of_history(pulled, ask, refuse):
    rows = ask("adoption", "--population", "without-top")
    assert {r["population"] for r in rows} == {"without-top"}
    assert {r["total"] for r in rows} == {100}
    assert ask("concentration", "--level", "model", "--population", "without-top")[0]["units"] == 3
    assert "has none of a year before" in refuse("adoption", "--measure", "downloads_12m")
    assert "tells no model's first year" in refuse("adoption", "--measure", "downloads_first_year")
    assert "--population everybody: takes all, mainline" in refuse(
        "adoption", "--population", "everybody", code=2
    )
    assert "none of the models asked for" in refuse("concentration", "--population", "mainline")
