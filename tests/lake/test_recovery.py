"""What a writer that died, a full disk or a lost right leaves behind: the lake as it was, and nothing else."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import resource
import shutil
import tempfile
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.errors import LakeError
from primacy.lake import catalog as catalogs
from primacy.lake.content import digests
from primacy.lake.recovery import spill, unreferenced
from primacy.lake.store import Lake

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["primacy.lake.store", "primacy.lake.content"])


def references(*works: int) -> pa.Table:
    return pa.table({"work_id": pa.array(works, pa.int64()), "cited_id": pa.array(works, pa.int64())})


def texts(*works: int, size: int = 1) -> pa.Table:
    words = [os.urandom(size).hex() for _ in works]
    return pa.table({"work_id": pa.array(works, pa.int64()), "title": words, "abstract": words})


@pytest.fixture
def lake(tmp_path) -> Lake:
    lake = Lake.create(tmp_path / "lake")
    with lake.transaction("first") as tx:
        tx.append("references", references(1, 2))
    with lake.latest().transaction("second") as tx:
        tx.overwrite("references", references(3))
    return lake.latest()


def everything(lake: Lake) -> list[Path]:
    return sorted(p for p in lake.path.rglob("*") if p.is_file() and p.suffix != ".lock")


def die_while_writing(path: str) -> None:
    """Write files and a commit, and end without a word, as under SIGKILL."""
    with Lake.open(path).transaction("dies") as tx:
        tx.append("references", references(9))
        tx._commit(tx._tables["references"])
        tx.append("texts", texts(9))
        (tx.new_file("works")).write_bytes(b"PAR1")
        (Path(path) / "_catalog" / ".0000000003.json.1.tmp").write_text("{")
        (Path(path) / "references" / "_delta_log" / "00000000000000000009.json#1").write_text("{")
        (Path(path) / "_staging" / "deep").mkdir(parents=True)
        spill(Path(path)).mkdir(parents=True)
        os._exit(1)


def in_process(target, *arguments) -> int:
    process = PROCESSES.Process(target=target, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode


def test_the_next_writer_takes_away_all_that_a_dead_one_left(lake):
    before, content = everything(lake), digests(lake)
    assert in_process(die_while_writing, str(lake.path)) == 1
    assert len(everything(lake)) > len(before) + 5
    assert digests(lake.latest()) == content  # nobody sees any of it
    with lake.transaction("next") as tx:
        tx.append("references", references(4))
    after = lake.latest()
    assert after.versions() == {"references": lake.versions()["references"] + 1}
    new = {*everything(after)} - {*before}
    assert {p.name[:5] for p in new} == {"part-", "00000"}  # its file, its commit, its catalog
    assert len(new) == 3
    assert not any((lake.path / "_spill").iterdir())
    assert unreferenced(after.path, after.catalog) == []


def test_earlier_versions_keep_their_files(lake):
    assert in_process(die_while_writing, str(lake.path)) == 1
    with lake.transaction("next") as tx:
        tx.append("references", references(4))
    assert pq.read_table(lake.at(1).files("references"))["work_id"].to_pylist() == [1, 2]


def test_a_commit_that_was_cut_off_does_not_stop_the_next_writer(lake):
    log = lake.path / "references" / "_delta_log"
    newest = lake.versions()["references"]
    (log / f"{newest + 1:020d}.json").write_text('{"add": {"path": "part-0.parq', encoding="utf-8")
    with lake.transaction("next") as tx:
        tx.append("references", references(4))
    assert pq.read_table(lake.latest().files("references")).num_rows == 2


def test_a_failed_change_takes_its_own_files_away(lake):
    before = everything(lake)
    with pytest.raises(ZeroDivisionError), lake.transaction("fails") as tx:
        tx.append("references", references(9))
        tx.append("texts", texts(9))
        tx._commit(tx._tables["references"])
        raise ZeroDivisionError
    assert everything(lake) == before


# ---------------------------------------------------------------- several processes


def write_pairs(path: str, count: int) -> None:
    """Add a row to each of two tables in every transaction."""
    for number in range(count):
        with Lake.open(path).transaction("pairs") as tx:
            tx.append("references", references(1000 + number))
            tx.append("texts", texts(1000 + number))


def test_readers_see_one_version_while_another_process_writes(tmp_path):
    lake = Lake.create(tmp_path / "lake")
    writer = PROCESSES.Process(target=write_pairs, args=(str(lake.path), 25))
    writer.start()
    seen = set()
    while writer.is_alive():
        now = lake.latest()
        rows = [pq.read_table(f).num_rows for f in now.files("references")]
        again = [pq.read_table(f).num_rows for f in now.files("texts")]
        assert sum(rows) == sum(again) == now.version
        seen.add(now.version)
    writer.join()
    assert writer.exitcode == 0
    assert lake.latest().version == 25
    assert len(seen) > 2


def hold(path: str, ready, done) -> None:
    with Lake.open(path).transaction("pull openalex snapshot"):
        ready.set()
        done.wait(60)


def test_a_second_process_is_refused_by_the_name_of_the_first(lake):
    ready, done = PROCESSES.Event(), PROCESSES.Event()
    process = PROCESSES.Process(target=hold, args=(str(lake.path), ready, done))
    process.start()
    assert ready.wait(60)
    wanted = (
        rf"'pull openalex snapshot' \(process {process.pid}\) is writing to this lake; wait for it to end"
    )
    with pytest.raises(LakeError, match=wanted), lake.transaction("match"):
        pass
    assert lake.latest().count("references") == 1  # readers are not kept waiting
    done.set()
    process.join()
    with lake.transaction("match") as tx:
        tx.append("references", references(5))


# ---------------------------------------------------------------- a disk that refuses


def write_with_limit(path: str, limit: int, told) -> None:
    """Write more than files may hold."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        with Lake.open(path).transaction("too much") as tx:
            tx.append("texts", texts(*range(200), size=400))
            tx.delete("references", "work_id", [3])
    except LakeError as error:
        told.put(str(error))


@pytest.mark.parametrize("limit", [0, 100, 1_000, 30_000])
def test_files_that_cannot_grow_leave_the_lake_as_it_was(lake, limit):
    before, content = everything(lake), digests(lake)
    told = PROCESSES.Queue()
    assert in_process(write_with_limit, str(lake.path), limit, told) == 0
    message = told.get(timeout=10)
    assert "the lake is as it was before" in message
    assert "\n" not in message
    with lake.transaction("next") as tx:
        tx.append("references", references(4))
    assert digests(lake.latest().at(lake.version)) == content
    assert lake.latest().version == lake.version + 1
    assert len(everything(lake)) == len(before) + 3


@pytest.mark.parametrize("call", ["write_atomically", "sync"])
def test_no_space_left_at_the_very_end(lake, monkeypatch, call):
    before = everything(lake)

    def full(path: Path, *rest: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(catalogs, call, full)
        with (
            pytest.raises(LakeError, match=r"No space left on device; the lake is as it was before"),
            lake.transaction("full") as tx,
        ):
            tx.append("references", references(9))
    assert lake.latest().version == lake.version
    assert everything(lake) == before


def test_a_version_that_was_renamed_into_place_is_not_taken_back(lake, monkeypatch):
    sync = catalogs.sync

    def refused(path: Path) -> None:
        if path.name == "_catalog":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        sync(path)

    with monkeypatch.context() as patch:
        patch.setattr(catalogs, "sync", refused)
        with (
            pytest.raises(LakeError, match=r"_catalog: Input/output error; version 3 is published"),
            lake.transaction("late") as tx,
        ):
            tx.append("references", references(9))
    assert sum(pq.read_table(f).num_rows for f in lake.latest().files("references")) == 2


def write_as_nobody(path: str, told) -> None:
    os.seteuid(65534) if os.geteuid() == 0 else None
    lake = Lake.open(path)
    rows = sum(pq.read_table(f).num_rows for f in lake.files("references"))
    try:
        with lake.transaction("pull"):
            pass
    except LakeError as error:
        told.put((rows, str(error)))


def test_a_lake_in_a_read_only_directory_can_be_read_and_says_that_it_cannot_be_written():
    root = Path(tempfile.mkdtemp())
    try:
        lake = Lake.create(root / "lake")
        with lake.transaction("first") as tx:
            tx.append("references", references(1))
        (lake.path / "_catalog" / "writer.lock").unlink(missing_ok=True)
        for directory, _, files in os.walk(root):
            Path(directory).chmod(0o555)
            for name in files:
                (Path(directory) / name).chmod(0o444)
        told = PROCESSES.Queue()
        assert in_process(write_as_nobody, str(lake.path), told) == 0
        rows, message = told.get(timeout=10)
        assert rows == 1
        assert message == f"{lake.path}: cannot be written (Permission denied)"
    finally:
        for directory, _, _ in os.walk(root):
            Path(directory).chmod(0o755)
        shutil.rmtree(root)


# ---------------------------------------------------------------- clocks


def test_no_decision_rests_on_the_clock(lake, monkeypatch):
    for file in everything(lake):
        os.utime(file, (4e9, 4e9))  # written in 2096, as a clock that jumped says
    monkeypatch.setattr(time, "time", lambda: 1.0)
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    with lake.transaction("long ago") as tx:
        tx.append("references", references(4))
    os.utime(lake.path / "_catalog" / "0000000003.json", (1, 1))
    after = Lake.open(lake.path)
    assert after.version == 3
    assert sum(pq.read_table(f).num_rows for f in after.files("references")) == 2
    assert json.loads((lake.path / "_catalog" / "0000000003.json").read_text()).keys() == {
        "format", "version", "reason", "labels", "tables",
    }  # fmt: skip


def test_threads_of_one_process_are_held_apart_too(lake):
    inside, done = threading.Event(), threading.Event()

    def write() -> None:
        with lake.transaction("one") as tx:
            tx.append("references", references(7))
            inside.set()
            done.wait(30)

    thread = threading.Thread(target=write)
    thread.start()
    assert inside.wait(30)
    with pytest.raises(LakeError, match="'one'"), lake.transaction("other"):
        pass
    done.set()
    thread.join()
    assert lake.latest().count("references") == 2
