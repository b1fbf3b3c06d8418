"""Abstracts in every form that records have had."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primacy.lake.store import Lake
from primacy.sources.openalex import abstracts, pull
from tests.sources.openalex.builders import rows, work, write

INDEX = {"to": [0, 4], "be": [1, 5], "or": [2], "not": [3]}
TEXT = "to be or not to be"
MAG = {"IndexLength": 6, "InvertedIndex": INDEX}

FORMS = {
    "an object": ({"abstract_inverted_index": INDEX}, TEXT),
    "text": ({"abstract_inverted_index": json.dumps(INDEX)}, TEXT),
    "with its length": ({"abstract_inverted_index": MAG}, TEXT),
    "text with its length": ({"abstract_inverted_index": json.dumps(MAG)}, TEXT),
    "the later field": ({"abstract_inverted_index": None, "abstract_inverted_index_v3": INDEX}, TEXT),
    "the later field, odd": ({"abstract_inverted_index_v3": MAG}, TEXT),
    "plain": ({"abstract": TEXT}, TEXT),
    "plain beside an empty index": ({"abstract_inverted_index": {}, "abstract": TEXT}, TEXT),
    "nothing": ({"abstract_inverted_index": None}, None),
    "empty": ({"abstract_inverted_index": {}}, None),
    "empty text": ({"abstract_inverted_index": ""}, None),
    "null as text": ({"abstract_inverted_index": "null"}, None),
    "a word without positions": ({"abstract_inverted_index": {"a": [], "b": [0]}}, "b"),
    "gaps": ({"abstract_inverted_index": {"a": [0], "b": [7]}}, "a b"),
    "a huge position": ({"abstract_inverted_index": {"a": [10**12], "b": [0]}}, "b a"),
    "a position beyond 64 bits": ({"abstract_inverted_index": {"a": [10**30], "b": [0]}}, "b a"),
    "one position twice": ({"abstract_inverted_index": {"b": [0], "a": [0], "c": [1]}}, "a b c"),
    "words of any kind": (
        {"abstract_inverted_index": {"InvertedIndex": [0], "{}": [1], 'é"': [2]}},
        'InvertedIndex {} é"',
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form(form, tmp_path):
    fields, text = FORMS[form]
    lake = Lake.create(tmp_path / "lake")
    summary = pull(lake, write(tmp_path / "w.jsonl", work(1, **fields), work(2)))
    assert (summary.read, summary.quarantined) == (2, 0)
    assert rows(lake, "texts", "work_id", "abstract") == [(1, text), (2, None)]


@pytest.mark.parametrize(
    "index",
    [
        "no json",
        "[1]",
        '"x"',
        '{"a": 1}',
        '{"a": [1.5]}',
        '{"a": [true]}',
        '{"a": [-1]}',
        '{"a": [[0]]}',
        "[" * 10**5,
    ],
)
def test_a_text_that_is_no_index_goes_into_quarantine(index, tmp_path):
    lake = Lake.create(tmp_path / "lake")
    summary = pull(lake, write(tmp_path / "w.jsonl", work(1, abstract_inverted_index=index), work(2)))
    assert (summary.read, summary.quarantined) == (1, 1)
    assert "abstract_inverted_index" in rows(lake, "quarantine", "reason")[0][0]


@given(st.lists(st.text(min_size=1).filter(lambda w: w.split() == [w]), max_size=30), st.randoms())
def test_an_index_gives_back_its_words(words, random):
    index: dict[str, list[int]] = {}
    for position, word in enumerate(words):
        index.setdefault(word, []).append(position)
    shuffled = list(index.items())
    random.shuffle(shuffled)
    assert abstracts.rebuild(dict(shuffled)) == (" ".join(words) or None)
    gaps = {w: [3 * p + 1 for p in positions] for w, positions in shuffled}
    assert abstracts.rebuild(gaps) == (" ".join(words) or None)
