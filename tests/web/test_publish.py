"""The static site: whole, its links within it, whatever the path it is served under."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from primacy.cli import app as cli
from primacy.cli.globals import hoist
from primacy.errors import InputError, PrimacyError
from primacy.present.rows import encode
from primacy.present.terminal import SIMULATED
from primacy.web import figures
from primacy.web.publish import publish
from primacy.web.site import Site
from primacy.web.workers import Orders, workers
from primacy.web.writing import DRAWINGS, Done, Writer
from tests.web.links import Page


@pytest.fixture(scope="module")
def site(workspace, tmp_path_factory):
    directory = tmp_path_factory.mktemp("published") / "site"
    done = publish(workspace, directory, png=False, processes=2)
    assert done.files == sum(1 for p in directory.rglob("*") if p.is_file()) - 2  # all but its own marks
    return directory


def test_every_link_leads_to_a_file(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 50
    for path in pages:
        page = Page(path.read_text(encoding="utf-8"))
        assert SIMULATED in page.words, path
        assert not page.inline
        for link in page.links:
            target = urlsplit(link)
            if target.netloc == "openalex.org" or not target.path:
                continue
            assert not target.netloc, link
            assert not target.path.startswith("/"), link
            there = (path.parent / unquote(target.path)).resolve()
            assert there.is_relative_to(site.resolve()), (path, link)
            if not target.path.endswith(".png"):
                assert there.is_file(), (path, link)


def test_holds_the_pages_and_data_of_the_live_site(site, workspace):
    for name in (
        "index", "technology/hostile", "technology/hostile/2015-2019", "country/CN", "institution/I2", "compare",
        "compare/CN,US", "domain/energy-b-more-b", "method", "data", "about", "api", "search", "models",
        "models/origin/downloads_all/text-generation", "models/families", "models/owners",
        "compute", "compute/megawatts/all", "adopt", "adopt/1e8", "map", "map/all/2015-2019", "assessment", "claims",
        "assessment/ai-technologies", "baskets",
        "baskets/simulated/sector/2023/all", "baskets-lists/mine-csv/2024",
    ):  # fmt: skip
        assert (site / f"{name}.html").is_file(), name
    rows = workspace.show("shares")
    marked = rows.append_column("simulated", pa.array([True] * rows.num_rows))
    assert (site / "data" / "shares.csv").read_bytes() == encode(marked, "csv")
    assert "SIMULATED DATA" in (site / "figures/trend/hostile/years.svg").read_text(encoding="utf-8")


def test_one_process_writes_the_same_bytes_as_two(site, workspace, tmp_path, monkeypatch):
    some = ["", "technology/hostile", "domain/energy-b-more-b"]
    monkeypatch.setattr(Site, "paths", lambda self: iter(some))
    publish(workspace, tmp_path / "again", png=False, processes=1)
    again = sorted(p for p in (tmp_path / "again").rglob("*") if p.is_file() and p.name != DRAWINGS)
    assert len(again) > 40
    for path in again:
        assert path.read_bytes() == (site / path.relative_to(tmp_path / "again")).read_bytes(), path


def test_what_did_not_change_is_taken_over(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(Site, "paths", lambda self: iter(["technology/hostile"]))
    site = tmp_path / "site"
    publish(workspace, site, png=False)
    page, drawing = site / "technology/hostile.html", site / "figures/trend/hostile/years.svg"
    other = site / "figures/curve/hostile/2020-2024.svg"
    before = {p: (p.stat().st_ino, p.read_bytes()) for p in (page, drawing, other)}
    drawing.write_bytes(b"as it was drawn")  # in place: whoever draws it anew is found out
    page.write_bytes(b"not as it would be written")
    drawn = json.loads((site / DRAWINGS).read_bytes())
    drawn["figures/curve/hostile/2020-2024"] = "drawn of something else"
    (site / DRAWINGS).write_text(json.dumps(drawn), encoding="utf-8")
    publish(workspace, site, png=False, processes=1)
    assert drawing.read_bytes() == b"as it was drawn"
    assert drawing.stat().st_ino == before[drawing][0]
    assert page.read_bytes() == before[page][1]
    assert other.read_bytes() == before[other][1]
    assert other.stat().st_nlink == 1


def test_a_worker_that_lacks_letters_leaves_the_figure_to_one_that_has_them(workspace, tmp_path, monkeypatch):
    site = Site(workspace, static=True)
    found = figures.find(site.snapshot, "trend", "hostile", "years")
    monkeypatch.setattr(
        figures, "find", lambda *_: replace(found, description="清华大学", draw=chinese(found.draw))
    )
    for every_letter in (False, True):
        done = Done()
        writer = Writer(site, tmp_path, before=tmp_path / "none", png=False, every_letter=every_letter)
        writer.figures([found.path], done)
        assert (done.unlettered == [found.path]) is not every_letter
        assert (tmp_path / f"{found.path}.svg").is_file() is every_letter


def chinese(draw):
    def drawn(narrow):
        chart = draw(narrow)
        chart.title = "清华大学"
        return chart

    return drawn


def test_what_a_worker_refuses_is_refused_in_one_line(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(Site, "paths", lambda self: iter(["technology/none-such"]))
    with pytest.raises(PrimacyError, match="no technology 'none-such'"):
        publish(workspace, tmp_path / "s", png=False, processes=1)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_ends_is_named(tmp_path):
    orders = Orders(str(tmp_path), "", str(tmp_path), str(tmp_path), png=False, every_letter=True)
    with workers(orders, 1) as members:
        members._members[0]._process.kill()
        with pytest.raises(PrimacyError, match="a process that writes the site failed: exit code -9"):
            members.do("pages", [""], lambda more: None)


def test_replaces_its_own_site_and_nothing_else(workspace, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("all my work", encoding="utf-8")
    with pytest.raises(InputError, match="something else is there"):
        publish(workspace, other, png=False)
    assert (other / "thesis.txt").exists()


def test_the_command_writes_pictures_and_counts(workspace, tmp_path, monkeypatch):
    # Every picture takes long: two pages stand for all.
    monkeypatch.setattr(Site, "paths", lambda self: iter(["", "technology/supercapacitors"]))
    words = ["publish", str(tmp_path / "s"), "--workspace", str(workspace.path), "--format", "json"]
    done = CliRunner().invoke(cli, hoist(words))
    assert done.exit_code == 0, done.output
    assert '"pages": 2' in done.stdout
    assert (
        (tmp_path / "s/figures/countries/supercapacitors/2020-2024.png").read_bytes().startswith(b"\x89PNG")
    )
