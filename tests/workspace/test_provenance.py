"""What the code is, and what a browser is told of it."""

from __future__ import annotations

from types import SimpleNamespace

from primacy._version import __version__
from primacy.web import site
from primacy.workspace.provenance import ROOMS, code_version, source_digest


def test_every_room_has_a_digest_of_its_own_and_together_they_have_another():
    digests = {rooms: source_digest(rooms) for rooms in (("present",), ("web",), ("present", "web"), ROOMS)}
    assert len(set(digests.values())) == len(digests)
    assert code_version() == {"primacy": __version__, "source": digests[ROOMS]}


def test_a_page_has_another_tag_when_what_shows_it_changes(monkeypatch):
    shown = SimpleNamespace(snapshot=SimpleNamespace(state="7"))
    before = site.Site.etag(shown, "/map?")
    assert before.startswith('W/"7-')
    assert site.Site.etag(shown, "/map?") == before
    assert site.Site.etag(shown, "/?") != before
    monkeypatch.setattr(site, "source_digest", lambda _: "another")
    assert site.Site.etag(shown, "/map?") != before
