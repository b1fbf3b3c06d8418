"""From the venues of a basket to the sources of the lake, with a report on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from primacy.measures import basket as measures
from primacy.sources.reference.baskets import Basket, SourceQuery, Venue
from primacy.technologies.matcher import Matcher
from primacy.technologies.query import parse

__all__ = ["REPORT", "Resolved", "resolve"]

ToArrow = Callable[[ir.Table], pa.Table]

REPORT = pa.schema(
    [
        ("basket", pa.string()),
        ("basket_version", pa.string()),
        ("venue", pa.string()),
        ("issns", pa.list_(pa.string())),
        ("status", pa.string()),
        ("sources", pa.list_(pa.string())),
        ("source_names", pa.list_(pa.string())),
        ("detail", pa.string()),
        ("subset", pa.string()),
        ("articles_2019", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Resolved:
    """A basket with the sources of the lake that are its venues.

    Parameters
    ----------
    basket
        With its venues, also where it is a query.
    members
        source_id, venue (place in ``basket.venues``).
    report
        One row per venue, columns of ``REPORT``: ``status`` is ``found`` (one source carries its ISSNs),
        ``not found``, or ``ambiguous`` (several sources do, or its source carries another venue's ISSN too; all of
        them count, each article once).
    """

    basket: Basket
    members: pa.Table
    report: pa.Table

    @property
    def missing(self) -> list[str]:
        """The venues without a source, with their ISSNs."""
        return self._venues("not found")

    @property
    def ambiguous(self) -> list[str]:
        """The venues that are not one source alone, with their ISSNs."""
        return self._venues("ambiguous")

    def _venues(self, status: str) -> list[str]:
        rows = self.report.filter(pc.equal(self.report["status"], status)).to_pylist()
        return [f"{r['venue']} ({', '.join(r['issns'])})" for r in rows]

    def notes(self) -> list[str]:
        """Return what a person should know before using the numbers, one sentence each."""
        said = [f"basket {self.basket.id}: {note}" for note in self.basket.notes]
        for names, what in (
            (self.missing, "in no source of the lake"),
            (self.ambiguous, "not one source alone"),
        ):
            if names:
                most = _NAMED_OF_SHIPPED if self.basket.source else _NAMED
                some = "; ".join(names[:most]) + ("; …" if len(names) > most else "")
                said.append(
                    f"basket {self.basket.id}: {len(names)} of {len(self.basket.venues)} venues {what}: {some} "
                    "(`primacy basket venues` lists them)"
                )
        return said


_NAMED, _NAMED_OF_SHIPPED = 20, 3
"""How many venues a note names: of a user's list more, since its maker can mend it."""


def resolve(basket: Basket, sources: ir.Table, compute: ToArrow) -> Resolved:
    """Find the sources of a basket's venues: by ISSN, never by name; or those that its query finds.

    Parameters
    ----------
    basket
        The basket.
    sources
        The lake's ``sources``.
    compute
        The engine's way from an expression to an Arrow table.

    Raises
    ------
    InputError
        The basket's query cannot be read.
    """
    if basket.query is not None:
        return _of_query(basket, basket.query, sources, compute)
    issns = [(place, issn) for place, venue in enumerate(basket.venues) for issn in venue.issns]
    table = ibis.memtable(
        {"venue": [v for v, _ in issns], "issn": [i for _, i in issns]},
        schema={"venue": "int32", "issn": "string"},
    )
    members = measures.members(sources, table)
    named = members.join(sources, "source_id").select("source_id", "venue", "name")
    rows = compute(named.order_by(["venue", "source_id"]))
    return Resolved(basket, rows.select(["source_id", "venue"]), _report(basket, rows.to_pylist()))


def _report(basket: Basket, rows: list[dict[str, Any]]) -> pa.Table:
    by_venue, by_source = defaultdict(list), defaultdict(list)
    for row in rows:
        by_venue[row["venue"]].append(row)
        by_source[row["source_id"]].append(row["venue"])
    made = []
    for place, venue in enumerate(basket.venues):
        mine = by_venue[place]
        others = sorted({v for r in mine for v in by_source[r["source_id"]] if v != place})
        detail = ""
        if len(mine) > 1:
            detail = f"{len(mine)} sources carry its ISSNs"
        elif others:
            detail = f"its source also carries an ISSN of {basket.venues[others[0]].name}"
        made.append(
            {
                "basket": basket.id,
                "basket_version": basket.version,
                "venue": venue.name,
                "issns": list(venue.issns),
                "status": "not found" if not mine else "ambiguous" if detail else "found",
                "sources": [f"S{r['source_id']}" for r in mine],
                "source_names": [r["name"] for r in mine],
                "detail": detail,
                "subset": venue.subset,
                "articles_2019": venue.articles_2019,
            }
        )
    return pa.Table.from_pylist(made, schema=REPORT)


def _of_query(basket: Basket, query: SourceQuery, sources: ir.Table, compute: ToArrow) -> Resolved:
    some = sources.filter(sources.type.isin(query.kinds))
    rows = compute(some.select("source_id", "name", "publisher", "issns").order_by("source_id"))
    for column, text in (("name", query.names), ("publisher", query.publishers)):
        if text is not None:
            nothing = pa.nulls(rows.num_rows, pa.string())
            matches = Matcher({"query": parse(text)}).match(rows[column], nothing)
            rows = rows.take(pa.array(matches.texts("query")))
    found = rows.to_pylist()
    venues = tuple(Venue(r["name"] or f"S{r['source_id']}", tuple(r["issns"] or ())) for r in found)
    filled = replace(basket, venues=venues)
    members = pa.table(
        {
            "source_id": rows["source_id"].combine_chunks(),
            "venue": pa.array(range(len(venues)), pa.int32()),
        }
    )
    return Resolved(filled, members, _report(filled, [{**r, "venue": n} for n, r in enumerate(found)]))
