"""The tables of measured figures say what the files say that they were made from."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def measured():
    spec = importlib.util.spec_from_file_location("measured", DOCS / "_ext" / "measured.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_have_the_tables_that_the_files_make(measured):
    for page in measured.PAGES:
        text = page.read_text(encoding="utf-8")
        assert measured.filled(text) == text, f"{page.name}: run python docs/_ext/measured.py"


def test_every_table_is_on_a_page(measured):
    pages = "".join(page.read_text(encoding="utf-8") for page in measured.PAGES)
    assert all(f"<!-- measured: {name} -->" in pages for name in measured.TABLES)


def test_a_page_is_filled_between_its_marks(measured, monkeypatch):
    monkeypatch.setitem(measured.TABLES, "x", lambda: "| a |")
    page = "before\n<!-- measured: x -->\nold\n<!-- end -->\nafter\n"
    assert measured.filled(page) == "before\n<!-- measured: x -->\n\n| a |\n\n<!-- end -->\nafter\n"
