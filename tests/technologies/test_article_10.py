"""The ten technologies that the article names: six are the seventy-four's, four have queries of their own."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from primacy.technologies.lint import lint
from primacy.technologies.matcher import Matcher
from primacy.technologies.portfolio import load_portfolio
from primacy.technologies.quality import read_topics, topic_hits, topic_summary
from primacy.technologies.technology import VARIANTS
from primacy.technologies.witness import witness
from tests.technologies.test_critical_74 import read_texts

OWN = ("5g", "artificial-intelligence", "commercial-drones", "semiconductors")
SHARED = {
    "advanced-batteries": "electric-batteries",
    "computer-vision": "computer-vision",
    "nuclear-energy": "nuclear-energy",
    "quantum-computing": "quantum-computing",
    "quantum-sensors": "quantum-sensors",
    "synthetic-biology": "synthetic-biology",
}


@pytest.fixture(scope="module")
def ten():
    return load_portfolio("article-10")


def test_the_ten_are_six_of_the_seventy_four_and_four_of_their_own(ten):
    assert sorted(ten) == sorted([*OWN, *SHARED])


@pytest.mark.parametrize(("here", "there"), SHARED.items())
def test_the_shared_ones_say_what_the_seventy_four_say(ten, here, there):
    fields = ("definition", "scope_in", "scope_out", "topics", "strict", "broad", "strangers", "quality")
    ours, theirs = ten[here], load_portfolio()[there]
    assert [f for f in fields if getattr(ours, f) != getattr(theirs, f)] == []


def test_nothing_that_lint_finds_is_unexplained(ten):
    assert [str(finding) for finding in lint(ten.values()) if not finding.reason] == []


def test_topics_are_hit_and_strangers_were_looked_at(ten, shared):
    topics = topic_hits(ten.values(), read_topics(shared / "data" / "openalex" / "topics.csv"))
    assert all(row["hit"] >= 0.8 * row["mapped"] > 0 for row in topic_summary(topics).to_pylist())
    assert not [row for row in topics.to_pylist() if row["finding"] in ("stranger", "unknown")]


def test_broad_holds_what_strict_holds(ten, shared):
    titles, abstracts = zip(*read_texts(shared).values(), strict=True)
    queries = {(i, variant): ten[i].query(variant) for i in OWN for variant in VARIANTS}
    matches = Matcher(queries).match(pa.array(titles), pa.array(abstracts))
    for technology in OWN:
        strict, broad = (matches.texts((technology, variant)) for variant in VARIANTS)
        assert len(strict) > 0
        assert np.isin(strict, broad).mean() >= 0.98, technology


@pytest.mark.parametrize("technology", OWN)
def test_broad_holds_what_strict_holds_in_the_shortest_texts(ten, technology):
    rng = np.random.default_rng(10)
    drawn = [witness(ten[technology].strict, rng) for _ in range(60)]
    titles = pa.array([" of the ".join(words.title) for words in drawn], pa.string())
    abstracts = pa.array([" of the ".join(words.abstract + words.either) for words in drawn], pa.string())
    found = Matcher({v: ten[technology].query(v) for v in VARIANTS}).match(titles, abstracts)
    strict, broad = (found.texts(variant) for variant in VARIANTS)
    assert len(strict) >= 55
    assert np.isin(strict, broad).mean() >= 0.95
