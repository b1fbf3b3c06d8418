"""From snapshot to results at any size: what is logged, what adds up, and how a broken chain goes on."""

from __future__ import annotations

import json

import pytest

from primacy.bench import chain as module
from primacy.bench.chain import Chain, Stage, chain, costs, read
from primacy.bench.isolated import Cost
from primacy.errors import InputError, PrimacyError
from primacy.lake.store import Lake


def stage(name, portion, works, cpu, memory=100.0, lake=0.0):
    return Stage(name, portion, works, 10.0, lake, 0.0, Cost(cpu, cpu / 2, memory))


BY_HAND = Chain(
    300,
    "jsonl",
    (
        stage("simulate", 0, 100, 5.0),
        stage("pull", 0, 100, 1.0, memory=300.0),
        stage("simulate", 1, 100, 5.0),
        stage("pull", 1, 100, 3.0, memory=900.0),
        stage("simulate", 2, 100, 5.0),
        stage("pull", 2, 100, 5.0, memory=500.0, lake=7.0),
        stage("match", None, 300, 2.0, lake=8.0),
        stage("shares", None, 300, 0.5, lake=8.0),
        stage("run", None, 300, 1.0, lake=8.0),
    ),
)


def test_seconds_add_up_and_of_memory_the_most_counts():
    rows = {c.stage: c.row() for c in BY_HAND.costs(1.02)}
    assert list(rows) == ["simulate", "pull", "match", "shares", "run", "whole"]
    assert rows["pull"]["cpu_seconds"] == 9.0
    assert rows["pull"]["seconds"] == 4.5
    assert rows["pull"]["peak_memory_mb"] == 900.0
    assert rows["pull"]["source_mb"] == 30.0
    assert rows["pull"]["lake_mb"] == 7.0
    assert rows["run"]["share_of_pull"] == pytest.approx(1 / 9, abs=1e-4)
    assert rows["whole"]["cpu_seconds"] == 12.0  # without the simulation; the run computes the shares too
    assert rows["whole"]["works_per_cpu_second"] == 25.0
    assert rows["whole"]["exponent"] == 1.02


def test_a_pull_that_grows_with_the_lake_shows_in_its_exponent():
    # 1, 4 and 9 seconds for the first 100, 200 and 300 works: a square.
    assert BY_HAND.costs()[1].exponent == 2.0
    assert BY_HAND.costs()[0].exponent == 1.0
    assert BY_HAND.costs()[2].exponent is None


@pytest.fixture(scope="module")
def gone(tmp_path_factory):
    """A small chain up to the match, and its costs."""
    directory = tmp_path_factory.mktemp("chain")
    return directory, costs(chain(directory, [2_000], through="match"))


def test_every_stage_is_logged_as_it_ends(gone):
    directory, found = gone
    assert [c.stage for c in found] == ["simulate", "pull", "match", "whole"]
    head, *lines = (json.loads(x) for x in (directory / "2000-jsonl" / "log.jsonl").read_text().splitlines())
    assert (head["works"], head["copies"]) == (2_000, "jsonl")
    assert [(x["stage"], x["portion"], x["works"]) for x in lines] == [
        ("simulate", 0, 2_000),
        ("pull", 0, 2_000),
        ("match", None, 2_000),
    ]
    assert all(x["cpu_seconds"] > 0 and x["memory_mb"] > 50 for x in lines)
    assert lines[0]["source_mb"] > 1
    assert 0 < lines[1]["lake_mb"] < lines[2]["lake_mb"]


def test_what_was_pulled_is_thrown_away_and_the_lake_stays(gone):
    directory = gone[0] / "2000-jsonl"
    assert not list(directory.glob("portion-*"))
    lake = Lake.open(directory / "workspace" / "lake")
    assert lake.simulated
    assert lake.count("works") > 1_900
    assert lake.count("memberships") > 0


def test_a_chain_goes_on_after_the_last_line_of_its_log(gone, monkeypatch):
    directory, before = gone

    def refuse(action, *_):
        raise AssertionError(action)

    monkeypatch.setattr(module, "isolated", refuse)
    assert costs(chain(directory, [2_000], through="match")) == before
    assert costs([read(directory / "2000-jsonl" / "log.jsonl")]) == before
    with pytest.raises(AssertionError, match="shares"):
        chain(directory, [2_000])


def test_another_chain_in_the_same_place_is_refused(gone):
    with pytest.raises(InputError, match=r"log\.jsonl: is of another chain"):
        chain(gone[0], [2_000], portion=1_000)


def test_a_short_disk_is_named_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_SOURCE_BYTES", 1 << 50)
    with pytest.raises(PrimacyError, match=r"portion 1 needs .* GB and .* are free"):
        chain(tmp_path, [2_000])
