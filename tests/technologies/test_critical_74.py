"""The seventy-four definitions that come with primacy, against the facts and the real texts.

`broad` must hold what `strict` holds, the topics that a technology maps must be hit, and every topic that is hit
without being mapped must have been looked at. The real texts are 20,000 titles and abstracts and 9,000 works.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from primacy.technologies.lint import lint
from primacy.technologies.matcher import Matcher, Matches
from primacy.technologies.portfolio import Portfolio, load_portfolio
from primacy.technologies.quality import read_topics, topic_hits, topic_summary
from primacy.technologies.technology import VARIANTS
from primacy.technologies.witness import witness

IDS = [path.stem for path in sorted(load_portfolio().path.glob("*.toml"))]
CONTAINED = 0.98
TOPICS_HIT = 0.80


class Wrapped(msgspec.Struct):
    """The inverted index of old records."""

    InvertedIndex: dict[str, list[int]]


class Text(msgspec.Struct):
    """A title and an abstract, given as text or as an inverted index (in old records as JSON within JSON)."""

    id: str
    title: str | None = None
    ab: str | None = None
    abstract_inverted_index: dict[str, list[int]] | str | None = None

    def abstract(self) -> str:
        """Return the abstract, its words put in order where it is an index."""
        index = self.abstract_inverted_index
        if self.ab is not None or index is None:
            return self.ab or ""
        if isinstance(index, str):
            index = msgspec.json.decode(index, type=Wrapped).InvertedIndex
        placed = {place: word for word, places in index.items() for place in places}
        return " ".join(placed[place] for place in sorted(placed))


def read_texts(shared: Path) -> dict[str, tuple[str, str]]:
    """Read every real title and abstract; the newest version of a work wins."""
    works = sorted((shared / "data" / "openalex" / "data" / "works").glob("*/*.gz"))
    texts = {}
    for path in [shared / "data" / "texts.jsonl.gz", *works]:
        with gzip.open(path, "rb") as lines:
            for line in lines:
                text = msgspec.json.decode(line, type=Text)
                texts[text.id] = (text.title or "", text.abstract())
    return texts


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return load_portfolio()


@pytest.fixture(scope="module")
def table(shared: Path) -> dict[str, dict[str, str]]:
    """The seventy-four of the facts, by id."""
    with (shared / "facts" / "technologies.csv").open(encoding="utf-8", newline="") as file:
        return {row["technology_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def matches(shared: Path, portfolio: Portfolio) -> Matches[tuple[str, str]]:
    """Every strict and broad query over the real texts, in one pass."""
    queries = {(t.id, variant): t.query(variant) for t in portfolio.values() for variant in VARIANTS}
    titles, abstracts = zip(*read_texts(shared).values(), strict=True)
    assert len(titles) > 29_000
    return Matcher(queries).match(pa.array(titles), pa.array(abstracts))


@pytest.fixture(scope="module")
def topics(shared: Path, portfolio: Portfolio) -> pa.Table:
    """The topics that the queries hit by name and keywords."""
    return topic_hits(portfolio.values(), read_topics(shared / "data" / "openalex" / "topics.csv"))


def test_the_ids_names_and_domains_are_those_of_the_facts(portfolio, table):
    assert set(portfolio) == set(table)
    for technology in portfolio.values():
        row = table[technology.id]
        assert (technology.name, technology.domain) == (row["name"], row["domain"])


def test_definitions_are_in_our_own_words(portfolio, table):
    for technology in portfolio.values():
        assert table[technology.id]["definition"] not in technology.definition, technology.id


@pytest.mark.parametrize("technology_id", IDS)
def test_a_file_is_complete(portfolio, technology_id):
    technology = portfolio[technology_id]
    empty = [name for name in ("scope_in", "scope_out", "topics", "notes") if not getattr(technology, name)]
    assert empty == []
    assert [change.version for change in technology.changelog][-1] == technology.version


def test_nothing_that_lint_finds_is_unexplained(portfolio):
    assert [str(finding) for finding in lint(portfolio.values()) if not finding.reason] == []


def test_broad_holds_what_strict_holds_in_the_real_texts(portfolio, matches):
    escaped = {}
    for technology_id in portfolio:
        strict, broad = (matches.texts((technology_id, variant)) for variant in VARIANTS)
        share = np.isin(strict, broad).mean() if len(strict) else 1.0
        if share < CONTAINED:
            escaped[technology_id] = f"{share:.1%} of {len(strict)}"
    assert escaped == {}


@pytest.mark.parametrize("technology_id", IDS)
def test_broad_holds_what_strict_holds_in_the_shortest_texts(portfolio, technology_id):
    """A text of nothing but the words that strict asks for: the hardest for a query of another angle."""
    technology, rng = portfolio[technology_id], np.random.default_rng(74)
    drawn = [witness(technology.strict, rng) for _ in range(60)]
    titles = pa.array([" of the ".join(words.title) for words in drawn], pa.string())
    abstracts = pa.array([" of the ".join(words.abstract + words.either) for words in drawn], pa.string())
    found = Matcher({v: technology.query(v) for v in VARIANTS}).match(titles, abstracts)
    strict, broad = (found.texts(variant) for variant in VARIANTS)
    assert len(strict) >= 55
    assert np.isin(strict, broad).mean() >= 0.95


def test_quality_was_measured_on_hits_that_there_are(portfolio, matches):
    for technology in portfolio.values():
        if technology.quality and technology.quality.sampled:
            count = len(matches.texts((technology.id, technology.quality.variant)))
            assert technology.quality.sampled <= max(20, count)


def test_mapped_topics_are_hit(topics):
    poor = {
        row["technology"]: f"{row['hit']} of {row['mapped']}"
        for row in topic_summary(topics).to_pylist()
        if not row["mapped"] or row["hit"] / row["mapped"] < TOPICS_HIT
    }
    assert poor == {}


def test_every_stranger_was_looked_at(topics):
    unlisted = [
        (row["technology"], row["topic"], row["name"])
        for row in topics.to_pylist()
        if row["finding"] in ("stranger", "unknown")
    ]
    assert unlisted == []


def test_a_reason_is_given_only_for_topics_that_are_hit(portfolio, topics):
    hit = {(row["technology"], row["topic"]) for row in topics.to_pylist() if row["broad"]}
    for technology in portfolio.values():
        stale = [s.topic for s in technology.strangers if (technology.id, s.topic) not in hit]
        assert stale == [], technology.id
