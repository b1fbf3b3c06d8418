from __future__ import annotations

import numpy as np
import pytest

from primacy.composite import audit

from .builders import flat, values
from .test_index import INDEX as TWO_LEVELS

X = np.array([[1.0, 1.1, 9.0, 0.0], [2.0, 2.0, 8.0, 0.0], [3.0, 3.2, 7.5, 0.0], [4.0, 3.9, 1.0, 5.0]])
ROWS = X.tolist()


def found(result, check, item=None):
    return [f for f in audit(result) if f.check == check and (item is None or f.item == item)]


def test_the_data_of_each_indicator():
    result = flat([*ROWS, [None, 5.0, 1.0, 0.0], [None, 6.0, 1.0, 0.0], [None, 7.0, 1.0, 0.0]]).run()
    (coverage,) = found(result, "coverage", "x1")
    assert (coverage.value, coverage.flag) == (pytest.approx(4 / 7), "low")
    (zeros,) = found(result, "zeros", "x4")
    assert (zeros.value, zeros.flag) == (pytest.approx(6 / 7), "many")
    assert found(result, "least", "x1")[0].value == 1.0
    assert found(result, "mean", "x1")[0].value == 2.5
    assert found(result, "greatest", "x1")[0].value == 4.0
    assert found(result, "skewness", "x4")[0].flag == "outliers"


def test_a_constant_indicator_is_flagged():
    result = flat([[1, 5], [2, 5], [3, 5]], normalise="minmax").run()
    assert found(result, "greatest", "x2")[0].flag == "constant"
    assert found(result, "greatest", "x1")[0].flag == ""


def test_pairs_that_say_the_same_or_the_opposite_are_flagged():
    result = flat(ROWS).run()
    flags = {(f.item, f.other): f.flag for f in found(result, "correlation")}
    assert flags["x1", "x2"] == "redundant"
    assert flags["x1", "x3"] == "opposed"
    assert len(flags) == 6


def test_an_indicator_against_the_others_is_negative_and_silent_ones_are_named():
    result = flat(ROWS, weights=[3, 3, 1, 1]).run()
    assert found(result, "with_score", "x3")[0].flag == "negative"
    importances = found(result, "importance")
    assert sum(f.value for f in importances) == pytest.approx(1.0)
    weights = found(result, "weight")
    assert [f.value for f in weights] == pytest.approx([0.375, 0.375, 0.125, 0.125])
    for weight, importance in zip(weights, importances, strict=True):
        low, high = importance.value < weight.value / 2, importance.value > weight.value * 2
        assert importance.flag == ("silent" if low else "dominant" if high else "")


def test_groups_have_their_consistency_and_dimensions():
    result = flat(ROWS).run()
    (alpha,) = found(result, "cronbach")
    assert (alpha.item, alpha.flag) == ("index", "low")
    assert found(result, "dimensions")[0].value >= 1
    assert 0.25 < found(result, "first_component")[0].value <= 1.0
    assert found(result, "dominance")[0].value == 0.0


def test_levels_correlate_with_their_group_and_with_the_score():
    result = TWO_LEVELS.change(missing="zero").run()
    assert [(f.item, f.other) for f in found(result, "with_group")] == [
        ("AI / People", "AI"),
        ("AI / Money", "AI"),
        ("Space / People", "Space"),
    ]
    assert {f.item for f in found(result, "with_score")} == {
        "AI / People",
        "AI / Money",
        "Space / People",
        "AI",
        "Space",
    }


def test_what_was_left_out_and_treated_is_reported():
    rows = [[float(v), 1.0 if v == 1 else None, None if v == 3 else 2.0] for v in range(1, 10)]
    rows.append([100.0, None, 2.5])
    result = flat(rows, screen_indicators=0.5, screen_units=0.9, treat="winsorise").run()
    left = {(f.item, f.flag): f.value for f in found(result, "screened")}
    assert left == {("x2", "left out"): pytest.approx(0.1), ("C", "left out"): pytest.approx(0.5)}
    (treated,) = found(result, "treated", "x1")
    assert (treated.value, treated.flag) == (1.0, "winsorised")


def test_a_bloc_is_outside_the_statistics():
    rows = [[1, 1], [2, 3], [100, 50]]
    result = flat(rows).change(values=values(rows, apart=frozenset({"C"}))).run()
    assert found(result, "greatest", "x1")[0].value == 2.0


def test_every_flag_is_a_known_word():
    known = {"", "left out", "low", "many", "constant", "outliers", "silent", "dominant", "negative"}
    known |= {"redundant", "opposed", "several", "winsorised", "log", "failed, still outlying"}
    flags = {f.flag for f in audit(flat(ROWS, treat="winsorise").run())}
    assert flags <= known
