"""Lists of texts cut out of JSON: what is plain at once, what is not one by one, what is no list not at all."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given

from primacy.sources.openalex import quoted


def cut(*lists: str) -> tuple[list[int], list[str | None]]:
    lengths, values = quoted.texts([msgspec.Raw(text.encode()) for text in lists])
    return lengths.tolist(), values.to_pylist()


@pytest.mark.parametrize(
    ("lists", "lengths", "values"),
    [
        ((), [], []),
        (("[]", "null"), [0, 0], []),
        (('["a"]',), [1], ["a"]),
        (('["a","bc"]', "[]", '["d"]', "null"), [2, 0, 1, 0], ["a", "bc", "d"]),
        (('[""]', '["",""]'), [1, 2], ["", "", ""]),
        (('["ä","漢"]', '["x"]'), [2, 1], ["ä", "漢", "x"]),
        (('["],["]', '["a"]'), [1, 1], ["],[", "a"]),
        # Not plain, and a list all the same.
        (('[ "a" , "b" ]', '["c"]'), [2, 1], ["a", "b", "c"]),
        (('["a\\"b"]', '["\\u0041"]'), [1, 1], ['a"b', "A"]),
        (('["a",null]', "[null]", "[ ]"), [2, 1, 0], ["a", None, None]),
    ],
)
def test_lists(lists: tuple[str, ...], lengths: list[int], values: list[str | None]) -> None:
    assert cut(*lists) == (lengths, values)


@pytest.mark.parametrize(
    "wrong", ['{"a":"b"}', "{}", "[1]", '["a",1]', '["a",["b"]]', '"a"', "true", "1234", '[{"a":"b"}]', "12"]
)
def test_what_is_no_list_of_texts_is_refused(wrong: str) -> None:
    for lists in ([wrong], ['["a"]', wrong, "[]"]):
        with pytest.raises(msgspec.ValidationError):
            cut(*lists)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9999) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)
listed = st.none() | st.lists(st.text(st.characters(codec="utf-8"), max_size=4), max_size=4)


@given(
    st.lists(listed | anything, max_size=5), st.booleans(), st.sampled_from([None, (", ", ": "), (",", ":")])
)
def test_equal_to_decoding_one_by_one(
    values: list[object], ascii_only: bool, separators: tuple[str, str] | None
) -> None:
    lists = [json.dumps(v, ensure_ascii=ascii_only, separators=separators) for v in values]
    sound = all(
        v is None or (isinstance(v, list) and all(x is None or isinstance(x, str) for x in v)) for v in values
    )
    if not sound:
        with pytest.raises(msgspec.ValidationError):
            cut(*lists)
        return
    expected = [v if isinstance(v, list) else [] for v in values]
    assert cut(*lists) == ([len(v) for v in expected], [x for v in expected for x in v])
