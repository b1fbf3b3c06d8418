"""`check` finds what a disk or a hand has damaged, and reading says so in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from primacy.errors import LakeError
from primacy.sources import openalex
from primacy.workspace import Workspace
from primacy.workspace.check import Finding, check

WORK = {
    "title": "A laser",
    "publication_year": 2020,
    "type": "article",
    "cited_by_count": 1,
    "updated_date": "2024-01-01",
    "authorships": [{"institutions": [{"id": "https://openalex.org/I1", "country_code": "US"}]}],
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    works = tmp_path / "works.jsonl"
    records = [{"id": f"https://openalex.org/W{i}", **WORK} for i in range(1, 50)]
    works.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    workspace = Workspace.init(tmp_path / "ws")
    openalex.pull(workspace.lake, str(works))
    workspace.refresh()
    return workspace


def damage(workspace: Workspace) -> list[Finding]:
    workspace.refresh()
    return [f for f in check(workspace) if not f.ok]


def file_of(workspace: Workspace, table: str) -> Path:
    (file,) = workspace.lake.files(table)
    return Path(file)


def test_a_whole_workspace_passes(workspace):
    assert damage(workspace) == []


def test_one_altered_byte_in_a_page_is_found(workspace):
    file = file_of(workspace, "texts")
    data = bytearray(file.read_bytes())
    column = pq.read_metadata(file).row_group(0).column(0)
    data[column.data_page_offset + column.total_compressed_size // 2] ^= 1
    file.write_bytes(data)
    (finding,) = damage(workspace)
    assert finding.check == "texts: files"
    assert file.name in finding.detail


def test_a_file_that_is_gone_is_named(workspace):
    file = file_of(workspace, "works")
    file.unlink()
    assert [f.check for f in damage(workspace)] == ["works: files"]
    with pytest.raises(LakeError, match=f"{file.name}: is missing from the lake"):
        workspace.table("works")


def test_a_damaged_log_is_named_in_one_line(workspace):
    (log,) = (workspace.lake.path / "works" / "_delta_log").glob("*1.json")
    log.write_text("{bad", encoding="utf-8")
    assert [f.check for f in damage(workspace)] == ["works: files"]
    with pytest.raises(LakeError, match="works/_delta_log: the table's log cannot be read") as refused:
        workspace.table("works")
    assert "\n" not in str(refused.value)
