"""What the briefs of technologies and of countries have in common: figures in rows, the boxes, the foot."""

from __future__ import annotations

from collections.abc import Sequence

from primacy._version import __version__
from primacy.present import brief as parts
from primacy.present.citation import Citation
from primacy.present.figure import Figure
from primacy.present.origin import SIMULATED_WORLD, Origin
from primacy.present.queries import render_query
from primacy.present.sentences import percent, years
from primacy.technologies.technology import Technology
from primacy.web.figures.parts import Row
from primacy.web.snapshot import Snapshot

__all__ = ["figures_in_a_row", "foot", "interval", "method_box", "row_of", "short", "source_box", "span"]

QUERY = 480
"""Characters of a query that are shown."""


def row_of(drawn: dict[str, Figure], *wanted: tuple[str, bool]) -> list[parts.Block]:
    """Return a row of a page's figures by kind, each wide or narrow; those that it lacks are left out."""
    return figures_in_a_row(*((drawn[kind], narrow) for kind, narrow in wanted if kind in drawn))


def figures_in_a_row(*wanted: tuple[Figure, bool]) -> list[parts.Block]:
    """Return a row of the figures that have something to draw; no row where none has."""
    there = [(figure, narrow) for figure, narrow in wanted if not figure.empty]
    return [parts.Figures(there)] if there else []


def method_box(snapshot: Snapshot, technology: Technology | None = None) -> parts.Box:
    """Return how the numbers are made, with the query where the brief is on a technology."""
    method = snapshot.method
    query = [] if technology is None else [("Query", short(_query(snapshot, technology), QUERY))]
    return parts.Box(
        "Method",
        [
            (
                "Highly cited",
                f"the {snapshot.top} most cited papers within each technology and year; papers at the threshold share "
                "what is left.",
            ),
            (
                "Share",
                "credit in highly cited papers over the credit of all. A paper is one point, divided among its "
                "authors, each author's part among their institutions. Hong Kong and Macao count with China, Taiwan on "
                "its own.",
            ),
            (
                "95 % interval",
                f"of {method.get('replicates', 1000):,} resamplings of the papers, with replacement.",
            ),
            (
                "Verdict",
                "how often the leader still leads over all resamplings and all defensible methods together: what is "
                "highly cited, who gets credit, which documents, how long a window, which query, and more.",
            ),
            (
                "Limits",
                "publications say who writes influential research in the open; they do not measure capability, and "
                "citations take years to come in.",
            ),
            *query,
        ],
    )


def _query(snapshot: Snapshot, technology: Technology) -> str:
    """Return the query by which the works were found, on one line."""
    query = technology.broad if snapshot.variant == "broad" else technology.strict
    return (
        f"{snapshot.variant}, definition {technology.version}: {' '.join(render_query(query).plain.split())}"
    )


def source_box(snapshot: Snapshot, tables: Sequence[str], technology: Technology | None = None) -> parts.Box:
    """Return the sources and versions of some tables, and how to cite them."""
    manifest = snapshot.studies["research"]
    origins = [Origin.of(manifest, name) for name in tables if name in manifest["tables"]]
    source = SIMULATED_WORLD if snapshot.simulated else origins[0].source_text
    return parts.Box(
        "Source",
        [
            ("Data", f"{source}. Licence of the numbers: {origins[0].licence}."),
            (
                "Versions",
                f"results {snapshot.version}, lake {manifest.get('lake_version')}, primacy {__version__}.",
            ),
            ("How to cite", str(Citation(origins, technology)).strip()),
        ],
    )


def span(snapshot: Snapshot, window: str) -> str:
    """Return which papers a brief speaks of."""
    return f"papers of {years(window)}"


def foot(snapshot: Snapshot) -> str:
    """Return what stands at the foot of both pages."""
    mark = "SIMULATED DATA · " if snapshot.simulated else ""
    return f"{mark}primacy {__version__} · results {snapshot.version}"


def interval(row: Row) -> str:
    """Return the 95 % interval of a share, in words."""
    if row.get("low") is None or row.get("high") is None:
        return "–"
    return f"{percent(row['low'], 1)} – {percent(row['high'], 1)}"


def short(text: str, most: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
