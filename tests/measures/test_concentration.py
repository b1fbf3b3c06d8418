from __future__ import annotations

import csv
import gzip

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles import models as oracle

from primacy.measures.concentration import concentration


def computed(values):
    table = pa.table({"unit": [f"u{n}" for n in range(len(values))], "value": pa.array(values, pa.float64())})
    (row,) = concentration(ibis.memtable(table)).to_pyarrow().to_pylist()
    return row


def test_hand_worked():
    # shares 50, 30, 20, 0 %: HHI 2500 + 900 + 400; Gini (3*5 + 1*3 - 1*2 - 3*0) / (4 * 10)
    row = computed([5, 3, 2, 0])
    assert (row["hhi"], row["gini"], row["units"], row["total"]) == (
        3800.0,
        pytest.approx(0.4, abs=1e-14),
        4,
        10,
    )
    assert row["top1_share"] == 0.5


def test_the_extremes():
    assert computed([7])["hhi"] == 10_000
    assert computed([7])["gini"] == 0
    even = computed([1] * 200)
    assert (even["hhi"], even["gini"], even["top1_share"]) == (
        pytest.approx(50),
        pytest.approx(0, abs=1e-14),
        0.01,
    )
    one_of_many = computed([1] + [0] * 99)
    assert (one_of_many["hhi"], one_of_many["gini"]) == (10_000, pytest.approx(0.99))


@pytest.mark.parametrize(("n", "top"), [(1, 1), (99, 1), (100, 1), (101, 2), (200, 2), (700, 7), (701, 8)])
def test_the_top_one_per_cent_is_rounded_up(n, top):
    assert computed([1] * n)["top1_share"] == pytest.approx(top / n, abs=1e-12)


def test_nothing_has_no_concentration():
    for values in ([], [0, 0]):
        row = computed(values)
        assert (row["hhi"], row["gini"], row["top1_share"], row["total"]) == (None, None, None, 0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=150))
def test_any_values_equal_the_oracle(values):
    row = computed(values)
    expected = oracle.concentration(values)
    for name, value in expected.items():
        assert row[name] == (None if value is None else pytest.approx(value, abs=1e-9)), name
    if sum(values):
        assert row["gini"] == pytest.approx(oracle.gini_by_pairs(values), abs=1e-12)
        assert 0 <= row["gini"] < 1
        assert 10_000 / len(values) - 1e-6 <= row["hhi"] <= 10_000


def test_the_listing_of_july_2022(shared):
    with gzip.open(shared / "data/models/hub_downloads_2022-07.csv.gz", "rt", encoding="utf-8") as file:
        values = [int(r["downloads"]) for r in csv.DictReader(file)]
    assert len(values) == 55_524
    row = computed(values)
    for name, value in oracle.concentration(values).items():
        assert row[name] == pytest.approx(value, rel=1e-9), name
