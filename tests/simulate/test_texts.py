"""The words: what each work is about is what the matcher finds, and nothing else."""

from __future__ import annotations

import collections

import numpy as np
import pyarrow as pa
import pytest

from primacy.technologies.matcher import Matcher


def rebuild(index):
    if index is None:
        return None
    words = {place: word for word, places in index.items() for place in places}
    assert sorted(words) == list(range(len(words)))
    return " ".join(words[place] for place in range(len(words)))


def hits(portfolio, titles, abstracts, variant="strict"):
    matcher = Matcher({name: technology.query(variant) for name, technology in portfolio.items()})
    found = [set() for _ in titles]
    matches = matcher.match(pa.array(titles, pa.string()), pa.array(abstracts, pa.string()))
    for text, query in zip(matches.text.tolist(), matches.query.tolist(), strict=True):
        found[text].add(matches.keys[query])
    return found


def is_background(record):
    words = record["title"].removeprefix("Correction: ").split()
    assert words[:2] == ["Simulated", "paper"]
    return words[3] == "near" or "nothing in particular" in record["title"]


def written_about(record):
    return (
        record["keywords"][0]["id"]
        .removeprefix("https://openalex.org/keywords/simulated-")
        .removesuffix("-1")
    )


def test_every_work_hits_its_technology_and_only_what_the_overlap_says(portfolio, planned, live):
    _, library, _ = planned
    rows = [r for r in live.values() if not is_background(r)]
    found = hits(portfolio, [r["title"] for r in rows], [rebuild(r["abstract_inverted_index"]) for r in rows])
    names = list(library.technologies)
    for row, names_hit in zip(rows, found, strict=True):
        own = names.index(written_about(row))
        possible = {names[i] for i in np.flatnonzero(library.overlap[own])}
        if row["abstract_inverted_index"] is None:
            assert names_hit <= possible
        else:
            assert names[own] in names_hit
            assert names_hit <= possible


def test_background_works_hit_nothing(portfolio, live):
    rows = [r for r in live.values() if is_background(r)]
    assert 0.07 < len(rows) / len(live) < 0.11
    found = hits(portfolio, [r["title"] for r in rows], [rebuild(r["abstract_inverted_index"]) for r in rows])
    assert not set().union(*found)


def test_loose_works_hit_the_broad_query_of_their_technology(portfolio, live):
    rows = [r for r in live.values() if r["title"].removeprefix("Correction: ").split()[3] == "near"]
    rows = [r for r in rows if r["abstract_inverted_index"]]
    assert len(rows) > 100
    abstracts = [rebuild(r["abstract_inverted_index"]) for r in rows]
    found = hits(portfolio, [r["title"] for r in rows], abstracts, "broad")
    assert all(written_about(row) in names for row, names in zip(rows, found, strict=True))


def test_every_technology_has_units_of_its_own(planned):
    _, library, _ = planned
    assert min(len(units) for units in library.units) >= 5
    assert np.diag(library.overlap).min() == pytest.approx(1)
    alone = [sum(len(unit.technologies) == 1 for unit in units) for units in library.units]
    assert min(alone) >= 1


def test_some_works_belong_to_two_technologies(planned):
    _, library, _ = planned
    assert (library.overlap - np.eye(len(library.units)) > 0).any()


def test_abstracts_have_the_length_of_abstracts(live):
    lengths = [
        len(rebuild(r["abstract_inverted_index"]).split())
        for r in live.values()
        if r["abstract_inverted_index"]
    ]
    assert 140 < np.mean(lengths) < 200
    assert max(lengths) < 512


def test_titles_and_abstracts_say_what_they_are(live):
    for record in live.values():
        assert record["title"].removeprefix("Correction: ").startswith("Simulated paper ")
        if record["abstract_inverted_index"]:
            assert rebuild(record["abstract_inverted_index"]).startswith("Simulated abstract of record ")


def test_no_two_abstracts_are_the_same(live):
    texts = [rebuild(r["abstract_inverted_index"]) for r in live.values() if r["abstract_inverted_index"]]
    assert max(collections.Counter(texts).values()) == 1
