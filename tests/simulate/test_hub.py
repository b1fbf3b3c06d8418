"""The simulated Hub: its dumps, and its shares by publisher and by origin."""

from __future__ import annotations

import csv
import json
from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest

from primacy.simulate import hub as hub_module
from primacy.simulate.hub import DAYS, UNATTRIBUTED, Hub, Model, make_hub, true_shares

DAY = date(2024, 1, 1)
COLUMNS = """
id author createdAt lastModified downloads downloadsAllTime likes trendingScore tags cardData safetensors gguf
baseModels pipeline_tag library_name
"""


@pytest.fixture(scope="module")
def hub():
    return make_hub(3)


@pytest.fixture(scope="module")
def shares(hub):
    found = {}
    for day, by, measure, region, _, share in true_shares(hub):
        found.setdefault((by, measure, day), {})[region] = share
    return found


def model(name, region, parents=(), rate=1.0):
    return Model(name, region, DAY, 1.0, rate, parents=list(parents))


def test_downloads_go_to_the_roots_by_hand():
    """x has two parents: one is a root, the other derives from a model that is not there."""
    hub = Hub(
        (("us-lab", "us", "US"), ("cn-lab", "china", "CN")),
        (
            model("us-lab/root", "us"),
            model("user/mid", UNATTRIBUTED, ["cn-lab/gone"]),
            model("user/x", UNATTRIBUTED, ["us-lab/root", "user/mid"]),
            model("us-lab/loop", "us", ["us-lab/loop"]),
            model("cn-lab/a", "china", ["cn-lab/b"]),
            model("cn-lab/b", "china", ["cn-lab/a"]),
            model("user/stray", UNATTRIBUTED, ["nobody/knows"]),
        ),
    )
    assert hub.origins() == [
        {"us": 1.0},
        {"china": 1.0},
        {"us": 0.5, "china": 0.5},
        {"us": 1.0},
        {"china": 1.0},
        {"china": 1.0},
        {UNATTRIBUTED: 1.0},
    ]


def test_thirty_days_are_the_difference_of_the_counter():
    hub = Hub((), (model("user/x", UNATTRIBUTED, rate=1000.0),))
    _, before = hub.downloads(date(2024, 5, 2))
    recent, after = hub.downloads(date(2024, 6, 1))
    assert recent == after - before
    assert recent[0] > 0
    assert hub.downloads(DAY)[1] == [0]


def test_interest_is_the_integral_of_a_rise_and_a_decay():
    age = np.linspace(0, 400, 400_001)
    daily = (1 - np.exp(-age / 10)) * (0.3 + 0.7 * np.exp(-age / 150))
    step = age[1] - age[0]
    whole = np.concatenate([[0], np.cumsum((daily[1:] + daily[:-1]) / 2 * step)])
    for day in (1, 30, 400):
        assert hub_module._interest(day) == pytest.approx(np.interp(day, age, whole), abs=1e-5)


def test_shares_sum_to_one(shares):
    assert len(shares) == 2 * 2 * len(DAYS)
    for row in shares.values():
        assert sum(row.values()) == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize("by", ["publisher", "origin"])
def test_adoption_crosses_in_the_course_of_2025(shares, by):
    first, last = (shares[by, "downloads_30d", day.isoformat()] for day in (DAYS[2], DAYS[-1]))
    assert first["us"] > first["china"]
    assert last["china"] > last["us"]


def test_users_publish_what_laboratories_began(shares):
    day = DAYS[-1].isoformat()
    assert shares["publisher", "downloads_30d", day][UNATTRIBUTED] > 0.1
    assert shares["origin", "downloads_30d", day][UNATTRIBUTED] < 0.02


def test_some_counters_fall_once(hub):
    before, after = (hub.downloads(day)[1] for day in (DAYS[5], DAYS[6]))
    assert (after < before).sum() >= 5


def test_dumps_are_marked_and_named_by_day(world):
    names = sorted(path.name for path in (world / "hub").glob("*.parquet"))
    assert names == [f"models_{day.isoformat()}.parquet" for day in DAYS]
    assert json.loads((world / "hub" / "SIMULATED.json").read_text())["simulated"] is True


def test_the_newest_dump_has_the_columns_of_hub_stats_and_only_invented_models(world):
    table = pq.read_table(world / "hub" / f"models_{DAYS[-1].isoformat()}.parquet")
    assert table.column_names == COLUMNS.split()
    rows = table.to_pylist()
    assert len({row["id"] for row in rows}) == len(rows) > 2_000
    for row in rows:
        assert row["id"].startswith("simulated-")
        assert row["author"] == row["id"].split("/")[0]
        assert min(row["downloads"], row["downloadsAllTime"], row["likes"]) >= 0


def test_a_plain_sum_over_the_dump_is_the_truth(world):
    """By publisher, from the files alone."""
    day = DAYS[-1].isoformat()
    with (world / "hub" / "organizations.csv").open() as file:
        region = {row["hf_org"]: row["region"] for row in csv.DictReader(file)}
    total = {}
    for row in pq.read_table(world / "hub" / f"models_{day}.parquet").to_pylist():
        where = region.get(row["author"], UNATTRIBUTED)
        total[where] = total.get(where, 0) + row["downloads"]
    with (world / "truth" / "adoption.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["snapshot"] == day]
    stated = {r["region"]: r for r in rows if (r["by"], r["measure"]) == ("publisher", "downloads_30d")}
    assert {name: float(row["downloads"]) for name, row in stated.items()} == total
    for name, row in stated.items():
        assert float(row["share"]) == pytest.approx(total[name] / sum(total.values()), abs=1e-9)
