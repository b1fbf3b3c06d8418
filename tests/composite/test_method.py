from __future__ import annotations

import numpy as np
import pytest

from primacy.composite import Method
from primacy.errors import UsageError

from .builders import flat


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"missing": "guess"}, "missing is 'guess'; it takes drop, zero, median"),
        ({"treat": "trim"}, "treat is 'trim'; it takes none, winsorise"),
        ({"normalise": "softmax"}, "normalise is 'softmax'; it takes none"),
        ({"weighting": "ahp"}, "weighting is 'ahp'; it takes given"),
        ({"weighting": ("given", "ahp")}, "weighting is 'ahp'"),
        ({"aggregate": "median"}, "aggregate is 'median'; it takes arithmetic"),
        ({"screen_units": 2.0}, r"screen_units is 2\.0; it takes a share"),
        ({"neighbours": 0}, "neighbours is 0; it takes a whole number from 1"),
        ({"most_winsorised": -1}, "most_winsorised is -1"),
        ({"floor": 0.0}, r"floor is 0\.0; it takes a number above 0"),
        ({"power": np.nan}, "power is nan; it takes a finite number"),
        ({"scale": 0.0}, r"scale is 0\.0; it takes a number above 0"),
        ({"scale": np.inf}, "scale is inf; it takes a number above 0"),
    ],
)
def test_a_setting_that_an_option_does_not_take_is_named(settings, message):
    with pytest.raises(UsageError, match=message):
        Method(**settings)


def test_a_list_per_level_must_have_one_method_for_each():
    assert Method(aggregate=["geometric"]).aggregations(("x",)) == ("geometric",)
    assert Method(aggregate="geometric").aggregations(("x", "y")) == ("geometric", "geometric")
    with pytest.raises(
        UsageError, match=r"aggregate lists 2 methods; give one, or one for each of the 1 lev"
    ):
        flat([[1], [2]], aggregate=("arithmetic", "geometric"))
    with pytest.raises(UsageError, match="weighting lists 2 methods"):
        flat([[1], [2]], weighting=("given", "equal"))
