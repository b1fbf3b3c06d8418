"""Search: everything that has a page or a place on one, by its names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from primacy.web.page import Page
from primacy.web.snapshot import Snapshot, slug

__all__ = ["PAGES", "entries", "folded", "search"]

FOUND = 60
"""At most so many results of a search."""
PAGES = {
    "": "Scoreboard",
    "assessment": "Assessment",
    "claims": "Claims",
    "countries": "Countries",
    "map": "World map",
    "institutions": "Institutions",
    "baskets": "Journals: Count and Share",
    "models": "Models",
    "compute": "Compute",
    "adopt": "Which model to adopt",
    "compare": "Compare countries",
    "method": "Method",
    "data": "Data",
    "api": "API",
    "about": "About this build",
}
"""The pages that can be found by name."""
LISTED = ("page", "technology", "country", "bloc", "domain")
"""Kinds that are listed where nothing is asked."""

Entry = dict[str, str]


def folded(text: str) -> str:
    """Return a text as it is compared: without case and accents.

    Examples
    --------
    >>> folded("Türkiye, São Paulo")
    'turkiye, sao paulo'
    """
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def entries(snapshot: Snapshot) -> list[Entry]:
    """Return all that can be searched: label, kind, path, other words that find it, and its place on the page."""
    return [
        *_research(snapshot),
        *_models(snapshot),
        *({"label": text, "kind": "page", "path": p, "words": p, "at": ""} for p, text in PAGES.items()),
    ]


def _research(snapshot: Snapshot) -> Iterator[Entry]:
    for domain in snapshot.domains:
        for t in domain.technologies:
            yield _entry(t.name, "technology", f"technology/{t.id}", f"{t.id} {t.domain}")
    for kind in ("country", "bloc"):
        for u in snapshot.units(kind):
            yield _entry(snapshot.name(u), kind, f"country/{u}", u)
    for domain in snapshot.domains:
        yield _entry(domain.name, "domain", f"domain/{domain.id}", domain.id)
    for row in snapshot.rows("assessment"):
        yield _entry(row["name"], "assessment", f"assessment/{row['technology']}", row["technology"])
    for u in snapshot.units("institution"):
        yield _entry(snapshot.name(u), "institution", f"institution/{u}", u)


def _models(snapshot: Snapshot) -> Iterator[Entry]:
    owners = snapshot.rows(
        "adoption", unit_kind="owner", by="publisher", measure="downloads_30d", population="all"
    )
    for row in owners:
        yield _entry(row["unit"], "publisher of models", "models/owners", "", at=slug(row["unit"]))
    for row in snapshot.rows("lineage_roots"):
        yield _entry(row["root_id"], "model", "models/families", "", at=slug(row["root_id"]))


def _entry(label: str, kind: str, path: str, words: str, *, at: str = "") -> Entry:
    return {"label": label, "kind": kind, "path": path, "words": words, "at": at}


def search(snapshot: Snapshot, asked: str = "") -> Page:
    """Return what a search finds; what there is few of where nothing is asked."""
    every = entries(snapshot)
    words = folded(asked).split()
    if words:
        found = [e for e in every if all(w in folded(f"{e['label']} {e['words']}") for w in words)]
        found.sort(key=lambda e: _place(e, words[0]))
    else:
        found = [e for e in every if e["kind"] in LISTED]
    return Page(
        "search",
        "search.html",
        f"Search: {asked[:60]}" if asked else "Search",
        "Find a technology, a country, an institution or a model.",
        {"asked": asked, "found": found[: FOUND if words else None], "total": len(found)},
    )


def _place(entry: Entry, word: str) -> int:
    """Return the order of a hit: its code, then what begins so, then the rest; the script in the page does the same."""
    if folded(entry["words"]) == word:
        return 0
    return 1 if folded(entry["label"]).startswith(word) else 2
