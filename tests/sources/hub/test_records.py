from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primacy.sources.hub.records import COUNTER_LIMIT, RejectedError, label, read_record


def record(**fields):
    return read_record({"id": "a/b", "downloads": 1, **fields})


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": None}, "id is missing"),
        ({"id": " "}, "id is missing"),
        ({"id": "a/b/c"}, "id is not a repository id: 'a/b/c'"),
        ({"id": "<script>"}, "id is not a repository id"),
        ({"id": "a\x1b[31m/b"}, "id is not a repository id"),
        ({"downloads": None}, "downloads is missing"),
        ({"downloads": ""}, "downloads is missing"),
        ({"downloads": float("nan")}, "downloads is missing"),
        ({"downloads": -1}, "downloads is negative: -1"),
        ({"downloads": "-3"}, "downloads is negative: -3"),
        ({"downloads": "many"}, "downloads is not a whole number: 'many'"),
        ({"downloads": 1.5}, "downloads is not a whole number: 1.5"),
        ({"downloads": float("inf")}, "downloads is not a whole number: inf"),
        ({"downloads": True}, "downloads is not a whole number: True"),
        ({"downloads": COUNTER_LIMIT + 1}, "downloads is absurd"),
        ({"downloadsAllTime": -5}, "downloadsAllTime is negative: -5"),
        ({"likes": 2**63}, "likes is absurd"),
    ],
)
def test_records_that_cannot_be_loaded_say_why(fields, reason):
    with pytest.raises(RejectedError) as caught:
        record(**fields)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(("value", "number"), [(7, 7), (7.0, 7), ("7", 7), ("7.0", 7), (" +7 ", 7), (0, 0)])
def test_counters_are_whole_numbers_in_any_clothes(value, number):
    assert record(downloads=value).downloads_30d == number


def test_missing_is_not_zero():
    bare = record()
    assert (bare.downloads_all, bare.likes, bare.created, bare.license, bare.task) == (None,) * 5
    assert bare.parents.ids == ()
    assert bare.unreadable == 0


BASES = {"relation": "quantized", "models": [{"_id": "1", "id": "c/d"}, {"_id": "2", "id": "e/f"}]}


@pytest.mark.parametrize(
    "value",
    [
        BASES,
        '{"relation": "quantized", "models": [{"_id": "1", "id": "c/d"}, {"_id": "2", "id": "e/f"}]}',
        "{'relation': 'quantized', 'models': array([{'_id': '1', 'id': 'c/d'}, {'_id': '2', 'id': 'e/f'}])}",
        "{'relation': quantized, 'models': [{'_id': 1, 'id': c/d}, {'_id': 2, 'id': e/f}]}",
    ],
)
def test_parents_are_read_from_structures_json_and_printed_forms(value):
    parents = record(baseModels=value).parents
    assert (parents.ids, parents.relation, parents.declared_in) == (("c/d", "e/f"), "quantized", "hub")


@pytest.mark.parametrize("value", [["c/d", "e/f"], '["c/d", "e/f"]', "[c/d, e/f]", "['c/d', 'e/f']"])
def test_several_parents_that_say_nothing_make_a_merge(value):
    parents = record(baseModels=value).parents
    assert (parents.ids, parents.relation) == (("c/d", "e/f"), "merge")


def test_tags_serve_where_the_hub_states_no_parents_and_cards_where_it_has_no_field_for_them():
    tags = ["base_model:c/d", "base_model:adapter:c/d", "license:mit"]
    card = {"base_model": "x/y", "base_model_relation": "finetune"}
    by_tag = record(tags=tags, cardData=card).parents
    assert (by_tag.ids, by_tag.relation, by_tag.declared_in) == (("c/d",), "adapter", "tag")
    assert record(tags=tags, baseModels=None).parents == by_tag
    for fields in ({}, {"tags": ["en"]}):
        by_card = record(cardData=card, **fields).parents
        assert (by_card.ids, by_card.relation, by_card.declared_in) == (("x/y",), "finetune", "card")
    unresolved = record(tags=["en"], cardData=card, baseModels=None)
    assert (unresolved.parents.ids, unresolved.card_only_parents) == ((), 1)


def test_a_parent_counts_once_and_what_is_no_repository_is_counted():
    parents = record(baseModels=["c/d", "c/d", "./local path", None, "e/f"]).parents
    assert (parents.ids, parents.invalid, parents.repeated) == (("c/d", "e/f"), 2, 1)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2024, 2, 28, 15, 24, 14),
        datetime(2024, 2, 28, 16, 24, 14, tzinfo=timezone(timedelta(hours=1))),
        datetime(2024, 2, 28, 15, 24, 14, tzinfo=UTC),
        "2024-02-28T15:24:14.000Z",
        "2024-02-28 15:24:14",
    ],
)
def test_moments_come_out_in_utc(moment):
    read = record(createdAt=moment, lastModified=moment)
    assert (read.created, read.last_modified) == ("2024-02-28", "2024-02-28T15:24:14")


def test_optional_fields_that_cannot_be_read_are_missing_and_counted():
    read = record(createdAt="yesterday", cardData='{"license": ', safetensors="{", gguf=7, tags=3)
    assert (read.created, read.license, read.size.parameters, read.unreadable) == (None, None, None, 3)


def test_licences_come_from_the_tag_then_the_card():
    assert record(tags=["license:MIT"], cardData='{"license": "other"}').license == "mit"
    assert record(cardData='{"license": ["apache-2.0", "mit"]}').license == "apache-2.0"


def test_hostile_text_stays_text_and_short():
    hostile = "<script>alert(1)</script>\x1b[2J\u202e" + "x" * 500
    read = record(pipeline_tag=hostile, cardData={"license": hostile})
    assert read.task == ("<script>alert(1)</script>[2J" + "x" * 500)[:100]
    assert read.license == read.task.lower()


@given(st.text())
def test_labels_never_hold_control_characters(text):
    clean = label(text)
    assert clean is None or (clean.isprintable() and 0 < len(clean) <= 100)


@given(
    st.dictionaries(
        st.sampled_from(
            ["tags", "cardData", "safetensors", "gguf", "baseModels", "createdAt", "likes", "pipeline_tag"]
        ),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["id", "models", "relation", "parameters", "total", "license"]), inner
                )
            ),
            max_leaves=8,
        ),
    )
)
def test_whatever_a_record_holds_it_is_read_or_rejected(fields):
    with contextlib.suppress(RejectedError):
        assert record(**fields).model_id == "a/b"
