"""The matcher: each operator by hand, then against a slow independent evaluator, then on real texts."""

from __future__ import annotations

import gzip
import json
import pickle
import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from primacy.technologies.matcher import Matcher
from primacy.technologies.matcher import matcher as module
from primacy.technologies.query import parse
from tests.oracles import query as oracle
from tests.oracles.query import Document
from tests.technologies.queries import QueryMaker


def matching(queries: list[str], documents: list[Document], **options: int) -> list[list[int]]:
    """For each query, the documents that it matches."""
    found = Matcher({text: parse(text) for text in dict.fromkeys(queries)}).match(
        pa.array([document.title for document in documents], pa.string()),
        pa.array([document.abstract for document in documents], pa.string()),
        topics=pa.array([document.topics for document in documents], pa.list_(pa.int64())),
        sources=pa.array([document.source for document in documents], pa.int64()),
        **options,
    )
    return [found.texts(text).tolist() for text in queries]


def expected(queries: list[str], documents: list[Document]) -> list[list[int]]:
    trees = [oracle.parse(text) for text in queries]
    return [[i for i, document in enumerate(documents) if oracle.holds(tree, document)] for tree in trees]


WORK = Document(
    title="Lithium-ion batteries: a Review",
    abstract="Solid-state electrolytes for the battery of tomorrow. Café, naïve Straße; CO₂ <sub>x</sub>",
    topics=[10, 20],
    source=7,
)


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        # terms match whole words, folded
        ("battery", True),
        ("BATTERY", True),
        ("batter", False),
        ("atteries", False),
        ("ion", True),
        ("cafe", True),
        ("CAFÉ", True),
        ("strasse", True),
        ("co2", True),
        ("sub", True),
        # prefixes
        ("batter*", True),
        ("batteries*", True),
        ("batteriesx*", False),
        ("b*", True),
        # phrases, and a hyphen is a space on both sides
        ('"lithium ion"', True),
        ("lithium-ion", True),
        ('"lithium—ion batter*"', True),
        ('"ion lithium"', False),
        ('"lithium batteries"', False),
        ('"solid state electrolyte"', False),
        ('"solid state electrolyte*"', True),
        ('"batteries a review"', True),
        # no phrase crosses the border between title and abstract
        ('"review solid"', False),
        ("review NEAR/0 solid", False),
        ("review NEAR/50 solid", False),
        # Booleans
        ("battery AND review", True),
        ("battery AND nothing", False),
        ("nothing OR review", True),
        ("nothing OR never", False),
        ("battery NOT nothing", True),
        ("battery NOT review", False),
        ("NOT nothing", True),
        ("NOT review", False),
        ("nothing OR NOT never", True),
        ("nothing NOT never OR review", True),
        ("nothing NOT (never OR review)", False),
        ("battery AND nothing OR review", True),
        ("battery AND (nothing OR review)", True),
        ("nothing AND battery OR never", False),
        # NEAR: the words between count, in either order
        ("solid NEAR/0 state", True),
        ("state NEAR/0 solid", True),
        ("solid NEAR/0 electrolytes", False),
        ("solid NEAR/1 electrolytes", True),
        ("electrolyte* NEAR/1 battery", False),
        ("electrolyte* NEAR/2 battery", True),
        ("battery NEAR/2 electrolyte*", True),
        ('"solid state" NEAR/2 "the battery"', True),
        ('"solid state" NEAR/1 "the battery"', False),
        ("(nothing OR tomorrow) NEAR/1 (never OR batter*)", True),
        ("NOT solid NEAR/0 state", False),
        # NEAR: no match overlaps itself or the other
        ("battery NEAR/5 battery", False),
        ("battery NEAR/5 batter*", False),
        ('"solid state" NEAR/5 state', False),
        ('"solid state" NEAR/5 solid', False),
        ("lithium NEAR/5 lithium*", False),
        # fields
        ("title:lithium", True),
        ("abstract:lithium", False),
        ("title:battery", False),
        ("title:batter*", True),
        ('abstract:"solid state"', True),
        ('title:"solid state"', False),
        ("title:(lithium AND review)", True),
        ("title:(lithium AND battery)", False),
        ("title:(lithium NOT battery)", True),
        ("title:(NOT solid)", True),
        ("abstract:(solid NEAR/1 electrolytes)", True),
        ("title:(solid NEAR/1 electrolytes)", False),
        ("NOT title:solid", True),
        ("topic:T10", True),
        ("topic:T20 AND source:S7", True),
        ("topic:T1", False),
        ("source:S10", False),
        ("battery NOT topic:T10", False),
    ],
)
def test_semantics_by_hand(query: str, holds: bool) -> None:
    assert matching([query], [WORK]) == [[0] if holds else []]
    assert expected([query], [WORK]) == [[0] if holds else []]


def test_repeated_words_can_stand_near_themselves() -> None:
    documents = [Document("a x a"), Document("a x"), Document("a a a"), Document("a", "a")]
    assert matching(["a NEAR/1 a", "a NEAR/0 a", '"a a" NEAR/0 a', '"a a" NEAR/0 "a a"'], documents) == [
        [0, 2],
        [2],
        [2],
        [],
    ]


def test_nothing_crosses_from_text_to_text() -> None:
    documents = [Document("x", "solid"), Document("state", "y"), Document("", "solid"), Document("", "state")]
    assert matching(['"solid state"', "solid NEAR/9 state", "stat*", "y"], documents) == [
        [],
        [],
        [1, 3],
        [1],
    ]


def test_missing_texts_topics_and_sources() -> None:
    matches = Matcher(
        {"not": parse("NOT a"), "topic": parse("NOT topic:T1"), "source": parse("source:S1")}
    ).match(
        pa.array([None, "a", None], pa.string()),
        pa.array([None, None, "A"], pa.string()),
        topics=pa.array([[None, 1], None, []], pa.list_(pa.int32())),
        sources=pa.array([None, 1, 2], pa.int64()),
    )
    assert [matches.texts(key).tolist() for key in matches.keys] == [[0], [1, 2], [1]]
    alone = Matcher({"topic": parse("topic:T1 OR source:S1 OR a")}).match(
        pa.array(["a", "b"]), pa.array(["", ""])
    )
    assert alone.texts("topic").tolist() == [0]


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view()])
def test_any_string_column_serves(type_: pa.DataType) -> None:
    titles = pa.chunked_array(
        [pa.array(["x", "solid state"], type_), pa.array([], type_), pa.array([None], type_)]
    )
    matches = Matcher({1: parse('"solid state"')}).match(titles, pa.array([None, "", "Solid—state"], type_))
    assert matches.text.tolist() == [1, 2]


def test_no_texts_and_no_queries() -> None:
    empty = pa.array([], pa.string())
    assert len(Matcher({1: parse("a")}).match(empty, empty)) == 0
    assert len(Matcher({}).match(pa.array(["a"]), pa.array(["a"]))) == 0
    assert Matcher({1: parse("NOT topic:T1")}).match(pa.array(["a"]), pa.array(["a"])).counts() == {1: 1}


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equal length"):
        Matcher({1: parse("a")}).match(pa.array(["a"]), pa.array(["a", "b"]))


def test_a_matcher_travels_to_other_processes() -> None:
    matcher = pickle.loads(pickle.dumps(Matcher({"a": parse("batter* NEAR/2 solid")})))
    assert matcher.match(pa.array(["solid battery"]), pa.array([None])).counts() == {"a": 1}


def test_matches_are_ordered_by_text_then_query() -> None:
    matches = Matcher({"b": parse("x*"), "a": parse("NOT y")}).match(
        pa.array(["x", "y", "xx"]), pa.array([None] * 3, pa.string())
    )
    assert list(zip(matches.text.tolist(), matches.query.tolist(), strict=True)) == [
        (0, 0),
        (0, 1),
        (2, 0),
        (2, 1),
    ]


# ---- against the oracle ---------------------------------------------------------------------------------

WORDS = ["a", "ab", "abc", "b", "bé", "ß", "c2", "電", "x"]
PASSAGES = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join) | st.text(
    st.sampled_from("aAbé½- .\u0301"), max_size=12
)
DOCUMENTS = st.builds(
    Document,
    title=PASSAGES,
    abstract=PASSAGES,
    topics=st.lists(st.integers(0, 3), max_size=3),
    source=st.none() | st.integers(0, 3),
)
LEAVES = st.sampled_from([*WORDS, "a*", "ab*", '"a b"', '"b a*"', '"a b ab"', "a-b*", "É"])
SIDES = LEAVES | st.lists(LEAVES, min_size=1, max_size=3).map(lambda parts: f"({' OR '.join(parts)})")
NEARS = st.builds("{} NEAR/{} {}".format, SIDES, st.integers(0, 4), SIDES)
WORDY = st.recursive(
    LEAVES | NEARS,
    lambda inner: (
        st.builds("({}){}({})".format, inner, st.sampled_from([" AND ", " OR ", " NOT "]), inner)
        | inner.map("NOT ({})".format)
    ),
    max_leaves=5,
)
RESTRICTED = (
    st.builds("{}:({})".format, st.sampled_from(["title", "abstract"]), WORDY)
    | st.integers(0, 3).map("topic:T{}".format)
    | st.integers(0, 3).map("source:S{}".format)
)
QUERIES = st.lists(WORDY | RESTRICTED, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" AND ", " OR ", " NOT "]).map(lambda operator: operator.join(parts))
)


@settings(deadline=None, max_examples=300)
@given(st.lists(QUERIES, min_size=1, max_size=4), st.lists(DOCUMENTS, max_size=6))
@example(["a AND (b OR NOT x) NOT (a NEAR/1 b)"], [Document("a x b", "b"), Document("½ a", "b́ a")])
def test_matcher_equals_the_oracle(queries: list[str], documents: list[Document]) -> None:
    assert matching(queries, documents) == expected(queries, documents)


def read_documents(shared: Path, chance: random.Random, count: int) -> list[Document]:
    with gzip.open(shared / "data" / "texts.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = chance.sample(list(lines), count)
    return [
        Document(
            title=text["title"] or "",
            abstract=text["ab"] or "",
            topics=[chance.randrange(4) for _ in range(chance.randrange(3))],
            source=chance.choice([None, 0, 1, 2]),
        )
        for text in map(json.loads, texts)
    ]


def test_matcher_equals_the_oracle_on_real_texts(shared: Path) -> None:
    chance = random.Random(20260501)
    documents = read_documents(shared, chance, 600)
    maker = QueryMaker(documents, chance)
    queries = [maker.query() for _ in range(400)]
    found = matching(queries, documents)
    assert found == expected(queries, documents)
    assert sum(0 < len(texts) < len(documents) for texts in found) > 200, (
        "the queries should tell texts apart"
    )


def test_batches_slices_and_threads_change_nothing(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    documents = read_documents(shared, chance, 300)
    maker = QueryMaker(documents, chance)
    queries = [maker.query() for _ in range(60)]
    whole = matching(queries, documents)
    monkeypatch.setattr(module, "_BATCH_TEXTS", 7)
    assert matching(queries, documents, threads=3) == whole
    monkeypatch.setattr(module, "_BATCH_BYTES", 2000)
    monkeypatch.setattr("primacy.technologies.matcher.nearness._TABLE_BYTES", 1)
    assert matching(queries, documents) == whole


def test_counts_and_texts_agree() -> None:
    matches = Matcher({"a": parse("a"), "b": parse("b")}).match(
        pa.array(["a b", "a", "c"]), pa.array([None] * 3, pa.string())
    )
    assert matches.counts() == {key: len(matches.texts(key)) for key in ("a", "b")} == {"a": 2, "b": 1}
    assert matches.text.dtype == np.int64
