from __future__ import annotations

import numpy as np
import pytest

from primacy.composite import Definition, Group, Indicator
from primacy.errors import InputError, UsageError

TWO_LEVELS = Definition(
    levels=("pillar", "sector"),
    indicators=(
        Indicator(path=("AI", "People"), weight=3),
        Indicator(path=("AI", "Money"), weight=1),
        Indicator(path=("Space", "People"), weight=7),
    ),
    groups=(Group(path=("AI",), weight=0.6), Group(path=("Space",), weight=0.4)),
)


def test_weights_sum_to_one_within_each_group():
    inner, outer = TWO_LEVELS.steps
    assert inner.weights.tolist() == [0.75, 0.25, 1.0]
    assert inner.parents == (("AI",), ("Space",))
    assert [m.tolist() for m in inner.members] == [[0, 1], [2]]
    assert outer.weights.tolist() == [0.6, 0.4]
    assert outer.parents == ((),)


def test_the_effective_weight_is_the_product_along_the_path():
    assert TWO_LEVELS.effective_weights().tolist() == pytest.approx([0.45, 0.15, 0.4])
    assert TWO_LEVELS.effective_weights().sum() == pytest.approx(1.0)


def test_a_group_without_a_stated_weight_weighs_one():
    definition = Definition(levels=TWO_LEVELS.levels, indicators=TWO_LEVELS.indicators)
    assert definition.steps[1].weights.tolist() == [0.5, 0.5]


def test_the_same_label_in_two_groups_is_two_indicators():
    assert TWO_LEVELS.find("AI / People") == ("AI", "People")
    assert TWO_LEVELS.find("Money") == ("AI", "Money")
    assert TWO_LEVELS.find(("Space",)) == ("Space",)
    with pytest.raises(InputError, match="'People' names 2 nodes"):
        TWO_LEVELS.find("People")
    with pytest.raises(InputError, match="no indicator or group 'Chips'"):
        TWO_LEVELS.find("Chips")


def test_keeping_some_indicators_keeps_the_groups_that_have_any():
    kept = TWO_LEVELS.keep([0, 1])
    assert kept.names == ("AI / People", "AI / Money")
    assert kept.steps[1].weights.tolist() == [1.0]


def test_reweighting_replaces_only_what_is_named():
    changed = TWO_LEVELS.reweighted({("AI",): 0.4, ("AI", "Money"): 3})
    assert changed.steps[0].weights.tolist() == [0.5, 0.5, 1.0]
    assert changed.steps[1].weights.tolist() == [0.5, 0.5]
    assert TWO_LEVELS.steps[0].weights.tolist() == [0.75, 0.25, 1.0]


def test_computed_weights_cannot_be_overwritten():
    with pytest.raises(ValueError, match="read-only"):
        TWO_LEVELS.steps[0].weights[0] = 1.0


def _one_level(*weights: float) -> Definition:
    return Definition(
        levels=("x",),
        indicators=tuple(Indicator(path=(f"x{k}",), weight=w) for k, w in enumerate(weights)),
    )


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: _one_level(0.0, 0.0), "the weights of x in the index sum to 0"),
        (lambda: _one_level(1.0, -0.5), "the weight of 'x1' is -0.5: weights cannot be negative"),
        (lambda: _one_level(1.0, np.inf), "the weight of 'x1' is inf: a finite number is needed"),
        (lambda: _one_level(np.nan), "the weight of 'x0' is nan: a finite number is needed"),
        (lambda: _one_level(), "an index needs at least one indicator"),
        (lambda: Definition(levels=(), indicators=()), "an index needs at least one level"),
        (
            lambda: Definition(levels=("x",), indicators=(Indicator(path=("a", "b")),)),
            "indicator 'a / b' has 2 labels; the index has 1 levels",
        ),
        (
            lambda: Definition(levels=("x",), indicators=(Indicator(path=("a",)), Indicator(path=("a",)))),
            "indicator 'a' is stated twice",
        ),
        (
            lambda: Definition(
                levels=("x", "y"), indicators=(Indicator(path=("a", "b")),), groups=(Group(path=("c",)),)
            ),
            "group 'c' has no indicator in it",
        ),
        (
            lambda: Definition(
                levels=("x", "y"),
                indicators=(Indicator(path=("a", "b"), weight=0), Indicator(path=("c", "b"))),
            ),
            "the weights of x in 'a' sum to 0",
        ),
        (
            lambda: Indicator(path=("a",), goalposts=(1.0, 1.0)),
            "goalposts of 'a' are .* give two finite numbers, low first",
        ),
        (lambda: Indicator(path=("a",), target=np.inf), "target of 'a' is inf"),
    ],
)
def test_a_malformed_definition_is_refused_by_name(build, message):
    with pytest.raises(InputError, match=message):
        build()


def test_a_direction_is_one_or_minus_one():
    with pytest.raises(UsageError, match="direction of 'a' is '0'; it takes 1 or -1"):
        Indicator(path=("a",), direction=0)
