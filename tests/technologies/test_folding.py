"""Folding: case, accents, and what is a letter or a digit."""

from __future__ import annotations

import sys
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from primacy.technologies.folding import fold, fold_character, words
from primacy.technologies.matcher.folded import BORDER, END, GONE, PADDING, fold_texts
from tests.oracles import query as oracle


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lithium-Ion Battery", "lithium ion battery"),
        ("Na⁺‐ion—cells", "na ion cells"),
        ("snake_case", "snake case"),
        ("Müller naïve Ångström ÉCOLE", "muller naive angstrom ecole"),
        ("e\u0301cole cafe\u0301", "ecole cafe"),
        ("Straße STRASSE ẞ", "strasse strasse ss"),
        ("ﬁeld eﬀect", "field effect"),
        ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"),
        ("İstanbul", "istanbul"),
        ("CO₂ H₂O 10⁻³ m²", "co2 h2o 10 3 m2"),
        ("½ Ⅷ ｆｕｌｌ", "1 2 viii full"),
        ("graphene™ 25℃ ①", "graphene 25 1"),
        ("5G/6G; p<0.05", "5g 6g p 0 05"),
        ("<i>E. coli</i>", "i e coli i"),
        ("電池 Батарея ЙОД", "電池 батарея иод"),
        ("한국어", "한국어"),
        (unicodedata.normalize("NFD", "한국어"), "한국어"),
        ("soft\u00adhyphen zero\u200bwidth a\tb\nc\0d", "soft hyphen zero width a b c d"),
        ("x \u0301 y", "x y"),
        ("", ""),
        (" -- ", ""),
    ],
)
def test_what_folds_to_what(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert oracle.split(text) == folded.split()


def test_every_character_folds_on_its_own() -> None:
    """What lets a table fold texts: composed or decomposed, and folded again, a character gives the same."""
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        folded = fold_character(character)
        decomposed = unicodedata.normalize("NFD", character)
        if folded == character == decomposed:
            continue
        assert all(part.isalnum() or part == " " for part in folded), hex(code)
        assert "".join(map(fold_character, folded)) == folded, hex(code)
        if not 0xAC00 <= code <= 0xD7A3:
            assert "".join(map(fold_character, decomposed)) == folded, hex(code)


TEXTS = st.text(max_size=30) | st.text(
    st.sampled_from(
        "aB9 -_é\u0301ßﬁ½²™Σς\u0345αᾳİ\u0307한\u1112\u1161\u11abㄱㅏ\xa0\u200b電\U0001d400\U0010ffff"
    ),
    max_size=30,
)


@given(TEXTS)
@example("α\u0301\u0345")
def test_words_equal_the_oracle(text: str) -> None:
    assert words(text) == oracle.split(text)
    assert words(fold(text)) == words(text)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS | st.none(), TEXTS | st.none()), max_size=8))
@example([("½", None), ("a\u0301 \u0301 b", "\u1112\u1161\u11ab x"), (None, None), ("", "ﷺ")])
def test_a_batch_folds_like_its_texts(texts: list[tuple[str | None, str | None]]) -> None:
    folded = fold_texts(
        *(pa.array(column, pa.string()) for column in ([t for t, _ in texts], [a for _, a in texts]))
    )
    data = folded.data.tobytes().replace(bytes([GONE]), b"")
    *segments, padding = data.split(bytes([END]))
    assert padding == b" " * PADDING
    found = {}
    for segment, text in zip(segments, folded.text.tolist(), strict=True):
        if text >= 0:
            assert text not in found
            found[text] = [words.decode() for words in segment.split(bytes([BORDER]))]
    assert sorted(found) == list(range(len(texts)))
    for index, pair in enumerate(texts):
        for got, text in zip(found[index], pair, strict=True):
            assert got.startswith(" ")
            assert got.endswith(" ")
            assert got.split() == words(text or "")
