"""Parquet as OpenAlex and others write it."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.errors import InputError
from primacy.lake.store import Lake
from primacy.sources.openalex import parquet, pull
from tests.sources.openalex.builders import (
    PARQUET,
    affiliation,
    author,
    contents,
    expected,
    institution,
    parquet_row,
    rows,
    same,
    work,
    write,
    write_parquet,
)


@pytest.fixture
def lake(tmp_path):
    return Lake.create(tmp_path / "lake")


def table(*records):
    return pa.Table.from_pylist([parquet_row(r) for r in records], PARQUET)


RECORDS = [
    work(
        1,
        "2026-01-02T03:04:05.678901",
        publication_date="2020-02-03",
        doi="https://doi.org/10.1/ABC",
        authorships=[
            author(
                institution(1, "US"), institution(1, "US"), affiliations=[affiliation(1), affiliation(None)]
            ),
            author(institution(None, "FR"), countries=["FR"]),
        ],
        abstract_inverted_index={"a": [0, 2], "b": [1]},
        counts_by_year=[{"year": 2021, "cited_by_count": 3}],
        referenced_works=["https://openalex.org/W5", "https://openalex.org/W4"],
        primary_location={
            "source": {"id": "https://openalex.org/S1", "issn": ["1111-1111"], "display_name": "J"}
        },
    ),
    work(
        2, "2026-01-02", primary_location=None, host_venue={"id": "https://openalex.org/S2", "publisher": "P"}
    ),
    work(3, "2026-01-02", display_name="shown", title=None),
]


def test_it_equals_the_oracle(lake, tmp_path):
    pull(lake, write_parquet(tmp_path / "w.parquet", *RECORDS, row_group_size=2))
    same(contents(lake), expected(RECORDS))


@pytest.mark.parametrize("column", ["id", "publication_year", "type", "cited_by_count", "authorships"])
def test_a_required_column_that_is_missing_is_refused_by_name(column, lake, tmp_path):
    path = tmp_path / "works.parquet"
    pq.write_table(table(*RECORDS).drop_columns([column]), path)
    with pytest.raises(InputError, match=rf"works\.parquet: required column '{column}' is missing"):
        pull(lake, path)
    assert lake.latest().version == 0


def test_columns_that_are_unknown_or_optional_do_not_matter(lake, tmp_path):
    slim = table(work(1)).select(["id", "publication_year", "type", "cited_by_count", "authorships"])
    pq.write_table(slim.append_column("brand_new", pa.array(["x"])), tmp_path / "w.parquet")
    pull(lake, tmp_path / "w.parquet")
    assert rows(lake, "works", "work_id", "updated_date") == [(1, "0001-01-01T00:00:00.000000")]


def test_a_column_of_another_type_is_refused_by_name(lake, tmp_path):
    wrong = (
        table(work(1))
        .drop_columns(["publication_year"])
        .append_column("publication_year", pa.array(["MMXX"]))
    )
    pq.write_table(wrong, tmp_path / "w.parquet")
    with pytest.raises(InputError, match=r"w\.parquet: column 'publication_year' is string, not int32"):
        pull(lake, tmp_path / "w.parquet")


def test_rows_that_cannot_be_loaded_are_quarantined_by_number(lake, tmp_path):
    records = [
        work(1),
        {**work(2), "id": None},
        {**work(3), "id": "https://openalex.org/A3"},
        work(4, cited_by_count=-1),
        work(5, publication_year=123456),
        work(6, abstract_inverted_index='{"a": "b"}'),
        work(7, counts_by_year=[{"year": 2020, "cited_by_count": -1}]),
        work(8, cited_by_count=None),
        work(9),
    ]
    summary = pull(lake, write_parquet(tmp_path / "w.parquet", *records, row_group_size=3))
    assert (summary.read, summary.quarantined) == (2, 7)
    assert rows(lake, "works", "work_id") == [(1,), (9,)]
    assert rows(lake, "quarantine", "line") == [(n,) for n in range(2, 9)]


@pytest.mark.parametrize(
    "kind", ["as it comes", "large", "dictionaries", "zones", "abstract as map", "abstract as struct"]
)
def test_other_writers_types_are_read(kind, lake, tmp_path):
    records = RECORDS[:1]
    if kind == "as it comes":  # types as pyarrow infers them from records
        plain = [
            {**r, "abstract_inverted_index": json.dumps(r.get("abstract_inverted_index"))} for r in records
        ]
        made = pa.Table.from_pylist(plain)
    elif kind == "abstract as struct":
        made = pa.Table.from_pylist([dict(r) for r in records])
        assert pa.types.is_struct(made.schema.field("abstract_inverted_index").type)
    elif kind == "abstract as map":
        column = pa.array(
            [list(r["abstract_inverted_index"].items()) for r in records],
            pa.map_(pa.string(), pa.list_(pa.int64())),
        )
        made = table(*records)
        made = made.set_column(
            made.column_names.index("abstract_inverted_index"), "abstract_inverted_index", column
        )
    else:
        made = table(*records)
        casts = {
            "large": {"title": pa.large_string(), "referenced_works": pa.large_list(pa.large_string())},
            "dictionaries": {"type": pa.dictionary(pa.int32(), pa.string())},
            "zones": {"updated_date": pa.timestamp("ns", "UTC"), "publication_year": pa.int64()},
        }[kind]
        for name, target in casts.items():
            column = made[name].cast(target) if kind != "dictionaries" else made[name].dictionary_encode()
            made = made.set_column(made.column_names.index(name), name, column)
    pq.write_table(made, tmp_path / "w.parquet")
    pull(lake, tmp_path / "w.parquet")
    same(contents(lake), expected(records))


def test_only_the_leaves_that_are_needed_are_read(tmp_path):
    path = write_parquet(tmp_path / "w.parquet", *RECORDS)
    with pq.ParquetFile(path) as file:
        chosen = {file.schema.column(i).path for i in parquet.projection(file.schema)}
        every = {file.schema.column(i).path for i in range(len(file.schema))}
    assert every - chosen == {
        "ids.key_value.key",
        "ids.key_value.value",
        "authorships.list.element.author.display_name",
        "authorships.list.element.affiliations.list.element.raw_affiliation_string",
        "primary_location.is_oa",
        "primary_location.source.is_oa",
        "primary_location.source.host_organization",
        "host_venue.is_oa",
        "host_venue.host_organization",
        "host_venue.host_organization_name",
        "primary_topic.subfield.id",
        "primary_topic.field.id",
        "primary_topic.domain.id",
        "topics.list.element.subfield.id",
        "topics.list.element.field.id",
        "topics.list.element.domain.id",
        "referenced_works_count",
    }


def test_json_and_parquet_copies_of_one_release_are_one_source(lake, tmp_path):
    pull(lake, write_parquet(tmp_path / "w.parquet", *RECORDS))
    before = contents(lake)
    summary = pull(lake, write(tmp_path / "w.jsonl", *RECORDS))
    assert (summary.read, summary.unchanged) == (3, 3)
    assert contents(lake) == before
