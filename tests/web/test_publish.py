"""The static site: whole, its links within it, whatever the path it is served under."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from primacy.cli import app as cli
from primacy.cli.globals import hoist
from primacy.errors import InputError
from primacy.present.rows import encode
from primacy.present.terminal import SIMULATED
from primacy.web.publish import publish
from primacy.web.site import Site
from primacy.web.snapshot import Snapshot
from tests.web.links import Page


@pytest.fixture(scope="module")
def site(workspace, tmp_path_factory):
    directory = tmp_path_factory.mktemp("published") / "site"
    with pytest.MonkeyPatch.context() as patch:
        # Figures take long: one comparison per country stands for all.
        every = Snapshot.peers
        patch.setattr(Snapshot, "peers", lambda self, unit: every(self, unit)[:1])
        done = publish(workspace, directory, png=False)
    assert done.files == sum(1 for p in directory.rglob("*") if p.is_file()) - 1  # all but its own mark
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


def test_again_gives_the_same_bytes(site, workspace, tmp_path, monkeypatch):
    some = ["", "technology/hostile", "domain/energy-b-more-b"]
    monkeypatch.setattr(Site, "paths", lambda self: iter(some))
    publish(workspace, tmp_path / "again", png=False)
    again = sorted(p for p in (tmp_path / "again").rglob("*") if p.is_file())
    assert len(again) > 40
    for path in again:
        assert path.read_bytes() == (site / path.relative_to(tmp_path / "again")).read_bytes(), path


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
