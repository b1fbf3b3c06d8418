"""A person's path through the explorer, in Chromium, where that is installed."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
import uvicorn

from primacy.web.app import create_app

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAGES = [
    "/", "/technology/hostile", "/country/CN", "/institution/I2", "/compare/CN,US", "/domain/energy-b-more-b",
    "/countries", "/institutions", "/method", "/data", "/about", "/api", "/search", "/map", "/models",
    "/models/families", "/models/owners", "/compute", "/adopt", "/baskets?by=institution",
    "/baskets-lists/mine-csv/2024",
    "/assessment", "/assessment/ai-technologies", "/claims", "/figures/rules/origin/all",
]  # fmt: skip

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def address(workspace):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(workspace), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser, address):
    """A tab that notes errors and requests to other hosts, and fails the test for either."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: faults.append(str(e)))
    page.on(
        "request",
        lambda r: faults.append(r.url) if urlsplit(r.url).netloc != urlsplit(address).netloc else None,
    )
    yield page
    context.close()
    assert not faults


def test_a_persons_path(tab):
    tab.goto("/")
    tab.keyboard.press("/")
    tab.keyboard.type("superc")
    tab.wait_for_selector("#hits a")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/technology/supercapacitors")
    tab.click("text=2015–2019")
    tab.wait_for_url("**/technology/supercapacitors/2015-2019")
    tab.click("button.copy >> nth=0")
    tab.wait_for_selector("text=Copied")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert "95 % interval" in copied
    assert "Source: primacy" in copied
    with tab.expect_download() as download:
        tab.evaluate("document.querySelector('a[href$=\".csv\"]').setAttribute('download', '')")
        tab.click("a[href$='.csv'] >> nth=0")
    assert download.value.path().read_text().startswith('"technology"')
    tab.click("section:has(#countries) a:has-text('India')")
    tab.wait_for_url("**/country/IN")
    tab.go_back()
    tab.click("table a:has-text('Simulated University CN-001')")
    tab.wait_for_url("**/institution/I1")
    tab.click("nav >> text=Compare")
    tab.fill("input[name=units]", "CN,DE")
    tab.click("text=Compare >> nth=-1")
    tab.wait_for_selector("h1:has-text('Germany')")
    tab.click("nav >> text=Models")
    tab.wait_for_selector("text=models from the United States have 45 %")
    tab.click(".pills >> text=by origin")
    tab.wait_for_url("**/models/origin/downloads_30d/all")
    tab.wait_for_selector("text=models from China have 55 %")
    assert tab.get_attribute(".pills a:has-text('by origin')", "aria-current") == "true"


def test_a_model_is_found_by_keyboard_and_its_place_is_marked(tab):
    tab.goto("/method")
    tab.keyboard.press("/")
    tab.keyboard.type("someone/")
    tab.wait_for_selector("#hits a")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/models/families#someone-*")
    assert tab.evaluate("document.querySelector('tr:target').textContent").strip().startswith("someone/")


def test_without_javascript_one_can_search_and_switch(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search?q=quantum")
    page.click("main a:has-text('Quantum sensors')")
    page.wait_for_url("**/technology/quantum-sensors")
    page.goto("/models")
    page.click("text=by origin")
    page.wait_for_selector("text=models from China have 55 %")
    page.goto("/adopt")
    page.select_option("select[name=utilization]", "0.9")
    page.click("text=Compare >> nth=-1")
    page.wait_for_url("**/adopt?*utilization=0.9*")
    page.wait_for_selector("text=The cheapest ways")
    context.close()


def test_the_keyboard_alone(tab):
    tab.goto("/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#main")
    tab.keyboard.press("/")
    tab.keyboard.type("hostile")
    tab.wait_for_selector("#hits a")
    tab.keyboard.press("Escape")
    assert tab.is_hidden("#hits")


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_nothing_overflows(tab, width):
    tab.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        tab.goto(path)
        over = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, path
        assert tab.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none", "no style"
