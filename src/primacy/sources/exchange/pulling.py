"""``pull works``: exports become records in OpenAlex's shape, and these go into the lake as OpenAlex's own do."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pyarrow as pa

from primacy.errors import UsageError
from primacy.lake.embedded import connect
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.sources import openalex
from primacy.sources.exchange.citations import Key, read_citations
from primacy.sources.exchange.formats import Format, read_file
from primacy.sources.exchange.record import OWN, Fault, Read, Record, own_id
from primacy.sources.openalex import ledger
from primacy.sources.openalex.normalise import parse_id
from primacy.sources.openalex.tables import WORK_TABLES

__all__ = ["SOURCE", "ImportSummary", "pull_works"]

SOURCE = "works"
"""The name of this upstream in ``quarantine``."""

ABSENT: Mapping[Format, str] = {
    "openalex-json": "",
    "openalex-csv": "references and topics; institutions are not tied to authors",
    "wos-tagged": "institutions' ids, topics; references are not matched",
    "wos-tab": "institutions' ids, topics; references are not matched",
    "scopus-csv": "institutions' ids, topics; references are not matched",
    "bibtex": "institutions' ids, topics, references",
    "ris": "institutions' ids, topics, references",
}
"""What no record of a format has."""


@dataclass(frozen=True)
class ImportSummary:
    """What a pull of exports did.

    Attributes
    ----------
    read
        Records read.
    added, updated, unchanged
        Works that the lake did not have, had in an older form, or has already.
    known
        Records of works that the lake has from OpenAlex, by their DOI: those stay as they are.
    quarantined
        Records that could not be loaded, new in ``quarantine``.
    replaced
        Works of earlier exports that the lake now has from OpenAlex, and that were taken out.
    files
        Files read.
    notes
        What is missing, file by file.
    """

    read: int
    added: int
    updated: int
    unchanged: int
    known: int
    quarantined: int
    replaced: int
    files: int
    notes: tuple[str, ...] = ()

    def row(self) -> dict[str, int]:
        """Return the numbers by name."""
        return {k: v for k, v in asdict(self).items() if k != "notes"}


def pull_works(
    lake: Lake,
    files: Sequence[Path],
    *,
    format: Format | None = None,
    citations: Path | None = None,
    as_of: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> ImportSummary:
    """Bring the works of exports into the lake.

    Parameters
    ----------
    lake
        The lake.
    files
        Exports, each in one format.
    format
        Theirs; recognised file by file where None.
    citations
        A table of citation counts (:func:`primacy.sources.exchange.citations.read_citations`), which goes before the
        counts that the exports state.
    as_of
        The day of the exports, ISO 8601: of two records of a work the newer counts. The day on which a file was last
        changed where None.
    progress
        Told which file is read.

    Raises
    ------
    InputError
        A file cannot be read, or not in its format; nothing of it is loaded.
    UsageError
        The day is none.
    """
    counts = read_citations(citations) if citations is not None else {}
    total: Counter[str] = Counter()
    notes: list[str] = []
    for path in files:
        progress(path.name)
        chosen, read = read_file(path, format)
        day = _day(path, as_of)
        records = [_counted(r, counts) for r in read.records]
        unknown, faults = _apart(records)
        places = _Places.of(lake.latest(), unknown)
        new = [r for r in unknown if not places.has(r)]
        total += Counter(read=len(read.records) + len(read.faults), known=len(unknown) - len(new), files=1)
        for name, count in _load(lake, path, [_shaped(r, day, places) for r in new]).items():
            total[name] += count
        total["quarantined"] += _quarantine(lake, path, [*read.faults, *faults])
        notes.append(_missing(path, chosen, read))
    total["replaced"] = _replace(lake)
    names = ("read", "added", "updated", "unchanged", "known", "quarantined", "replaced", "files")
    return ImportSummary(**{name: total[name] for name in names}, notes=tuple(notes))


def _day(path: Path, as_of: str | None) -> str:
    if as_of is None:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    try:
        return date.fromisoformat(as_of).isoformat()
    except ValueError:
        raise UsageError(f"--as-of {as_of}: give a day such as 2026-11-24") from None


def _counted(record: Record, counts: Mapping[Key, int]) -> Record:
    """Return a record with the user's own count of its citations, where there is one."""
    number = parse_id(record.openalex_id, "Ww") if record.openalex_id else None
    for key in (number, record.doi):
        if key is not None and key in counts:
            return replace(record, citations=counts[key])
    return record


def _apart(records: Iterable[Record]) -> tuple[list[Record], list[Fault]]:
    """Return the records that can be loaded, and what is wrong with the others."""
    sound, faults = [], []
    for r in records:
        if r.raw is not None:
            sound.append(r)
        elif r.openalex_id is None and r.key is None:
            faults.append(Fault(r.line, "neither DOI nor title: nothing tells it from others"))
        elif r.citations is None:
            faults.append(Fault(r.line, "no citation count, and missing is not zero; give --citations FILE"))
        else:
            sound.append(r)
    return sound, faults


# ---------------------------------------------------------------------- what the lake knows already


@dataclass(frozen=True)
class _Places:
    """What the lake has under ids of OpenAlex: DOIs of works, and sources by ISSN."""

    dois: frozenset[str]
    sources: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, lake: Lake, records: Sequence[Record]) -> _Places:
        dois = [r.doi for r in records if r.openalex_id is None and r.doi]
        issns = [i for r in records for i in r.issns]
        found: set[str] = set()
        sources: dict[str, Mapping[str, Any]] = {}
        with connect() as connection:
            if dois and lake.files("works"):
                connection.register("wanted", pa.table({"doi": dois}))
                found = {
                    d
                    for (d,) in connection.execute(
                        "SELECT DISTINCT doi FROM read_parquet(?) JOIN wanted USING (doi) WHERE work_id < ?",
                        [lake.files("works"), OWN],
                    ).fetchall()
                }
            if issns and lake.files("sources"):
                rows = connection.sql(
                    "SELECT source_id, name, issn_l, issns, type FROM read_parquet(?) WHERE source_id < ? "
                    "ORDER BY source_id DESC",
                    params=[lake.files("sources"), OWN],
                ).to_arrow_table()
                sources = {i: r for r in rows.to_pylist() for i in r["issns"] or []}
        return cls(frozenset(found), sources)

    def has(self, record: Record) -> bool:
        """Return whether the lake has the work from OpenAlex."""
        return record.openalex_id is None and record.doi in self.dois

    def source(self, record: Record) -> dict[str, Any] | None:
        """Return where the work was published: a source of the lake by its ISSN, else one of its own."""
        known = next((self.sources[i] for i in record.issns if i in self.sources), None)
        if known is not None:
            return {"id": f"S{known['source_id']}", "display_name": known["name"], "issn_l": known["issn_l"],
                    "issn": known["issns"], "type": known["type"]}  # fmt: skip
        key = f"issn:{min(record.issns)}" if record.issns else f"journal:{(record.journal or '').casefold()}"
        if not record.issns and not record.journal:
            return None
        issns = sorted(record.issns)
        return {"id": f"S{own_id(key)}", "display_name": record.journal, "issn_l": issns[0] if issns else None,
                "issn": issns, "type": None}  # fmt: skip


# ---------------------------------------------------------------------- into OpenAlex's shape


def _shaped(record: Record, day: str, places: _Places) -> dict[str, Any]:
    """Return a record as OpenAlex would describe the work."""
    if record.raw is not None:
        stated = {} if record.citations is None else {"cited_by_count": record.citations}
        return {"updated_date": day, **record.raw, **stated}
    last = len(record.authors) - 1
    alone = record.loose_countries if len(record.loose_countries) == 1 else ()
    return {
        "id": record.openalex_id or f"W{own_id(record.key or '')}",
        "updated_date": day,
        "title": record.title,
        "abstract": record.abstract,
        "publication_year": record.year,
        "publication_date": record.date,
        "type": record.type,
        "doi": record.doi,
        "language": record.language,
        "cited_by_count": record.citations,
        "is_retracted": record.retracted,
        "is_paratext": False,
        "primary_location": {"source": places.source(record)},
        "authorships": [
            {
                "author_position": "first" if n == 0 else "last" if n == last else "middle",
                "countries": list(a.countries or alone),
                "institutions": [],
                "is_corresponding": a.corresponding,
            }
            for n, a in enumerate(record.authors)
        ],
    }


def _load(lake: Lake, path: Path, works: Sequence[Mapping[str, Any]]) -> Mapping[str, int]:
    """Bring records into the lake as OpenAlex's own; the lake's ledger names the export they are of."""
    if not works:
        return {}
    with TemporaryDirectory(prefix="primacy-") as made:
        file = Path(made) / f"{path.name}.jsonl"
        file.write_bytes(b"\n".join(msgspec.json.encode(w) for w in works) + b"\n")
        done = openalex.pull(lake, file, workers=1)
    unchanged = done.unchanged + done.superseded + done.withdrawn
    return {
        "added": done.added,
        "updated": done.updated,
        "unchanged": unchanged,
        "quarantined": done.quarantined,
    }


def _quarantine(lake: Lake, path: Path, faults: Sequence[Fault]) -> int:
    """Put what could not be loaded into quarantine, once; return how many are new there."""
    if not faults:
        return 0
    now = lake.latest()
    there = {
        (r["source"], r["file"], r["digest"], r["line"]) for r in ledger.rows(now, "quarantine").to_pylist()
    }
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    rows = [
        {"source": SOURCE, "file": path.name, "line": f.line, "reason": f.reason, "digest": digest}
        for f in sorted(faults, key=lambda f: f.line)
        if (SOURCE, path.name, digest, f.line) not in there
    ]
    if rows:
        with now.transaction(f"pull works {path.name}") as tx:
            tx.append("quarantine", pa.Table.from_pylist(rows, declared("quarantine").arrow))
    return len(rows)


def _replace(lake: Lake) -> int:
    """Take out works of exports that the lake has from OpenAlex by now, so that none counts twice."""
    now = lake.latest()
    if not now.files("works"):
        return 0
    with connect() as connection:
        gone = connection.sql(
            "SELECT o.work_id FROM read_parquet(?) o WHERE o.work_id >= ? AND o.doi IN "
            "(SELECT doi FROM read_parquet(?) WHERE work_id < ? AND doi IS NOT NULL) ORDER BY 1",
            params=[now.files("works"), OWN, now.files("works"), OWN],
        ).to_arrow_table()["work_id"]
    if len(gone):
        with now.transaction("works of exports that OpenAlex describes") as tx:
            for name in (*WORK_TABLES, "memberships"):
                if now.has(name):
                    tx.delete(name, "work_id", gone)
            ledger.account(tx, [], {"deleted": len(gone)})
    return len(gone)


def _missing(path: Path, format: Format, read: Read) -> str:
    """Return what the records of a file do not have, in words."""
    records = read.records
    if format == "openalex-json":
        return f"{path.name}: {len(records)} records of {format}"
    lacking = Counter(
        {
            "year": sum(r.year is None for r in records),
            "DOI": sum(r.doi is None for r in records),
            "citations": sum(r.citations is None for r in records),
            "abstract": sum(r.abstract is None for r in records),
            "ISSN": sum(not r.issns for r in records),
            "authors": sum(not r.authors for r in records),
            "a country for every author": sum(not _placed(r) for r in records if r.authors),
        }
    )
    parts = [f"{count} without {name}" for name, count in lacking.items() if count]
    whole = f"{path.name}: {len(records)} records of {format}"
    if parts:
        whole += f", {', '.join(parts)}"
    if read.faults:
        whole += f", {len(read.faults)} that cannot be read"
    return f"{whole}; never in this format: {ABSENT[format]}"


def _placed(record: Record) -> bool:
    return len(record.loose_countries) == 1 or all(a.countries for a in record.authors)
