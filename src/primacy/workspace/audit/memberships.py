"""From works to technologies: memberships are what the queries that are kept beside them find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pyarrow as pa

from primacy.errors import PrimacyError
from primacy.studies.search import Works, search_texts
from primacy.technologies.portfolio import VARIANTS
from primacy.workspace.audit.finding import Finding

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["SAMPLE", "findings"]

SAMPLE = 5_000
"""Works that are matched anew; all where the lake has no more."""

Found = set[tuple[str, str, int]]
"""Technology, query, work."""


def findings(workspace: Workspace) -> list[Finding]:
    """Check that memberships are of the lake's texts, and match a sample of works anew."""
    lake = workspace.lake
    if not lake.has("memberships"):
        return []
    fresh = _fresh(workspace)
    return [fresh, *([_again(workspace)] if fresh.ok else [])]


def _fresh(workspace: Workspace) -> Finding:
    """Check that no text came or changed since the last match."""
    check = "memberships: of the lake's texts"
    lake, matched = workspace.lake, workspace.lake.labels.get("matched", {}).get("lake")
    try:
        then = lake.at(int(matched)).versions().get("texts")
    except (PrimacyError, TypeError, ValueError):
        return Finding(check, False, f"matched at version {matched}, which the lake does not have")
    if then != lake.versions().get("texts"):
        detail = f"matched at lake version {matched}; texts changed since: run `primacy match` again"
        return Finding(check, False, detail)
    return Finding(check, True, f"matched at lake version {matched}")


def _again(workspace: Workspace) -> Finding:
    """Match works anew with the definitions that the lake keeps."""
    works = _sample(workspace)
    queries = {
        (t.id, variant): t.query(variant) for t in workspace.portfolio.technologies for variant in VARIANTS
    }
    found = search_texts(workspace.lake, queries, only=works, threads=workspace.threads)
    wanted = {(name, variant, int(w)) for (name, variant), ids in found.items() for w in ids}
    kept = _kept(workspace, works)
    missing, extra = wanted - kept, kept - wanted
    detail = f"{len(works)} of {workspace.lake.count('works')} works matched anew"
    if missing or extra:
        one = min(missing or extra)
        detail += f"; {len(missing)} rows are missing, {len(extra)} too many, such as W{one[2]} in {one[0]}"
    return Finding("memberships: what the queries find", not (missing or extra), detail)


def _sample(workspace: Workspace) -> Works:
    """Return works evenly spaced over all ids, always the same ones."""
    table = workspace.table("works").select("work_id").order_by("work_id")
    ids = np.asarray(workspace.engine.to_arrow(table)["work_id"], np.int64)
    if len(ids) <= SAMPLE:
        return ids
    return ids[np.linspace(0, len(ids) - 1, SAMPLE).astype(np.int64)]


def _kept(workspace: Workspace, works: Works) -> Found:
    wanted = ibis.memtable(pa.table({"work_id": works}))
    rows = workspace.engine.to_arrow(workspace.table("memberships").semi_join(wanted, "work_id"))
    return {(r["technology"], r["query"], r["work_id"]) for r in rows.to_pylist()}
