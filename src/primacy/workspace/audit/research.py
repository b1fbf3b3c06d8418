"""From memberships to cells, scores and shares: the research study against the lake that it read.

Two kinds of checks. What must add up whatever the method: the works of every cell, scores that total the top share
of the cell, shares that total one. And the shares themselves, computed anew without their intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.lake.results import StudyResults
from primacy.lake.store import Lake
from primacy.measures import works as counting
from primacy.measures.method import Method, UnitKind, Window
from primacy.measures.share import totals
from primacy.studies.research.pipeline import Pipeline
from primacy.studies.research.rows import lettered
from primacy.workspace.audit.finding import Finding, number

if TYPE_CHECKING:
    from primacy.workspace.workspace import Workspace

__all__ = ["findings"]

KINDS: tuple[UnitKind, ...] = ("country", "bloc", "institution")
CLOSE = 1e-9
"""Differences of sums of doubles that are none."""


def findings(workspace: Workspace, lake: Lake, study: StudyResults) -> list[Finding]:
    """Check the research study's tables.

    Parameters
    ----------
    workspace
        What computes.
    lake
        As it was when the study ran.
    study
        Its results.
    """
    audit = _Audit(workspace, lake, study)
    with workspace.engine.scratch() as keep:
        method = Method.from_options(study.manifest["settings"]["method"])
        windows = [Window.parse(w) for w in study.manifest["settings"]["windows"]]
        years = sorted(set(study.read("coverage")["year"].to_pylist()))
        pipeline = Pipeline(
            audit.table,
            keep,
            method,
            [*windows, *(Window(y, y) for y in years)],
            variant=study.manifest["settings"]["query"],
        )
        return [
            audit.funnel(pipeline),
            audit.cells(pipeline),
            audit.scores(pipeline, keep(totals(pipeline.cells("country").scored))),
            *(audit.shares(kind, pipeline) for kind in KINDS),
            audit.leads(),
        ]


class _Audit:
    """Holds the study's tables against the lake."""

    def __init__(self, workspace: Workspace, lake: Lake, study: StudyResults) -> None:
        self.engine = workspace.engine
        self.lake = lake
        self.study = study

    def table(self, name: str) -> ir.Table:
        return self.engine.table(self.lake, name)

    def _result(self, name: str) -> ir.Table:
        return ibis.memtable(self.study.read(name))

    def _rows(self, table: ir.Table) -> list[dict[str, Any]]:
        return self.engine.to_arrow(table).to_pylist()

    def funnel(self, pipeline: Pipeline) -> Finding:
        """Check that the funnel of works is that of the lake."""
        stated = self.study.manifest["funnel"]
        there = {
            "works_in_lake": self.lake.count("works"),
            "counted_works": number(
                self.engine, counting.counted(self.table("works"), pipeline.method).count()
            ),
            "works_in_technologies": number(
                self.engine, pipeline.members.select("work_id").distinct().count()
            ),
        }
        wrong = [f"{name}: {stated.get(name)}, not {n}" for name, n in there.items() if stated.get(name) != n]
        return Finding("results research: funnel", not wrong, "; ".join(wrong) or _listed(there))

    def cells(self, pipeline: Pipeline) -> Finding:
        """Check that a cell holds the works of its technology that were published in its year."""
        members = pipeline.members
        years = members.filter(members.window == _single(members.year))
        there = years.group_by("technology", "year").agg(n=years.count())
        stated = self._result("coverage").select("technology", "year", "works")
        joined = there.outer_join(stated, ["technology", "year"])
        wrong = number(self.engine, joined.filter(joined.n.fill_null(0) != joined.works.fill_null(0)).count())
        total = number(self.engine, there.n.sum())
        return Finding(
            "results research: works of every cell",
            wrong == 0,
            f"{total} memberships; {wrong} cells with other works",
        )

    def scores(self, pipeline: Pipeline, whole: ir.Table) -> Finding:
        """Check that scores total the top share of a cell's works, and the shares of countries one."""
        check = "results research: scores and shares of every cell add up"
        method = pipeline.method
        share_sums = method.counting != "full" and method.missing == "renormalise"
        top_sums = method.ties == "fractional" and method.scope == "year"
        shares = self._result("shares")
        mine = shares.filter(shares.unit_kind == "country")
        sums = mine.group_by("technology", "window").agg(share=mine.share.sum(), high=mine.high_impact.sum())
        joined = sums.join(whole, ["technology", "window"])
        rows = self._rows(joined.order_by("technology", "window"))
        off = [
            r
            for r in rows
            if (top_sums and abs(r["score"] - method.top * r["works"]) > CLOSE * r["works"])
            or (share_sums and abs(r["high"] - r["score"]) > CLOSE * r["works"])
            or (share_sums and r["score"] > 0 and abs(r["share"] - 1) > CLOSE * r["works"])
        ]
        detail = f"{len(rows)} technologies x windows; {len(off)} where they do not"
        if off:
            detail += f", such as {off[0]['technology']} {off[0]['window']}"
        return Finding(check, not off, detail)

    def shares(self, kind: UnitKind, pipeline: Pipeline) -> Finding:
        """Check that the rows of ``shares`` and ``yearly`` are what the lake gives."""
        there = pipeline.cells(kind).shares()
        if kind == "institution":
            there = there.mutate(unit=lettered("I", there.unit))
        windows, yearly = self._result("shares"), self._result("yearly")
        columns = ["technology", "window", "unit", "papers", "high_impact", "share", "rank", "h_index"]
        stated = pa.concat_tables(
            [
                self.engine.to_arrow(windows.filter(windows.unit_kind == kind).select(columns)),
                self.engine.to_arrow(
                    yearly.filter(yearly.unit_kind == kind)
                    .mutate(window=_single(yearly.year))
                    .select(columns)
                ),
            ]
        )
        computed = self.engine.to_arrow(there.select(columns))
        wrong = _differing(stated, computed)
        detail = f"{stated.num_rows} rows"
        if wrong:
            detail += f"; {len(wrong)} differ, such as {' '.join(wrong[0])}"
        return Finding(f"results research: shares by {kind} as computed anew", not wrong, detail)

    def leads(self) -> Finding:
        """Check that a leader is the first in its technology and window, with that share."""
        first = {
            (r["technology"], r["window"], r["unit"]): r["share"]
            for r in self.study.read("shares").to_pylist()
            if r["unit_kind"] == "country" and r["rank"] == 1
        }
        leads = self.study.read("leads").to_pylist()
        wrong = [
            r for r in leads if first.get((r["technology"], r["window"], r["leader"])) != r["leader_share"]
        ]
        detail = f"{len(leads)} leads"
        if wrong:
            detail += f"; {len(wrong)} are not first, such as {wrong[0]['technology']} {wrong[0]['window']}"
        return Finding("results research: leaders come first in shares", not wrong, detail)


def _single(year: ir.IntegerValue) -> ir.StringValue:
    """Return the window that is one year, as in ``2020-2020``."""
    return year.cast("string") + "-" + year.cast("string")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items())


def _differing(stated: pa.Table, computed: pa.Table) -> list[Sequence[str]]:
    """Return the keys of rows that are in one table only or have other numbers."""

    def by_key(table: pa.Table) -> dict[tuple[str, str, str], list[Any]]:
        return {(r["technology"], r["window"], r["unit"]): list(r.values())[3:] for r in table.to_pylist()}

    def same(a: list[Any] | None, b: list[Any] | None) -> bool:
        if a is None or b is None:
            return False
        return all(
            x == y or (x is not None and y is not None and abs(x - y) < CLOSE)
            for x, y in zip(a, b, strict=True)
        )

    one, other = by_key(stated), by_key(computed)
    return [key for key in sorted(one.keys() | other.keys()) if not same(one.get(key), other.get(key))]
