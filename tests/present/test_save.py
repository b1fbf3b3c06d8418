from __future__ import annotations

import json
import re
import shutil

import altair as alt
import pytest

from primacy.errors import InputError, UsageError
from primacy.present.save import ENDINGS, save

HOSTILE = "</script><script>window.hurt=1</script><img src=x onerror=window.hurt=1>"
CHROMIUM = shutil.which("chromium")


@pytest.fixture
def chart():
    values = [{"name": HOSTILE, "share": 0.5}, {"name": "China", "share": 0.25}]
    return (
        alt.Chart(alt.Data(values=values))
        .mark_bar()
        .encode(x="share:Q", y="name:N")
        .properties(title=HOSTILE)
    )


STARTS = {".html": b"<!DOCTYPE html>", ".json": b"{", ".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<svg"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_is_written_and_the_same_twice(chart, tmp_path, ending):
    save(chart, tmp_path / f"a{ending}")
    save(chart, tmp_path / f"b{ending}")
    first = (tmp_path / f"a{ending}").read_bytes()
    assert first.startswith(STARTS[ending])
    if ending != ".pdf":  # the renderer writes the time into a PDF
        assert (tmp_path / f"b{ending}").read_bytes() == first


def test_a_picture_stands_on_white_paper(chart, tmp_path):
    save(chart, tmp_path / "a.svg")
    assert 'fill="#ffffff"' in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_names_are_data_in_a_page_and_nothing_is_loaded(chart, tmp_path):
    save(chart, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count("<script") == page.count("</script>") == 2
    around = page.partition('<script type="module">')[0]
    assert not re.search(r"<(script|link|img)[^>]*(src|href)=", around)
    inside = re.search(r'id="specification">(.*?)</script>', page, re.DOTALL)[1]
    values = json.loads(inside)["data"]["values"]
    assert values[0]["name"] == HOSTILE
    assert "&lt;/script&gt;" in re.search(r"<title>(.*)</title>", page)[1]


def test_names_are_text_in_a_picture(chart, tmp_path):
    save(chart, tmp_path / "a.svg")
    assert "<script" not in (tmp_path / "a.svg").read_text(encoding="utf-8")


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_page_draws_with_no_network_and_runs_no_name(chart, tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api")
    save(chart, tmp_path / "a.html")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(offline=True).new_page()
        faults: list[str] = []
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto((tmp_path / "a.html").as_uri())
        page.wait_for_selector("#chart svg")
        assert page.locator("#chart svg path").count() > 0
        assert page.evaluate("window.hurt") is None
        assert faults == []
        browser.close()


def test_what_cannot_be_written_is_refused_by_name(chart, tmp_path):
    with pytest.raises(UsageError, match=r"chart a.gif: end the name in .html, .json, .pdf, .png, .svg"):
        save(chart, tmp_path.__class__("a.gif"))
    with pytest.raises(InputError, match=r"no/a.svg: cannot be written \(No such file"):
        save(chart, tmp_path / "no" / "a.svg")
