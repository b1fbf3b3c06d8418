"""The page of claims: published figures held against the results."""

from __future__ import annotations

from collections import Counter

from primacy.present.sentences import marked
from primacy.web.page import Page
from primacy.web.snapshot import Snapshot

__all__ = ["claims"]

VERDICTS = ("confirmed", "contradicted", "cannot be said")


def claims(snapshot: Snapshot) -> Page:
    """Return each claim with what the results have, and whether they confirm it."""
    rows = snapshot.rows("claims")
    counts = Counter(r["verdict"] for r in rows)
    said = [
        marked(
            f"Of {len(rows)} published figures, these results confirm {counts['confirmed']}, contradict "
            f"{counts['contradicted']} and cannot settle {counts['cannot be said']}.",
            snapshot.simulated,
        )
    ]
    return Page(
        "claims",
        "claims.html",
        "Is that figure so?",
        "Published figures held against these results: confirmed, contradicted, or not to be said.",
        {
            "rows": sorted(
                rows, key=lambda r: VERDICTS.index(r["verdict"]) if r["verdict"] in VERDICTS else 9
            ),
            "counts": [(v, counts[v]) for v in VERDICTS],
            "sentences": said if rows else [],
        },
    )
