"""Which files are found, at whatever level a source is given, and what manifests are good for."""

from __future__ import annotations

import json
import shutil

import fsspec
import pytest

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.sources.openalex import pull
from primacy.sources.openalex.layout import discover
from primacy.sources.openalex.storage import locate
from tests.sources.openalex.builders import contents, rows, work, write, write_parquet

DAY = "updated_date=2026-01-01"


def found(source):
    storage, sizes = locate(str(source))
    return [
        (f.name, f.entity, f.format, f.partition_date) for f in discover(str(source), storage, sizes).files
    ]


@pytest.fixture
def lake(tmp_path):
    return Lake.create(tmp_path / "lake")


@pytest.mark.parametrize(
    ("path", "roots"),
    [
        (f"data/jsonl/works/{DAY}/part_0000.gz", ["", "data", "data/jsonl", "data/jsonl/works"]),
        (f"data/parquet/works/{DAY}/part_0000.parquet", ["", "data", "data/parquet", "data/parquet/works"]),
        (f"data/works/{DAY}/part_000.gz", ["", "data", "data/works", f"data/works/{DAY}"]),
        (f"openalex/data/works/{DAY}/part_000.gz", ["", "openalex", "openalex/data"]),
        (f"some/where/{DAY}/part_000.gz", ["some/where", f"some/where/{DAY}"]),
    ],
)
def test_a_snapshot_is_found_from_every_level(path, roots, tmp_path):
    make = write_parquet if path.endswith("parquet") else write
    make(tmp_path / path, work(1))
    for root in roots:
        source = tmp_path / root
        [(name, entity, _, date)] = found(source)
        assert (source / name).resolve() == (tmp_path / path).resolve()
        assert (entity, date) == ("works", "2026-01-01")


@pytest.mark.parametrize("name", ["w.jsonl", "w.jsonl.gz", "w.ndjson", "w.json", "w.gz"])
def test_one_file_of_works(name, lake, tmp_path):
    pull(lake, write(tmp_path / name, work(1)))
    assert rows(lake, "works", "work_id") == [(1,)]


def test_one_parquet_file_of_works(lake, tmp_path):
    pull(lake, write_parquet(tmp_path / "w.parquet", work(1)))
    assert rows(lake, "works", "work_id") == [(1,)]


def test_a_directory_of_parts(tmp_path):
    write(tmp_path / "a.jsonl", work(1))
    write_parquet(tmp_path / "b.parquet", work(2))
    (tmp_path / "notes.json").write_text("{}")
    assert [f[0] for f in found(tmp_path)] == ["a.jsonl", "b.parquet"]


def test_entities_that_are_not_needed_are_passed_over(tmp_path):
    for entity in ("works", "authors", "institutions", "concepts", "venues", "merged_ids"):
        write(tmp_path / f"data/{entity}/{DAY}/part_000.gz", work(1))
    write(tmp_path / f"legacy-data/works/{DAY}/part_000.gz", work(1))
    write(tmp_path / f"lake/works/{DAY}/part_000.gz", work(1))
    assert [(f[0].split("/")[1], f[1]) for f in found(tmp_path)] == [
        ("institutions", "institutions"),
        ("venues", "sources"),
        ("works", "works"),
    ]


def test_of_two_copies_the_parquet_one_is_read(tmp_path):
    write(tmp_path / f"data/jsonl/works/{DAY}/part_0000.gz", work(1))
    write(tmp_path / f"data/jsonl/topics/{DAY}/part_0000.gz", {"id": "T1"})
    write_parquet(tmp_path / f"data/parquet/works/{DAY}/part_0000.parquet", work(1))
    assert [(f[1], f[2]) for f in found(tmp_path)] == [("topics", "jsonl"), ("works", "parquet")]


def manifest(folder, files, *, older=False):
    entries = [
        {
            "url": f"s3://openalex/data/jsonl/works/{name}",
            "meta": {"content_length": size, "record_count": count},
        }
        for name, size, count in files
    ]
    if older:
        (folder / "manifest").write_text(json.dumps({"entries": entries}))
    else:
        (folder / "manifest.json").write_text(json.dumps({"date": "2026-06-25", "files": entries}))


@pytest.mark.parametrize("older", [True, False])
def test_a_file_missing_beside_others_of_its_partition_is_named(older, lake, tmp_path):
    folder = tmp_path / "data/works"
    size = write(folder / DAY / "part_000.gz", work(1)).stat().st_size
    manifest(folder, [(f"{DAY}/part_000.gz", size, 1), (f"{DAY}/part_001.gz", 9, 1)], older=older)
    with pytest.raises(InputError, match=rf"works/{DAY}/part_001\.gz is listed in data/works/manifest"):
        pull(lake, tmp_path)
    assert lake.latest().version == 0


def test_partitions_that_are_missing_as_a_whole_are_noted(lake, tmp_path):
    folder = tmp_path / "data/jsonl/works"
    size = write(folder / DAY / "part_0000.gz", work(1)).stat().st_size
    manifest(folder, [(f"{DAY}/part_0000.gz", size, 1), ("updated_date=2020-01-01/part_0000.gz", 9, 1)])
    summary = pull(lake, tmp_path)
    assert (summary.added, summary.quarantined) == (1, 0)
    assert summary.notes == ("data/jsonl/works/manifest.json lists 1 files in partitions that are not here",)


def test_a_sound_gzip_that_is_not_as_the_manifest_states_is_loaded_and_noted(lake, tmp_path):
    folder = tmp_path / "data/jsonl/works"
    write(folder / DAY / "part_0000.gz", work(1), work(2))
    manifest(folder, [(f"{DAY}/part_0000.gz", 9, 1)])
    summary = pull(lake, tmp_path)
    assert (summary.added, summary.quarantined) == (2, 0)
    [note] = summary.notes
    assert "states 1 records, the file has 2" in note


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_file_without_checksum_of_another_length_than_stated_is_quarantined(form, lake, tmp_path):
    folder = tmp_path / f"data/{form}/works"
    name = f"{DAY}/part_0000.{form}"
    (write if form == "jsonl" else write_parquet)(folder / name, work(1))
    write(folder / DAY / "part_0001.jsonl", work(2))
    manifest(folder, [(name, 9, 1)])
    summary = pull(lake, tmp_path)
    assert (summary.added, summary.quarantined) == (1, 1)
    [(reason,)] = rows(lake, "quarantine", "reason")
    assert reason.startswith("the manifest states 9 bytes")


def test_a_manifest_that_is_none_is_named(lake, tmp_path):
    write(tmp_path / f"data/works/{DAY}/part_000.gz", work(1))
    (tmp_path / "data/works/manifest").write_text("<html>")
    with pytest.raises(InputError, match="data/works/manifest is not a manifest"):
        pull(lake, tmp_path)


def test_the_names_of_quarantined_files_do_not_make_them_new(lake, tmp_path):
    folder = tmp_path / f"data/works/{DAY}"
    write(folder / "part_000.gz", work(1))
    (folder / "part_001.gz").write_bytes(b"damaged")
    assert pull(lake, tmp_path).quarantined == 1
    assert pull(lake, tmp_path / "data").quarantined == 0
    shutil.copytree(tmp_path / "data", tmp_path / "copy/data")
    assert pull(lake, tmp_path / "copy").quarantined == 0


def test_a_source_behind_another_file_system(lake, tmp_path):
    """The same code reads S3; here fsspec's file system in memory stands for it."""
    system = fsspec.filesystem("memory")
    here = write(tmp_path / f"s/data/works/{DAY}/part_000.gz", work(1), work(2))
    parquet = write_parquet(tmp_path / "w.parquet", work(1), work(3))
    system.pipe(f"/bucket/data/works/{DAY}/part_000.gz", here.read_bytes())
    system.pipe(f"/tables/data/parquet/works/{DAY}/part_0000.parquet", parquet.read_bytes())
    try:
        assert pull(lake, "memory://bucket/data").added == 2
        assert pull(lake, "memory://tables").added == 1
    finally:
        system.rm("/bucket", recursive=True)
        system.rm("/tables", recursive=True)
    local = Lake.create(tmp_path / "local")
    pull(local, tmp_path / "s")
    pull(local, tmp_path / "w.parquet")
    assert contents(lake) == contents(local)
