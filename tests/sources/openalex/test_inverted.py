"""Indices of a whole batch: the same texts as one at a time, and nothing that is not exactly an index."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primacy.sources.openalex import abstracts, inverted


def rebuild(*indices: str):
    data = [i.encode() for i in indices]
    return inverted.rebuild(b"".join(data), np.cumsum([len(d) for d in data], dtype=np.int64))


def test_by_hand():
    rebuilt = rebuild(
        '{"to":[0,4],"be":[1,5],"or":[2],"not":[3]}', '{"one":[0]}', '{"z":[],"é":[0],"{[:,":[1]}'
    )
    assert rebuilt.texts.to_pylist() == ["to be or not to be", "one", "é {[:,"]
    assert rebuilt.done.all()


def test_the_spacing_that_most_have_is_read():
    spaced = [json.dumps({"a": [0, 2], "b": [1]}), json.dumps({"c": [0]})]
    rebuilt = rebuild(*spaced, '{"d":[0]}')
    assert rebuilt.texts.to_pylist()[:2] == ["a b a", "c"]
    assert rebuilt.done.tolist() == [True, True, False]


LEFT = [
    "null", "{}", "", "[]", '{"a"', '{"a":[0]', '{"a":[0]}}', '{"a":[0],}', '{"a":0}', '{"a":"b"}', '{"a":["b"]}',
    '{"a":[[0]]}', '{"a":{"b":[0]}}', '{"a":[0],1,"b":[1]}', '{"a":[0,"b":[1]]}', '{"a":[-1]}', '{"a":[0.5]}',
    '{"a":[1e0]}', '{"a":[true]}', '{"a":[null]}', '{"a":[0,]}', '{"a":[,0]}', '{"a":[0,,1]}', '{"a":[0 1]}',
    '{"a":[0;1]}', '{"a":[00]}', '{"a":[01],"b":[0]}', '{"a":[1]}', '{"a":[0,0]}', '{"a":[0],"b":[0]}',
    '{"a":[0],"b":[2]}', '{"a":[1000000000000]}', '{"a\\"":[0]}', '{"\\u0061":[0]}', '{"a":[0]"b":[1]}',
    '{"a":[0],"b":[1]', '"a":[0]}', '{"IndexLength":1,"InvertedIndex":{"a":[0]}}', '{"a":[0]} ', ' {"a":[0]}',
    '{"a" :[0]}', '{"a":[0],"b":[1], "c":[2]}', '{"a":(0]}', '{"a":[0)}', '["a":[0]]', '{"":0}', '{"a":[0]}{"b":[0]}',
]  # fmt: skip


@pytest.mark.parametrize("text", LEFT)
def test_what_is_not_exactly_an_index_is_left(text):
    good = '{"x":[1],"y":[0]}'
    rebuilt = rebuild(good, text, good)
    assert rebuilt.done.tolist() == [True, False, True]
    assert rebuilt.texts[0].as_py() == rebuilt.texts[2].as_py() == "y x"
    assert not rebuild(text).done.any()


WORD = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4)


@given(
    st.lists(st.lists(WORD, max_size=12), min_size=1, max_size=5), st.sampled_from([(",", ":"), (", ", ": ")])
)
def test_it_equals_one_at_a_time(texts, separators):
    indices = []
    for words in texts:
        index: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            index.setdefault(word, []).append(place)
        indices.append(index)
    rebuilt = rebuild(*(json.dumps(i, ensure_ascii=False, separators=separators) for i in indices))
    for index, text, done in zip(indices, rebuilt.texts.to_pylist(), rebuilt.done, strict=True):
        if done:
            assert text == " ".join(w for _, w in sorted((p, w) for w, ps in index.items() for p in ps))
        else:
            assert not index or any(c in w for w in index for c in '"\\')


@settings(max_examples=300)
@given(
    st.text(alphabet='{}[]":,0123 -ab\\', max_size=24),
    st.integers(0, 30),
    st.text(alphabet='{}[]":,01 ab', max_size=3),
)
def test_whatever_is_done_was_json_with_that_text(noise, place, insertion):
    base = '{"a":[0,2],"b":[1]}'
    mutated = base[:place] + insertion + base[place:]
    for text in (noise, mutated):
        rebuilt = rebuild(base, text)
        assert rebuilt.done[0]
        assert rebuilt.texts[0].as_py() == "a b a"
        if rebuilt.done[1]:
            pairs = json.loads(text, object_pairs_hook=list)
            words = sorted((p, w) for w, positions in pairs for p in positions)
            assert [p for p, _ in words] == list(range(len(words)))
            assert rebuilt.texts[1].as_py() == " ".join(w for _, w in words)
            if len(dict(pairs)) == len(pairs):
                assert abstracts.from_text(text) == (rebuilt.texts[1].as_py() or None)
