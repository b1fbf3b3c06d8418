"""What figures draw, worked by hand."""

from __future__ import annotations

from primacy.present.palette import OTHER, colour
from primacy.web.figures import find
from primacy.web.figures.countries import largest_apart
from primacy.web.figures.technologies import _with_years_without_papers
from primacy.web.snapshot import Snapshot


def test_a_year_without_papers_is_drawn_as_nothing_not_bridged():
    rows = [{"unit": "NL", "year": 2015, "share": 0.2}, {"unit": "NL", "year": 2017, "share": 0.4}]
    others = [{"unit": "CN", "year": y, "share": 0.5} for y in (2015, 2016, 2017)]
    nobody = [{"unit": "CN", "year": 2018, "share": None}]
    drawn = _with_years_without_papers(rows, [*rows, *others, *nobody], ["NL"])
    assert [(r["year"], r["share"]) for r in drawn] == [(2015, 0.2), (2016, 0.0), (2017, 0.4)]


def test_those_furthest_apart_come_first(workspace):
    rows = largest_apart(Snapshot(workspace), "CN", "DE", "2020-2024")
    assert [(r["technology"], r["CN"], r["DE"]) for r in rows] == [
        ("hostile", 0.5, 0.1),
        ("supercapacitors", 0.5, 0.1),
        ("quantum-sensors", 0.25, 0.1),
    ]


def test_an_institution_wears_the_colour_of_its_country(workspace):
    figure = find(Snapshot(workspace), "institutions", "supercapacitors", "2020-2024")
    assert [r["country"] for r in figure.rows.to_pylist()] == ["CN", None]
    drawing = figure.svg()
    assert colour("CN") in drawing
    assert OTHER in drawing


def test_the_curve_counts_the_methods_in_which_the_leader_is_ahead(workspace):
    figure = find(Snapshot(workspace), "curve", "supercapacitors", "2020-2024")
    assert (
        "China is ahead in 89 % of the methods, by 20 percentage points in the middle one"
        in figure.description
    )


def test_slopes_go_from_the_oldest_window_to_the_newest(workspace):
    snapshot = Snapshot(workspace)
    figure = find(snapshot, "slope", "CN,IN", "years")
    assert [(r["unit"], r["window"]) for r in figure.rows.to_pylist()] == [
        ("CN", "2015-2019"), ("CN", "2020-2024"), ("IN", "2015-2019"), ("IN", "2020-2024")
    ]  # fmt: skip
