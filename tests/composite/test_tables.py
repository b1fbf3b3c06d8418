from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from primacy.composite import (
    audit_table,
    groups_table,
    load_index,
    scores_table,
    sensitivity_table,
)
from primacy.errors import InputError

from .files import DATA, ROWS, write_index


def rows(table):
    return table.to_pylist()


def test_scores_hold_the_promised_keys_best_first(tmp_path):
    table = scores_table(load_index(write_index(tmp_path)))
    assert table.column_names[:6] == ["unit", "score", "rank", "rank_low", "rank_high", "coverage"]
    assert [(r["unit"], round(r["score"], 6), r["rank"]) for r in rows(table)] == [
        ("C", 80.0, 1),
        ("A", 74.0, 2),
        ("B", 52.0, 3),
    ]
    for row in rows(table):
        assert row["rank_low"] <= row["rank_median"] <= row["rank_high"]
        assert 0 <= row["first"] <= 1
    assert [r["indicators"] for r in rows(table)] == [1, 3, 2]
    assert table.schema.field("rank").type == pa.int64()


@pytest.mark.parametrize(
    ("missing", "note"),
    [
        ("drop", "1 of 3 missing: weights re-scaled over the others"),
        ("zero", "1 of 3 missing: scored as zero"),
        ("median", "1 of 3 missing: filled with the median of the others"),
        ("mean", "1 of 3 missing: filled with the mean of the others"),
        ("knn", "1 of 3 missing: filled from similar units"),
    ],
)
def test_the_table_says_what_was_done_where_values_are_missing(tmp_path, missing, note):
    table = scores_table(load_index(write_index(tmp_path, method=f'missing = "{missing}"')))
    found = {r["unit"]: r["note"] for r in rows(table)}
    assert found["A"] == ""
    assert found["B"] == note
    assert {r["unit"]: round(r["coverage"], 6) for r in rows(table)} == {"A": 1.0, "B": 0.85, "C": 0.4}


def test_the_table_says_who_is_left_out_set_apart_or_without_any_value(tmp_path):
    extra = ROWS + "D,People,AI,,3,0.6\n"
    data = DATA + 'apart = ["B"]'
    table = scores_table(load_index(write_index(tmp_path, rows=extra, data=data)))
    found = {r["unit"]: r for r in rows(table)}
    assert (
        found["B"]["note"]
        == "1 of 3 missing: weights re-scaled over the others; set apart: scored, not ranked"
    )
    assert (found["B"]["rank"], found["B"]["rank_low"], found["B"]["first"]) == (None, None, None)
    assert found["B"]["score"] == pytest.approx(52.0)
    assert (found["D"]["score"], found["D"]["rank"], found["D"]["coverage"]) == (None, None, 0.0)
    assert found["D"]["note"] == "no value: no score"
    assert [r["unit"] for r in rows(table)] == ["C", "A", "B", "D"]
    screened = scores_table(load_index(write_index(tmp_path, method="screen = { units = 0.5 }")))
    last = rows(screened)[-1]
    assert (last["unit"], last["score"]) == ("C", None)
    assert last["note"] == "left out: fewer than 0.5 of its values are there"


def test_a_gap_that_cannot_be_filled_is_said(tmp_path):
    header = "country,pillar,sector,value,pw,sw,region\n"
    body = "".join(f"{line},{line[0]}\n" for line in ROWS.splitlines()[1:])
    path = write_index(
        tmp_path,
        rows=header + body,
        data=DATA + 'unit_group = "region"',
        method='missing = "group-mean"',
    )
    found = {r["unit"]: r["note"] for r in rows(scores_table(load_index(path)))}
    assert found["B"] == "1 of 3 missing: weights re-scaled over the others"


def test_without_replicates_there_are_no_intervals(tmp_path):
    table = scores_table(load_index(write_index(tmp_path, uncertainty="replicates = 0")))
    assert {(r["rank_low"], r["rank_high"]) for r in rows(table)} == {(None, None)}


def test_sensitivity_holds_the_promised_keys(tmp_path):
    spec = load_index(write_index(tmp_path, uncertainty="replicates = 64"))
    table = sensitivity_table(spec)
    assert table.column_names[:3] == ["input", "first_order", "total"]
    assert {r["input"] for r in rows(table)} == {"weights", "normalise", "missing", "aggregate"}
    totals = [r["total"] for r in rows(table)]
    assert totals == sorted(totals, reverse=True)


def test_a_sensitivity_without_replicates_is_refused_by_name(tmp_path):
    spec = load_index(write_index(tmp_path, uncertainty="replicates = 0"))
    with pytest.raises(InputError, match=r"^index\.toml: replicates is 0"):
        sensitivity_table(spec)


def test_the_audit_is_one_finding_a_row(tmp_path):
    table = audit_table(load_index(write_index(tmp_path)))
    assert table.column_names == ["check", "level", "item", "other", "value", "flag"]
    found = {(r["check"], r["item"]): r for r in rows(table)}
    assert found["coverage", "AI / Money"]["value"] == pytest.approx(1 / 3)
    assert found["coverage", "AI / Money"]["flag"] == "low"
    assert found["weight", "AI / People"]["value"] == pytest.approx(0.45)
    # A statistic that two values do not have is null, not a number.
    assert found["kurtosis", "AI / Money"]["value"] is None


def test_groups_are_scored_and_ranked(tmp_path):
    table = groups_table(load_index(write_index(tmp_path)))
    found = {(r["group"], r["unit"]): r for r in rows(table)}
    assert found["AI", "A"]["score"] == pytest.approx(90.0)
    assert (found["Space", "B"]["rank"], found["AI", "C"]["rank"]) == (1, None)
    assert found["AI", "A"]["weight"] == pytest.approx(0.6)


def test_one_level_has_no_groups(tmp_path):
    data = DATA.replace('levels = ["pillar", "sector"]', 'levels = ["sector"]').splitlines()[:-1]
    one = "country,sector,value\nA,AI,1\nB,AI,2\n"
    assert groups_table(load_index(write_index(tmp_path, rows=one, data="\n".join(data)))).num_rows == 0


SCRIPT = """
import sys
from tests.composite.test_tables import written
sys.stdout.buffer.write(written(sys.argv[1]))
"""


def written(path):
    """The three tables of an index file as one stream of bytes."""
    spec = load_index(path)
    out = io.BytesIO()
    for make in (scores_table, sensitivity_table, audit_table):
        table = make(spec)
        with pa.ipc.new_stream(out, table.schema) as sink:
            sink.write_table(table)
    return out.getvalue()


def test_another_process_gives_the_same_bytes(tmp_path):
    path = write_index(tmp_path, uncertainty="replicates = 64")
    command = [sys.executable, "-c", SCRIPT, str(path)]
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(root / "src")}
    other = subprocess.run(command, capture_output=True, check=True, cwd=root, env=environment).stdout
    assert other == written(path)
    assert len(other) > 1000
