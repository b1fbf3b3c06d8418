"""Which leads changed between two versions of the data, and which works did it: by hand, and against the oracle."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import worlds
from tests.oracles import versions as oracle

from primacy.lake.engine import Engine
from primacy.lake.tables import TABLES
from primacy.measures.method import Method, Window
from primacy.studies.versions import lead_changes


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.duckdb(threads=1)


def tables(records: list[dict]):
    """The tables of a lake in which every work belongs to the technology."""
    ids = {oracle.number(r["id"]) for r in records}
    made = worlds.tables(records, {"lasers": ids})
    titles = [{"work_id": i, "title": f"Work {i}"} for i in sorted(ids)]
    texts = pa.Table.from_pylist(titles, schema=TABLES["texts"].arrow)
    return lambda name: ibis.memtable(texts) if name == "texts" else made(name)


def record(number: int, country: str, citations: int) -> dict:
    return {
        "id": f"https://openalex.org/W{number}",
        "publication_year": 2020,
        "type": "article",
        "cited_by_count": citations,
        "authorships": [{"institutions": [{"id": None, "country_code": None}], "countries": [country]}],
    }


BEFORE = [record(1, "US", 10), record(2, "CN", 5), record(3, "CN", 1), record(4, "DE", 0)]


def changes(engine: Engine, before: list[dict], after: list[dict], **options):
    method = Method.from_options({"top": 0.25, **options})
    return lead_changes(tables(before), tables(after), engine, method=method, windows=[Window(2019, 2021)])


def test_a_work_that_enters_above_the_leaders_takes_the_lead(engine):
    # One of four works is highly cited: W1 of the US before, W5 of China after. The difference of their shares goes
    # from -1 to 1: half because W5 entered, half because W1 no longer scores. W4 left, and had no score.
    found = changes(engine, BEFORE, [*BEFORE[:3], record(5, "CN", 20)])
    assert found.leads.to_pylist() == [
        {
            "technology": "lasers", "window": "2019-2021", "leader_before": "US", "leader_after": "CN",
            "difference_before": -1.0, "difference_after": 1.0, "works_entered": 1, "works_left": 1,
            "works_changed": 1, "works": "W1 W5",
        }
    ]  # fmt: skip
    rows = [(r["rank"], r["work_id"], r["status"], r["contribution"]) for r in found.works.to_pylist()]
    assert rows == [
        (1, "W1", "changed", 1.0),
        (2, "W5", "entered", 1.0),
        (3, "W2", "rescaled", 0.0),
        (4, "W3", "rescaled", 0.0),
        (5, "W4", "left", 0.0),
    ]
    first = found.works.to_pylist()[0]
    assert (first["score_before"], first["score_after"]) == (1.0, 0.0)
    assert (first["credit_before"], first["credit_after"], first["title"]) == (-1.0, -1.0, "Work 1")


def test_a_lead_that_nobody_had_before_and_one_that_nobody_has_after(engine):
    (row,) = changes(engine, [], BEFORE).leads.to_pylist()
    assert (row["leader_before"], row["leader_after"], row["difference_after"]) == (None, "US", 1.0)
    (row,) = changes(engine, BEFORE, []).leads.to_pylist()
    assert (row["leader_before"], row["leader_after"], row["works_left"]) == ("US", None, 4)


def test_data_that_leave_the_leader_alone_change_nothing(engine):
    found = changes(engine, BEFORE, BEFORE[:2])
    assert (found.leads.num_rows, found.works.num_rows) == (0, 0)


@st.composite
def pairs(draw) -> tuple[list[dict], list[dict]]:
    """Records, and the same with some gone, some new and some of other citations or authors."""
    before = draw(worlds.worlds())
    others = {r["id"]: r for r in draw(worlds.worlds())}
    after = [others.pop(r["id"], r) if draw(st.booleans()) else r for r in before if draw(st.integers(0, 4))]
    known = {r["id"] for r in before}
    return before, [*after, *(r for i, r in others.items() if i not in known)]


@settings(max_examples=10)
@given(
    pair=pairs(),
    options=st.fixed_dictionaries(
        {
            "top": st.sampled_from([0.1, 0.25]),
            "ties": st.sampled_from(["fractional", "include"]),
            "counting": st.sampled_from(["fractional", "full", "first"]),
            "missing": st.sampled_from(["renormalise", "lose"]),
        }
    ),
)
def test_any_two_versions_equal_the_oracle(engine, pair, options):
    before, after = (
        oracle.competing(records, {oracle.number(r["id"]) for r in records}, (2019, 2021), **options)
        for records in pair
    )
    expected = oracle.lead_change(before, after)
    found = changes(engine, *pair, **options)
    if expected is None:
        assert found.leads.num_rows == 0
        return
    old, new, parts = expected
    (row,) = found.leads.to_pylist()
    assert (row["leader_before"], row["leader_after"]) == (old, new)
    assert row["difference_after"] == pytest.approx(
        oracle.share(after, new) - oracle.share(after, old), abs=1e-9
    )
    works = {oracle.number(r["work_id"]): r for r in found.works.to_pylist()}
    assert works.keys() == parts.keys()
    for work, contribution in parts.items():
        assert works[work]["contribution"] == pytest.approx(contribution, abs=1e-9)
        entered, left = work not in before, work not in after
        assert (works[work]["status"] == "entered", works[work]["status"] == "left") == (entered, left)
    moved = row["difference_after"] - row["difference_before"]
    assert sum(parts.values()) == pytest.approx(moved, abs=1e-9)
