"""A pull from a bucket leaves the lake that a pull from a disk leaves, whatever the network and the server do."""

from __future__ import annotations

import gzip
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.errors import InputError, PrimacyError, UsageError
from primacy.lake.store import Lake
from primacy.sources import backoff
from primacy.sources.openalex import plan, pull, s3_reading
from primacy.sources.openalex.s3_bucket import Bucket
from tests.sources.openalex import s3server
from tests.sources.openalex.builders import (
    author,
    contents,
    institution,
    lines,
    rows,
    work,
    write,
    write_parquet,
)

PART = "data/jsonl/works/updated_date=2026-01-0{}/part_0000.gz"
MANIFEST = "data/jsonl/works/manifest.json"


@pytest.fixture(scope="module")
def running():
    with s3server.running() as server:
        yield server


@pytest.fixture
def server(running, monkeypatch):
    """The server; nobody waits long for a retry."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(backoff, "FIRST", 0.001)
    monkeypatch.setattr(s3_reading, "WINDOW", 200)
    running.faults.__init__()
    return running


@pytest.fixture
def bucket(request):
    return f"b{abs(hash(request.node.nodeid)):x}"[:40]


@pytest.fixture
def lake(tmp_path):
    return Lake.create(tmp_path / "lake")


def records(day, count=40):
    return [
        work(
            100 * day + n,
            f"2026-01-0{day}",
            title=f"On {n} and {n * n}",
            authorships=[author(institution(n % 5 + 1, "DE"), institution(9, "FR"))],
        )
        for n in range(count)
    ]


def release(server, bucket, days=(1, 2, 3)):
    """Upload parts and the manifest that lists them; return the parts by key."""
    parts = {PART.format(d): (gzip.compress(lines(*records(d)), mtime=0), 40) for d in days}
    server.client.create_bucket(Bucket=bucket)
    for key, (body, _) in parts.items():
        server.put(bucket, key, body)
    server.put(bucket, MANIFEST, s3server.manifest(bucket, parts))
    return parts


def faultless(tmp_path, parts, name="local"):
    """What a pull of the same parts from a disk leaves."""
    for key, (body, _) in parts.items():
        path = tmp_path / name / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    local = Lake.create(tmp_path / f"{name}-lake")
    pull(local, tmp_path / name)
    return contents(local)


def pulled(lake, server, bucket, path="/data", **options):
    return pull(lake, f"s3://{bucket}{path}", options={"endpoint": server.endpoint, **options})


# ---------------------------------------------------------------- what is read


def test_lines_give_the_lake_of_the_same_files_on_disk(server, bucket, lake, tmp_path):
    parts = release(server, bucket)
    summary = pulled(lake, server, bucket)
    assert contents(lake) == faultless(tmp_path, parts)
    assert (summary.read, summary.added, summary.files, summary.retries) == (120, 120, 3, 0)
    assert summary.fetched >= sum(len(body) for body, _ in parts.values())
    assert all(agent.startswith("primacy/") for agent in server.faults.agents)


@pytest.mark.parametrize("path", ["", "/data", "/data/jsonl", "/data/jsonl/works", "/" + PART.format(1)])
def test_a_source_may_be_given_at_any_level(path, server, bucket, lake):
    release(server, bucket, days=(1,))
    assert pulled(lake, server, bucket, path).added == 40


def test_the_older_layout(server, bucket, lake, shared, tmp_path, monkeypatch):
    monkeypatch.setattr(s3_reading, "WINDOW", 1 << 16)
    source = shared / "data" / "openalex" / "data" / "works"
    parts = [
        f"updated_date={p}.gz" for p in ("2022-04-01/part_000", "2023-01-01/part_000", "2023-01-01/part_001")
    ]
    for name in ("manifest", *parts):
        path = tmp_path / "s/data/works" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((source / name).read_bytes())
    server.upload(bucket, tmp_path / "s")
    assert pulled(lake, server, bucket, "").quarantined == 0
    local = Lake.create(tmp_path / "local")
    pull(local, tmp_path / "s")
    assert contents(lake) == contents(local)


def test_of_parquet_only_the_columns_that_are_needed_are_fetched(server, bucket, lake, tmp_path, monkeypatch):
    monkeypatch.setattr(s3_reading, "FOOTER", 1000)
    monkeypatch.setattr(s3_reading, "GAP", 100)
    path = tmp_path / "s/data/parquet/works/updated_date=2026-01-01/part_0000.parquet"
    write_parquet(path, *records(1, 300))
    noise = random.Random(1)
    ballast = pa.array([noise.randbytes(2000).hex() for _ in range(300)])
    pq.write_table(pq.read_table(path).append_column("fulltext", ballast), path, row_group_size=100)
    body = path.read_bytes()
    key = "data/parquet/works/updated_date=2026-01-01/part_0000.parquet"
    server.client.create_bucket(Bucket=bucket)
    server.put(bucket, key, body)
    server.put(bucket, "data/parquet/works/manifest.json", s3server.manifest(bucket, {key: (body, 300)}))
    summary = pulled(lake, server, bucket)
    local = Lake.create(tmp_path / "local")
    pull(local, tmp_path / "s")
    assert contents(lake) == contents(local)
    assert summary.added == 300
    assert summary.fetched < len(body) / 5
    assert not list((lake.path / "_staging").glob("*"))


def test_several_processes_read_a_bucket(server, bucket, lake, tmp_path, monkeypatch):
    parts = release(server, bucket)
    monkeypatch.setattr(plan, "SMALL", 1)
    summary = pull(lake, f"s3://{bucket}/data", workers=2, options={"endpoint": server.endpoint})
    assert contents(lake) == faultless(tmp_path, parts)
    assert summary.fetched >= sum(len(body) for body, _ in parts.values())


def test_several_processes_share_a_part(server, bucket, lake, tmp_path, monkeypatch):
    key = "data/parquet/works/updated_date=2026-01-01/part_0000.parquet"
    path = write_parquet(tmp_path / "s" / key, *records(1, 300), row_group_size=50)
    server.upload(bucket, tmp_path / "s")
    listed = s3server.manifest(bucket, {key: (path.read_bytes(), 300)})
    server.put(bucket, "data/parquet/works/manifest.json", listed)
    monkeypatch.setattr(plan, "SMALL", 1)
    summary = pull(lake, f"s3://{bucket}/data", workers=2, options={"endpoint": server.endpoint})
    local = Lake.create(tmp_path / "local")
    pull(local, tmp_path / "s", workers=1)
    assert (summary.read, summary.files) == (300, 1)
    assert contents(lake) == contents(local)


def test_what_no_manifest_lists_is_not_read_but_said(server, bucket, lake):
    release(server, bucket)
    server.put(bucket, PART.format(9), gzip.compress(lines(*records(9))))
    summary = pulled(lake, server, bucket)
    assert summary.read == 120
    assert "1 files are in no manifest and are not read" in summary.notes


def test_entities_that_are_never_read_are_not_even_listed(server, bucket, lake):
    release(server, bucket)
    server.put(bucket, "data/jsonl/authors/updated_date=2026-01-01/part_0000.gz", b"x")
    pulled(lake, server, bucket)
    assert not any("authors" in path for _, path, _ in server.faults.requests)


def test_deleted_works_leave(server, bucket, lake):
    release(server, bucket)
    server.put(bucket, "data/jsonl/works/deleted_ids.csv", b"work_id,deleted_date\nW101,2026-02-01\n")
    assert pulled(lake, server, bucket).withdrawn == 1
    assert (101,) not in rows(lake, "works", "work_id")


# ---------------------------------------------------------------- what fails in passing

EVERY = {
    "refused": lambda number, *_: "refuse" if number % 3 == 1 else None,
    "dropped": lambda number, method, path, span: "drop" if span and number % 3 == 1 else None,
    "slow down": lambda number, *_: "slow" if number % 3 == 1 else None,
    "truncated": lambda number, method, path, span: "cut" if span and number % 3 == 1 else None,
}


@pytest.mark.parametrize("fault", list(EVERY))
def test_faults_end_in_the_same_lake_and_are_counted(fault, server, bucket, lake, tmp_path):
    parts = release(server, bucket)
    server.faults.plan = EVERY[fault]
    summary = pulled(lake, server, bucket)
    failed = sum(EVERY[fault](n, *request) is not None for n, request in enumerate(server.faults.requests))
    assert contents(lake) == faultless(tmp_path, parts)
    assert (summary.added, summary.quarantined) == (120, 0)
    assert summary.retries == failed > 3


def test_bytes_that_were_hurt_on_the_way_are_fetched_again(server, bucket, lake, tmp_path):
    parts = release(server, bucket)
    hurt = []

    def once(number, method, path, span):
        if method == "GET" and path.endswith(PART.format(2)) and span.startswith("bytes=0-") and not hurt:
            hurt.append(path)
            return "flip" if span != "bytes=0-0" else hurt.clear()
        return None

    server.faults.plan = once
    summary = pulled(lake, server, bucket)
    assert contents(lake) == faultless(tmp_path, parts)
    assert (summary.retries, summary.quarantined) == (1, 0)


def test_a_part_that_is_damaged_in_the_bucket_is_quarantined_once(server, bucket, lake):
    parts = release(server, bucket)
    cut = parts[PART.format(2)][0][:-20]
    server.put(bucket, PART.format(2), cut)
    summary = pulled(lake, server, bucket)
    assert (summary.added, summary.quarantined) == (80, 1)
    assert pulled(lake.latest(), server, bucket).quarantined == 0


def test_a_server_that_keeps_failing_is_named(server, bucket, lake):
    release(server, bucket)
    server.faults.plan = lambda number, method, path, span: "slow" if PART.format(2) in path else None
    with pytest.raises(InputError, match=rf"{bucket} at .*part_0000.gz: the server answered 503; pull again"):
        pulled(lake, server, bucket)
    server.faults.plan = lambda *_: None
    assert pulled(lake.latest(), server, bucket).added == 120


# ---------------------------------------------------------------- broken off, and changed midway


def test_a_part_that_was_pulled_is_not_fetched_again(server, bucket, lake, tmp_path, monkeypatch):
    parts = release(server, bucket)
    monkeypatch.setattr(plan, "CHUNK", 1)
    server.faults.plan = lambda number, method, path, span: "slow" if PART.format(3) in path else None
    with pytest.raises(InputError):
        pulled(lake, server, bucket)
    server.faults.__init__()
    summary = pulled(lake.latest(), server, bucket)
    assert (summary.read, summary.added, summary.unchanged) == (120, 40, 80)
    assert set(server.faults.fetched(PART.format(1))) <= {"bytes=0-0"}
    assert not server.faults.fetched(PART.format(2))
    assert contents(lake) == faultless(tmp_path, parts)


def test_a_release_that_replaces_another_midway_is_read_as_it_is_in_the_end(
    server, bucket, lake, tmp_path, monkeypatch
):
    release(server, bucket)
    monkeypatch.setattr(plan, "CHUNK", 1)
    changed = [r | {"title": "Another", "updated_date": "2026-03-01"} for r in records(2)]
    after = {
        PART.format(1): (gzip.compress(lines(*records(1)), mtime=0), 40),
        PART.format(2): (gzip.compress(lines(*changed), mtime=0), 40),
        PART.format(4): (gzip.compress(lines(*records(4)), mtime=0), 40),
    }
    begun = []

    def replace(number, method, path, span):
        if path.endswith(PART.format(2)) and span and not begun:
            begun.append(path)
            for key, (body, _) in after.items():
                server.put(bucket, key, body)
            server.client.delete_object(Bucket=bucket, Key=PART.format(3))
            server.put(bucket, MANIFEST, s3server.manifest(bucket, after))
        return

    server.faults.plan = replace
    summary = pulled(lake, server, bucket)
    assert begun
    assert contents(lake) == faultless(tmp_path, after)
    assert "the source was changed while it was being read; what had changed was read anew" in summary.notes
    assert summary.read == 120


def test_a_manifest_that_changes_after_the_last_part_is_noticed(server, bucket, lake, tmp_path):
    parts = release(server, bucket)
    late = dict(parts) | {PART.format(4): (gzip.compress(lines(*records(4)), mtime=0), 40)}
    begun = []

    def add(number, method, path, span):
        if path.endswith(PART.format(3)) and not begun:
            begun.append(path)
            server.put(bucket, PART.format(4), late[PART.format(4)][0])
            server.put(bucket, MANIFEST, s3server.manifest(bucket, late))
        return

    server.faults.plan = add
    assert pulled(lake, server, bucket).added == 160
    assert contents(lake) == faultless(tmp_path, late)


def test_a_release_in_the_making_is_refused(server, bucket, lake):
    release(server, bucket)
    begun = []

    def overwrite(number, method, path, span):
        if path.endswith(PART.format(2)) and span and not begun:
            begun.append(path)
            server.put(bucket, PART.format(2), gzip.compress(lines(*records(5, 3))))
        return

    server.faults.plan = overwrite
    with pytest.raises(InputError, match=r"part_0000\.gz: was replaced while it was being read"):
        pulled(lake, server, bucket)
    assert lake.latest().version == 0


def test_a_source_that_never_rests_is_refused(server, bucket, lake):
    parts = release(server, bucket)
    seen = []

    def again(number, method, path, span):
        if span and path.endswith("part_0000.gz"):
            day = 4 + len(seen)
            seen.append(day)
            key = f"data/jsonl/works/updated_date=2026-02-{day:02}/part_0000.gz"
            parts[key] = (gzip.compress(lines(*records(4, 1))), 1)
            server.put(bucket, key, parts[key][0])
            server.put(bucket, MANIFEST, s3server.manifest(bucket, parts))
        return

    server.faults.plan = again
    with pytest.raises(InputError, match="changed 3 times while it was being read"):
        pulled(lake, server, bucket)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("s3://no-such-bucket/data", "there is no bucket 'no-such-bucket' at http"),
        ("s3://{bucket}/nothing/here", "there is nothing below this prefix in the bucket at http"),
        ("s3://{bucket}/other", "no OpenAlex files here"),
        ("s3://", "names no bucket"),
    ],
)
def test_a_wrong_address_is_named(source, reason, server, bucket, lake):
    release(server, bucket, days=(1,))
    server.put(bucket, "other/readme.txt", b"hello")
    source = source.format(bucket=bucket)
    with pytest.raises(PrimacyError, match=reason) as refused:
        pull(lake, source, options={"endpoint": server.endpoint})
    assert str(refused.value).startswith(source)
    assert "\n" not in str(refused.value)


def test_a_release_without_its_manifest_is_refused(server, bucket, lake):
    release(server, bucket)
    server.client.delete_object(Bucket=bucket, Key=MANIFEST)
    with pytest.raises(InputError, match=r"jsonl/works/manifest\.json is missing"):
        pulled(lake, server, bucket)
    assert pulled(lake, server, bucket, "/data/jsonl/works/updated_date=2026-01-01").added == 40


def test_a_network_that_is_not_there_is_said(lake, monkeypatch):
    monkeypatch.setattr(backoff, "FIRST", 0.001)
    with pytest.raises(InputError, match=r"s3://openalex at http://127.0.0.1:1/data: cannot be reached"):
        pull(lake, "s3://openalex/data", options={"endpoint": "http://127.0.0.1:1"})


def test_a_closed_bucket_is_said_or_opened_with_the_credentials_of_the_environment(
    server, bucket, lake, tmp_path, monkeypatch
):
    write(tmp_path / "s" / PART.format(1), *records(1))
    server.upload(bucket, tmp_path / "s", public=False)
    with pytest.raises(InputError, match="access is denied without credentials; AWS_ACCESS_KEY_ID"):
        pulled(lake, server, bucket, "/" + PART.format(1))
    with pytest.raises(UsageError, match="--s3-signed: the environment has no AWS_ACCESS_KEY_ID"):
        pulled(lake, server, bucket, signed=True)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    assert pulled(lake, server, bucket, "/" + PART.format(1)).added == 40
    assert pulled(lake.latest(), server, bucket, "/" + PART.format(1), signed=True).unchanged == 40


def test_the_endpoint_may_stand_in_the_environment(server, bucket, lake, monkeypatch):
    release(server, bucket, days=(1,))
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.endpoint)
    assert pull(lake, f"s3://{bucket}/data").added == 40
    with pytest.raises(UsageError, match="--s3-endpoint ftp://x: takes an address"):
        pull(lake, f"s3://{bucket}/data", options={"endpoint": "ftp://x"})


def test_a_name_in_messages():
    assert Bucket("openalex").address == "s3://openalex"
