"""The whole chain on the real sample: pull, match, shares under every option, against the oracle."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from tests.oracles import research as oracle

import primacy as pr
from primacy.sources import openalex

QUERIES = {
    "bipolar": "bipolar OR mania OR lithium",
    "petroleum": "oil OR petroleum OR reservoir* OR drilling OR gas",
    "learning": '"machine learning" OR "neural network*" OR "deep learning" OR algorithm*',
    "quakes": "earthquake* OR seismic* OR fault*",
}
# Every option of every choice at least once, alone and together.
VARIANTS = [
    {},
    {"top": 0.01},
    {"top": 0.05, "ties": "include"},
    {"top": 0.25, "ties": "exclude"},
    {"scope": "window"},
    {"counting": "full"},
    {"counting": "first"},
    {"counting": "corresponding"},
    {"split": "affiliation"},
    {"missing": "lose"},
    {"types": ("article", "preprint", "book")},
    {"territories": "separate"},
    {"rollup": True},
    {"exclude_domestic": True},
    {"include_xpac": True},
    {"counting": "full", "missing": "lose", "scope": "window", "rollup": True},
    {"counting": "first", "split": "affiliation", "ties": "include", "territories": "separate"},
    {"exclude_domestic": True, "split": "affiliation", "missing": "lose", "top": 0.25},
]


@pytest.fixture(scope="module")
def records(shared) -> list[dict]:
    files = sorted((shared / "data" / "openalex" / "data" / "works").glob("*/*.gz"))
    return [json.loads(line) for f in files for line in gzip.open(f, "rt", encoding="utf-8")]


@pytest.fixture(scope="module")
def workspace(shared, tmp_path_factory) -> pr.Workspace:
    root = tmp_path_factory.mktemp("real")
    portfolio = root / "portfolio"
    portfolio.mkdir()
    for name, query in QUERIES.items():
        (portfolio / f"{name}.toml").write_text(
            f'id = "{name}"\nname = "{name}"\ndomain = "test"\ndefinition = "test"\n'
            f"[queries]\nstrict = '{query}'\nbroad = '{query}'\n",
            encoding="utf-8",
        )
    ws = pr.init(root / "ws")
    (root / "ws" / "primacy.toml").write_text(f'portfolio = "{portfolio}"\n', encoding="utf-8")
    summary = openalex.pull(ws.lake, str(shared / "data" / "openalex")).row()
    assert (summary["read"], summary["quarantined"]) == (9219, 0)
    again = openalex.pull(ws.lake.latest(), str(shared / "data" / "openalex")).row()
    assert (again["read"], again["added"], again["updated"], again["unchanged"]) == (9219, 0, 0, 9219)
    ws = pr.open(root / "ws")
    ws.match()
    return pr.open(root / "ws")


@pytest.fixture(scope="module")
def lineage(workspace) -> dict[int, list[int]]:
    rows = workspace.engine.to_arrow(workspace.table("institutions").select("institution_id", "lineage"))
    return {r["institution_id"]: r["lineage"] or [r["institution_id"]] for r in rows.to_pylist()}


def members(workspace, technology) -> set[int]:
    rows = workspace.show("memberships", technology=technology)
    return {oracle.number(w) for w in rows["work_id"].to_pylist()}


@pytest.mark.parametrize(
    "options", VARIANTS, ids=lambda o: " ".join(f"{k}={v}" for k, v in o.items()) or "default"
)
def test_shares_of_real_works_equal_the_oracle(workspace, records, lineage, options):
    technology = list(QUERIES)[VARIANTS.index(options) % len(QUERIES)]
    mine = members(workspace, technology)
    assert len(mine) > 50
    for by in ("country", "institution", "bloc"):
        got = workspace.research.shares(
            technology, by=by, window="2000-2024", replicates=0, **options
        ).to_pylist()
        wanted = oracle.shares(records, mine, by, (2000, 2024), lineage, **options)
        wanted = {f"I{u}" if by == "institution" else u: row for u, row in wanted.items()}
        assert {r["unit"] for r in got} == set(wanted)
        for row in got:
            for key, value in wanted[row["unit"]].items():
                assert row[key] == pytest.approx(value, abs=1e-9), (by, row["unit"], key)


def test_two_workspaces_give_the_same_bytes_whatever_the_threads(workspace, shared, tmp_path):
    first = workspace.path
    settings = (first / "primacy.toml").read_text(encoding="utf-8")
    fast = "\n[method]\nreplicates = 20\n[research]\nwindows = ['2015-2019']\n[engine]\nthreads = {}\n"
    digests = []
    for threads in (1, 2):
        root = tmp_path / str(threads)
        ws = pr.init(root)
        (root / "primacy.toml").write_text(settings + fast.format(threads), encoding="utf-8")
        openalex.pull(ws.lake, str(shared / "data" / "openalex"))
        pr.open(root).match()
        ws = pr.open(root)
        ws.run(["research"])
        digests.append(contents(root / "results"))
    assert digests[0] == digests[1]
    assert "manifest.json" in digests[0]


def contents(directory: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}


def test_explain_leads_from_a_number_to_its_inputs(workspace):
    workspace.run(["research"])
    found = workspace.explain("leads", technology="quakes")
    assert found["inputs"]["works"]["rows"] == 9219
    assert found["inputs"]["works"]["version"] == workspace.lake.versions()["works"]
    assert found["settings"]["method"]["top"] == 0.1
    assert found["code"]["primacy"] == pr.__version__
    assert found["technology"]["broad"] == QUERIES["quakes"]
    assert found["funnel"]["works_in_lake"] == 9219
    assert 0 < found["lost_weight"]["share"] < 1
    assert found["lost_weight"]["works"] < workspace.explain("leads")["lost_weight"]["works"]
