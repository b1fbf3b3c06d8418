"""Every block of shell and Python in the documentation runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.blocks import blocks, run

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OTHERS = [p for p in PAGES if p != TUTORIAL and any(b.why is None for b in blocks(p))]
NEEDED = {"composite.md": "how-to/own-index.md"}
"""Pages that go on from the files of another."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A directory in which the tutorial was followed, with a smaller world than a reader's."""
    directory = tmp_path_factory.mktemp("tutorial")
    small = {"primacy demo demo": "primacy demo demo --works 2500"}
    _run_page(TUTORIAL, directory, small)
    return directory


def _run_page(page, directory, instead=None):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        patch.setenv("PRIMACY_WORKSPACE", "demo")
        patch.setenv("COLUMNS", "100")
        names = {}
        for block in blocks(page):
            if block.why is None:
                run(block, directory, names, instead=instead or {})


@pytest.mark.timeout(600)
def test_the_tutorial_can_be_followed(desk):
    assert (desk / "demo" / "primacy.toml").is_file()
    assert (desk / "curve.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", OTHERS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_blocks_of_a_page_run(page, desk, tmp_path):
    directory = tmp_path / "desk"
    shutil.copytree(desk, directory)
    if page.name in NEEDED:
        _run_page(ROOT / "docs" / NEEDED[page.name], directory)
    _run_page(page, directory)


def test_what_is_not_run_says_why():
    skipped = [b for p in PAGES for b in blocks(p) if b.why is not None]
    assert all(len(b.why.split()) > 2 for b in skipped)
