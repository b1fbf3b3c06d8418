"""The snapshot as Parquet and in portions: other files, the same records."""

from __future__ import annotations

import gzip
import json

import pyarrow.parquet as pq
import pytest

from primacy.lake.content import digests
from primacy.lake.store import Lake
from primacy.simulate import portions, simulate
from primacy.simulate.parquet import COLUMNS
from primacy.sources.openalex import pull

SIZE, SEED = 2_000, 1


@pytest.fixture(scope="module")
def both(small, tmp_path_factory):
    """A small world with its snapshot in both formats."""
    directory = tmp_path_factory.mktemp("copies") / "world"
    simulate(directory, works=SIZE, seed=SEED, portfolio=small, processes=1, copies=("jsonl", "parquet"))
    return directory / "openalex" / "data"


@pytest.fixture(scope="module")
def lines(both):
    """The records of one part, as they stand in its lines."""
    with gzip.open(next(both.glob("jsonl/works/*/*.gz"))) as file:
        return [json.loads(line) for line in file]


def lake_of(source, directory):
    lake = Lake.create(directory)
    pull(lake, source)
    return lake.latest()


def test_either_copy_makes_the_same_lake(both, tmp_path):
    jsonl, parquet = (lake_of(both / copy, tmp_path / copy) for copy in ("jsonl", "parquet"))
    assert jsonl.count("works") > 0.99 * SIZE
    mine, others = digests(jsonl), digests(parquet)
    assert set(mine) == set(others)
    apart = {"pulled_files", "pull_files"}  # each names its own files
    assert {n for n in mine if mine[n] != others[n]} == apart


def test_the_columns_are_the_keys_of_a_record(both, lines):
    assert set(COLUMNS["works"]) == set(lines[0])
    for entity in ("institutions", "sources", "topics"):
        with gzip.open(next(both.glob(f"jsonl/{entity}/*/*.gz"))) as file:
            assert set(COLUMNS[entity]) == set(json.loads(file.readline())), entity


def test_every_value_is_that_of_the_line(both, lines):
    """Of each record, with what OpenAlex writes otherwise: the index as text, the ids as a map, dates as dates."""
    found = pq.read_table(next(both.glob("parquet/works/*/*.parquet")), partitioning=None).to_pylist()
    assert len(found) == len(lines)
    for got, record in zip(found, lines, strict=True):
        index = got.pop("abstract_inverted_index")
        assert (None if index is None else json.loads(index)) == record.pop("abstract_inverted_index")
        assert dict(got.pop("ids")) == record.pop("ids")
        for name in ("publication_date", "updated_date", "created_date"):
            stamp, written = got.pop(name).isoformat(), record.pop(name)
            assert written.rstrip("0") == stamp.rstrip("0") or written == stamp + ".000000"
        assert {name: got[name] for name in record} == record


def test_each_copy_has_a_manifest_of_its_own(both):
    for copy, ending in (("jsonl", "gz"), ("parquet", "parquet")):
        manifest = json.loads((both / copy / "works" / "manifest.json").read_text())
        listed = {f["url"].removeprefix("s3://openalex/data/"): f["meta"] for f in manifest["files"]}
        there = {str(p.relative_to(both)): p.stat().st_size for p in both.glob(f"{copy}/works/*/*.{ending}")}
        assert {name: meta["content_length"] for name, meta in listed.items()} == there
        assert (both / copy / "works" / "deleted_ids.csv").is_file()
    first, second = (json.loads((both / c / "works/manifest.json").read_text()) for c in ("jsonl", "parquet"))
    assert first["record_count"] == second["record_count"] > SIZE


def test_where_only_parquet_is_wanted_no_lines_are_left(small, both, tmp_path):
    simulate(tmp_path / "w", works=SIZE, seed=SEED, portfolio=small, processes=1, copies=("parquet",))
    data = tmp_path / "w" / "openalex" / "data"
    assert [p.name for p in data.iterdir()] == ["parquet"]
    part = next(both.glob("parquet/works/*/*.parquet"))
    assert (data / part.relative_to(both)).read_bytes() == part.read_bytes()


def test_portions_hold_the_records_of_the_world(small, both, tmp_path, monkeypatch):
    monkeypatch.setattr(portions, "load_portfolio", lambda: small)
    whole = portions.portions(SIZE, SIZE, seed=SEED)
    assert [p.works for p in whole] == [SIZE]
    made = portions.write_portion(tmp_path / "p", whole[0], processes=1)
    mine, world = (
        {str(p.relative_to(data)): p.read_bytes() for p in data.glob("jsonl/**/*") if p.is_file()}
        for data in (tmp_path / "p" / "data", both)
    )
    assert mine == world
    assert made.records == json.loads(world["jsonl/works/manifest.json"])["record_count"]


def test_portions_follow_one_another():
    found = portions.portions(400_000, 120_000)
    assert [p.first for p in found] == [0, 2, 4, 6]
    assert sum(p.works for p in found) == 400_000
    assert found[1].bounds[0][0] == found[0].bounds[-1][1]
