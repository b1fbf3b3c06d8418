"""Works out of OpenAlex's Parquet copy: only the leaf columns that the lake needs are read from the file.

Columns that the files do not have are missing in all their rows; a missing one of the required ones is refused
by name, as is one that cannot be read as the type it should have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from primacy.errors import InputError
from primacy.sources.openalex.decode import Tally
from primacy.sources.openalex.entities import EntityRecord
from primacy.sources.openalex.leaves import Leaves
from primacy.sources.openalex.nested import INDICES, Reader
from primacy.sources.openalex.records import REQUIRED
from primacy.sources.openalex.storage import Extent, unreadable
from primacy.sources.openalex.stream import DamagedFileError
from primacy.sources.openalex.tables import faults

BATCH = 4096
"""Rows that are taken together."""

_WANTED = frozenset(
    [
        "id",
        "updated_date",
        "publication_year",
        "publication_date",
        "type",
        "language",
        "doi",
        "title",
        "display_name",
        "cited_by_count",
        "is_retracted",
        "is_paratext",
        "is_xpac",
        "is_authors_truncated",
        "authors_count",
        "abstract",
        "abstract_inverted_index",
        "abstract_inverted_index_v3",
        "authorships.author.id",
        "authorships.author.orcid",
        "authorships.author_position",
        "authorships.is_corresponding",
        "authorships.raw_orcid",
        "authorships.countries",
        "authorships.institutions.id",
        "authorships.institutions.display_name",
        "authorships.institutions.country_code",
        "authorships.institutions.type",
        "authorships.institutions.ror",
        "authorships.institutions.lineage",
        "authorships.affiliations.institution_ids",
        "primary_location.source.id",
        "primary_location.source.display_name",
        "primary_location.source.issn_l",
        "primary_location.source.issn",
        "primary_location.source.type",
        "primary_location.source.host_organization_name",
        "primary_location.source.publisher",
        "host_venue.id",
        "host_venue.display_name",
        "host_venue.issn_l",
        "host_venue.issn",
        "host_venue.type",
        "host_venue.publisher",
        "referenced_works",
        "counts_by_year.year",
        "counts_by_year.cited_by_count",
        "topics.id",
        "topics.display_name",
        "topics.score",
        "topics.subfield.display_name",
        "topics.field.display_name",
        "topics.domain.display_name",
        "primary_topic.id",
        "primary_topic.display_name",
        "primary_topic.score",
        "primary_topic.subfield.display_name",
        "primary_topic.field.display_name",
        "primary_topic.domain.display_name",
    ]
)
_MARKS = frozenset({"list", "element", "item", "array", "bag", "array_element"})
"""Steps of a path that a writer puts in for a list; none of them is a field of a work."""


def _path(path: str) -> str:
    return ".".join(step for step in path.split(".") if step not in _MARKS)


def projection(schema: Any) -> list[int]:
    """Return the numbers of the leaf columns to read.

    Parameters
    ----------
    schema
        A file's :class:`pyarrow.parquet.ParquetSchema`.
    """
    chosen = []
    for i in range(len(schema)):
        path = _path(schema.column(i).path)
        if path in _WANTED or path.partition(".")[0] in INDICES:
            chosen.append(i)
    return chosen


def require(name: str, schema: pa.Schema) -> None:
    """Refuse a file that lacks a required column.

    Raises
    ------
    InputError
        It does; the text names the file and the column.
    """
    for column in REQUIRED:
        if column not in schema.names:
            raise InputError(
                f"{name}: required column '{column}' is missing; it is not a Parquet file of OpenAlex works"
            )


@contextmanager
def opened(name: str, where: str | BinaryIO) -> Iterator[pq.ParquetFile]:
    """Open a Parquet file.

    Raises
    ------
    InputError
        It cannot be read.
    DamagedFileError
        It is no Parquet file, or only part of one.
    """
    with _reading(name):
        file = pq.ParquetFile(where, page_checksum_verification=True)
    with file:
        yield file


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Tell damage, of which the library says what it is, from a failure of disk or network, which has a number."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise unreadable(name, error) from error
        raise DamagedFileError(" ".join(str(error).split())[:200] or type(error).__name__) from error


def extents(group: pq.RowGroupMetaData, columns: Iterable[int]) -> list[Extent]:
    """Return where in its file the bytes of some leaf columns of a row group lie.

    Parameters
    ----------
    group
        The row group's metadata.
    columns
        Numbers of leaf columns.
    """
    found = []
    for i in columns:
        chunk = group.column(i)
        start = chunk.data_page_offset
        if chunk.has_dictionary_page and chunk.dictionary_page_offset:
            start = min(start, chunk.dictionary_page_offset)
        found.append((start, start + chunk.total_compressed_size))
    return found


def works(
    file: pq.ParquetFile,
    name: str,
    groups: Iterable[int],
    tally: Tally,
    *,
    fetch: Callable[[Iterable[Extent]], None] = lambda extents: None,
) -> Iterator[Leaves]:
    """Yield the works of some row groups as leaves.

    Parameters
    ----------
    file
        The file, open.
    name
        Its name, for errors.
    groups
        The row groups to read.
    tally
        Is told what was read and what was not; lines are numbers of rows, from 1.
    fetch
        Is called with the bytes that each row group is about to be read from.

    Raises
    ------
    InputError
        A required column is missing, or one has a type that it cannot have.
    DamagedFileError
        The file is damaged.
    """
    require(name, file.schema_arrow)
    columns = projection(file.schema)
    sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
    for group in groups:
        before = sum(sizes[:group])
        fetch(extents(file.metadata.row_group(group), columns))
        batches = file.reader.iter_batches(
            BATCH, row_groups=[group], column_indices=columns, use_threads=False
        )
        for rows in _tables(batches, name):
            leaves = _leaves(rows, name, before, tally)
            before += rows.num_rows
            tally.read += leaves.works.num_rows
            if leaves.works.num_rows:
                yield leaves


def _tables(batches: Iterator[pa.RecordBatch], name: str) -> Iterator[pa.Table]:
    while True:
        with _reading(name):
            batch = next(batches, None)
        if batch is None:
            return
        yield pa.Table.from_batches([batch])


def _leaves(rows: pa.Table, name: str, before: int, tally: Tally) -> Leaves:
    """Return the works of some rows, and tell the tally of the rows that hold none."""
    reader = Reader(rows, name)
    leaves = reader.leaves()
    wrong = dict([*faults(leaves.works), *reader.wrong])
    if not wrong:
        return leaves
    tally.faults.extend((before + i + 1, f"unfit record: {reason}") for i, reason in sorted(wrong.items()))
    kept = np.ones(rows.num_rows, bool)
    kept[list(wrong)] = False
    return Reader(rows.filter(pa.array(kept)).combine_chunks(), name).leaves()


def entities(
    file: pq.ParquetFile,
    name: str,
    kind: type[EntityRecord],
    fault: Callable[[EntityRecord], str | None],
    tally: Tally,
) -> Iterator[list[EntityRecord]]:
    """Yield the records of an entity file.

    Parameters
    ----------
    file, name, tally
        As in :func:`works`.
    kind
        What its records are.
    fault
        Says why a record cannot be loaded.

    Raises
    ------
    InputError
        It has no column ``id``.
    """
    wanted = [f for f in kind.__struct_fields__ if f in file.schema_arrow.names]
    if "id" not in wanted:
        raise InputError(f"{name}: required column 'id' is missing; it is no file of OpenAlex entities")
    row = 0
    for rows in _tables(file.iter_batches(BATCH, columns=wanted, use_threads=False), name):
        found: list[EntityRecord] = []
        for value in rows.to_pylist():
            row += 1
            stamp = value.get("updated_date")
            if stamp is not None and not isinstance(stamp, str):
                value["updated_date"] = stamp.isoformat()
            try:
                record = msgspec.convert(value, kind)
                reason = fault(record)
            except msgspec.ValidationError as error:
                reason = str(error)
            if reason is None:
                found.append(record)
            else:
                tally.faults.append((row, f"unfit record: {reason}"))
        tally.read += len(found)
        if found:
            yield found
