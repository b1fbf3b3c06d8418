"""The page of the institutions study: Count, Share, change and ranks in the journals of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from primacy.errors import NotThereError
from primacy.present.sentences_baskets import basket_sentence
from primacy.web import figures
from primacy.web.figures.baskets import (
    KINDS,
    UNASSIGNED,
    YEARS,
    BasketView,
    called,
    rows_of,
    subjects,
    view,
    years,
)
from primacy.web.page import Page
from primacy.web.snapshot import Row, Snapshot, slug

__all__ = ["baskets", "baskets_at", "list_pages", "lists", "views"]

LISTED = 60
REASONS = 12
BY_SUBJECT = ("institution", "country")


def views(snapshot: Snapshot) -> list[BasketView]:
    """Return every view that has a page."""
    found = []
    for basket, kind, year in product(snapshot.values("basket", "basket"), KINDS, years(snapshot)):
        topics = list(subjects(snapshot)) if kind in BY_SUBJECT else ["all"]
        found += [BasketView(basket, kind, year, topic) for topic in topics]
    return found


def baskets(snapshot: Snapshot, query: Mapping[str, str]) -> Page:
    """Return who publishes in the journals of a list, as the address asks or countries in the newest year."""
    if not snapshot.has("basket") or not years(snapshot):
        return _page("baskets", {"view": None})
    first = snapshot.values("basket", "basket")[0]
    return baskets_at(
        snapshot,
        query.get("basket") or slug(first),
        query.get("by") or "country",
        query.get("year") or str(years(snapshot)[0]),
        query.get("subject") or "all",
    )


def baskets_at(snapshot: Snapshot, basket: str, kind: str, year: str, subject: str) -> Page:
    """Return who publishes in the journals of a list."""
    chosen = view(snapshot, basket, kind, year, subject)
    rows = rows_of(snapshot, chosen)
    ranked = [r for r in rows if r["unit"] != UNASSIGNED]
    notes: Mapping[str, Any] = snapshot.studies["institutions"].get("basket", {})
    title = str(notes.get("title") or chosen.basket)
    where, when = f"{slug(chosen.basket)},{kind}", f"{year},{subject}"
    drawn = [
        figures.find(snapshot, "basket", where, when),
        figures.find(snapshot, "basket-changes", where, when),
        *([figures.of(snapshot, "basket-trend", where, "")] if subject == "all" else []),
    ]
    names = {r["unit"]: called(snapshot, r) for r in rows}
    return _page(
        chosen.path,
        {
            "view": chosen,
            "title": title,
            "rows": ranked[:LISTED],
            "total": len(ranked),
            "unassigned": next((r for r in rows if r["unit"] == UNASSIGNED), None),
            "articles": rows[0]["articles"] if rows else 0,
            "names": names,
            "sentences": [
                basket_sentence(
                    r,
                    unit=snapshot.said(r["unit"]) if kind in ("country", "bloc") else names[r["unit"]],
                    title=title,
                    simulated=snapshot.simulated,
                )
                for r in ranked[:2]
            ],
            "figures": [f for f in drawn if not f.empty],
            "switches": _switches(snapshot, chosen),
            "reasons": _reasons(snapshot, chosen) if subject == "all" else [],
            "journals": _journals(snapshot, chosen) if subject == "all" else [],
            "venues": snapshot.rows("basket_venues", basket=chosen.basket),
            "others": snapshot.values("basket_lists", "other_basket")
            if chosen.year in _list_years(snapshot)
            else [],
            "notes": notes,
            "slug": slug,
        },
    )


def _switches(snapshot: Snapshot, chosen: BasketView) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Return each choice with its options: what it is called, the page to go to, and whether it is chosen."""

    def to(**changes: Any) -> str:
        new = replace(chosen, **changes)
        return (new if new.kind in BY_SUBJECT else replace(new, subject="all")).path

    return [
        ("List", [(b, to(basket=b), b == chosen.basket) for b in snapshot.values("basket", "basket")]),
        ("By", [(text, to(kind=k), k == chosen.kind) for k, text in KINDS.items()]),
        ("Year", [(str(y), to(year=y), y == chosen.year) for y in years(snapshot)]),
        (
            "Subject",
            [
                ("every subject" if s == "all" else text, to(subject=s), s == chosen.subject)
                for s, text in subjects(snapshot).items()
            ]
            if chosen.kind in BY_SUBJECT
            else [],
        ),
    ]


def _reasons(snapshot: Snapshot, chosen: BasketView) -> list[Row]:
    """Return why the Shares of the largest units changed, exact to rounding."""
    rows = snapshot.rows(
        "basket_decomposition", basket=chosen.basket, unit_kind=chosen.kind, year=chosen.year
    )
    kept = [r for r in rows if r["unit"] != UNASSIGNED and r["change"] is not None]
    return sorted(kept, key=lambda r: (-r["share"], r["unit"]))[:REASONS]


def _journals(snapshot: Snapshot, chosen: BasketView) -> list[Row]:
    """Return the units whose rank hangs most on one journal."""
    rows = snapshot.rows("basket_journals", basket=chosen.basket, unit_kind=chosen.kind, year=chosen.year)
    moved = [r for r in rows if r["rank_change"] and r["unit"] != UNASSIGNED]
    return sorted(moved, key=lambda r: (-abs(r["rank_change"]), r["rank"], r["venue"]))[:REASONS]


def _page(path: str, context: Mapping[str, Any]) -> Page:
    return Page(
        path,
        "baskets.html",
        "Who publishes in the journals that scientists choose?",
        "Count, Share, adjusted change and ranks, each with its interval, in the journals of a list.",
        context,
    )


def list_pages(snapshot: Snapshot) -> list[str]:
    """Return the path of every comparison of two lists that pages link to."""
    others = snapshot.values("basket_lists", "other_basket")
    return [f"baskets-lists/{slug(o)}/{y}" for o in others for y in _list_years(snapshot)[:YEARS]]


def _list_years(snapshot: Snapshot) -> list[int]:
    there = set(snapshot.table("basket_lists")["year"].to_pylist()) if snapshot.has("basket_lists") else set()
    return sorted(there, reverse=True)


def lists(snapshot: Snapshot, other: str, year: str) -> Page:
    """Return a year under another list: what of a difference the list makes, and what the units.

    Raises
    ------
    NotThereError
        The results compare with no such list, or not in that year.
    """
    known = {slug(b): b for b in snapshot.values("basket_lists", "other_basket")}
    there = _list_years(snapshot)
    if other not in known or year not in [str(y) for y in there]:
        raise NotThereError(f"list '{other[:40]}' in {year[:10]}: there are {', '.join(known) or 'none'}")
    rows = snapshot.rows("basket_lists", other_basket=known[other], year=int(year))
    kinds = [(k, [r for r in rows if r["unit_kind"] == k][:30]) for k in ("country", "institution")]
    return Page(
        f"baskets-lists/{other}/{year}",
        "baskets_lists.html",
        "The same year under two lists",
        "How Share and rank change with the list of journals.",
        {
            "kinds": [(KINDS[k], some) for k, some in kinds if some],
            "other": known[other],
            "year": int(year),
            "years": there[:YEARS],
            "slug": slug,
            "names": {r["unit"]: called(snapshot, r) for r in rows},
        },
    )
