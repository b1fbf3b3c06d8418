"""Witnesses: words that satisfy a query, checked against hand-worked trees."""

from __future__ import annotations

import numpy as np
import pytest

from primacy.technologies.query import parse
from primacy.technologies.witness import Vocabulary, Witness, witness


def draw(text, seed=0, words=()):
    return witness(parse(text), np.random.default_rng(seed), Vocabulary(words))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lithium", Witness(either=("lithium",))),
        ("lithium AND cell", Witness(either=("lithium", "cell"))),
        ('"solid state" NEAR/3 cell', Witness(either=("solid state cell",))),
        ("title:lithium AND abstract:cell", Witness(title=("lithium",), abstract=("cell",))),
        ("lithium NOT review", Witness(either=("lithium",))),
        ("NOT review", Witness()),
        ("topic:T12 AND source:S34 AND cell", Witness(either=("cell",), topics=(12,), sources=(34,))),
    ],
)
def test_what_a_query_needs(text, expected):
    assert draw(text) == expected


def test_an_or_takes_one_part_and_every_part_in_turn():
    drawn = {draw("iron OR nickel OR cobalt", seed).either for seed in range(40)}
    assert drawn == {("iron",), ("nickel",), ("cobalt",)}


def test_a_prefix_becomes_a_word_that_is_known():
    assert draw("batter*", words=["Battery packs"]).either == ("battery",)
    assert draw('"flow batter*"', words=["Battery packs"]).either == ("flow battery",)


def test_a_prefix_that_no_known_word_completes_still_matches():
    run = draw("zzyzx*", words=["battery"]).either[0]
    assert run.startswith("zzyzx")


def test_same_seed_same_words():
    query = "(a* OR b* OR c*) AND (d OR e OR f)"
    assert draw(query, 7) == draw(query, 7)
