"""What stands in the brief of a technology, and in that of a country or bloc."""

from __future__ import annotations

from primacy.errors import NotThereError
from primacy.present.brief import Brief
from primacy.web.briefs.country import country
from primacy.web.briefs.technology import technology
from primacy.web.snapshot import Snapshot

__all__ = ["KINDS", "brief", "country", "kind_of", "technology"]

KINDS = ("technology", "country")


def kind_of(snapshot: Snapshot, wanted: str) -> str:
    """Return which kind of brief a technology's id or the code of a country or bloc asks for.

    Raises
    ------
    NotThereError
        It is neither, or the research study was not run.
    """
    _require_study(snapshot)
    if wanted in snapshot.workspace.portfolio:
        return "technology"
    if snapshot.kinds.get(wanted) in ("country", "bloc"):
        return "country"
    raise NotThereError(
        f"brief '{wanted[:60]}': no technology of the portfolio, and no country or bloc of the results; give an id "
        "such as those of `primacy technologies list`, or a code such as CN"
    )


def brief(snapshot: Snapshot, kind: str, wanted: str, window: str | None = None) -> Brief:
    """Return the brief of a kind.

    Raises
    ------
    NotThereError
        There is no such subject or window, it has no papers there, or the research study was not run.
    """
    _require_study(snapshot)
    return (technology if kind == "technology" else country)(snapshot, wanted, window)


def _require_study(snapshot: Snapshot) -> None:
    if "research" not in snapshot.studies:
        raise NotThereError(
            "a brief shows the research study, which was not run; `primacy run research` makes it"
        )
