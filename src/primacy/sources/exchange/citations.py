"""A user's own table of citations: ``work_id`` or ``doi``, and ``citations``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa

from primacy.errors import InputError
from primacy.lake.embedded import connect
from primacy.lake.store import Lake
from primacy.lake.tables import table as declared
from primacy.sources.exchange.record import plain_doi, whole
from primacy.sources.exchange.tables import rows
from primacy.sources.openalex.normalise import parse_id

__all__ = ["CitationSummary", "pull_citations", "read_citations"]

Key = str | int
"""A DOI without the resolver's address, or the number of an OpenAlex id."""


@dataclass(frozen=True)
class CitationSummary:
    """What became of the rows of a table of citations: ``read = updated + unchanged + unknown``."""

    read: int
    updated: int
    unchanged: int
    unknown: int

    def row(self) -> dict[str, int]:
        """Return the numbers by name."""
        return asdict(self)


def read_citations(path: Path) -> Mapping[Key, int]:
    """Read a CSV file with the column ``work_id`` (``W123``) or ``doi``, and ``citations``.

    Raises
    ------
    InputError
        A column or a value is missing or wrong, or a work stands twice with different numbers; the text names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})"
        ) from None
    head = {c.strip().strip('"') for c in text.partition("\n")[0].split(",")}
    name = "work_id" if "work_id" in head else "doi"
    found: dict[Key, int] = {}
    for line, row in rows(text, path, delimiter=",", required=(name, "citations")):
        key = parse_id(row[name], "Ww") if name == "work_id" else plain_doi(row[name])
        if key is None:
            raise InputError(f"{path}, line {line}: field {name}: '{row[name][:60]}' is none")
        try:
            count = whole(row["citations"], "citations")
        except InputError as error:
            raise InputError(f"{path}, line {line}: {error}") from None
        if count is None:
            raise InputError(
                f"{path}, line {line}: field citations: is empty; leave the row out where it is not known"
            )
        if found.setdefault(key, count) != count:
            raise InputError(
                f"{path}, line {line}: field {name}: {row[name]} stands twice, with {found[key]} and {count}"
            )
    return found


def pull_citations(lake: Lake, path: Path) -> CitationSummary:
    """Put a table's citation counts into the works of the lake; a newer record of OpenAlex replaces them again.

    Raises
    ------
    InputError
        The table is wrong; nothing was changed.
    NotThereError
        The lake has no works.
    """
    counts = read_citations(path)
    now = lake.latest()
    now.require("works", "primacy pull openalex SOURCE")
    key = "work_id" if any(isinstance(k, int) for k in counts) else "doi"
    stated = pa.table(
        {"key": pa.array(list(counts), pa.int64() if key == "work_id" else pa.string()),
         "stated": pa.array(list(counts.values()), pa.int64())}
    )  # fmt: skip
    with now.transaction(f"pull citations {path.name}") as tx:
        with connect() as connection:
            connection.register("stated", stated)
            matched = connection.sql(
                f"SELECT w.*, s.stated FROM read_parquet(?) w JOIN stated s ON w.{key} = s.key ORDER BY work_id",
                params=[now.files("works")],
            ).to_arrow_table()
        changed = matched.filter(pa.compute.not_equal(matched["cited_by_count"], matched["stated"]))
        if changed.num_rows:
            place = changed.column_names.index("cited_by_count")
            new = changed.set_column(place, "cited_by_count", changed["stated"]).drop_columns(["stated"])
            tx.upsert("works", new.cast(declared("works").arrow), key="work_id")
    known = len(set(matched[key].to_pylist()))
    updated = len(set(changed[key].to_pylist()))
    return CitationSummary(len(counts), updated, known - updated, len(counts) - known)
