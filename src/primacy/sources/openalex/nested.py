"""Nested columns of works, as Parquet files have them, made leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from primacy.errors import InputError
from primacy.sources.openalex import abstracts, inverted
from primacy.sources.openalex.leaves import WORK_COLUMNS, Ints, Leaves, Nest, Repeated, whole
from primacy.sources.openalex.stream import DamagedFileError

INDICES = ("abstract_inverted_index", "abstract_inverted_index_v3")
"""The columns of inverted indices: JSON texts, maps, or structs with a field for each word."""


class Reader:
    """Takes a table of works apart.

    Parameters
    ----------
    table
        Its columns are those of OpenAlex's Parquet copy, nested, as far as they are there.
    name
        The file's name, for errors.
    """

    def __init__(self, table: pa.Table, name: str) -> None:
        self.table = table
        self.name = name
        self.wrong: list[tuple[int, str]] = []
        """The rows in which something was found that cannot be loaded, with the reason."""

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
        """Return the table as leaves.

        Raises
        ------
        InputError
            A column has a type that it cannot have.
        DamagedFileError
            A column of texts is not UTF-8.
        """
        n = self.table.num_rows
        lengths, authors = self._explode(self._column("authorships"), n, "authorships")
        m = int(lengths.sum())
        author = self._field(authors, "authorships.author")
        flag = self._field(authors, "authorships.is_corresponding")
        authorships = Nest(
            lengths,
            pa.table(
                {
                    **self._strings(author, m, "authorships.author", {"author_id": "id", "orcid": "orcid"}),
                    **self._strings(
                        authors, m, "authorships", {"position": "author_position", "stated": "raw_orcid"}
                    ),
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
        for name in reversed(INDICES):
            column = self._column(name)
            if column is not None:
                found = pc.coalesce(self._rebuilt(column), found)
        return found

    def _rebuilt(self, column: pa.Array) -> pa.Array:
        """Return the texts of a column of indices: JSON texts, maps, or structs with a field for each word."""
        if pa.types.is_map(column.type) or pa.types.is_struct(column.type):
            values = (v and {w: p for w, p in dict(v).items() if p is not None} for v in column.to_pylist())
            return pa.array([self._one_text(i, v) for i, v in enumerate(values)], pa.string())
        indices = self._typed(column, pa.string(), len(column), INDICES[0])
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
