"""Several processes do what one does."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pyarrow.parquet as pq
import pytest

from primacy.errors import InputError, PrimacyError
from primacy.lake.store import Lake
from primacy.sources.openalex import plan, pull, stream
from primacy.sources.openalex.crew import Crew, Step, Tell
from primacy.sources.openalex.layout import SourceFile
from primacy.sources.openalex.storage import Storage
from tests.sources.openalex.builders import author, contents, institution, rows, work, write, write_parquet


def records(first, last):
    return [
        work(
            n,
            f"2026-01-{n % 28 + 1:02}",
            authorships=[author(institution(n % 7 + 1, "US"))],
            title=f"t{n}" * 40,
        )
        for n in range(first, last)
    ]


@pytest.fixture
def several(monkeypatch):
    monkeypatch.setattr(plan, "SMALL", 0)


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_two_processes_leave_the_same_lake_as_one(form, several, tmp_path):
    folder = tmp_path / f"s/data/{form}/works"
    for part, (first, last) in enumerate([(0, 60), (50, 90), (80, 400), (399, 420)]):
        if form == "jsonl":
            lines = [*records(first, last), "bad"]
            write(folder / f"updated_date=2026-02-0{part + 1}/part_0000.gz", *lines)
        else:
            path = folder / f"updated_date=2026-02-0{part + 1}/part_0000.parquet"
            write_parquet(path, *records(first, last), row_group_size=50)
    if form == "jsonl":
        (folder / "updated_date=2026-02-01/part_0001.gz").write_bytes(b"damaged")
    one, two = Lake.create(tmp_path / "one"), Lake.create(tmp_path / "two")
    first, second = pull(one, tmp_path / "s", workers=1), pull(two, tmp_path / "s", workers=2)
    assert {**first.row(), "seconds": 0} == {**second.row(), "seconds": 0}
    assert first.added == 420
    assert contents(one) == contents(two)
    assert rows(one, "quarantine") == rows(two, "quarantine")


def test_one_large_file_is_read_in_turn(several, monkeypatch, tmp_path):
    monkeypatch.setattr(stream, "BLOCK", 1000)
    source = write(tmp_path / "w.jsonl.gz", *records(0, 100), "bad", *records(100, 200), "bad")
    seen: list[int] = []
    one, two = Lake.create(tmp_path / "one"), Lake.create(tmp_path / "two")
    pull(one, source, workers=1)
    summary = pull(two, source, workers=2, progress=lambda p: seen.append(p.read))
    assert (summary.read, summary.added, summary.quarantined) == (200, 200, 2)
    assert rows(two, "quarantine", "line") == [(101,), (202,)]
    assert contents(one) == contents(two)
    assert max(seen) == 200
    assert pull(two, source, workers=2).unchanged == 200


def test_of_a_large_file_that_is_damaged_nothing_is_loaded(several, monkeypatch, tmp_path):
    monkeypatch.setattr(stream, "BLOCK", 1000)
    source = write(tmp_path / "w.jsonl.gz", *records(0, 200))
    source.write_bytes(source.read_bytes()[:-4])
    lake = Lake.create(tmp_path / "lake")
    summary = pull(lake, source, workers=2)
    assert (summary.read, summary.quarantined) == (0, 1)
    assert rows(lake, "works") == rows(lake, "institutions") == []


def test_what_another_process_refuses_is_refused_here(several, tmp_path):
    for n in (0, 1):
        write(tmp_path / f"works/updated_date=2026-01-0{n + 1}/part_000.jsonl", *records(0, 9))
    write_parquet(tmp_path / "works/updated_date=2026-01-03/part_000.parquet", *records(0, 9))
    path = tmp_path / "works/updated_date=2026-01-03/part_000.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["authorships"]), path)
    lake = Lake.create(tmp_path / "lake")
    with pytest.raises(InputError, match="'authorships' is missing"):
        pull(lake, tmp_path, workers=2)
    assert lake.latest().version == 0


def file(name, size):
    return SourceFile(name, "works", "jsonl", size)


def test_files_are_dealt_out_by_size():
    files = [file("a", 10), file("b", 50), file("c", 30), file("d", 20)]
    jobs = plan.jobs(files, storage=Storage("file", "/"), directory="d", known=frozenset(), size=2)
    assert [[p.file.name for p in job.pieces] for job in jobs] == [["a", "b"], ["c", "d"]]


def test_a_file_that_outweighs_the_others_is_read_by_all(monkeypatch):
    monkeypatch.setattr(plan, "SMALL", 1)
    jobs = plan.jobs(
        [file("a", 10), file("b", 90)], storage=Storage("file", "/"), directory="d", known=frozenset(), size=2
    )
    assert [[(p.file.name, p.number, p.of) for p in job.pieces] for job in jobs] == [
        [("b", 0, 2)],
        [("b", 1, 2)],
        [("a", 0, 1)],
    ]


@dataclass(frozen=True)
class Dies:
    def run(self, tell: Tell) -> None:
        tell(Step(files=1))
        os._exit(1)


def test_a_process_that_dies_is_noticed():
    with Crew(2) as crew, pytest.raises(PrimacyError, match="ended without an answer"):
        crew.run([Dies(), Dies()], lambda _: None)
