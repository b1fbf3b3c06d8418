from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from primacy.present.rows import encode
from primacy.present.spreadsheet import guarded, is_formula

EVALUATED = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-1+1",
    "-",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    '=HYPERLINK("http://x","y")',
]
TEXT = ["", "China", "a=b", " =1", "-2.5", "+3", "-1e-9", "-.5", "1-1", "'=1+1", "W-1"]


@pytest.mark.parametrize("text", EVALUATED)
def test_what_a_spreadsheet_evaluates_gets_an_apostrophe(text):
    assert is_formula(text)
    assert guarded(text) == f"'{text}"
    assert not is_formula(guarded(text))


@pytest.mark.parametrize("text", TEXT)
def test_other_text_stays_as_it_is(text):
    assert guarded(text) == text


def test_numbers_stay_numbers_and_json_and_parquet_stay_exact():
    table = pa.table({"name": ["=1+1", None, "China"], "change": [-0.5, None, 2.0], "n": [-1, 0, 1]})
    assert encode(table, "csv") == b'"name","change","n"\n"\'=1+1",-0.5,-1\n,,0\n"China",2,1\n'
    assert b'"name": "=1+1", "change": -0.5' in encode(table, "json")
    assert pa.parquet.read_table(io.BytesIO(encode(table, "parquet"))).equals(table)


def test_lists_and_headers_are_guarded_too():
    table = pa.table({"=h": pa.array([["@a", "b"], None], pa.list_(pa.string()))})
    assert encode(table, "csv") == b'"\'=h"\n"\'@a;b"\n\n'


@given(st.lists(st.text() | st.sampled_from(EVALUATED), min_size=1, max_size=5))
def test_no_cell_of_a_csv_is_ever_evaluated(texts):
    texts = [t.encode("utf-8", "ignore").decode().replace("\0", "") for t in texts]
    written = encode(pa.table({"text": pa.array(texts, pa.string()), "x": list(range(len(texts)))}), "csv")
    rows = list(csv.reader(io.StringIO(written.decode(), newline="")))[1:]
    assert len(rows) == len(texts)
    for (cell, _), text in zip(rows, texts, strict=True):
        assert not is_formula(cell)
        assert cell in (text, f"'{text}")
