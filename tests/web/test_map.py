"""The world map: the shares of the results, leaders outlined, countries too small named."""

from __future__ import annotations

from primacy.present.charts_map import CLASSES, countries_drawn, world
from primacy.present.palette import STEPS
from primacy.web.snapshot import Snapshot
from tests.web.test_models_pages import words


def test_every_country_with_a_code_is_drawn_once():
    assert len(countries_drawn()) == 173
    assert {"CN", "TW", "US", "IN", "BR", "ZA"} <= countries_drawn()
    assert len(STEPS) == len(CLASSES) + 1


def test_a_class_holds_its_lower_bound_and_not_its_upper():
    chart = world({"CN": 0.05, "US": 0.0499, "DE": 0.0}, outlined=[], title="", subtitle="", simulated=False)
    drawn = chart.to_dict(validate=False)
    (rows,) = [
        t["from"]["data"]["values"]
        for layer in drawn["layer"]
        for t in layer.get("transform", [])
        if "lookup" in t
    ]
    assert {r["id"]: r["class"] for r in rows} == {"CN": "5–10 %", "US": "2–5 %"}


def test_the_map_shows_the_results(client, workspace):
    rows = client.get("/figures/map/all/2020-2024.json").json()
    every = Snapshot(workspace).rows("overall", window="2020-2024", unit_kind="country")
    assert [(r["unit"], r["share"]) for r in rows] == [(r["unit"], r["share"]) for r in every]
    assert {r["unit"]: r["technologies_led"] for r in rows} == {"CN": 2, "US": 1, "IN": 0, "DE": 0}


def test_a_technology_has_its_own_map(client):
    assert "Quantum sensors on a map" in words(client, "/map?technology=quantum-sensors")
    assert words(client, "/map?technology=quantum-sensors&window=2015-2019") == words(
        client, "/map/quantum-sensors/2015-2019"
    )
    assert client.get("/map?technology=none").status_code == 404


def test_the_picture_asks_nobody(client):
    drawing = client.get("/figures/map/all/2020-2024.svg").text
    assert "http://www.w3.org" in drawing
    assert drawing.count("http") == drawing.count("http://www.w3.org")
