"""Phrases that run over the border between two texts."""

from __future__ import annotations

import pytest

from primacy.simulate.borders import Borders
from primacy.technologies.query import parse


@pytest.mark.parametrize(
    ("phrase", "added", "text", "expected"),
    [
        ('"solar cell"', "It is solar", "Cell by cell.", True),
        ('"solar cell"', "Cell by cell.", "It is solar", True),
        ('"solar cell"', "It is solar", "Cells by cell.", False),
        ('"solar cell*"', "It is solar", "Cellular by cell.", True),
        ('"a b c"', "x a", "B c x", True),
        ('"a b c"', "x a", "B", False),
        ('"a b c"', "x a b", "C", True),
        ('"a b c"', "x b", "C", False),
        ("solar", "It is solar", "Cell by cell.", False),
        ('"cell cell"', "nothing", "Cell by cell", True),
    ],
)
def test_a_phrase_over_the_border(phrase, added, text, expected):
    borders = Borders([parse(f"x NEAR/2 y OR {phrase}")])
    borders.add(added)
    assert borders.touches(text) is expected
