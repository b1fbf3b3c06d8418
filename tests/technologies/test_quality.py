"""Quality of queries: labels, samples, overlaps and topics, by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from primacy.errors import InputError
from primacy.technologies.quality import (
    evaluate,
    overlap,
    read_labels,
    read_topics,
    sample_sheet,
    strata,
    topic_hits,
    topic_summary,
    wilson,
)
from primacy.technologies.technology import Stranger, Technology


def works(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


# ---- evaluate -------------------------------------------------------------------------------------------


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_equals_scipy(case: tuple[int, int]) -> None:
    interval = binomtest(*case).proportion_ci(method="wilson")
    assert wilson(*case) == pytest.approx((interval.low, interval.high), abs=1e-12)


def sheet(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return path


PLAIN = """work_id,relevant
W1,1
W2,1
W3,0
https://openalex.org/W4,yes
5,no
W6,
"""


def test_precision_and_recall_by_hand(tmp_path: Path) -> None:
    labels = read_labels(sheet(tmp_path, PLAIN))
    assert (labels.work.tolist(), labels.blank) == ([1, 2, 3, 4, 5], 1)
    table = evaluate("t", labels, {"strict": works(1, 3, 99), "broad": works(1, 2, 3, 5)})
    found = {(r["query"], r["measure"]): r for r in table.to_pylist()}
    assert len(found) == table.num_rows == 4
    for key, hits, labelled in [
        (("strict", "precision"), 1, 2),
        (("strict", "recall"), 1, 3),
        (("broad", "precision"), 2, 4),
        (("broad", "recall"), 2, 3),
    ]:
        row = found[key]
        assert (row["hits"], row["labelled"], row["estimate"]) == (hits, labelled, hits / labelled)
        assert (row["low"], row["high"]) == wilson(hits, labelled)


def test_a_stratified_sample_is_weighed(tmp_path: Path) -> None:
    # strict: 2 labelled of 10, one relevant; broad-only: 1 of 100, relevant; topic-only: 1 of 50, relevant.
    rows = ["W1,1,strict,10", "W2,0,strict,10", "W3,1,broad-only,100", "W4,1,topic-only,50"]
    text = "\n".join(["work_id,relevant,stratum,population", *rows])
    table = evaluate(
        "t", read_labels(sheet(tmp_path, text)), {"strict": works(1, 2), "broad": works(1, 2, 3)}
    )
    found = {(r["query"], r["measure"], r["stratum"]): r["estimate"] for r in table.to_pylist()}
    assert found["strict", "precision", "all"] == pytest.approx(5 / 10)
    assert found["broad", "precision", "all"] == pytest.approx((5 + 100) / 110)
    assert found["strict", "recall", "all"] == pytest.approx(5 / 155)
    assert found["broad", "recall", "all"] == pytest.approx(105 / 155)
    assert found["broad", "precision", "broad-only"] == 1
    assert ("strict", "precision", "broad-only") not in found


def test_nothing_found_has_no_precision(tmp_path: Path) -> None:
    table = evaluate(
        "t", read_labels(sheet(tmp_path, "id,label\nW1,0\n")), {"strict": works(), "broad": works(1)}
    )
    assert [(r["labelled"], r["estimate"], r["low"]) for r in table.to_pylist()] == [
        (0, None, None),
        (0, None, None),
        (1, 0.0, 0.0),
        (0, None, None),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id,title\n", "the column 'relevant' is missing"),
        ("relevant\n1\n", "the column 'work_id' is missing"),
        ("", "the column 'work_id' is missing"),
        ("work_id,relevant\nW1,maybe\n", ":2: relevant: 'maybe'"),
        ("work_id,relevant\nW1,1\nX2,1\n", ":3: work_id: 'X2'"),
        ("work_id,relevant\nW1,1\nW1,0\n", ":3: W1 is labelled twice"),
        ("work_id,relevant\nW1,\n", "no row is labelled"),
        ("work_id,relevant,population\nW1,1,many\n", ":2: population"),
    ],
)
def test_wrong_labels_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(InputError, match=r"labels\.csv") as caught:
        read_labels(sheet(tmp_path, text))
    assert reason in str(caught.value)


# ---- sample ---------------------------------------------------------------------------------------------

POPULATIONS = {"strict": works(*range(100)), "broad-only": works(*range(100, 104)), "topic-only": works()}


def test_strata_do_not_overlap() -> None:
    found = strata({"strict": works(3, 1), "broad": works(1, 2)}, works(1, 2, 3, 4, 5))
    assert {name: each.tolist() for name, each in found.items()} == {
        "strict": [1, 3],
        "broad-only": [2],
        "topic-only": [4, 5],
    }


def test_what_a_small_stratum_leaves_goes_to_the_others() -> None:
    drawn = sample_sheet("t", POPULATIONS, n=20).to_pandas()
    assert drawn.groupby("stratum").size().to_dict() == {"broad-only": 4, "strict": 16}
    assert drawn.groupby("stratum")["population"].first().to_dict() == {"broad-only": 4, "strict": 100}
    assert drawn["work_id"].is_unique
    assert sample_sheet("t", POPULATIONS, n=500).num_rows == 104


def test_a_draw_is_repeatable_and_its_own() -> None:
    one = sample_sheet("t", POPULATIONS, n=20)
    assert sample_sheet("t", {k: v[::-1] for k, v in POPULATIONS.items()}, n=20) == one
    assert sample_sheet("t", POPULATIONS, n=20, seed=1) != one
    assert sample_sheet("u", POPULATIONS, n=20) != one


# ---- overlap --------------------------------------------------------------------------------------------

SETS = st.dictionaries(st.sampled_from("abcd"), st.frozensets(st.integers(0, 8)))


@given(SETS)
def test_overlap_equals_sets(sets: dict[str, frozenset[int]]) -> None:
    found = overlap({name: works(*sorted(each)) for name, each in sets.items()}).to_pylist()
    expected = {
        (a, b): (
            len(sets[a]),
            len(sets[b]),
            len(sets[a] & sets[b]),
            len(sets[a] & sets[b]) / len(sets[a] | sets[b]),
        )
        for a in sets
        for b in sets
        if a < b and sets[a] & sets[b]
    }
    keys = ("works", "other_works", "shared", "jaccard")
    assert {(r["technology"], r["other"]): tuple(r[key] for key in keys) for r in found} == expected
    assert [r["shared"] for r in found] == sorted((r["shared"] for r in found), reverse=True)


# ---- topics ---------------------------------------------------------------------------------------------

TOPICS = """topic_id,topic,subfield,field,domain,keywords
T1,Battery Materials,s,f,d,Lithium; Cathodes
T2,Assault Law,s,f,d,Battery; Tort
T3,Lasers,s,f,d,Photons; Solid; State
T4,Fuel Cells,s,f,d,Hydrogen
"""


def test_topics_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "topics.csv"
    path.write_text(TOPICS, encoding="utf-8")
    technology = Technology(
        id="cells",
        name="Cells",
        domain="d",
        definition="d",
        strict_text="battery AND lithium",
        broad_text='batter* OR "solid state" OR hydrogen',
        topics=("T1", "T3", "T9"),
        strangers=(Stranger("T4", "fuel cells are near"),),
    )
    hits = topic_hits([technology], read_topics(path))
    keys = ("topic", "mapped", "strict", "broad", "finding", "reason")
    assert [tuple(row[key] for key in keys) for row in hits.to_pylist()] == [
        ("T1", True, True, True, None, None),
        ("T2", False, False, True, "stranger", None),
        ("T3", True, False, True, None, None),
        ("T4", False, False, True, "explained", "fuel cells are near"),
        ("T9", True, False, False, "unknown", None),
    ]
    assert topic_summary(hits).to_pylist() == [
        {
            "technology": "cells",
            "mapped": 2,
            "hit": 2,
            "share": 1.0,
            "strangers": 1,
            "explained": 1,
            "unknown": 1,
        }
    ]


def test_wrong_topics_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "topics.csv"
    path.write_text("topic_id,keywords\n17x,a\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"topics\.csv:2: topic_id: '17x'"):
        read_topics(path)
    path.write_text("topic,keywords\na,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="'topic_id' is missing"):
        read_topics(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_topics(tmp_path / "nowhere.csv")


def test_the_bundled_portfolio_hits_its_topics(shared: Path) -> None:
    from primacy.technologies.portfolio import load_portfolio

    table = read_topics(shared / "data" / "openalex" / "topics.csv")
    assert isinstance(table, pa.Table)
    summary = topic_summary(topic_hits(load_portfolio().technologies, table)).to_pylist()
    assert [row["technology"] for row in summary if row["unknown"]] == []
    assert [row["technology"] for row in summary if row["mapped"] and row["share"] < 0.8] == []
