"""Rows as JSON: made by columns, the same as made by records."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from primacy.present.rows import encode, encode_records

NUMBERS = st.none() | st.floats(allow_nan=True, allow_infinity=True)


def test_every_type_and_missing_values():
    table = pa.table(
        {
            'a "name" of 10 %': pa.array(["Łódź", None, 'x"\n'], pa.string()),
            "count": pa.array([1, -2, 2**62], pa.int64()),
            "rank": pa.array([1, None, 3], pa.int32()),
            "share": pa.array([0.1, float("nan"), None], pa.float64()),
            "single": pa.array([0.1, float("inf"), None], pa.float32()),
            "sure": pa.array([True, False, None], pa.bool_()),
            "units": pa.array([["CN", "US"], [], None], pa.list_(pa.string())),
        }
    )
    assert encode(table, "json") == encode_records(table.to_pylist())
    first, second, third = json.loads(encode(table, "json"))
    assert first['a "name" of 10 %'] == "Łódź"
    assert first["units"] == ["CN", "US"]
    assert second["share"] is second["single"] is None
    assert third["count"] == 2**62


@pytest.mark.parametrize(
    "table", [pa.table({"unit": pa.array([], pa.string())}), pa.table({"all": pa.nulls(2)})]
)
def test_no_rows_and_nothing_in_them(table):
    assert encode(table, "json") == encode_records(table.to_pylist())


@given(st.lists(st.tuples(st.none() | st.text(st.characters(codec="utf-8")), NUMBERS), max_size=20))
def test_by_columns_as_by_records(rows):
    table = pa.table(
        {
            "name": pa.array([r[0] for r in rows], pa.string()),
            "value": pa.array([r[1] for r in rows], pa.float64()),
        }
    )
    assert encode(table, "json") == encode_records(table.to_pylist())
    assert encode(table.slice(1, 5), "json") == encode_records(table.slice(1, 5).to_pylist())
