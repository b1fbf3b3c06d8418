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
import pyarrow.compute as pc
import pyarrow.parquet as pq

from primacy.errors import InputError
from primacy.sources.openalex import abstracts, inverted
from primacy.sources.openalex.decode import Tally
from primacy.sources.openalex.entities import EntityRecord
from primacy.sources.openalex.leaves import WORK_COLUMNS, Ints, Leaves, Nest, Repeated, whole
from primacy.sources.openalex.records import REQUIRED
from primacy.sources.openalex.storage import unreadable
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
        "authorships.author_position",
        "authorships.is_corresponding",
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
_WHOLE = ("abstract_inverted_index", "abstract_inverted_index_v3")  # whatever their type, all of it is needed
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
        if path in _WANTED or path.partition(".")[0] in _WHOLE:
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


def works(file: pq.ParquetFile, name: str, groups: Iterable[int], tally: Tally) -> Iterator[Leaves]:
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
    reader = _Reader(rows, name)
    leaves = reader.leaves()
    wrong = dict([*faults(leaves.works), *reader.wrong])
    if not wrong:
        return leaves
    tally.faults.extend((before + i + 1, f"unfit record: {reason}") for i, reason in sorted(wrong.items()))
    kept = np.ones(rows.num_rows, bool)
    kept[list(wrong)] = False
    return _Reader(rows.filter(pa.array(kept)).combine_chunks(), name).leaves()


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


class _Reader:
    """Takes a table of nested columns apart."""

    def __init__(self, table: pa.Table, name: str) -> None:
        self.table = table
        self.name = name
        self.wrong: list[tuple[int, str]] = []

    def _column(self, name: str) -> pa.Array | None:
        if name not in self.table.column_names:
            return None
        column = self.table[name]
        array = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        return None if pa.types.is_null(array.type) else array

    def _typed(self, array: pa.Array | None, kind: pa.DataType, size: int, path: str) -> pa.Array:
        """Return an array as a type; all null where it is missing."""
        if array is None or pa.types.is_null(array.type):
            return pa.nulls(size, kind)
        if array.type == kind:
            return _checked(array, path)
        if pa.types.is_timestamp(array.type) and pa.types.is_string(kind):
            array = pc.cast(array, pa.timestamp("us"), safe=False)
        if pa.types.is_nested(array.type) or (pa.types.is_string(kind) and pa.types.is_floating(array.type)):
            raise InputError(f"{self.name}: column '{path}' is {array.type}, not {kind}")
        try:
            return _checked(pc.cast(array, kind), path)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise InputError(f"{self.name}: column '{path}' is {array.type}, not {kind} ({error})") from None

    def _field(self, struct: pa.Array | None, path: str) -> pa.Array | None:
        """Return a field of an array of structs, None where there is none."""
        if struct is None or pa.types.is_null(struct.type):
            return None
        step = path.rpartition(".")[2]
        if not pa.types.is_struct(struct.type):
            raise InputError(
                f"{self.name}: column '{path.rpartition('.')[0]}' is {struct.type}, not a struct"
            )
        if struct.type.get_field_index(step) < 0:
            return None
        return pc.struct_field(struct, step)

    def _explode(self, lists: pa.Array | None, size: int, path: str) -> tuple[Ints, pa.Array | None]:
        """Return the lengths of lists, none counting as 0, and all their elements."""
        if lists is None or pa.types.is_null(lists.type):
            return np.zeros(size, np.int64), None
        if not (pa.types.is_list(lists.type) or pa.types.is_large_list(lists.type)):
            raise InputError(f"{self.name}: column '{path}' is {lists.type}, not a list")
        lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False).astype(np.int64)
        return lengths, pc.list_flatten(lists)

    def _strings(
        self, struct: pa.Array | None, size: int, path: str, fields: dict[str, str]
    ) -> dict[str, Any]:
        return {
            to: self._typed(self._field(struct, f"{path}.{f}"), pa.string(), size, f"{path}.{f}")
            for to, f in fields.items()
        }

    def _text_nest(self, lists: pa.Array | None, size: int, path: str, column: str) -> Nest:
        lengths, values = self._explode(lists, size, path)
        return Nest(lengths, pa.table({column: self._typed(values, pa.string(), int(lengths.sum()), path)}))

    def leaves(self) -> Leaves:
        """Return the table as leaves."""
        n = self.table.num_rows
        lengths, authors = self._explode(self._column("authorships"), n, "authorships")
        m = int(lengths.sum())
        author = self._field(authors, "authorships.author")
        flag = self._field(authors, "authorships.is_corresponding")
        authorships = Nest(
            lengths,
            pa.table(
                {
                    **self._strings(author, m, "authorships.author", {"author_id": "id"}),
                    **self._strings(authors, m, "authorships", {"position": "author_position"}),
                    "corresponding": self._typed(flag, pa.bool_(), m, "authorships.is_corresponding"),
                }
            ),
        )
        institutions, entries = self._institutions(authors, m)
        path = "authorships.affiliations"
        affiliations, raw = self._explode(self._field(authors, path), m, path)
        path = "authorships.affiliations.institution_ids"
        affiliation_ids = self._text_nest(self._field(raw, path), int(affiliations.sum()), path, "id")
        path = "authorships.countries"
        listed, topics = self._explode(self._column("topics"), n, "topics")
        both = [
            self._topics(topics, int(listed.sum()), "topics"),
            self._topics(self._column("primary_topic"), n, "primary_topic"),
        ]
        mentions = pa.concat_tables(both).combine_chunks()
        return Leaves(
            works=self._works(n),
            sources=self._sources(n),
            authorships=authorships,
            institutions=institutions,
            entries=entries,
            countries=self._text_nest(self._field(authors, path), m, path, "country"),
            affiliations=affiliations,
            affiliation_ids=affiliation_ids,
            topics=listed,
            scores=mentions["score"].combine_chunks(),
            mentions=_once(mentions.drop_columns(["score"]), None),
            references=self._text_nest(self._column("referenced_works"), n, "referenced_works", "id"),
            years=self._years(n),
        )

    def _institutions(self, authors: pa.Array | None, m: int) -> tuple[Ints, Repeated]:
        path = "authorships.institutions"
        lengths, entries = self._explode(self._field(authors, path), m, path)
        k = int(lengths.sum())
        names = {"id": "id", "name": "display_name", "country": "country_code", "type": "type", "ror": "ror"}
        lineage = self._text_lists(self._field(entries, f"{path}.lineage"), k, f"{path}.lineage")
        return lengths, _once(pa.table(self._strings(entries, k, path, names)), lineage)

    def _years(self, n: int) -> Nest:
        path = "counts_by_year"
        lengths, counts = self._explode(self._column(path), n, path)
        size = int(lengths.sum())
        columns = {
            name: self._typed(self._field(counts, f"{path}.{name}"), kind, size, f"{path}.{name}")
            for name, kind in (("year", pa.int32()), ("cited_by_count", pa.int64()))
        }
        nest = Nest(lengths, pa.table(columns))
        if pc.any(pc.less(columns["cited_by_count"], 0)).as_py():
            negative = pc.fill_null(pc.less(columns["cited_by_count"], 0), False)
            rows = np.unique(nest.parents()[negative.to_numpy(zero_copy_only=False)])
            self.wrong.extend((int(i), "counts_by_year holds a negative count") for i in rows)
        return whole(nest)

    def _works(self, n: int) -> pa.Table:
        names = {"year": "publication_year", "date": "publication_date"}
        columns = {
            to: self._typed(self._column(names.get(to, to)), kind, n, names.get(to, to))
            for to, kind in WORK_COLUMNS.items()
        }
        other = self._typed(self._column("display_name"), pa.string(), n, "display_name")
        columns["title"] = pc.coalesce(columns["title"], other)
        columns["abstract"] = self._abstracts(n, columns["abstract"])
        return pa.table(columns)

    def _abstracts(self, n: int, plain: pa.Array) -> pa.Array:
        found = plain
        for name in reversed(_WHOLE):
            column = self._column(name)
            if column is not None:
                found = pc.coalesce(self._rebuilt(column), found)
        return found

    def _rebuilt(self, column: pa.Array) -> pa.Array:
        """Return the texts of a column of indices: JSON texts, maps, or structs with a field for each word."""
        if pa.types.is_map(column.type) or pa.types.is_struct(column.type):
            values = (v and {w: p for w, p in dict(v).items() if p is not None} for v in column.to_pylist())
            return pa.array([self._one_text(i, v) for i, v in enumerate(values)], pa.string())
        indices = self._typed(column, pa.string(), len(column), _WHOLE[0])
        filled = pc.fill_null(indices, "")
        bounds = np.frombuffer(filled.buffers()[1], np.int32)[filled.offset : filled.offset + len(filled) + 1]
        data = filled.buffers()[2] or pa.py_buffer(b"")
        rebuilt = inverted.rebuild(data[bounds[0] : bounds[-1]], (bounds[1:] - bounds[0]).astype(np.int64))
        rest = ~rebuilt.done
        others = [
            self._one_text(i, v)
            for i, v in zip(
                np.flatnonzero(rest).tolist(), indices.filter(pa.array(rest)).to_pylist(), strict=True
            )
        ]
        return pc.replace_with_mask(rebuilt.texts, pa.array(rest), pa.array(others, pa.string()))

    def _one_text(self, row: int, value: object) -> str | None:
        try:
            return abstracts.from_value(value)
        except ValueError as error:
            self.wrong.append((row, str(error)))
            return None

    def _sources(self, n: int) -> Repeated:
        """Return primary sources: of the primary location, or the host venue where there is no location."""
        fields = {
            "id": "id",
            "name": "display_name",
            "issn_l": "issn_l",
            "type": "type",
            "publisher": "publisher",
        }
        location = self._column("primary_location")
        path = "primary_location.source"
        place = self._field(location, path)
        columns = self._strings(place, n, path, fields)
        host = self._strings(place, n, path, {"host": "host_organization_name"})["host"]
        columns["publisher"] = pc.coalesce(_filled(host), columns["publisher"])
        issns = self._text_lists(self._field(place, f"{path}.issn"), n, f"{path}.issn")
        venue = self._column("host_venue")
        if venue is not None:
            elsewhere = pc.is_null(location) if location is not None else pa.array([True] * n)
            other = self._strings(venue, n, "host_venue", fields)
            columns = {c: pc.if_else(elsewhere, other[c], columns[c]) for c in columns}
            theirs = self._text_lists(self._field(venue, "host_venue.issn"), n, "host_venue.issn")
            issns = pc.if_else(elsewhere, theirs, issns)
        return _once(pa.table(columns), issns)

    def _text_lists(self, lists: pa.Array | None, size: int, path: str) -> pa.Array:
        kind = pa.list_(pa.string())
        if lists is None or pa.types.is_null(lists.type):
            return pa.nulls(size, kind)
        try:
            texts = pc.cast(lists, kind)
            _checked(pc.list_flatten(texts), path)
            return texts
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            raise InputError(f"{self.name}: column '{path}' is {lists.type}, not {kind}") from None

    def _topics(self, struct: pa.Array | None, size: int, path: str) -> pa.Table:
        columns = self._strings(struct, size, path, {"id": "id", "name": "display_name"})
        columns["score"] = self._typed(
            self._field(struct, f"{path}.score"), pa.float64(), size, f"{path}.score"
        )
        for level in ("subfield", "field", "domain"):
            inner = self._field(struct, f"{path}.{level}")
            columns |= self._strings(inner, size, f"{path}.{level}", {level: "display_name"})
        return pa.table(columns)


def _checked(array: pa.Array, path: str) -> pa.Array:
    """Refuse texts that are not UTF-8: Parquet promises it, and nothing checks it on the way."""
    if pa.types.is_string(array.type):
        try:
            array.validate(full=True)
        except pa.ArrowInvalid as error:
            raise DamagedFileError(f"column '{path}' is not UTF-8 ({error})") from None
    return array


def _filled(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)


def _once(mentions: pa.Table, lists: pa.Array | None) -> Repeated:
    """Return the distinct things among mentions.

    Those with one id, or one name where they have no id, are looked at together: what is equal in every column
    to the first of them is the same thing; any other stays a thing of its own.

    Parameters
    ----------
    mentions
        With the columns ``id`` and ``name``.
    lists
        A list of texts that each has.
    """
    n = mentions.num_rows
    texts = pc.binary_join(lists, " ") if lists is not None else None
    key = (
        pc.coalesce(mentions["id"], mentions["name"])
        .combine_chunks()
        .dictionary_encode(null_encoding="encode")
    )
    codes = key.indices.to_numpy()
    first = np.zeros(len(key.dictionary), np.int64)
    first[codes[::-1]] = np.arange(n)[::-1]
    same = np.ones(n, bool)
    place = pa.array(first[codes])
    for column in (*mentions.columns, *([texts] if texts is not None else [])):
        one = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        other = one.take(place)
        equal = pc.or_(pc.fill_null(pc.equal(one, other), False), pc.and_(pc.is_null(one), pc.is_null(other)))
        same &= equal.to_numpy(zero_copy_only=False)
    thing = np.where(same, first[codes], np.arange(n))
    kept = np.unique(thing)
    rows = pa.array(kept)
    if lists is None:
        nest = Nest(np.zeros(len(kept), np.int64), pa.table({"item": pa.array([], pa.string())}))
    else:
        chosen = lists.take(rows)
        lengths = pc.fill_null(pc.list_value_length(chosen), 0).to_numpy(zero_copy_only=False)
        nest = Nest(lengths.astype(np.int64), pa.table({"item": pc.list_flatten(chosen)}))
    return Repeated(np.searchsorted(kept, thing), mentions.take(rows), nest)
