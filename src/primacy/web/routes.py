"""Which page stands at which path, and every path that links lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from primacy.errors import NotThereError
from primacy.present.figure import Figure
from primacy.web import calculator, figures
from primacy.web.page import Page
from primacy.web.pages import (
    adopt,
    assessment,
    baskets,
    claims,
    compute,
    general,
    models,
    scoreboard,
    search,
    subjects,
    world,
)
from primacy.web.snapshot import Snapshot

__all__ = ["QUERY", "embedded", "page_at", "paths"]

QUERY = (
    "window",
    "units",
    "technology",
    "q",
    "by",
    "measure",
    "population",
    "filter",
    "basket",
    "year",
    "subject",
    *calculator.QUERY,
)
"""What a page may be asked beside its path; all else in an address is ignored."""


def page_at(snapshot: Snapshot, path: str, query: Mapping[str, str], openapi: Mapping[str, Any]) -> Page:
    """Return the page at a path.

    Raises
    ------
    NotThereError
        There is none.
    UsageError
        The path or the query has something that it cannot have.
    """
    first, *rest = path.split("/")
    window = query.get("window") or None
    single: dict[str, Callable[[], Page]] = {
        "": lambda: scoreboard.scoreboard(snapshot, window),
        "countries": lambda: scoreboard.countries(snapshot),
        "institutions": lambda: scoreboard.institutions(snapshot),
        "models": lambda: models.models(snapshot, query),
        "assessment": lambda: assessment.assessment(snapshot),
        "claims": lambda: claims.claims(snapshot),
        "baskets": lambda: baskets.baskets(snapshot, query),
        "adopt": lambda: adopt.adopt(snapshot, query),
        "compute": lambda: compute.compute(snapshot, query),
        "models/families": lambda: models.families(snapshot),
        "models/owners": lambda: models.owners(snapshot),
        "compare": lambda: subjects.compare(
            snapshot, query.get("units") or subjects.default_units(snapshot), window
        ),
        "map": lambda: world.world(snapshot, query),
        "method": lambda: general.method(snapshot),
        "data": lambda: general.data(snapshot),
        "about": lambda: general.about(snapshot),
        "api": lambda: general.api(snapshot, openapi),
        "search": lambda: search.search(snapshot, query.get("q", "")[:100]),
    }
    in_window: dict[str, Callable[[Snapshot, str, str | None], Page]] = {
        "technology": subjects.technology,
        "country": subjects.country,
        "institution": subjects.institution,
        "compare": subjects.compare,
        "map": world.world_at,
    }
    whole: dict[tuple[str, int], Callable[..., Page]] = {
        ("scoreboard", 1): scoreboard.scoreboard,
        ("domain", 1): scoreboard.domain,
        ("models", 3): models.models_at,
        ("compute", 2): compute.compute_at,
        ("assessment", 1): assessment.assessment_of,
        ("adopt", 1): adopt.adopt_at,
        ("baskets", 4): baskets.baskets_at,
        ("baskets-lists", 2): baskets.lists,
        ("figures", 3): _embed,
    }
    if path in single:
        return single[path]()
    if all(rest):
        if first in in_window and 1 <= len(rest) <= 2:
            return in_window[first](snapshot, rest[0], rest[1] if len(rest) > 1 else window)
        if (first, len(rest)) in whole:
            return whole[first, len(rest)](snapshot, *rest)
    raise NotThereError(f"no page at /{path[:80]}")


def _embed(snapshot: Snapshot, kind: str, subject: str, window: str) -> Page:
    return embedded(figures.find(snapshot, kind, subject, window))


def embedded(figure: Figure) -> Page:
    """Return the page that shows one figure, to stand in another site.

    Raises
    ------
    NotThereError
        There is nothing to draw.
    """
    if figure.empty:
        raise NotThereError(f"{figure.path}: nothing to draw")
    return Page(figure.path, "embed.html", figure.title, figure.description, {"figure": figure})


def paths(snapshot: Snapshot) -> Iterator[str]:
    """Return the path of every page that links lead to, for publishing."""
    yield from ["", "countries", "institutions", "method", "data", "about", "api", "search"]
    yield from ["claims", "models", "models/families", "models/owners"]
    if snapshot.has("adoption"):
        yield from (v.path for v in models.views(snapshot))
    yield from ["compute", "adopt", *(f"adopt/{v}" for v in calculator.VOLUMES)]
    yield from (f"compute/{m}/{f}" for m, f in compute.views(snapshot))
    yield from ["baskets", *(v.path for v in baskets.views(snapshot)), *baskets.list_pages(snapshot)]
    yield from ["assessment", *(f"assessment/{t}" for t in snapshot.values("assessment", "technology"))]
    windows = snapshot.windows
    yield from (f"scoreboard/{w}" for w in windows)
    yield from ["map", *(f"map/all/{w}" for w in windows)]
    yield from (f"domain/{d.id}" for d in snapshot.domains)
    comparisons = _comparisons(snapshot)
    groups = {
        "technology": list(snapshot.workspace.portfolio),
        "country": [u for u, kind in sorted(snapshot.kinds.items()) if kind != "institution"],
        "institution": [u for u, kind in sorted(snapshot.kinds.items()) if kind == "institution"],
        "compare": comparisons,
    }
    for group, members in groups.items():
        for member in members:
            yield f"{group}/{member}"
            yield from (f"{group}/{member}/{w}" for w in windows)
    if comparisons:
        yield "compare"


def _comparisons(snapshot: Snapshot) -> list[str]:
    """Return the comparisons that pages link to: each country and bloc with its peers."""
    units = [u for u, kind in snapshot.kinds.items() if kind != "institution"]
    pairs = {snapshot.pair(unit, other) for unit in units for other in snapshot.peers(unit)}
    if len(snapshot.units("country")) >= 2:
        pairs.add(subjects.default_units(snapshot))
    return sorted(pairs)
