"""Every kind of page: there, safe, linked, and saying that its data are simulated."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from primacy.present.palette import COLOURS
from primacy.present.terminal import SIMULATED
from primacy.web.app import create_app
from primacy.workspace import Workspace
from tests.web import worlds
from tests.web.links import Page

PAGES = [
    "/", "/scoreboard/2015-2019", "/?window=2015-2019", "/technology/supercapacitors", "/technology/hostile",
    "/technology/hostile/2015-2019", "/technology/hostile?window=2015-2019", "/country/CN", "/country/EU27",
    "/country/US/2015-2019", "/institution/I1", "/institution/I2", "/institution/I2/2015-2019", "/compare",
    "/compare/CN,US", "/compare?units=CN,US,IN", "/compare/CN,US/2015-2019", "/compare/EU27,US",
    "/domain/energy-b-more-b", "/countries", "/institutions", "/method", "/data", "/about", "/api", "/search",
    "/search?q=quantum", "/search?q=%3Cscript%3E", "/figures/trend/hostile/years", "/figures/choices/hostile/2020-2024",
    "/models", "/models?by=origin", "/models/origin/downloads_all/text-generation", "/models/families",
    "/models/owners", "/compute", "/compute/flops16/standard", "/adopt", "/adopt/1e8", "/figures/chips/CN/years",
    "/figures/energy/H100/measured", "/figures/usable/open-small/tokens",
    "/claims", "/assessment", "/assessment/ai-technologies", "/assessment/unknown", "/figures/scores/energy/scores",
    "/figures/effects/energy/effects", "/figures/verdicts/technology/stages",
    "/figures/people/supercapacitors/2020-2024",
    "/map", "/map/all/2015-2019", "/map/hostile", "/figures/map/hostile/2020-2024",
    "/baskets", "/baskets/simulated/institution/2024/chemistry", "/baskets-lists/mine-csv/2024",
    "/figures/rules/origin/all", "/figures/basket/simulated,institution/2024,all",
    "/figures/mix/license/publisher,downloads_30d",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_page_is_there_and_safe(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    page = Page(answer.text)
    assert not page.inline
    assert not page.images_without_words
    assert SIMULATED in page.words
    assert "<script>alert" not in answer.text
    assert "<b>more" not in answer.text
    assert "None" not in page.words.split()


def test_every_link_leads_somewhere(client):
    """Followed from the first page on; other hosts appear only as the institution's public record."""
    seen, todo = set(), ["/"]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in Page(answer.text).links:
            if link.startswith("#"):
                assert f'id="{link[1:]}"' in answer.text
                continue
            target = urlsplit(urljoin(f"http://testserver{path}", link))
            if target.netloc != "testserver":
                assert target.netloc == "openalex.org"
                assert path.startswith("/institution/")
                continue
            # Pictures have a test of their own, and take long.
            if not re.search(r"\.(svg|png|parquet)$", target.path):
                todo.append(target.path + (f"?{target.query}" if target.query else ""))
    assert {
        "/technology/hostile",
        "/country/DE",
        "/institution/I2",
        "/compare/CN,US",
        "/data/leads.csv",
    } <= seen


def test_the_numbers_of_a_technology(client):
    text = Page(client.get("/technology/supercapacitors").text).words.replace("\N{NO-BREAK SPACE}", " ")
    said = "China wrote 50 % (95 % interval 40–60 %) of the top 10 % most cited papers on supercapacitors, 2020–2024."
    assert f"[SIMULATED DATA] {said}" in text
    assert "6 of the ten leading institutions are in China" in text


def test_the_scoreboard_counts_leaders_and_verdicts(client):
    text = Page(client.get("/").text).words
    assert "China writes the largest part" in text
    assert "in 2 of 3 critical technologies" in text
    assert client.get("/").text.count('class="tile ') == 3
    assert client.get("/").text.count("tile-leads") == 2  # the tile and its key


def test_the_data_page_says_what_columns_mean(client):
    text = " ".join(Page(client.get("/data").text).words.split())
    assert "a unit in a technology and window" in text
    assert "1 + number of units of its kind with a larger share" in text


def test_an_institution_says_where_it_is(client):
    assert "China" in Page(client.get("/institution/I1").text).words
    assert "China" not in Page(client.get("/institution/I2").text).words


def test_colours_are_those_of_the_palette(client):
    sheet = client.get("/static/colours.css").text
    assert all(f".u-{unit}{{--unit:{code}}}" in sheet for unit, code in COLOURS.items())


def test_no_style_sheet_or_script_asks_another_host(client):
    for name in ("tokens.css", "site.css", "colours.css", "site.js"):
        text = client.get(f"/static/{name}").text
        assert "http:" not in text
        assert "https:" not in text
        assert "@import" not in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404), ("/technology/none", 404), ("/technology/", 404), ("/country/ZZ", 404),
        ("/country/I1", 404), ("/institution/CN", 404), ("/scoreboard/1900-1904", 404), ("/compare/CN", 400),
        ("/compare/CN,CN", 400), ("/compare/CN,ZZ", 404), ("/technology/hostile/1900-1904", 404),
        ("/domain/none", 404), ("/figures/none/x/years", 404), ("/figures/trend/hostile/2020-2024", 404),
        ("/static/none.css", 404), ("/static/..%2F__init__.py", 404), ("/technology/hostile/2020-2024/x", 404),
        ("/models/nobody/downloads_30d/all", 404), ("/models/origin/downloads_30d", 404), ("/models?by=x", 404),
        ("/figures/adoption/origin,planet/downloads_30d,all", 404), ("/figures/mix/weight/origin,downloads_30d", 404),
        ("/compute/weight/all", 404), ("/compute/h100e/some", 404), ("/compute?measure=x", 404),
        ("/figures/chips/DE/years", 404),
        ("/figures/energy/Z80/measured", 404), ("/figures/usable/none/tokens", 404),
        ("/baskets/none/country/2024/all", 404), ("/baskets/simulated/bloc/2024/chemistry", 404),
        ("/baskets?year=x", 404),
        ("/baskets-lists/none/2024", 404), ("/baskets-lists/mine-csv/1999", 404),
        ("/assessment/none", 404), ("/figures/verdicts/all/stages", 404), ("/figures/scores/none/scores", 404),
        ("/figures/rules/origin/some", 404), ("/figures/adoption-history/origin/downloads_30d", 404),
    ],
)  # fmt: skip
def test_what_is_not_there(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_an_error_page_escapes_what_was_asked(client):
    answer = client.get("/technology/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


def test_real_data_do_not_say_simulated(tmp_path):
    real = TestClient(create_app(worlds.workspace(tmp_path / "w", simulated=False)))
    for path in ("/", "/technology/supercapacitors", "/figures/countries/supercapacitors/2020-2024.svg"):
        assert "simulated data" not in real.get(path).text.casefold()


def test_a_workspace_without_results_says_what_to_do(tmp_path):
    empty = TestClient(create_app(Workspace.init(tmp_path / "w")))
    assert "primacy run" in empty.get("/").text
    for path in (
        "/countries",
        "/institutions",
        "/models",
        "/models/families",
        "/models/owners",
        "/compute",
        "/adopt",
        "/baskets",
        "/claims",
        "/assessment",
        "/map",
        "/method",
        "/data",
        "/about",
        "/api",
        "/search",
    ):
        assert empty.get(path).status_code == 200, path
    assert empty.get("/compare").status_code == 404
    assert empty.get("/api/leads").status_code == 404


def test_results_that_change_are_shown_at_once(tmp_path):
    made = worlds.workspace(tmp_path / "w")
    live = TestClient(create_app(made))
    before = live.get("/")
    tables = worlds.tables()
    tables["leads"] = tables["leads"].slice(0, 4)
    Workspace.open(tmp_path / "w").results.write("research", tables, worlds.manifest())
    after = live.get("/", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "2 critical technologies" in after.text
