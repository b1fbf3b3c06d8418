"""Versions of a lake compared: what a release changed, and which leads changed because of the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.engine import Engine, Keep
from primacy.lake.store import Lake
from primacy.measures import change, releases
from primacy.measures.method import Method, Window
from primacy.studies.research.pipeline import Cells, Pipeline, Tables

__all__ = ["CHANGES", "RELEASES", "WORKS", "LeadChanges", "lead_changes", "release_rows"]

RELEASES = pa.schema(
    [
        ("lake_version", pa.int64()),
        ("reason", pa.string()),
        ("entity", pa.string()),
        ("year", pa.int32()),
        ("rows", pa.int64()),
        ("change", pa.int64()),
        ("added", pa.int64()),
        ("removed", pa.int64()),
        ("updated", pa.int64()),
        ("redealt", pa.int64()),
        ("with_country", pa.float64()),
        ("with_abstract", pa.float64()),
    ]
)
"""A row per version and entity, and per year of works; the row of all years has no year."""

ENTITIES = ("institutions", "sources", "topics")

CHANGES = pa.schema(
    [
        ("technology", pa.string()),
        ("window", pa.string()),
        ("leader_before", pa.string()),
        ("leader_after", pa.string()),
        ("difference_before", pa.float64()),
        ("difference_after", pa.float64()),
        ("works_entered", pa.int64()),
        ("works_left", pa.int64()),
        ("works_changed", pa.int64()),
        ("works", pa.string()),
    ]
)
"""A row per lead that changed; differences are the new leader's share less the old one's."""

WORKS = pa.schema(
    [
        ("technology", pa.string()),
        ("window", pa.string()),
        ("rank", pa.int64()),
        ("work_id", pa.string()),
        ("title", pa.string()),
        ("status", pa.string()),
        ("score_before", pa.float64()),
        ("score_after", pa.float64()),
        ("credit_before", pa.float64()),
        ("credit_after", pa.float64()),
        ("contribution", pa.float64()),
    ]
)
"""A row per work of a lead that changed, the one that did most for the change first."""

NAMED = 3
"""Works that are named beside a lead that changed."""

At = Callable[[Lake], Tables]
"""Hands out the tables of a version of the lake."""


def release_rows(lake: Lake, before: Lake | None, at: At, engine: Engine) -> pa.Table:
    """Return what a version of the lake holds, and what moved since another one.

    Parameters
    ----------
    lake, before
        The two versions; without an earlier one, all is new.
    at, engine
        The tables of a version, and what computes.
    """
    tables = at(lake)
    earlier = at(before) if before is not None else None
    empty = (tables("works").limit(0), tables("authorships").limit(0))
    old = (earlier("works"), earlier("authorships")) if earlier is not None else empty
    holds = releases.described(tables("works"), tables("authorships"), tables("texts"))
    moves = releases.moved(old, (tables("works"), tables("authorships")))
    years: dict[int | None, dict[str, int]] = {}
    for table in (holds, moves):
        for row in engine.to_arrow(table).to_pylist():
            years.setdefault(row.pop("year"), {}).update(row)
    names = ("rows", "added", "removed", "updated", "redealt", "with_country", "with_abstract")
    total = {name: sum(y.get(name, 0) for y in years.values()) for name in names}
    rows = [_works_row(lake, year, years[year]) for year in sorted(years, key=lambda y: (y is None, y or 0))]
    rows = [_works_row(lake, None, total), *(r for r in rows if r["year"] is not None)]
    for entity in ENTITIES:
        count = lake.count(entity)
        rows.append(
            {
                "lake_version": lake.version,
                "reason": lake.catalog.reason,
                "entity": entity,
                "rows": count,
                "change": count - (before.count(entity) if before is not None else 0),
            }
        )
    return pa.Table.from_pylist(rows, schema=RELEASES)


def _works_row(lake: Lake, year: int | None, counts: dict[str, int]) -> dict[str, Any]:
    rows = counts.get("rows", 0)
    moves = {name: counts.get(name, 0) for name in ("added", "removed", "updated", "redealt")}
    return {
        "lake_version": lake.version,
        "reason": lake.catalog.reason,
        "entity": "works",
        "year": year,
        "rows": rows,
        "change": moves["added"] - moves["removed"],
        **moves,
        "with_country": counts.get("with_country", 0) / rows if rows else None,
        "with_abstract": counts.get("with_abstract", 0) / rows if rows else None,
    }


@dataclass(frozen=True)
class LeadChanges:
    """Which leads changed between two versions (:data:`CHANGES`), and which works did it (:data:`WORKS`)."""

    leads: pa.Table
    works: pa.Table


def lead_changes(
    before: Tables,
    after: Tables,
    engine: Engine,
    *,
    method: Method,
    windows: Sequence[Window],
    technologies: Iterable[str] | None = None,
) -> LeadChanges:
    """Compare who leads in two versions of the data, by one method and the same definitions.

    Parameters
    ----------
    before, after
        The tables of the two versions; their ``memberships`` come from the same queries.
    engine
        What computes.
    method
        How shares are computed, in both.
    windows
        The windows that are compared.
    technologies
        Only these; all where None.
    """
    wanted = None if technologies is None else list(technologies)
    with engine.scratch() as keep:
        old, new = (_cells(tables, keep, method, windows, wanted) for tables in (before, after))
        changes = _changes(engine, old, new)
        if not changes.num_rows:
            return LeadChanges(CHANGES.empty_table(), WORKS.empty_table())
        moves = change.contributions(
            ibis.memtable(changes), (old.scored, old.credit), (new.scored, new.credit)
        )
        texts = _titles(before, after)
        named = moves.left_join(texts, "work_id").select(*moves.columns, "title")
        found = engine.to_arrow(named).to_pylist()
        differences = _differences(engine, changes, old, new)
    return _reported(changes.to_pylist(), differences, found)


def _cells(
    tables: Tables, keep: Keep, method: Method, windows: Sequence[Window], technologies: list[str] | None
) -> Cells:
    return Pipeline(tables, keep, method, windows, technologies=technologies).cells("country")


def _leaders(cells: Cells, name: str) -> ir.Table:
    """Return technology, window and who is first; of equal shares the first code in the alphabet."""
    group = ["technology", "window"]
    some = cells.shares().filter(ibis._.share > 0)
    first = ibis.row_number().over(group_by=group, order_by=[some.share.round(12).desc(), "unit"])
    return some.mutate(place=first).filter(ibis._.place == 0).select(*group, **{name: ibis._.unit})


def _changes(engine: Engine, old: Cells, new: Cells) -> pa.Table:
    """Return technology, window, leader_before, leader_after of the leads that changed."""
    group = ["technology", "window"]
    earlier = _leaders(old, "leader_before").rename({f"old_{k}": k for k in group})
    later = _leaders(new, "leader_after")
    joined = earlier.outer_join(later, [ibis._[f"old_{k}"] == later[k] for k in group])
    joined = joined.mutate(**{k: ibis.coalesce(joined[k], joined[f"old_{k}"]) for k in group})
    changed = joined.filter(~joined.leader_before.identical_to(joined.leader_after))
    return engine.to_arrow(changed.select(*group, "leader_before", "leader_after").order_by(group))


def _differences(
    engine: Engine, changes: pa.Table, old: Cells, new: Cells
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the new leader's share less the old one's, before and after."""
    shares = [
        {(r["technology"], r["window"], r["unit"]): r["share"] or 0.0 for r in rows}
        for rows in (engine.to_arrow(cells.shares()).to_pylist() for cells in (old, new))
    ]
    found = {}
    for row in changes.to_pylist():
        key = row["technology"], row["window"]
        one, other = (
            of.get((*key, row["leader_after"]), 0.0) - of.get((*key, row["leader_before"]), 0.0)
            for of in shares
        )
        found[key] = one, other
    return found


def _titles(before: Tables, after: Tables) -> ir.Table:
    """Return the title of every work of either version, the later one's first."""
    new = after("texts").select("work_id", "title")
    return new.union(before("texts").select("work_id", "title").anti_join(new, "work_id"))


def _reported(
    changes: list[dict[str, Any]],
    differences: dict[tuple[str, str], tuple[float, float]],
    found: list[dict[str, Any]],
) -> LeadChanges:
    leads, works = [], []
    for row in changes:
        key = row["technology"], row["window"]
        mine = sorted(
            (w for w in found if (w["technology"], w["window"]) == key),
            key=lambda w: (-w["contribution"], w["work_id"]),
        )
        for rank, work in enumerate(mine, start=1):
            work |= {"rank": rank, "work_id": f"W{work['work_id']}"}
        works += mine
        counts = {s: sum(w["status"] == s for w in mine) for s in ("entered", "left", "changed")}
        leads.append(
            {
                **row,
                "difference_before": differences[key][0],
                "difference_after": differences[key][1],
                **{f"works_{s}": n for s, n in counts.items()},
                "works": " ".join(w["work_id"] for w in mine[:NAMED] if w["contribution"] > 0),
            }
        )
    return LeadChanges(pa.Table.from_pylist(leads, schema=CHANGES), pa.Table.from_pylist(works, schema=WORKS))
