"""The baselines do what they say: what they find and write is held against the records and the lake."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil

import pyarrow.parquet as pq
import pytest

from primacy.bench.baselines import expressions, frames, projection
from primacy.bench.baselines.flatten import FILES, flatten
from primacy.bench.ground import Ground
from primacy.lake.store import Lake


@pytest.fixture
def kept(ground, tmp_path, monkeypatch):
    """The ground, whose scratch directories are kept: where they are."""
    monkeypatch.setattr("primacy.bench.ground.tempfile.mkdtemp", lambda dir: str(tmp_path))
    monkeypatch.setattr(shutil, "rmtree", lambda _: None)
    return tmp_path


@pytest.fixture(scope="module")
def records(ground: Ground):
    found = []
    for part in ground.parts("jsonl"):
        with gzip.open(part) as file:
            found += [json.loads(line) for line in file]
    return found


def test_the_flatten_script_writes_every_row_of_every_file(ground, kept, records):
    flatten(ground)
    rows = {}
    for name, columns in FILES.items():
        with gzip.open(kept / f"{name}.csv.gz", "rt", newline="") as file:
            reader = csv.DictReader(file)
            assert tuple(reader.fieldnames) == columns
            rows[name] = list(reader)
    assert [r["id"] for r in rows["works"]] == [r["id"] for r in records]
    assert len(rows["works_referenced_works"]) == sum(len(r["referenced_works"]) for r in records)
    assert len(rows["works_topics"]) == sum(len(r["topics"]) for r in records)
    slots = sum(max(len(a["institutions"]), 1) for r in records for a in r["authorships"])
    assert len(rows["works_authorships"]) == slots
    assert json.loads(rows["works"][0]["abstract_inverted_index"]) == records[0]["abstract_inverted_index"]


@pytest.mark.parametrize("project", [projection.project_jsonl, projection.project_parquet])
def test_the_projection_rebuilds_the_same_abstracts_and_loses_no_row(ground, kept, records, project):
    project(ground)

    def table(name):
        return pq.read_table(sorted(kept.glob(f"{name}-*.parquet")))

    lake = Lake.open(ground.workspace / "lake")
    ours = pq.read_table(lake.files("texts"), partitioning=None, columns=["work_id", "abstract"]).to_pylist()
    ours = {f"https://openalex.org/W{r['work_id']}": r["abstract"] for r in ours}
    theirs = {r["id"]: r["abstract"] for r in table("texts").to_pylist()}
    assert {id_: theirs[id_] or None for id_ in ours} == ours
    assert table("works").num_rows == len(records)
    assert table("references").num_rows == sum(len(r["referenced_works"]) for r in records)
    slots = sum(max(len(a["institutions"]), 1) for r in records for a in r["authorships"])
    assert table("authorships").num_rows == slots


def test_expressions_find_in_duckdb_what_they_find_in_python(ground, monkeypatch):
    some = dict(list(expressions.patterns().items())[:8])
    monkeypatch.setattr(expressions, "SAMPLE", ground.works)
    monkeypatch.setattr(expressions, "patterns", lambda: some)
    found = expressions.duckdb_expressions(ground)
    assert found == expressions.python_expressions(ground) > 0


def test_an_expression_has_the_words_of_a_query():
    pattern = re.compile(expressions.patterns()["supercapacitors"])
    assert pattern.search("On Supercapacitors")
    assert not pattern.search("On turbines")


def test_the_frames_find_the_same_cells_and_share_each_out(ground):
    one = frames.pandas_shares(ground).groupby(["technology", "year"])["share"].sum()
    other = frames.polars_shares(ground).drop("country").group_by("technology", "year").sum()
    assert set(one.index) == set(zip(other["technology"], other["year"], strict=True)) != set()
    assert one.tolist() == pytest.approx([1.0] * len(one))
    assert other["share"].to_list() == pytest.approx([1.0] * len(one))
