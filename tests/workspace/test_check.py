"""`check` finds what a disk, a hand or a defect has damaged: one planted error of each kind, each in one line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from primacy.cli import main
from primacy.errors import LakeError
from primacy.lake.results import StudyResults
from primacy.lake.schema import Table
from primacy.lake.tables import TABLES, technologies
from primacy.lake.tables import openalex as tables_of_works
from primacy.sources import openalex
from primacy.sources.openalex.tables import WORK_TABLES
from primacy.workspace import Workspace
from primacy.workspace.audit.relations import FOREIGN, UNIQUE, Foreign
from primacy.workspace.check import Finding, check, check_results, check_rows
from tests.workspace.snapshots import TECHNOLOGY, record, write


def snapshot(root: Path) -> Path:
    """Two partitions with a work in both, a line that is none, and a deleted work."""
    return write(
        root,
        {
            "2024-01-01": [record(n) for n in range(1, 41)],
            "2024-02-01": [*(record(n, "2024-02-01") for n in range(40, 61)), "{no record"],
        },
        deleted={60: "2024-03-01", 7000: "2024-03-01"},
    )


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """A workspace whose lake was pulled and matched and whose research study was run."""
    root = tmp_path_factory.mktemp("sound")
    (root / "portfolio").mkdir()
    (root / "portfolio" / "lasers.toml").write_text(TECHNOLOGY, encoding="utf-8")
    workspace = Workspace.init(root / "ws")
    (root / "ws" / "primacy.toml").write_text(
        f'portfolio = "{root / "portfolio"}"\n[method]\nreplicates = 5\n[engine]\nthreads = 1\n',
        encoding="utf-8",
    )
    openalex.pull(workspace.lake, str(snapshot(root / "snapshot")))
    workspace = Workspace.open(root / "ws")
    workspace.match()
    workspace.run(["research"])
    return root / "ws"


@pytest.fixture
def workspace(sound, tmp_path) -> Workspace:
    """A copy that may be damaged."""
    return Workspace.open(shutil.copytree(sound, tmp_path / "ws"))


def damage(workspace: Workspace) -> list[Finding]:
    return [f for f in check(workspace) if not f.ok]


def test_a_whole_workspace_passes(workspace):
    assert damage(workspace) == []


# ---------------------------------------------------------------- the files of the lake


def file_of(workspace: Workspace, table: str) -> Path:
    return Path(workspace.lake.files(table)[0])


def newest_catalog(workspace: Workspace) -> Path:
    return max((workspace.lake.path / "_catalog").glob("0*.json"))


def edit_catalog(workspace: Workspace, table: str, **values: object) -> None:
    path = newest_catalog(workspace)
    stored = json.loads(path.read_text())
    stored["tables"][table].update(values)
    path.write_text(json.dumps(stored))


def alter_byte(workspace: Workspace) -> None:
    file = file_of(workspace, "texts")
    data = bytearray(file.read_bytes())
    column = pq.read_metadata(file).row_group(0).column(0)
    data[column.data_page_offset + column.total_compressed_size // 2] ^= 1
    file.write_bytes(data)


def rename_column(workspace: Workspace) -> None:
    file = file_of(workspace, "references")
    pq.write_table(pq.read_table(file).rename_columns(["work_id", "cites"]), file)


def damage_log(workspace: Workspace) -> None:
    min((workspace.lake.path / "works" / "_delta_log").glob("*1.json")).write_text("{bad", encoding="utf-8")


FILES: list[tuple[str, Callable[[Workspace], object]]] = [
    ("texts: files", alter_byte),
    ("works: files", lambda w: file_of(w, "works").unlink()),
    ("works: files", damage_log),
    ("references: files", rename_column),
    ("works: schema", lambda w: edit_catalog(w, "works", fingerprint="another")),
    ("works: rows", lambda w: edit_catalog(w, "works", rows=1)),
    ("catalog: versions", lambda w: (w.lake.path / "_catalog" / "0000000001.json").unlink()),
    ("catalog: versions", lambda w: (w.lake.path / "_catalog" / "0000000001.json").write_text("{")),
]


@pytest.mark.parametrize(("expected", "plant"), FILES)
def test_damaged_files_are_found_and_nothing_is_computed_from_them(workspace, expected, plant):
    plant(workspace)
    found = damage(workspace)
    assert found[0].check == expected
    assert "\n" not in found[0].detail
    assert {f.check for f in found[1:]} <= {
        "results research: inputs"
    }  # the manifest agrees with the old catalog


def test_a_file_that_is_gone_and_a_damaged_log_are_named_to_readers(workspace):
    file = file_of(workspace, "texts")
    file.unlink()
    with pytest.raises(LakeError, match=f"{file.name}: is missing from the lake"):
        Workspace.open(workspace.path).table("texts")
    damage_log(workspace)
    with pytest.raises(LakeError, match="works/_delta_log: the table's log cannot be read") as refused:
        Workspace.open(workspace.path).table("works")
    assert "\n" not in str(refused.value)


# ---------------------------------------------------------------- the rows of the lake


def edit(workspace: Workspace, table: str, query: str) -> None:
    """Replace a table by what a query makes of it, as a defective program would."""
    rows = pq.read_table(workspace.lake.files(table))
    with duckdb.connect() as connection:
        connection.register("t", rows)
        changed = connection.sql(query).to_arrow_table()
    assert changed.num_rows != rows.num_rows or changed.cast(rows.schema) != rows
    with workspace.lake.transaction("plant an error") as tx:
        tx.overwrite(table, changed.cast(TABLES[table].arrow))


def remove_work(workspace: Workspace) -> None:
    with workspace.lake.transaction("plant an error") as tx:
        for name in (*WORK_TABLES, "memberships"):
            tx.delete(name, "work_id", [5])


def twice(table: str) -> Callable[[Workspace], None]:
    return lambda w: edit(w, table, "(FROM t LIMIT 1) UNION ALL FROM t")


def astray(foreign: Foreign) -> Callable[[Workspace], None]:
    column = TABLES[foreign.table].arrow.field(foreign.column)
    nowhere = "'nowhere'" if pa.types.is_string(column.type) else "999999"
    first = f"row_number() OVER () = 1 AND {foreign.column} IS NOT NULL"
    return lambda w: edit(
        w,
        foreign.table,
        f"SELECT * REPLACE (CASE WHEN {first} THEN {nowhere} ELSE {foreign.column} END AS {foreign.column}) "
        f"FROM (FROM t WHERE {foreign.column} IS NOT NULL)",
    )


LEDGER = "pulls: lines = added + updated + unchanged + superseded + withdrawn + quarantined"
AGAIN = "memberships: what the queries find"
FILLED = (*WORK_TABLES, "institutions", "sources", "topics", "deleted_works", "memberships", "technologies",
          "pulled_files", "pulls", "pull_files")  # fmt: skip
ROWS: list[tuple[str, Callable[[Workspace], object]]] = [
    (LEDGER, lambda w: edit(w, "pulls", "SELECT * REPLACE (lines + 1 AS lines) FROM t")),
    ("pull_files: hold the lines of their pull", lambda w: edit(w, "pull_files", "FROM t LIMIT 1")),
    ("works: added - deleted", lambda w: edit(w, "pulls", "SELECT * REPLACE (added + 1 AS added) FROM t")),
    ("works: added - deleted", remove_work),
    (
        "pulled_files: were read whole by a pull",
        lambda w: edit(w, "pulled_files", "SELECT * REPLACE (rows + 1 AS rows) FROM t"),
    ),
    ("quarantine: holds the lines that files lost to it", lambda w: edit(w, "quarantine", "FROM t LIMIT 0")),
    (
        "deleted_works: stay out of works",
        lambda w: edit(w, "deleted_works", "FROM t UNION ALL SELECT 1, '2025-01-01'"),
    ),
    ("works: have a text", lambda w: edit(w, "texts", "FROM t OFFSET 1")),
    (
        "works: have their authorships",
        lambda w: edit(w, "authorships", "FROM t WHERE NOT (work_id = 3 AND author_seq = 1)"),
    ),
    ("works: have their references", lambda w: edit(w, "references", "FROM t WHERE work_id <> 3")),
    (
        "authorships: credit of a work sums to 1",
        lambda w: edit(w, "authorships", "SELECT * REPLACE (weight * 1.001 AS weight) FROM t"),
    ),
    (AGAIN, lambda w: edit(w, "memberships", "FROM t OFFSET 1")),
    (AGAIN, lambda w: edit(w, "memberships", "FROM t UNION ALL SELECT 'lasers', 5, 'strict'")),
    (
        "memberships: of the lake's texts",
        lambda w: edit(w, "texts", "SELECT * REPLACE (title || '!' AS title) FROM t"),
    ),
]  # fmt: skip


def unsound(findings: list[Finding]) -> set[str]:
    """Names of the checks that found something, each with its figures in one line."""
    bad = [f for f in findings if not f.ok]
    assert not any("\n" in f.detail for f in bad)
    return {f.check for f in bad}


@pytest.mark.parametrize(("expected", "plant"), ROWS)
def test_wrong_rows_are_found(workspace, expected, plant):
    plant(workspace)
    workspace.refresh()
    assert expected in unsound(check_rows(workspace))


def test_every_row_that_stands_twice_is_found(workspace):
    for table in UNIQUE:
        if table in FILLED:
            twice(table)(workspace)
    workspace.refresh()
    keys = {f"{t}: one row per {', '.join(TABLES[t].key)}" for t in UNIQUE if t in FILLED}
    assert keys <= unsound(check_rows(workspace))


@pytest.mark.parametrize("column", sorted({f.column for f in FOREIGN}))
def test_every_row_that_points_at_nothing_is_found(workspace, column):
    planted = [f for f in FOREIGN if f.column == column and f.table in FILLED]
    for foreign in planted:
        astray(foreign)(workspace)
    workspace.refresh()
    assert {f"{f.table}.{f.column}: in {f.parent}" for f in planted} <= unsound(check_rows(workspace))


def test_the_plants_cover_every_key_and_foreign_key_of_the_works():
    own = {t.name for m in (tables_of_works, technologies) for t in vars(m).values() if isinstance(t, Table)}
    assert {t for t in UNIQUE if t in own} <= {*FILLED}
    assert {f.table for f in FOREIGN if f.table in own} <= {*FILLED}


# ---------------------------------------------------------------- results


def results_of(workspace: Workspace) -> StudyResults:
    return workspace.results.study("research")


def edit_manifest(workspace: Workspace, change: Callable[[dict], object]) -> None:
    path = workspace.path / "results" / "research" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def rewrite(workspace: Workspace, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a result table and give it a manifest that agrees with it, as a defective study would."""
    study = results_of(workspace)
    tables = {name: study.read(name) for name in study.tables}
    manifest = {k: v for k, v in study.manifest.items() if k not in ("format", "study", "tables")}
    workspace.results.write("research", tables | {table: change(tables[table])}, manifest)


def scaled(column: str) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        place = table.column_names.index(column)
        return table.set_column(
            place, table.schema.field(column), pc.multiply(table[column], 2).cast(table[column].type)
        )

    return change


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


RESEARCH = "results research: "
SHARES = RESEARCH + "shares by country as computed anew"
RESULTS: list[tuple[str, Callable[[Workspace], object]]] = [
    ("files", lambda w: results_of(w).path("shares").unlink()),
    ("files", lambda w: flip(results_of(w).path("leads"))),
    ("files", lambda w: edit_manifest(w, lambda m: m["tables"]["leads"].update(sha256="0" * 64))),
    ("manifest", lambda w: (w.path / "results" / "research" / "manifest.json").write_text("{")),
    ("manifest", lambda w: (w.path / "results" / "research" / "manifest.json").unlink()),
    ("manifest", lambda w: edit_manifest(w, lambda m: m.update(format=99))),
    ("manifest", lambda w: edit_manifest(w, lambda m: m.pop("inputs"))),
    ("rows", lambda w: edit_manifest(w, lambda m: m["tables"]["leads"].update(rows=99))),
    ("inputs", lambda w: edit_manifest(w, lambda m: m["inputs"]["works"].update(rows=99))),
    ("inputs", lambda w: edit_manifest(w, lambda m: m.update(lake_version=99))),
    ("funnel", lambda w: edit_manifest(w, lambda m: m["funnel"].update(counted_works=1))),
    ("works of every cell", lambda w: rewrite(w, "coverage", scaled("works"))),
    ("scores and shares of every cell add up", lambda w: rewrite(w, "shares", scaled("high_impact"))),
    ("shares by country as computed anew", lambda w: rewrite(w, "yearly", scaled("papers"))),
    ("shares by institution as computed anew", lambda w: rewrite(w, "shares", lambda t: t.slice(0, t.num_rows - 1))),
    ("leaders come first in shares", lambda w: rewrite(w, "leads", scaled("leader_share"))),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "plant"), RESULTS)
def test_wrong_results_are_found(workspace, expected, plant):
    plant(workspace)
    workspace.refresh()
    assert RESEARCH + expected in unsound(check_results(workspace))


def test_results_of_an_earlier_lake_are_named_with_the_tables_that_changed(workspace):
    edit(workspace, "institutions", "SELECT * REPLACE ('new' AS name) FROM t")
    (finding,) = damage(workspace)
    assert finding.check == "results research: up to date"
    assert (
        finding.detail
        == "computed from lake version 3; since then institutions changed: run `primacy run research` again"
    )


def test_the_command_exits_with_1_and_names_the_first_error(workspace, capsys):
    assert main(["--workspace", str(workspace.path), "check", "--format", "json"]) == 0
    assert all(f["ok"] for f in json.loads(capsys.readouterr().out))
    edit(workspace, "pulls", "SELECT * REPLACE (lines + 1 AS lines) FROM t")
    assert main(["--workspace", str(workspace.path), "check", "--format", "json"]) == 1
    said = capsys.readouterr()
    assert sum(not f["ok"] for f in json.loads(said.out)) == 2  # the sum, and the files that hold it
    assert LEDGER in said.err
    assert "Traceback" not in said.err
