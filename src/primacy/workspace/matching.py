"""What a workspace knows of texts, topics and memberships: for looking at technologies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa

from primacy.errors import NotThereError
from primacy.studies.memberships import Advance
from primacy.studies.search import Key, Works, search_texts
from primacy.technologies.quality import overlap
from primacy.technologies.query import Query

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = [
    "membership_counts",
    "memberships",
    "page_facts",
    "search_all",
    "texts_of",
    "topic_names",
    "topical_works",
    "topics",
]


def search_all(
    workspace: Workspace, queries: Mapping[Key, Query], *, advance: Advance = lambda done, total: None
) -> dict[Key, Works]:
    """Return the works that each of several queries matches, as ascending numbers.

    Raises
    ------
    NotThereError
        The lake has no texts.
    """
    lake = workspace.lake
    lake.require("texts", "primacy pull openalex SOURCE")
    total, read = lake.count("texts"), 0

    def tell(more: int) -> None:
        nonlocal read
        read += more
        advance(read, total)

    return search_texts(lake, queries, threads=workspace.threads, advance=tell)


def texts_of(workspace: Workspace, works: Works) -> pa.Table:
    """Return work_id (W123), year, title and abstract of works, newest first."""
    wanted = ibis.memtable(pa.table({"work_id": works}))
    years = workspace.table("works").select("work_id", "year")
    rows = wanted.join(workspace.table("texts"), "work_id").left_join(years, "work_id")
    shown = rows.order_by(ibis.desc("year", nulls_first=False), "work_id").select(
        "year", "title", "abstract", work_id=ibis.literal("W").concat(rows.work_id.cast("string"))
    )
    return workspace.engine.to_arrow(shown).select(["work_id", "year", "title", "abstract"])


def membership_counts(workspace: Workspace) -> dict[tuple[str, str], int]:
    """Count the works of each technology and query variant."""
    rows = workspace.table("memberships").group_by("technology", "query").agg(works=ibis._.count())
    return {(r["technology"], r["query"]): r["works"] for r in workspace.engine.to_arrow(rows).to_pylist()}


def memberships(workspace: Workspace, variant: str) -> dict[str, Works]:
    """Return the works of each technology under one variant.

    Raises
    ------
    NotThereError
        Nothing was matched yet.
    """
    workspace.lake.require("memberships", "primacy match")
    table = workspace.table("memberships")
    rows = workspace.engine.to_arrow(
        table.filter(table["query"] == variant)
        .order_by("technology", "work_id")
        .select("technology", "work_id")
    )
    names, works = (
        np.asarray(rows["technology"].dictionary_encode().combine_chunks().indices),
        rows["work_id"],
    )
    distinct = rows["technology"].dictionary_encode().combine_chunks().dictionary.to_pylist()
    return {name: np.asarray(works)[names == index] for index, name in enumerate(distinct)}


def topics(workspace: Workspace) -> pa.Table:
    """Return topic_id, name, field and keywords of the lake's topics.

    Raises
    ------
    NotThereError
        The lake has none, or none with keywords.
    """
    table = workspace.table("topics").select("topic_id", "name", "field", "keywords").order_by("topic_id")
    found = workspace.engine.to_arrow(table)
    if not any(found["keywords"].to_pylist()):
        raise NotThereError(
            f"{workspace.path}: no topics with keywords in the lake; pull a snapshot with topics, or name a file "
            "with --topics"
        )
    return found


def topic_names(workspace: Workspace) -> dict[int, str]:
    """Return the names of the lake's topics by the integer part of their ids."""
    rows = workspace.engine.to_arrow(workspace.table("topics").select("topic_id", "name")).to_pylist()
    return {r["topic_id"]: r["name"] for r in rows if r["name"]}


def topical_works(workspace: Workspace, numbers: tuple[int, ...]) -> Works:
    """Return the works whose primary topic is one of some topics, ascending."""
    table = workspace.table("work_topics")
    rows = table.filter(table.is_primary & table.topic_id.isin(list(numbers))).select("work_id").distinct()
    return np.sort(np.asarray(workspace.engine.to_arrow(rows)["work_id"], np.int64))


def page_facts(workspace: Workspace, *, others: int = 10) -> dict[str, Any]:
    """Return what the lake knows of the technologies' works, for their pages; empty before any match."""
    if not workspace.lake.has("memberships"):
        return {}
    found: dict[str, list[tuple[str, int]]] = {}
    for pair in overlap(memberships(workspace, workspace.variant)).to_pylist():
        for one, other in ((pair["technology"], pair["other"]), (pair["other"], pair["technology"])):
            found.setdefault(one, []).append((other, pair["shared"]))
    return {
        "works": membership_counts(workspace),
        "texts": workspace.lake.count("texts"),
        "overlaps": {name: pairs[:others] for name, pairs in found.items()},
        "topics": topic_names(workspace),
        "simulated": workspace.simulated,
    }
