"""Which work belongs to which technology: fills the lake's ``memberships``.

Both queries of every technology are run, so that each row says which (``query`` = strict | broad) and methods can
be compared across both; the label ``query`` of the lake says which of the two was chosen and is meant by
"the works of a technology". The definitions that were used are kept beside, in ``technologies``.

A match after a pull reads only what the pull touched: a table is a set of files that never change, so the works
in files that came or went since the last match are those that can differ. A technology whose query changed is
matched anew. Either way the table is what a match from nothing would make it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from primacy.errors import LakeError, PrimacyError
from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.lake.transaction import Transaction
from primacy.studies.search import Works, search_texts
from primacy.studies.search_spark import search_on_spark
from primacy.technologies.portfolio import VARIANTS, Portfolio, Technology, Variant
from primacy.technologies.query import Query, Source, Topic

__all__ = ["MatchSummary", "match"]

Key: TypeAlias = tuple[str, Variant]
Advance: TypeAlias = Callable[[int, int], None]
"""Called with the number of texts read so far and their total."""

ATTEMPTS = 3
"""How often a match begins anew because the lake changed under it."""
READ = ("memberships", "technologies", "texts", "work_topics", "works")
"""The tables that a match rests on."""


@dataclass(frozen=True)
class MatchSummary:
    """What a match did.

    Attributes
    ----------
    query
        The variant that was chosen.
    technologies
        How many there are.
    texts
        How many texts the lake has.
    read
        How many texts were read: fewer where the last match still holds for the rest.
    memberships
        Rows of the chosen variant.
    empty
        Technologies without any work under the chosen variant.
    """

    query: Variant
    technologies: int
    texts: int
    read: int
    memberships: int
    empty: tuple[str, ...]


def match(
    lake: Lake,
    portfolio: Portfolio,
    *,
    query: Variant = "strict",
    threads: int = 1,
    engine: Engine | None = None,
    full: bool = False,
    advance: Advance = lambda done, total: None,
) -> MatchSummary:
    """Match the lake's texts with a portfolio and publish ``memberships`` and ``technologies``.

    Others may write to the lake while texts are read; where that changed what the match read, it is done anew.

    Parameters
    ----------
    lake
        The lake; its newest version is read.
    portfolio
        The technologies.
    query
        The variant to choose; both are matched.
    threads
        How many threads of this process match.
    engine
        Where to match: an engine on Spark matches there, any other one leaves it to this process.
    full
        Match every text anew, whatever the last match left.
    advance
        Told of the progress.

    Raises
    ------
    NotThereError
        The lake has no texts.
    LakeError
        Another process is writing when the match is done, or changed its texts again and again.
    """
    for _ in range(ATTEMPTS):
        now = lake.latest()
        now.require("texts", "primacy pull openalex SOURCE")
        run = _Run(now, portfolio, threads, engine, advance, again=full)
        with lake.transaction(f"match --query {query}") as transaction:
            if not run.holds(Lake(lake.path, transaction.base)):
                continue
            run.write(transaction)
            transaction.label(query=query, matched=run.state)
            counts = _counts(transaction.live_files("memberships"), query)
            break
    else:
        raise LakeError(
            f"{lake.path}: changed {ATTEMPTS} times during the match; match again when pulls are done"
        )
    return MatchSummary(
        query=query,
        technologies=len(portfolio),
        texts=run.lake.count("texts"),
        read=run.read,
        memberships=sum(counts.values()),
        empty=tuple(technology for technology in portfolio if not counts.get(technology)),
    )


class _Run:
    """One match: what the last one left, what must be done again, and what was found.

    Parameters
    ----------
    lake
        The version that is read.
    portfolio, threads, engine, advance
        As in :func:`match`.
    again
        Match everything anew.
    """

    def __init__(
        self,
        lake: Lake,
        portfolio: Portfolio,
        threads: int,
        engine: Engine | None,
        advance: Advance,
        *,
        again: bool,
    ) -> None:
        self.lake = lake
        self.technologies = portfolio.technologies
        self.threads = threads
        self.engine = engine
        self.advance = advance
        self.read = 0
        digests = {f"{t.id} {variant}": _digest(t, variant) for t, variant in self._keys()}
        last = {} if again else lake.labels.get("matched", {})
        before: Mapping[str, str] = last.get("queries", {})
        kept = {name for name, digest in digests.items() if before.get(name) == digest}
        touched = _touched(lake, last["lake"], self._queries(kept)) if kept else None
        self.anew = touched is None
        self.touched: Works = np.empty(0, np.int64) if touched is None else touched
        stale = set(digests) if touched is None else set(digests) - kept
        self.gone = set(before) - kept
        self.total = len(self.touched) + (lake.count("texts") if stale else 0)
        self.found = [
            *([self._search(kept, self.touched)] if len(self.touched) else []),
            *([self._search(stale, None)] if stale else []),
        ]
        changed = self.anew or stale or self.gone or len(self.touched)
        self.state: Mapping[str, object] = {"lake": lake.version, "queries": digests} if changed else last

    def _keys(self) -> Iterator[tuple[Technology, Variant]]:
        for technology in self.technologies:
            for variant in VARIANTS:
                yield technology, variant

    def _queries(self, names: set[str]) -> dict[Key, Query]:
        return {
            (t.id, variant): t.query(variant) for t, variant in self._keys() if f"{t.id} {variant}" in names
        }

    def _search(self, names: set[str], only: Works | None) -> dict[Key, Works]:
        def advance(read: int) -> None:
            self.read += read
            self.advance(self.read, self.total)

        queries = self._queries(names)
        if self.engine is not None and self.engine.name == "spark":
            found = search_on_spark(self.engine, self.lake, queries, only=only)
            advance(self.lake.count("texts") if only is None else len(only))
            return found
        return search_texts(self.lake, queries, only=only, threads=self.threads, advance=advance)

    def holds(self, now: Lake) -> bool:
        """Return whether what the match read is still what the lake has."""
        return all(now.versions().get(name) == self.lake.versions().get(name) for name in READ)

    def write(self, transaction: Transaction) -> None:
        """Bring the tables up to date."""
        if self.anew:
            transaction.overwrite("memberships", _rows(self.found[0]))
        else:
            transaction.delete_matching("memberships", _key_table(self.gone))
            if len(self.touched):
                transaction.delete("memberships", "work_id", pa.array(self.touched))
            for found in self.found:
                transaction.append("memberships", _rows(found))
        table = _definitions(self.technologies)
        files = self.lake.files("technologies")
        if not files or pa.concat_tables(map(pq.read_table, files)) != table:
            transaction.overwrite("technologies", table)


def _rows(found: Mapping[Key, Works]) -> pa.RecordBatchReader:
    """Return the rows of ``memberships`` that some searches found, query by query."""
    schema = declared("memberships").arrow
    batches = (
        pa.record_batch([pa.repeat(technology, len(works)), works, pa.repeat(variant, len(works))], schema)
        for (technology, variant), works in sorted(found.items(), key=lambda each: each[0])
    )
    return pa.RecordBatchReader.from_batches(schema, batches)


def _touched(lake: Lake, version: int, queries: Mapping[Key, Query]) -> Works | None:
    """Return the works of which anything that queries ask about may differ from an earlier version of the lake.

    None where the earlier version can no longer be compared.
    """
    kinds = {type(leaf) for query in queries.values() for leaf in query.leaves()}
    tables = ["texts", *(["work_topics"] if Topic in kinds else []), *(["works"] if Source in kinds else [])]
    try:
        earlier = lake.at(version)
        differing = {file for table in tables for file in {*earlier.files(table)} ^ {*lake.files(table)}}
    except PrimacyError:  # that version was removed, or had other columns
        return None
    if not all(Path(file).exists() for file in differing):
        return None
    works = [np.asarray(pq.read_table(file, columns=["work_id"])["work_id"]) for file in sorted(differing)]
    return np.unique(np.concatenate(works)) if works else np.empty(0, np.int64)


def _key_table(names: Iterable[str]) -> pa.Table:
    pairs = [name.split(" ") for name in sorted(names)]
    return pa.table({"technology": [t for t, _ in pairs], "query": [v for _, v in pairs]})


def _digest(technology: Technology, variant: Variant) -> str:
    text = technology.strict_text if variant == "strict" else technology.broad_text
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _definitions(technologies: Iterable[Technology]) -> pa.Table:
    rows = [
        {
            "technology": t.id,
            "name": t.name,
            "domain": t.domain,
            "version": t.version,
            "strict": t.strict_text,
            "broad": t.broad_text,
            "toml": t.toml,
        }
        for t in technologies
    ]
    return pa.Table.from_pylist(rows, schema=declared("technologies").arrow)


def _counts(files: Iterable[str], query: Variant) -> Mapping[str, int]:
    """Count the chosen variant's rows of each technology."""
    counts: Counter[str] = Counter()
    for file in files:
        rows = pq.read_table(file, columns=["technology"], filters=[("query", "==", query)])
        counts.update({v["values"]: v["counts"] for v in pc.value_counts(rows["technology"]).to_pylist()})
    return counts
