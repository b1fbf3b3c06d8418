"""A lake refreshed from release to release is what plain Python makes of the records; broken releases are refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primacy.cli import main
from primacy.errors import InputError
from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.sources.openalex import pull
from primacy.sources.openalex.tables import WORK_TABLES
from primacy.workspace import Workspace
from primacy.workspace.audit import ledger
from tests.oracles import openalex as oracle
from tests.sources.openalex.builders import author, contents, institution, rows, same, work, write

WORKS = range(1, 13)


def record(number: int, date: str) -> dict:
    """A record that differs from that of another date in every table."""
    day = int(date[-2:])
    return work(
        number,
        date,
        title=f"Work {number} of {date}",
        cited_by_count=day,
        authorships=[author(institution(1 + (number + day) % 4, "DE"))],
        referenced_works=[f"https://openalex.org/W{day}"],
        topics=[{"id": f"https://openalex.org/T{day}", "score": 0.5}],
    )


def release(
    root: Path,
    partitions: dict[str, list[dict]],
    *,
    deleted: dict[int, str] | None = None,
    merged: dict[int, tuple[int, str]] | None = None,
) -> Path:
    """Write a release: records by partition, deleted works with dates, merged works with targets and dates."""
    for date, records in partitions.items():
        write(root / f"data/works/updated_date={date}/part_000.gz", *records)
    if deleted:
        lines = "".join(f"W{w},{d}\n" for w, d in deleted.items())
        (root / "data/works/deleted_ids.csv").write_text("work_id,deleted_date\n" + lines)
    if merged:
        path = root / "data/merged_ids/works/2026-02-01.csv.gz"
        path.parent.mkdir(parents=True)
        lines = "".join(f"{d},W{w},W{t}\n" for w, (t, d) in merged.items())
        path.write_bytes(gzip.compress(("merge_date,id,merge_into_id\n" + lines).encode(), mtime=0))
    return root


def survivors(history: list[tuple[dict[str, list[dict]], dict[int, str]]]) -> dict[int, dict]:
    """What a lake holds after some releases: the newest record of each work, unless it was withdrawn.

    A work that a release withdraws is gone at its end; later it returns only with a record newer than the withdrawal.
    """
    held: dict[int, dict] = {}
    withdrawn: dict[int, str] = {}
    for partitions, gone in history:
        for record in sorted((r for rs in partitions.values() for r in rs), key=lambda r: r["updated_date"]):
            number = oracle.number(record["id"], "W")
            if number in gone or record["updated_date"] <= withdrawn.get(number, ""):
                continue
            if number not in held or record["updated_date"] > held[number]["updated_date"]:
                held[number] = record
        for number, date in gone.items():
            held.pop(number, None)
            withdrawn[number] = max(date, withdrawn.get(number, ""))
    return held


def check(lake: Lake, held: dict[int, dict]) -> None:
    expected = oracle.tables(list(held.values()))
    found = contents(lake)
    tables = [name for name in WORK_TABLES if name in expected and name in found]
    assert {"works", "authorships", "references", "texts", "work_topics"} <= {*tables}
    same({name: found[name] for name in tables}, {name: expected[name] for name in tables})


def audited(lake: Lake) -> None:
    """The ledger of the lake's pulls adds up."""
    engine, now = Engine.duckdb(threads=1), lake.latest()
    assert [f for f in ledger.findings(now, lambda name: engine.table(now, name), engine) if not f.ok] == []


def test_additions_updates_deletions_and_merges_by_hand(tmp_path):
    first = {"2026-01-01": [record(n, "2026-01-01") for n in (1, 2, 3, 4)]}
    second = {
        "2026-01-01": [record(n, "2026-01-01") for n in (1, 4)],  # 2 was updated, 3 deleted
        "2026-02-01": [record(2, "2026-02-01"), record(5, "2026-02-01")],
    }
    lake = Lake.create(tmp_path / "lake")
    pull(lake, release(tmp_path / "one", first))
    done = pull(
        lake, release(tmp_path / "two", second, deleted={3: "2026-02-01"}, merged={4: (5, "2026-02-01")})
    )
    assert (done.read, done.added, done.updated, done.unchanged, done.withdrawn, done.deleted) == (
        4,
        1,
        1,
        1,
        1,
        2,
    )
    assert rows(lake, "works", "work_id") == [(1,), (2,), (5,)]
    check(lake, {n: record(n, d) for n, d in ((1, "2026-01-01"), (2, "2026-02-01"), (5, "2026-02-01"))})
    assert rows(lake, "deleted_works") == [(3, "2026-02-01"), (4, "2026-02-01")]
    audited(lake)
    # The older release, pulled again, brings none of it back.
    again = pull(lake, tmp_path / "one")
    assert (again.added, again.updated, again.deleted) == (0, 0, 0)
    assert rows(lake, "works", "work_id") == [(1,), (2,), (5,)]
    # The earlier release is still there to be read.
    assert lake.latest().at(1).count("works") == 4


@st.composite
def histories(draw) -> list[tuple[dict[str, list[dict]], dict[int, str], dict[int, tuple[int, str]]]]:
    """Up to three releases: partitions, deletions and merges."""
    found = []
    for month in range(1, draw(st.integers(2, 3)) + 1):
        dates = [
            f"2026-0{month}-{day:02d}" for day in draw(st.sets(st.integers(1, 9), min_size=1, max_size=2))
        ]
        partitions = {
            date: [record(n, date) for n in sorted(draw(st.sets(st.sampled_from(WORKS), min_size=1)))]
            for date in dates
        }
        gone = draw(st.dictionaries(st.sampled_from(WORKS), st.just(f"2026-0{month}-20"), max_size=3))
        merged = draw(st.dictionaries(st.sampled_from(WORKS), st.just((99, f"2026-0{month}-20")), max_size=2))
        found.append((partitions, gone, merged))
    return found


@settings(max_examples=8)
@given(history=histories())
def test_any_history_of_releases_equals_the_oracle(tmp_path_factory, history):
    root = tmp_path_factory.mktemp("history")
    lake = Lake.create(root / "lake")
    past = []
    for number, (partitions, gone, merged) in enumerate(history):
        before = survivors(past)
        past.append((partitions, {**{w: d for w, (_, d) in merged.items()}, **gone}))
        done = pull(lake, release(root / str(number), partitions, deleted=gone, merged=merged))
        after = survivors(past)
        check(lake, after)
        assert done.added == len(after.keys() - before.keys())
        assert done.deleted == len(before.keys() - after.keys())
        assert done.updated == sum(after[n] != before[n] for n in after.keys() & before.keys())
    audited(lake)


def test_bad_lines_of_lists_of_merged_works_are_quarantined(tmp_path):
    source = release(tmp_path / "one", {"2026-01-01": [record(n, "2026-01-01") for n in (1, 2, 3)]})
    merged = source / "data/merged_ids/works/2026-02-01.csv"
    merged.parent.mkdir(parents=True)
    merged.write_text(
        "merge_date,id,merge_into_id\n2026-02-01,W1,W2\n2026-02-01,W3,W3\nsoon,W2,W3\n2026-02-01,W2\n2026-02-01,A2,W3\n"
    )
    lake = Lake.create(tmp_path / "lake")
    done = pull(lake, source)
    assert (done.read, done.withdrawn, done.quarantined) == (3, 1, 4)
    assert rows(lake, "works", "work_id") == [(2,), (3,)]
    assert [r for _, r in rows(lake, "quarantine", "line", "reason")] == [
        "'W3' is merged into itself",
        "merge_date 'soon' is not a date",
        "2 values, not merge_date, id and merge_into_id",
        "'A2' is not the id of a work",
    ]


# ---------------------------------------------------------------- releases that look broken


MANY = 1_000


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    """A release with as many works as are enough to be judged by."""
    root = tmp_path_factory.mktemp("many")
    return release(root / "one", {"2026-01-01": [work(n, "2026-01-01") for n in range(MANY)]})


def test_a_release_that_deletes_too_much_is_refused_before_anything_of_it_is_in_the_lake(
    many, tmp_path, capsys
):
    Workspace.init(tmp_path / "ws")
    words = ["--workspace", str(tmp_path / "ws"), "--quiet", "--format", "json", "pull", "openalex"]
    assert main([*words, str(many)]) == 0
    gone = dict.fromkeys(range(150), "2026-02-01")
    broken = release(tmp_path / "two", {"2026-02-01": [work(MANY, "2026-02-01")]}, deleted=gone)
    capsys.readouterr()
    assert main([*words, str(broken)]) == 1
    assert (
        f"primacy: {broken}: works would shrink from 1,000 to 850 (deleted and merged works), more than 10%; "
        "the release looks broken: wait for a better one, or pull with --force\n"
    ) == capsys.readouterr().err
    lake = Lake.open(tmp_path / "ws" / "lake")
    assert (lake.version, lake.count("works")) == (1, MANY)
    assert main([*words, str(broken), "--force"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["deleted"] == 150


def test_how_much_may_go_is_a_setting(many, tmp_path, capsys):
    Workspace.init(tmp_path / "ws")
    (tmp_path / "ws" / "primacy.toml").write_text("[lake]\nmax_shrink = 0.15\n")
    words = ["--workspace", str(tmp_path / "ws"), "--quiet", "--format", "json", "pull", "openalex"]
    assert main([*words, str(many)]) == 0
    gone = dict.fromkeys(range(150), "2026-02-01")
    smaller = release(tmp_path / "two", {"2026-02-01": [work(MANY, "2026-02-01")]}, deleted=gone)
    capsys.readouterr()
    assert main([*words, str(smaller)]) == 0
    assert json.loads(capsys.readouterr().out)[0]["deleted"] == 150


def manifest(source: Path, records: int) -> None:
    entries = [
        {
            "url": "s3://openalex/data/works/updated_date=2026-01-01/part_000.gz",
            "meta": {"record_count": records},
        }
    ]
    (source / "data/works/manifest").write_text(json.dumps({"entries": entries}))


def test_a_manifest_that_states_much_less_than_before_is_refused(tmp_path):
    source = release(tmp_path / "one", {"2026-01-01": [work(n, "2026-01-01") for n in range(5)]})
    manifest(source, 5_000)  # of which this copy has some
    lake = Lake.create(tmp_path / "lake")
    pull(lake, source)
    release(tmp_path / "one", {"2026-01-01": [work(n, "2026-01-01") for n in range(6)]})
    manifest(source, 4_400)
    with pytest.raises(InputError, match=r"works would shrink from 5,000 to 4,400 \(records that"):
        pull(lake, source)
    pull(lake, source, max_shrink=0.2)
    pull(lake, source)  # what was forced is the measure from now on


def test_entity_files_of_which_most_are_gone_are_refused(tmp_path):
    def entities(root: Path, count: int) -> Path:
        records = [{**institution(n, "DE"), "updated_date": "2026-01-01"} for n in range(1, count + 1)]
        write(root / "data/jsonl/institutions/updated_date=2026-01-01/part_0000.gz", *records)
        write(root / "data/jsonl/works/updated_date=2026-01-01/part_0000.gz", work(1, "2026-01-01"))
        files = [{"url": "x/updated_date=2026-01-01/part_0000.gz", "meta": {"record_count": count}}]
        (root / "data/jsonl/institutions/manifest.json").write_text(json.dumps({"files": files}))
        return root

    lake = Lake.create(tmp_path / "lake")
    pull(lake, entities(tmp_path / "one", 120))
    with pytest.raises(InputError, match="institutions would shrink from 120 to 16"):
        pull(lake, entities(tmp_path / "two", 16))
    assert lake.latest().version == 1


def test_small_lakes_may_lose_any_part(tmp_path):
    lake = Lake.create(tmp_path / "lake")
    pull(lake, release(tmp_path / "one", {"2026-01-01": [work(1), work(2)]}))
    done = pull(
        lake, release(tmp_path / "two", {"2026-02-01": [work(3)]}, deleted={1: "2026-02-01", 2: "2026-02-01"})
    )
    assert done.deleted == 2


@pytest.mark.parametrize("value", ["true", "2", "-0.1", "'much'"])
def test_the_setting_takes_a_share(tmp_path, value):
    Workspace.init(tmp_path / "ws")
    (tmp_path / "ws" / "primacy.toml").write_text(f"[lake]\nmax_shrink = {value}\n")
    with pytest.raises(InputError, match=r"primacy.toml: \[lake\] max_shrink .* takes a share from 0 to 1"):
        Workspace.open(tmp_path / "ws")
