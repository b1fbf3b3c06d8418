"""Institutions, sources and topics: as their own files describe them, or as the works state them.

A row derived from works stands only where no entity file describes the thing. Among rows of one kind the
newest ``updated_date`` wins; among equally new ones, one is chosen by content, so that the order in which
files arrive never matters. The ISSNs of a derived source are those of all records that name it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from primacy.lake.tables import table as declared
from primacy.sources.openalex import normalise
from primacy.sources.openalex.leaves import Repeated
from primacy.sources.openalex.records import InstitutionRecord, SourceRecord, TopicRecord

ENTITIES = ("institutions", "sources", "topics")
"""The tables that describe what works refer to."""

EntityRecord = InstitutionRecord | SourceRecord | TopicRecord

_LETTERS = {"institutions": "I", "sources": "SV", "topics": "T"}
_LISTS = {"institutions": "lineage", "sources": "issns"}


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def statements(name: str, mentions: Repeated, ids: pa.Array, moments: npt.NDArray[np.int64]) -> pa.Table:
    """Return what works say of institutions, sources or topics: distinct statements, with their newest date.

    Parameters
    ----------
    name
        The lake's table.
    mentions
        The things, mentioned at least once each, their ids and country codes in the lake's spelling.
    ids
        Their ids, null where a thing has none and is left out.
    moments
        For each mention the ``updated_date`` of its work, in microseconds.
    """
    newest = np.full(mentions.things.num_rows, np.iinfo(np.int64).min)
    np.maximum.at(newest, mentions.index, moments)
    lists = mentions.lists
    offsets = np.zeros(len(lists.lengths) + 1, np.int32)
    np.cumsum(lists.lengths, out=offsets[1:])
    items = pc.fill_null(_one(lists.values["item"]), "")
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), items), " ")
    columns = {c: _one(mentions.things[c]) for c in mentions.things.column_names if c != "id"}
    if name in _LISTS:
        columns[_LISTS[name]] = pc.if_else(pa.array(lists.lengths > 0), joined, pa.scalar(None, pa.string()))
    table = pa.table(
        {
            declared(name).key[0]: ids,
            **columns,
            "updated_date": normalise.spelt(pa.array(newest, pa.timestamp("us"))),
        }
    )
    return table.filter(pc.is_valid(ids))


def distinct(tables: Sequence[pa.Table]) -> pa.Table:
    """Return statements of several batches, each distinct one with its newest date."""
    table = pa.concat_tables(tables)
    names = [c for c in table.column_names if c != "updated_date"]
    grouped = table.group_by(names, use_threads=False).aggregate([("updated_date", "max")])
    return grouped.select([*names, "updated_date_max"]).rename_columns([*names, "updated_date"])


def rows_of_statements(name: str, said: pa.Table) -> pa.Table:
    """Return statements of works as rows of the lake's table."""
    columns = {c: _one(said[c]) for c in said.column_names}
    if name == "institutions":
        columns["ror"] = normalise.rors(columns["ror"])
        columns["lineage"] = pa.array(
            [None if v is None else _lineage(v.split()) for v in columns["lineage"].to_pylist()],
            pa.list_(pa.int64()),
        )
    elif name == "sources":
        issns = zip(columns["issns"].to_pylist(), columns["issn_l"].to_pylist(), strict=True)
        columns["issns"] = pa.array(
            [_issns((v or "").split(), linking) for v, linking in issns], pa.list_(pa.string())
        )
    return _rows(name, columns, said.num_rows, derived=True)


def rows_of_records(name: str, records: Sequence[EntityRecord]) -> pa.Table:
    """Return records of entity files as rows of the lake's table.

    Parameters
    ----------
    name
        ``institutions``, ``sources`` or ``topics``.
    records
        Records of that kind; :func:`fault` found nothing wrong with them.
    """
    text = pa.string()
    columns: dict[str, pa.Array] = {
        declared(name).key[0]: normalise.ids(pa.array([r.id for r in records], text), _LETTERS[name]),
        "name": pa.array([r.display_name for r in records], text),
        "updated_date": normalise.stamps(
            normalise.blank_to_null(pa.array([r.updated_date for r in records], text))
        ),
    }
    for r in records[:1]:
        if isinstance(r, InstitutionRecord):
            columns |= _institution_columns([x for x in records if isinstance(x, InstitutionRecord)])
        elif isinstance(r, SourceRecord):
            columns |= _source_columns([x for x in records if isinstance(x, SourceRecord)])
        else:
            columns |= _topic_columns([x for x in records if isinstance(x, TopicRecord)])
    return _rows(name, columns, len(records), derived=False)


def _institution_columns(records: list[InstitutionRecord]) -> dict[str, pa.Array]:
    text = pa.string()
    return {
        "country": normalise.countries(pa.array([r.country_code for r in records], text)),
        "type": pa.array([r.type for r in records], text),
        "ror": normalise.rors(pa.array([r.ror for r in records], text)),
        "lineage": pa.array(
            [None if r.lineage is None else _lineage(r.lineage) for r in records], pa.list_(pa.int64())
        ),
        "is_super_system": pa.array([r.is_super_system for r in records], pa.bool_()),
    }


def _source_columns(records: list[SourceRecord]) -> dict[str, pa.Array]:
    text = pa.string()
    return {
        "issn_l": pa.array([r.issn_l for r in records], text),
        "issns": pa.array([_issns(r.issn or [], r.issn_l) for r in records], pa.list_(text)),
        "type": pa.array([r.type for r in records], text),
        "publisher": pa.array([r.host_organization_name or r.publisher for r in records], text),
    }


def _topic_columns(records: list[TopicRecord]) -> dict[str, pa.Array]:
    text = pa.string()
    return {
        "subfield": pa.array([r.subfield.display_name if r.subfield else None for r in records], text),
        "field": pa.array([r.field.display_name if r.field else None for r in records], text),
        "domain": pa.array([r.domain.display_name if r.domain else None for r in records], text),
        "keywords": pa.array(
            [None if r.keywords is None else [k for k in r.keywords if k] for r in records], pa.list_(text)
        ),
    }


def fault(name: str, record: EntityRecord) -> str | None:
    """Return why a record of an entity file cannot be loaded, None where it can."""
    if normalise.parse_id(record.id, _LETTERS[name]) is None:
        return f"id {record.id[:60]!r} is not an id of {name}"
    if record.updated_date and normalise.parse_stamp(record.updated_date) is None:
        return f"updated_date {record.updated_date[:60]!r} is not a date"
    return None


def _lineage(ids: Sequence[str | None]) -> list[int]:
    parsed = (normalise.parse_id(i, "I") for i in ids if i)
    return [i for i in parsed if i is not None]


def _issns(issns: Sequence[str | None], linking: str | None) -> list[str]:
    return sorted({i.strip().upper() for i in [*issns, linking] if i and i.strip()})


def _rows(name: str, columns: dict[str, pa.Array], size: int, *, derived: bool) -> pa.Table:
    schema = declared(name).arrow
    columns["derived"] = pa.array([derived] * size, pa.bool_())
    return pa.Table.from_arrays([columns.get(f.name, pa.nulls(size, f.type)) for f in schema], schema=schema)
