from __future__ import annotations

import json

import pyarrow as pa
import pytest

from primacy.errors import InputError, LakeError, NotThereError
from primacy.lake.engine import Engine
from primacy.lake.store import Lake


def rows(*pairs: tuple[int, int]) -> pa.Table:
    return pa.table({"work_id": [a for a, _ in pairs], "cited_id": [b for _, b in pairs]}, schema=SCHEMA)


SCHEMA = pa.schema([("work_id", pa.int64()), ("cited_id", pa.int64())])


def read(lake: Lake) -> list[tuple[int, int]]:
    engine = Engine.duckdb()
    table = engine.to_arrow(engine.table(lake, "references"))
    return sorted((r["work_id"], r["cited_id"]) for r in table.to_pylist())


@pytest.fixture
def lake(tmp_path) -> Lake:
    lake = Lake.create(tmp_path / "lake")
    with lake.transaction("first") as tx:
        assert tx.append("references", rows((1, 2), (1, 3), (2, 4))) == 3
    return lake.latest()


def test_a_new_lake_is_empty_and_creating_it_again_keeps_it(tmp_path, lake):
    assert Lake.create(tmp_path / "other").version == 0
    assert Lake.create(lake.path).count("references") == 3


def test_versions_are_pinned_and_can_be_returned_to(lake):
    with lake.transaction("second") as tx:
        assert tx.delete("references", "work_id", [1]) == 2
        tx.append("references", rows((9, 7)))
    assert read(lake) == [(1, 2), (1, 3), (2, 4)]
    assert read(lake.latest()) == [(2, 4), (9, 7)]
    assert read(lake.latest().at(1)) == read(lake)
    with pytest.raises(NotThereError, match="lake version 7: there are 0 to 2"):
        lake.at(7)


def test_upsert_replaces_rows_with_the_same_key(lake):
    with lake.transaction("upsert") as tx:
        assert tx.upsert("references", rows((2, 5), (3, 6)), key="work_id") == 1
    assert read(lake.latest()) == [(1, 2), (1, 3), (2, 5), (3, 6)]


def test_changes_inside_one_transaction_see_each_other(lake):
    with lake.transaction("several") as tx:
        tx.append("references", rows((5, 5), (6, 6)))
        assert tx.delete("references", "work_id", [5, 1]) == 3
        tx.append("references", rows((5, 7)))
    assert read(lake.latest()) == [(2, 4), (5, 7), (6, 6)]


def test_nothing_changes_when_the_block_fails_or_does_nothing(lake):
    with pytest.raises(ZeroDivisionError), lake.transaction("fails") as tx:
        tx.overwrite("references", rows((0, 0)))
        raise ZeroDivisionError
    with lake.transaction("idle"):
        pass
    assert lake.latest().version == lake.version
    assert read(lake.latest()) == [(1, 2), (1, 3), (2, 4)]


def test_a_writer_that_died_between_its_commits_leaves_no_trace(lake):
    with pytest.raises(ZeroDivisionError), lake.transaction("dies") as tx:
        tx.append("references", rows((0, 0)))
        tx.append("texts", pa.table({"work_id": [1], "title": ["t"], "abstract": ["a"]}))
        for pending in tx._tables.values():  # committed to Delta, not published
            tx._commit(pending)
        raise ZeroDivisionError
    assert read(lake.latest()) == [(1, 2), (1, 3), (2, 4)]
    with lake.transaction("next") as tx:
        tx.append("references", rows((7, 7)))
    after = lake.latest()
    assert read(after) == [(1, 2), (1, 3), (2, 4), (7, 7)]
    assert after.versions() == {"references": lake.versions()["references"] + 1}


def test_a_second_writer_is_refused_by_name(lake):
    with (
        lake.transaction("pull openalex data"),
        pytest.raises(LakeError, match=r"'pull openalex data' \(process \d+\) is writing"),
        lake.transaction("match"),
    ):
        pass


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (pa.table({"work_id": [1]}), "column 'cited_id' is missing"),
        (pa.table({"work_id": [1], "cited_id": ["2"]}), "column 'cited_id' is string, not int64"),
        (pa.table({"work_id": [1], "cited_id": [2], "x": [3]}), "column 'x' is not in its schema"),
    ],
)
def test_rows_that_are_not_the_tables_are_refused(lake, table, reason):
    with pytest.raises(InputError, match=reason), lake.transaction("bad") as tx:
        tx.append("references", table)


def test_a_lake_of_another_format_or_schema_is_refused_by_name(lake):
    newest = sorted((lake.path / "_catalog").glob("*.json"))[-1]
    stored = json.loads(newest.read_text())
    stored["tables"]["references"]["fingerprint"] = "another"
    newest.write_text(json.dumps(stored))
    with pytest.raises(LakeError, match="another schema"):
        Lake.open(lake.path).files("references")
    stored["format"] = 99
    newest.write_text(json.dumps(stored))
    with pytest.raises(LakeError, match="lake of format 99"):
        Lake.open(lake.path)
    newest.write_text("{")
    with pytest.raises(LakeError, match="not a readable catalog"):
        Lake.open(lake.path)
    with pytest.raises(LakeError, match="no lake here"):
        Lake.open(lake.path / "nowhere")


def test_unknown_tables_are_refused_with_the_list(lake):
    with pytest.raises(NotThereError, match=r"no lake table 'paper'; there are .*works"):
        lake.count("paper")
    with pytest.raises(NotThereError, match="run `primacy match` first"):
        lake.require("memberships", "primacy match")


def test_labels_travel_with_the_versions(lake):
    assert not lake.simulated
    with lake.transaction("simulate") as tx:
        tx.label(simulated=True)
    assert lake.latest().simulated
    assert not lake.latest().at(lake.version).simulated
