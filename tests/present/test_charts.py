from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from primacy.errors import NotThereError, UsageError
from primacy.present import charts, charts_map
from primacy.present.charts import people
from tests.web import worlds


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Hand-written results: China half, the United States a quarter, India 0.15, Germany a tenth."""
    return worlds.workspace(tmp_path_factory.mktemp("charts") / "workspace")


def data(chart) -> list[list[dict]]:
    """Return the rows of each layer."""
    spec = chart.to_dict()
    layers = spec.get("layer", [spec])
    return [layer.get("data", spec.get("data"))["values"] for layer in layers]


def texts(chart) -> str:
    title = chart.to_dict()["title"]
    return " ".join([str(title["text"]), *title["subtitle"]])


def test_share_shows_each_country_with_its_interval(workspace):
    chart = charts.share(workspace, "supercapacitors", window="2020-2024")
    rows = data(chart)[0]
    assert [(r["label"], r["share"]) for r in rows] == [
        ("China", 0.5), ("United States", 0.25), ("India", 0.15), ("Germany", 0.1)
    ]  # fmt: skip
    assert rows[0]["low"] == pytest.approx(0.4)
    assert "Supercapacitors" in texts(chart)
    assert "2020–2024" in texts(chart)


def test_the_newest_window_is_the_default_and_limits_hold(workspace):
    assert "2020–2024" in texts(charts.share(workspace, "supercapacitors"))
    assert len(data(charts.share(workspace, "supercapacitors", limit=2))[0]) == 2
    with pytest.raises(UsageError, match="--limit 0"):
        charts.share(workspace, "supercapacitors", limit=0)


def test_bump_shows_ranks_in_every_window(workspace):
    rows = data(charts.bump(workspace, "supercapacitors", limit=2))[0]
    assert {(r["name"], r["window"], r["rank"]) for r in rows if r["name"] == "China"} == {
        ("China", "2015–2019", 1), ("China", "2020–2024", 1)
    }  # fmt: skip
    assert {r["name"] for r in rows} == {"China", "United States"}


def test_slope_shows_two_windows(workspace):
    chart = charts.slope(workspace, "supercapacitors")
    rows = data(chart)[0]
    assert {r["window"] for r in rows} == {"2015–2019", "2020–2024"}
    assert {r["label"] for r in data(chart)[2]} >= {"China 50 %", "United States 25 %"}
    with pytest.raises(UsageError, match="2020-2024 is both windows"):
        charts.slope(workspace, "supercapacitors", first="2020-2024")


def test_heatmap_shows_every_technology_and_year(workspace):
    rows = data(charts.heatmap(workspace, "CN"))[0]
    assert len(rows) == len(worlds.TECHNOLOGIES) * len(worlds.YEARS)
    with pytest.raises(NotThereError, match="no row with unit XX"):
        charts.heatmap(workspace, "XX")
    with pytest.raises(NotThereError, match="heatmap I1: no country or bloc"):
        charts.heatmap(workspace, "I1")


def test_the_map_knows_every_country_of_the_results(workspace, tmp_path):
    chart = charts.world_map(workspace, "supercapacitors")
    lookup = chart.to_dict()["layer"][1]["transform"][0]["from"]["data"]["values"]
    assert {r["id"] for r in lookup} == set(worlds.COUNTRIES)
    assert chart.to_dict()["layer"][2]["transform"][0]["filter"]["oneOf"] == ["CN"]
    assert "All technologies" in texts(charts.world_map(workspace))


def test_countries_are_drawn_as_land_or_as_dots():
    land, dots = charts_map.countries_drawn(), charts_map._points()
    assert {"CN", "US", "TW", "IN", "RU"} <= land
    assert {"SG", "HK", "MO", "MT", "BH", "LI"} <= set(dots)
    assert not land & set(dots)
    assert dots["SG"] == pytest.approx({"longitude": 103.8, "latitude": 1.36}, abs=0.1)
    layers = charts_map.world(
        {"SG": 0.3, "CN": 0.2}, outlined=[], title="t", subtitle="s", simulated=False
    ).to_dict()["layer"]
    assert [r["id"] for r in layers[-1]["data"]["values"]] == ["SG"]


def test_hostile_names_are_only_text(workspace):
    assert worlds.HOSTILE in texts(charts.share(workspace, "hostile"))
    rows = data(charts.share(workspace, "supercapacitors", by="institution"))[0]
    assert rows[1]["label"].startswith("<script>")


def test_every_chart_says_that_its_data_are_simulated(demonstration):
    technology = "advanced-batteries"
    for chart in (
        charts.share(demonstration, technology),
        charts.bump(demonstration, technology),
        charts.slope(demonstration, technology),
        charts.heatmap(demonstration, "CN"),
        charts.world_map(demonstration, technology),
        charts.spec_curve(demonstration, technology),
        charts.flows(demonstration, technology),
    ):
        assert "SIMULATED DATA" in texts(chart)


# ---------------------------------------------------------------------- flows


def test_flows_merge_all_but_the_largest_by_hand():
    rows = [
        {"origin": "CN", "destination": "CN", "authors": 6.0},
        {"origin": "CN", "destination": "US", "authors": 2.0},
        {"origin": "IN", "destination": "US", "authors": 1.0},
        {"origin": "DE", "destination": "FR", "authors": 0.5},
    ]
    assert people._merged(rows, 2) == [
        ("CN", "CN", 6.0), ("CN", "US", 2.0), ("others", "US", 1.0), ("others", "others", 0.5)
    ]  # fmt: skip


sizes = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE"), st.floats(0.1, 9)), min_size=1, max_size=12
)


@given(sizes, st.integers(1, 5))
def test_no_author_is_lost_in_merging_and_bars_fill_the_picture(links, limit):
    rows = [{"origin": a, "destination": b, "authors": n} for a, b, n in links]
    merged = people._merged(rows, limit)
    assert sum(n for _, _, n in merged) == pytest.approx(sum(n for _, _, n in links))
    stack = people._stack([(a, n) for a, _, n in merged])
    assert sum(high - low for low, high in stack.values()) == pytest.approx(1)
    assert len(stack) <= limit + 1


def test_flows_name_the_stages_that_there_are(demonstration):
    with pytest.raises(UsageError, match="no flow from cradle to grave; there is first to employment"):
        charts.flows(demonstration, "advanced-batteries", stages=("cradle", "grave"))
    with pytest.raises(NotThereError, match=r"no row with .*evidence telepathy"):
        charts.flows(demonstration, "advanced-batteries", evidence="telepathy")


def test_flows_are_those_that_people_state_where_they_state_any(demonstration):
    said = {"evidence": "orcid", "from_stage": "undergraduate", "to_stage": "employment"}
    worked = {"evidence": "affiliations", "from_stage": "first", "to_stage": "employment"}
    assert people._best_evidence([worked, said], None) == "orcid"
    assert people._best_evidence([worked, said], ("first", "employment")) == "affiliations"
    assert people._best_evidence([worked], None) == "affiliations"
    title = charts.flows(demonstration, "advanced-batteries").to_dict()["title"]
    assert "by affiliations" in str(title)  # it has no ORCID records


# ---------------------------------------------------------------------- refusals


def test_what_is_not_there_is_refused_by_name(workspace, tmp_path):
    with pytest.raises(NotThereError, match="--window 2000-2004: table shares has 2015-2019, 2020-2024"):
        charts.share(workspace, "supercapacitors", window="2000-2004")
    with pytest.raises(NotThereError, match="alchemy"):
        charts.share(workspace, "alchemy")
    with pytest.raises(NotThereError, match="no result table 'flows'"):
        charts.flows(workspace, "supercapacitors")


def test_ranks_over_time_need_two_windows(workspace, tmp_path):
    from primacy.workspace import Workspace

    ws = Workspace.init(tmp_path / "one")
    only = workspace.results.read("shares").filter(pa.compute.field("window") == "2020-2024")
    ws.results.write("research", {"shares": only}, {"settings": {}})
    with pytest.raises(UsageError, match="bump: the study has one window, 2020-2024"):
        charts.bump(Workspace.open(tmp_path / "one"), "supercapacitors")
