from __future__ import annotations

import itertools
import os

import pytest

from primacy.errors import InputError, UsageError
from primacy.lake.store import Lake
from primacy.sources.hub.pull import pull_dump
from primacy.sources.reference.organizations import LISTING
from tests.sources.hub.builders import bases, csv_file, parquet, read


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake.create(tmp_path / "lake")


ROWS = [
    {"id": "a/root", "downloads": 10, "downloadsAllTime": 100, "likes": 1, "lastModified": None},
    {"id": "b/child", "downloads": 5, "downloadsAllTime": 50, "baseModels": bases("a/root", "x/outside")},
]


def test_a_dump_becomes_models_counters_and_parents(tmp_path, lake):
    pulled = pull_dump(lake, parquet(tmp_path / "hub-2026-05-20.parquet", ROWS))
    assert (pulled.snapshot, pulled.dated_by) == ("2026-05-20", "file name")
    assert (pulled.read, pulled.added, pulled.models, pulled.parents, pulled.quarantined) == (2, 2, 2, 2, 0)
    assert pulled.organizations == LISTING
    assert [(m["model_id"], m["namespace"], m["parents"]) for m in read(lake, "models")] == [
        ("a/root", "a", 0),
        ("b/child", "b", 2),
    ]
    assert [(r["parent_id"], r["position"], r["relation"]) for r in read(lake, "model_parents")] == [
        ("a/root", 1, "finetune"),
        ("x/outside", 2, "finetune"),
    ]
    assert [
        (r["snapshot"], r["downloads_30d"], r["downloads_all"]) for r in read(lake, "model_snapshots")
    ] == [
        ("2026-05-20", 10, 100),
        ("2026-05-20", 5, 50),
    ]


def test_pulling_again_changes_nothing_not_even_the_version(tmp_path, lake):
    path = csv_file(tmp_path / "d-2026-01-01.csv", [*ROWS, {"id": "a/root", "downloads": "x"}])
    first = pull_dump(lake, path)
    again = pull_dump(lake, path)
    assert (first.added, first.quarantined) == (2, 1)
    assert (again.added, again.updated, again.unchanged, again.deleted, again.quarantined) == (0, 0, 2, 0, 0)
    assert lake.latest().version == 1


def test_each_model_counts_once_the_newest_record_wins_and_the_rest_is_quarantined(tmp_path, lake):
    rows = [
        {"id": "a/b", "downloads": 1, "lastModified": "2025-02-01"},
        {"id": "a/b", "downloads": 2, "lastModified": "2025-03-01"},
        {"id": "a/b", "downloads": 3, "lastModified": "2025-01-01"},
        {"id": "c/d", "downloads": 4},
        {"id": "c/d", "downloads": 5},
        {"id": "e/f", "downloads": -1},
        {"id": "e/g", "downloads": 10**15},
    ]
    pulled = pull_dump(lake, csv_file(tmp_path / "d.csv", rows))
    assert {r["model_id"]: r["downloads_30d"] for r in read(lake, "model_snapshots")} == {"a/b": 2, "c/d": 5}
    assert (pulled.read, pulled.added, pulled.quarantined) == (7, 2, 5)
    assert [(r["line"], r["reason"].split(":")[0]) for r in read(lake, "quarantine")] == [
        (2, "duplicate of model a/b"),
        (4, "duplicate of model a/b"),
        (5, "duplicate of model c/d"),
        (7, "downloads is negative"),
        (8, "downloads is absurd"),
    ]


def test_the_parents_of_a_duplicate_that_lost_are_gone(tmp_path, lake):
    rows = [
        {"id": "a/b", "downloads": 1, "baseModels": ["x/y", "x/y"], "lastModified": "2025-01-01"},
        {"id": "a/b", "downloads": 2, "baseModels": ["z/w"], "lastModified": "2025-02-01"},
    ]
    pull_dump(lake, csv_file(tmp_path / "d.csv", rows))
    assert [r["parent_id"] for r in read(lake, "model_parents")] == ["z/w"]
    assert [r["repeated_parents"] for r in read(lake, "hub_snapshots")] == [0]


def snapshot(day: str, **downloads: int) -> tuple[str, list[dict[str, object]]]:
    return day, [{"id": f"a/{k}", "downloads": v, "pipeline_tag": day} for k, v in downloads.items()]


def test_snapshots_may_come_in_any_order_and_the_newest_describes(tmp_path):
    dumps = [snapshot("2026-01-01", x=1, y=1), snapshot("2026-02-01", x=2), snapshot("2026-03-01", x=3, z=3)]
    seen = set()
    for number, order in enumerate(itertools.permutations(dumps)):
        lake = Lake.create(tmp_path / f"lake{number}")
        for day, rows in order:
            pull_dump(lake, csv_file(tmp_path / f"d-{day}.csv", rows))
        models = {r["model_id"]: (r["snapshot"], r["task"]) for r in read(lake, "models")}
        counters = {(r["snapshot"], r["model_id"], r["downloads_30d"]) for r in read(lake, "model_snapshots")}
        seen.add((tuple(sorted(models.items())), tuple(sorted(counters))))
    assert len(seen) == 1
    assert models == {
        "a/x": ("2026-03-01", "2026-03-01"),
        "a/y": ("2026-01-01", "2026-01-01"),
        "a/z": ("2026-03-01", "2026-03-01"),
    }


def test_another_dump_of_the_same_day_replaces_that_day(tmp_path, lake):
    pull_dump(lake, csv_file(tmp_path / "d-2026-01-01.csv", snapshot("2026-01-01", x=1, y=1)[1]))
    pull_dump(lake, csv_file(tmp_path / "e-2026-02-01.csv", snapshot("2026-02-01", x=1, y=1, z=1)[1]))
    pulled = pull_dump(lake, csv_file(tmp_path / "f-2026-02-01.csv", snapshot("2026-02-01", x=2, w=1)[1]))
    assert (pulled.added, pulled.updated, pulled.deleted) == (1, 1, 1)  # w; x; z (y is in January's)
    assert sorted(r["model_id"] for r in read(lake, "models")) == ["a/w", "a/x", "a/y"]
    february = [r["model_id"] for r in read(lake, "model_snapshots") if r["snapshot"] == "2026-02-01"]
    assert february == ["a/w", "a/x"]


@pytest.mark.parametrize(
    ("name", "modified", "asked", "day"),
    [
        ("hub-2026-05-03.csv", "2026-04-01", None, ("2026-05-03", "file name")),
        ("hub_20260503.csv", None, None, ("2026-05-03", "file name")),
        ("hub-2026-05.csv", "2026-05-19T01:02:03Z", None, ("2026-05-19", "content")),
        ("hub-2026-02.csv", "2026-01-19", None, ("2026-02-28", "file name")),
        ("hub.csv", "2026-04-01", None, ("2026-04-01", "content")),
        ("hub-123456789.csv", "2026-04-01", None, ("2026-04-01", "content")),
        ("hub-200112.csv", "2026-04-01", None, ("2026-04-01", "content")),
        ("hub-2026-02-31.csv", "2026-04-01", None, ("2026-02-28", "file name")),
        ("hub-2026-05-03.csv", "2026-04-01", "2026-06-01", ("2026-06-01", "option")),
    ],
)
def test_the_day_of_a_dump(tmp_path, lake, name, modified, asked, day):
    path = csv_file(tmp_path / name, [{"id": "a/b", "downloads": 1, "lastModified": modified}])
    pulled = pull_dump(lake, path, snapshot=asked)
    assert (pulled.snapshot, pulled.dated_by) == day


def test_a_dump_that_nothing_dates_is_as_old_as_its_file(tmp_path, lake):
    path = csv_file(tmp_path / "hub.csv", [{"id": "a/b", "downloads": 1}])
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert pull_dump(lake, path).snapshot == "2023-11-14"
    with pytest.raises(UsageError, match="--date May: not a day"):
        pull_dump(lake, path, snapshot="May")


def test_a_list_of_the_users_own_replaces_the_shipped_one_and_stays(tmp_path, lake):
    dump = csv_file(tmp_path / "d.csv", [{"id": "a/b", "downloads": 1}])
    orgs = tmp_path / "orgs.csv"
    orgs.write_text("hf_org,region,country,notes\na,nowhere,xx,\nb,,,\n", encoding="utf-8")
    assert pull_dump(lake, dump).organizations == LISTING
    assert pull_dump(lake, dump, organizations=orgs).organizations == "orgs.csv"
    assert pull_dump(lake, dump).organizations == "orgs.csv"
    assert [(r["namespace"], r["region"], r["country"]) for r in read(lake, "organizations")] == [
        ("a", "nowhere", "XX"),
        ("b", None, None),
    ]


def test_a_simulated_world_labels_the_lake(tmp_path, lake):
    world = tmp_path / "world" / "hub"
    world.mkdir(parents=True)
    dump = csv_file(world / "models.csv", [{"id": "a/b", "downloads": 1}])
    pull_dump(lake, dump)
    assert not lake.latest().simulated
    (tmp_path / "world" / "SIMULATED.json").write_text("{}")
    pull_dump(lake, dump)
    assert lake.latest().simulated


def test_a_refused_dump_leaves_the_lake_as_it_was(tmp_path, lake):
    (tmp_path / "empty.csv").write_text("id,downloads\n")
    with pytest.raises(InputError, match="no record in it"):
        pull_dump(lake, tmp_path / "empty.csv")
    orgs = tmp_path / "orgs.csv"
    orgs.write_text("org,region\n", encoding="utf-8")
    with pytest.raises(InputError, match="column 'hf_org' is missing"):
        pull_dump(lake, csv_file(tmp_path / "d.csv", [{"id": "a/b", "downloads": 1}]), organizations=orgs)
    assert lake.latest().version == 0


def test_the_real_dumps_load_whole(shared, lake):
    data = shared / "data" / "models"
    may = pull_dump(lake, data / "hub_stats_frozen_2026-05.parquet")
    assert (may.snapshot, may.added, may.parents, may.quarantined) == ("2026-05-20", 4167, 5201, 0)
    july = pull_dump(lake, data / "hub_downloads_2022-07.csv.gz")
    assert (july.snapshot, july.models, july.added, july.quarantined) == ("2022-07-31", 55524, 55501, 0)
    assert pull_dump(lake, data / "hub_stats_frozen_2026-05.parquet").unchanged == 4167
    assert {r["snapshot"]: r["card_only_parents"] for r in read(lake, "hub_snapshots")} == {
        "2022-07-31": 0,
        "2026-05-20": 78,
    }


def test_a_dump_of_which_nothing_can_be_loaded_makes_no_snapshot(tmp_path, lake):
    good = csv_file(tmp_path / "a-2026-01-01.csv", [{"id": "a/b", "downloads": 1}])
    bad = csv_file(
        tmp_path / "b-2026-01-01.csv", [{"id": "a/b", "downloads": "x"}, {"id": "c", "downloads": -1}]
    )
    pull_dump(lake, good)
    pulled = pull_dump(lake, bad)
    assert (pulled.read, pulled.models, pulled.deleted, pulled.quarantined) == (2, 0, 0, 2)
    assert [r["model_id"] for r in read(lake, "model_snapshots")] == ["a/b"]
    assert [r["file"] for r in read(lake, "hub_snapshots")] == ["a-2026-01-01.csv"]
    assert pull_dump(lake, bad).quarantined == 0
