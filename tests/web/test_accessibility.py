"""What axe finds on every kind of page, on a phone and at a desk: nothing serious."""

from __future__ import annotations

from importlib.resources import files

import pytest

from tests.web.test_browser import PAGES, address, browser, pytestmark, tab  # noqa: F401

AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")


@pytest.mark.parametrize(
    ("width", "pages"),
    # Colours, names and roles are the same at every width: every kind of page once, some of them at a desk too.
    [pytest.param(390, PAGES, id="390"), pytest.param(1440, PAGES[::4], id="1440")],
)
def test_axe_finds_nothing_serious(tab, width, pages):  # noqa: F811
    tab.set_viewport_size({"width": width, "height": 900})
    found = []
    for path in pages:
        tab.goto(path)
        # The pages forbid scripts of their own text; the debugger's hand is not bound by that.
        tab.evaluate(AXE)
        result = tab.evaluate("axe.run()")
        assert len(result["passes"]) > 10, path
        for violation in result["violations"]:
            if violation["impact"] in GRAVE:
                places = [node["html"][:160] for node in violation["nodes"]]
                found.append((path, violation["id"], len(places), places[0]))
    assert found == []
