"""The page on journals: kind, year and subject in the address; credit that resolves to nobody is shown, not ranked."""

from __future__ import annotations

from starlette.testclient import TestClient

from primacy.web.app import create_app
from tests.web import worlds
from tests.web.links import Page
from tests.web.test_models_pages import words


def test_the_plain_page_is_of_countries_in_the_newest_year(client):
    text = words(client, "/baskets")
    assert text == words(client, "/baskets/simulated/country/2024/all")
    assert "China has a Share of 60 (95 % interval 48–72) of the 100 articles of 2024" in text
    assert "rank 1 (1 to 3); adjusted change since 2023: −5 % (−20 to +20)" in text


def test_a_first_year_has_no_change(client):
    assert "adjusted change since" not in words(client, "/baskets?year=2023&by=institution")
    assert not client.get("/figures/basket-changes/simulated,country/2023,all.json").json()


def test_a_share_is_a_number_of_articles(client):
    text = words(client, "/baskets?by=institution")
    assert "650.0 %" not in text
    assert "6.5" in text


def test_who_is_not_known_counts_in_the_whole_and_has_no_rank(client):
    text = words(client, "/baskets")
    assert "Nobody known 10.0 %" in text
    rows = client.get("/figures/basket/simulated,country/2024,all.json").json()
    assert [r["unit"] for r in rows] == ["CN", "US"]


def test_the_trend_is_share_over_articles(client):
    rows = client.get("/figures/basket-trend/simulated,country/years.json").json()
    assert [(r["unit"], r["year"], r["part"]) for r in rows] == [
        ("CN", 2023, 0.6), ("CN", 2024, 0.6), ("US", 2023, 0.3), ("US", 2024, 0.3)
    ]  # fmt: skip


def test_the_switches_keep_the_rest_of_the_state(client):
    links = Page(client.get("/baskets/simulated/institution/2023/chemistry").text).links
    up = "../../../../"
    assert f"{up}baskets/simulated/institution/2024/chemistry" in links
    assert f"{up}baskets/simulated/country/2023/chemistry" in links
    assert f"{up}baskets/simulated/bloc/2023/all" in links  # blocs are not divided by subject


def test_another_list_stands_beside_it(client):
    text = words(client, "/baskets-lists/mine-csv/2024")
    assert "+24.5" in text
    assert "35.5" in text


def test_without_the_study_it_says_which_command_to_run(tmp_path):
    bare = TestClient(create_app(worlds.workspace(tmp_path / "w")))
    assert "primacy run institutions" in words(bare, "/baskets")
