"""From the lines of the sources to works: nothing lost, nothing counted twice.

Every pull writes down, in the transaction that brings the works in, how many lines it read of which file and what
became of them (``pulls``, ``pull_files``). The sums must come out, file by file and over the lake's whole life.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.workspace.audit.finding import Finding, number

__all__ = ["findings"]

Tables = Callable[[str], ir.Table]


def findings(lake: Lake, tables: Tables, engine: Engine) -> list[Finding]:
    """Check the ledger of pulls against itself, the quarantine and the works."""
    if not (lake.has("works") or lake.has("pulls")):
        return []
    return [
        _lines(tables("pulls"), engine),
        _files(tables("pulls"), tables("pull_files"), engine),
        _works(lake, tables("pulls"), engine),
        _remembered(tables("pulled_files"), tables("pull_files"), engine),
        _quarantined(tables, engine),
        _withdrawn(tables("works"), tables("deleted_works"), engine),
    ]


def _lines(pulls: ir.Table, engine: Engine) -> Finding:
    """Check that every line of a pull went somewhere."""
    became = (
        pulls.added + pulls.updated + pulls.unchanged + pulls.superseded + pulls.withdrawn + pulls.quarantined
    )
    off = pulls.filter(pulls.lines != became)
    wrong, lines = number(engine, off.count()), number(engine, pulls.lines.sum())
    return Finding(
        "pulls: lines = added + updated + unchanged + superseded + withdrawn + quarantined",
        wrong == 0,
        f"{lines} lines of {number(engine, pulls.count())} pulls; {wrong} pulls where it does not hold",
    )


def _files(pulls: ir.Table, files: ir.Table, engine: Engine) -> Finding:
    """Check that the files of a pull hold its lines."""
    sums = files.group_by("lake_version").agg(
        n=files.count(), held=files.lines.sum(), bad=files.quarantined.sum()
    )
    joined = pulls.outer_join(sums, "lake_version")
    differs = [
        joined[a].fill_null(0) != joined[b].fill_null(0)
        for a, b in (("files", "n"), ("lines", "held"), ("quarantined", "bad"))
    ]
    wrong = number(engine, joined.filter(ibis.or_(*differs)).count())
    return Finding(
        "pull_files: hold the lines of their pull",
        wrong == 0,
        f"{number(engine, files.count())} files; {wrong} pulls whose files hold another number of lines",
    )


def _works(lake: Lake, pulls: ir.Table, engine: Engine) -> Finding:
    """Check that what pulls added and did not delete is what the lake holds."""
    added, deleted = number(engine, pulls.added.sum()), number(engine, pulls.deleted.sum())
    return Finding(
        "works: added - deleted",
        added - deleted == lake.count("works"),
        f"{added} added - {deleted} deleted, {lake.count('works')} in the lake",
    )


def _remembered(remembered: ir.Table, files: ir.Table, engine: Engine) -> Finding:
    """Check that what need not be read again was read, with as many lines as are remembered."""
    works = remembered.filter(remembered.source == "openalex", remembered.entity == "works")
    read = works.join(
        files, [works.digest == files.digest, works.rows + works.quarantined == files.lines], how="anti"
    )
    wrong = number(engine, read.count())
    return Finding(
        "pulled_files: were read whole by a pull",
        wrong == 0,
        f"{number(engine, works.count())} files of works; {wrong} without such a file in the ledger",
    )


def _quarantined(tables: Tables, engine: Engine) -> Finding:
    """Check that every line that a file lost to the quarantine is there."""
    lines = tables("quarantine").filter(ibis._.line.notnull()).select("digest", "line").distinct()
    there = lines.group_by("digest").agg(there=lines.count())
    stated = tables("pull_files").select("digest", "quarantined").distinct()
    joined = stated.left_join(there, "digest")
    off = joined.filter(joined.quarantined != joined.there.fill_null(0))
    wrong = number(engine, off.count())
    return Finding(
        "quarantine: holds the lines that files lost to it",
        wrong == 0,
        f"{number(engine, stated.quarantined.sum())} lines; {wrong} files with another number",
    )


def _withdrawn(works: ir.Table, deleted: ir.Table, engine: Engine) -> Finding:
    """Check that no work is there that was deleted after its record was made."""
    back = works.join(
        deleted, [works.work_id == deleted.work_id, works.updated_date[:10] <= deleted.deleted_date]
    )
    wrong = number(engine, back.count())
    return Finding(
        "deleted_works: stay out of works",
        wrong == 0,
        f"{number(engine, deleted.count())} deleted; {wrong} in the lake with a record no newer than that",
    )
