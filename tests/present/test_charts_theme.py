"""What downloaded names may do to a drawing: nothing."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import altair as alt
import pytest

from primacy.present import charts_theme


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\ufffe", "\u202e"])
def test_a_character_that_no_svg_holds_is_replaced(character):
    name = f"a{character}b"
    chart = (
        alt.Chart(alt.Data(values=[{"label": name, "value": 1}])).mark_bar().encode(x="value:Q", y="label:N")
    )
    drawn = charts_theme.svg(charts_theme.specification(chart), title=name, description=name)
    assert ET.fromstring(drawn).tag.endswith("svg")
    assert character not in drawn
    assert drawn.count("a\N{REPLACEMENT CHARACTER}b") >= 3
