from __future__ import annotations

import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import research as oracle

from primacy.lake.engine import Engine
from primacy.measures.impact import scored
from primacy.measures.method import Method

ENGINE = Engine.duckdb()
WORKS = {
    "technology": "string",
    "window": "string",
    "year": "int32",
    "work_id": "int64",
    "citations": "int64",
}


def score(citations: list[int], **options) -> list[float]:
    """Scores of one cell's works, in the order given."""
    works = ibis.memtable([("t", "2020-2020", 2020, i, c) for i, c in enumerate(citations)], schema=WORKS)
    rows = ENGINE.to_arrow(scored(works, Method(**options)).order_by("work_id"))
    return rows["score"].to_pylist()


# The vectors of the Leiden Ranking's rule at t = 0.1: citations, threshold, its weight.
VECTORS = [
    ([0, 0, 1, 1, 2, 3, 3, 3, 10, 10], 10, 0.5),
    ([0] * 5 + [5] * 5, 5, 0.2),
    ([0] * 95 + [1] * 5, 0, 5 / 95),
    ([0] * 20, 0, 0.1),
    (list(range(20)), 17, 0.0),
]


@pytest.mark.parametrize(("citations", "threshold", "weight"), VECTORS)
def test_ties_at_the_threshold_share_what_is_left_of_the_top_tenth(citations, threshold, weight):
    got = score(citations)
    expected = [1.0 if c > threshold else weight if c == threshold else 0.0 for c in citations]
    assert got == pytest.approx(expected, abs=1e-12)
    assert sum(got) == pytest.approx(0.1 * len(citations), abs=1e-12)


def test_ties_may_be_all_in_or_all_out():
    citations = [0] * 5 + [5] * 5
    assert score(citations, ties="include") == [0.0] * 5 + [1.0] * 5
    assert score(citations, ties="exclude") == [0.0] * 10
    assert score(list(range(20)), ties="include") == [0.0] * 17 + [1.0] * 3
    assert score(list(range(20)), ties="exclude") == [0.0] * 18 + [1.0] * 2


def test_a_single_work_scores_the_top_share():
    assert score([7]) == [0.1]
    assert score([0], top=0.25) == [0.25]


def test_works_compete_within_years_or_within_the_window():
    works = ibis.memtable(
        [("t", "w", 2020, 1, 9), ("t", "w", 2020, 2, 0), ("t", "w", 2021, 3, 5), ("t", "w", 2021, 4, 0)],
        schema=WORKS,
    )
    by_year = ENGINE.to_arrow(scored(works, Method(top=0.25)).order_by("work_id"))["score"].to_pylist()
    by_window = ENGINE.to_arrow(scored(works, Method(top=0.25, scope="window")).order_by("work_id"))
    assert by_year == [0.5, 0.0, 0.5, 0.0]
    assert by_window["score"].to_pylist() == [1.0, 0.0, 0.0, 0.0]


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=60),
    st.sampled_from([0.01, 0.05, 0.10, 0.25]),
    st.sampled_from(["fractional", "include", "exclude"]),
)
def test_scores_equal_the_oracle_and_total_the_top_share(citations, top, ties):
    got = score(citations, top=top, ties=ties)
    assert got == pytest.approx(oracle.scores(citations, top, ties), abs=1e-9)
    if ties == "fractional":
        assert sum(got) == pytest.approx(top * len(citations), abs=1e-9)
