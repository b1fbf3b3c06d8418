"""Search: by code, by name, without case and accents, down to models and publishers."""

from __future__ import annotations

import pytest

from primacy.web.pages.search import PAGES, entries, search
from primacy.web.snapshot import Snapshot


def found(workspace, asked):
    return [(e["kind"], e["label"]) for e in search(Snapshot(workspace), asked).context["found"]]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("CN", ("country", "China")), ("chi", ("country", "China")),
        ("QUANTUM sens", ("technology", "Quantum sensors")),
        ("sïmulated lab", ("publisher of models", "Simulated Lab")),
        ("journals", ("page", "Journals: Count and Share")),
        ("ai-technologies", ("assessment", "AI technologies")),
    ],
)  # fmt: skip
def test_what_is_meant_comes_first(workspace, asked, first):
    assert found(workspace, asked)[0] == first


def test_what_is_not_there_is_not_found(workspace):
    assert found(workspace, "atlantis") == []


def test_every_entry_leads_to_a_page_and_a_place_on_it(workspace, client):
    every = entries(Snapshot(workspace))
    assert {e["kind"] for e in every} >= {"technology", "country", "bloc", "institution", "model", "page"}
    pages = {path: client.get(f"/{path}") for path in {e["path"] for e in every}}
    assert all(p.status_code == 200 for p in pages.values()), [
        k for k, p in pages.items() if p.status_code != 200
    ]
    for entry in every:
        if entry["at"]:
            assert f'id="{entry["at"]}"' in pages[entry["path"]].text, entry
    assert set(PAGES) <= set(pages)


def test_the_index_of_the_box_is_the_same(workspace, client):
    assert client.get("/search.json").json() == entries(Snapshot(workspace))
