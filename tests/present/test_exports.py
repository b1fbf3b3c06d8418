from __future__ import annotations

import csv
import hashlib
import json
import warnings
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.errors import InputError, NotThereError, UsageError
from primacy.present.exports import export
from primacy.present.exports import workbook as books
from primacy.present.exports.workbook import MARK, METHOD_SHEET
from primacy.workspace import Workspace

LASERS = """id = "lasers"
name = "Lasers"
domain = "Light"
definition = "Light in step."
[queries]
strict = "laser"
broad = "laser*"
"""
HOSTILE = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x")', "http://x", "{=1}", "-2.5"]


def workspace(path: Path, *, simulated: bool = False, names: list[str] | None = None) -> Workspace:
    """Results written by hand: institutions with the names given, one with a negative trend."""
    ws = Workspace.init(path)
    names = names or ["China"]
    n = len(names)
    table = pa.table(
        {
            "technology": ["lasers"] * n,
            "unit_kind": ["institution"] * n,
            "unit": [f"I{i}" for i in range(n)],
            "window": ["2020-2024"] * n,
            "share": [0.25] * n,
            "rank": pa.array(range(1, n + 1), pa.int64()),
            "name": names,
        }
    )
    trends = pa.table({"technology": ["lasers", "robots"], "window": ["2020-2024"] * 2, "unit": ["CN"] * 2,
                       "slope": [-0.01, None], "low": [float("nan"), 0.0], "high": [0.0, 0.0]})  # fmt: skip
    manifest = {"code": {"primacy": "0.1.0", "source": "ab"}, "lake_version": 3, "simulated": simulated,
                "settings": {"method": {"top": 0.1, "types": ["article"]}},
                "inputs": {"works": {"version": 1, "rows": 9, "schema": "cd"}}}  # fmt: skip
    ws.results.write("research", {"shares": table, "trends": trends}, manifest)
    return Workspace.open(path)


def cells(path: Path, sheet: str) -> list[list]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows()]


# ---------------------------------------------------------------------- workbooks


def test_a_workbook_has_typed_cells_and_a_method_sheet(tmp_path):
    export(workspace(tmp_path / "ws"), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == [METHOD_SHEET, "shares", "trends"]
    head, first, second = cells(tmp_path / "out.xlsx", "trends")
    assert [c.value for c in head] == ["technology", "window", "unit", "slope", "low", "high"]
    assert [c.value for c in first] == ["lasers", "2020-2024", "CN", -0.01, None, 0]
    assert first[3].data_type == "n"
    assert [c.value for c in second] == ["robots", "2020-2024", "CN", None, 0, 0]
    assert book["trends"].freeze_panes == "A2"
    share = cells(tmp_path / "out.xlsx", "shares")[1][4]
    assert (share.value, share.number_format) == (0.25, "0.0%")
    assert "least-squares slope" in head[3].comment.text


def test_the_method_sheet_says_where_the_numbers_come_from(tmp_path):
    export(workspace(tmp_path / "ws"), tmp_path / "out.xlsx")
    said = {tuple(c.value for c in r[:3]): r[3].value for r in cells(tmp_path / "out.xlsx", METHOD_SHEET)[1:]}
    assert said["setting", "research", "method.top"] == 0.1
    assert said["study", "research", "lake version"] == 3
    assert said["study", "research", "code"] == "primacy 0.1.0 (ab)"
    assert said["study", "research", "licence"] == "CC0-1.0"
    assert said["input", "research", "works"] == "version 1, 9 rows, schema cd"
    assert said["column", "trends", "slope"] == "least-squares slope of the yearly shares [share a year]"
    assert "lake version 3" in said["cite", "", ""]


def test_no_cell_is_a_formula_or_a_link_and_names_stay_what_they_are(tmp_path):
    export(workspace(tmp_path / "ws", names=HOSTILE), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
    names = [row[6] for row in cells(tmp_path / "out.xlsx", "shares")[1:]]
    assert [c.value for c in names] == HOSTILE
    assert all(c.data_type == "s" for c in names)
    assert [c.quotePrefix for c in names] == [True, True, True, True, True, True, False, False, False]


def test_simulated_data_say_so_on_every_row(tmp_path):
    export(workspace(tmp_path / "ws", simulated=True), tmp_path / "out.xlsx")
    rows = cells(tmp_path / "out.xlsx", "trends")
    assert [r[0].value for r in rows] == [MARK, "simulated", "simulated"]
    assert cells(tmp_path / "out.xlsx", METHOD_SHEET)[1][0].value == MARK


def test_the_same_results_give_the_same_file(tmp_path):
    ws = workspace(tmp_path / "ws")
    export(ws, tmp_path / "a.xlsx")
    export(ws, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_one_technology_and_one_table(tmp_path):
    ws = workspace(tmp_path / "ws")
    (ws.path / "portfolio").mkdir()
    (ws.path / "portfolio" / "lasers.toml").write_text(LASERS, encoding="utf-8")
    (ws.path / "primacy.toml").write_text('portfolio = "portfolio"\n', encoding="utf-8")
    written = export(Workspace.open(ws.path), tmp_path / "out.xlsx", ["trends"], technology="lasers")
    assert [t.name for t in written.tables] == ["trends"]
    assert [r[0].value for r in cells(tmp_path / "out.xlsx", "trends")[1:]] == ["lasers"]
    assert "Lasers (definition 1)" in str(written.citation)


def test_what_a_sheet_or_cell_cannot_hold_is_refused_by_name(tmp_path, monkeypatch):
    ws = workspace(tmp_path / "ws", names=["x" * 40_000])
    with pytest.raises(InputError, match="shares, row 1, column name: a text of 40000 characters"):
        export(ws, tmp_path / "out.xlsx", ["shares"])
    monkeypatch.setattr(books, "ROWS", 2)
    with pytest.raises(UsageError, match="table trends has 2 rows, a sheet holds 1"):
        export(ws, tmp_path / "out.xlsx", ["trends"])


# ---------------------------------------------------------------------- data packages


@pytest.fixture(scope="module")
def package(demonstration, tmp_path_factory):
    directory = tmp_path_factory.mktemp("package") / "out"
    export(demonstration, directory, published="2026-11-24")
    return directory


def read_back(path: Path, schema: dict) -> list[dict]:
    """Read a CSV by nothing but its Frictionless schema."""
    ways = {
        "integer": int,
        "number": float,
        "boolean": {"true": True, "false": False}.__getitem__,
        "string": str,
    }
    types = {f["name"]: f for f in schema["fields"]}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert list(row) == list(types)
    return [
        {
            k: None
            if v in schema["missingValues"]
            else [ways[types[k]["itemType"]](x) for x in v.split(types[k]["delimiter"])]
            if types[k]["type"] == "list"
            else ways[types[k]["type"]](v)
            for k, v in row.items()
        }
        for row in rows
    ]


def test_every_resource_is_what_the_description_says(package, demonstration):
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    tables = {t for s in demonstration.results.studies for t in demonstration.results.study(s).tables}
    assert {r["name"] for r in described["resources"] if r["format"] == "csv"} == tables
    assert described["simulated"] is True
    for resource in described["resources"]:
        data = (package / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert all(f["description"] for f in resource["schema"]["fields"]), resource["name"]


def test_a_csv_reads_back_to_the_rows_of_its_parquet(package):
    described = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    for resource in described["resources"]:
        if resource["format"] != "csv":
            continue
        rows = pq.read_table(package / "data" / f"{resource['name']}.parquet").to_pylist()
        found = read_back(package / resource["path"], resource["schema"])
        # A CSV has one way to hold nothing: a missing value, an empty text and an empty list are the same in it.
        assert found == [{k: None if v in ("", []) else v for k, v in r.items()} for r in rows], resource[
            "name"
        ]


def test_parquet_files_hold_the_results(package, demonstration):
    for study in demonstration.results.studies:
        for name in demonstration.results.study(study).tables:
            assert pq.read_table(package / "data" / f"{name}.parquet").equals(
                demonstration.results.read(name)
            )


def test_croissant_is_valid_and_reads_the_tables(package, demonstration):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its dependencies warn when they are imported
        import mlcroissant

        dataset = mlcroissant.Dataset(jsonld=package / "croissant.json")
        assert not dataset.metadata.ctx.issues.errors
        assert not dataset.metadata.ctx.issues.warnings
        leads = list(dataset.records("leads"))
        venues = list(dataset.records("basket_venues"))
    wanted = demonstration.results.read("leads").to_pylist()
    assert [r["leads/leader"].decode() for r in leads] == [r["leader"] for r in wanted]
    assert [r["leads/universes"] for r in leads] == [r["universes"] for r in wanted]
    assert len(venues) == demonstration.results.read("basket_venues").num_rows


def test_checksums_are_those_of_every_file(package):
    lines = (package / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = dict(reversed(line.split("  ", 1)) for line in lines)
    there = {p.relative_to(package).as_posix() for p in package.rglob("*") if p.is_file()} - {"SHA256SUMS"}
    assert set(listed) == there
    for path, digest in listed.items():
        assert hashlib.sha256((package / path).read_bytes()).hexdigest() == digest


def test_a_package_says_that_it_is_simulated(package):
    for name in ("README.md", "datapackage.json", "croissant.json", "CITATION.cff", "citation.bib"):
        assert "SIMULATED DATA" in (package / name).read_text(encoding="utf-8")


def test_a_package_is_replaced_and_anything_else_is_left_alone(tmp_path):
    ws = workspace(tmp_path / "ws")
    export(ws, tmp_path / "out")
    first = {p.name: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    export(ws, tmp_path / "out")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()} == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "ws"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="mine: holds something that is no data package"):
        export(ws, tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.tex").exists()


# ---------------------------------------------------------------------- refusals


def test_what_cannot_be_exported_is_refused_by_name(tmp_path):
    ws = workspace(tmp_path / "ws")
    with pytest.raises(UsageError, match=r"export out.csv: end the name in .xlsx"):
        export(ws, Path("out.csv"))
    with pytest.raises(NotThereError, match="no result table 'leeds'"):
        export(ws, tmp_path / "out", ["leeds"])
    with pytest.raises(NotThereError, match="no results yet; `primacy run` makes them"):
        export(Workspace.init(tmp_path / "empty"), tmp_path / "out")
    with pytest.raises(InputError, match="cannot be written"):
        export(ws, tmp_path / "no" / "out.xlsx")
    assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------------- hand-over in Python


def test_a_result_is_handed_to_any_library(demonstration):
    import duckdb

    table = demonstration.result("leads")
    rows = demonstration.results.read("leads")
    leaders = rows["leader"].to_pylist()
    assert table.to_pyarrow().equals(rows)
    assert table.to_pandas()["leader"].tolist() == leaders
    assert table.to_polars()["leader"].to_list() == leaders
    assert table.filter(table.universes > 0).count().to_pyarrow().as_py() == len(leaders)
    arrow = table.to_pyarrow()
    assert duckdb.sql("SELECT leader FROM arrow").fetchall() == [(x,) for x in leaders]
    del arrow
    with pytest.raises(NotThereError, match="no result table 'works'"):
        demonstration.result("works")
