"""Every block of shell and Python in the documentation runs."""

from __future__ import annotations

import shutil

import pytest

from tests.docs.blocks import ROOT, TUTORIAL, blocks, run_page

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OTHERS = [p for p in PAGES if p != TUTORIAL and any(b.why is None for b in blocks(p))]
NEEDED = {"claims.md": "how-to/own-claims.md", "composite.md": "how-to/own-index.md"}
"""Pages that go on from the files of another."""


@pytest.mark.timeout(600)
def test_the_tutorial_can_be_followed(desk):
    assert (desk / "demo" / "primacy.toml").is_file()
    assert (desk / "curve.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore")  # of PySpark and pandas among themselves
@pytest.mark.parametrize("page", OTHERS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_blocks_of_a_page_run(page, desk, tmp_path):
    directory = tmp_path / "desk"
    shutil.copytree(desk, directory)
    if page.name in NEEDED:
        run_page(ROOT / "docs" / NEEDED[page.name], directory)
    run_page(page, directory)


def test_what_is_not_run_says_why():
    skipped = [b for p in PAGES for b in blocks(p) if b.why is not None]
    assert all(len(b.why.split()) > 2 for b in skipped)
