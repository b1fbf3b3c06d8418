from __future__ import annotations

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.errors import InputError
from primacy.sources.hub.dump import read_dump
from tests.sources.hub.builders import csv_file, csv_text, parquet

ROWS = [{"id": "a/b", "downloads": 3, "tags": ["en"]}, {"id": "c/d", "downloads": 0}]


def test_parquet_and_csv_give_the_same_records(tmp_path):
    whole = list(read_dump(parquet(tmp_path / "d.parquet", ROWS)))
    assert [r.line for r in whole] == [1, 2]
    assert whole[0].fields["id"] == "a/b"
    assert whole[0].fields["tags"] == ["en"]
    for name in ("d.csv", "d.csv.gz"):
        lines = list(read_dump(csv_file(tmp_path / name, ROWS)))
        assert [(r.line, r.fields["id"], r.fields["downloads"]) for r in lines] == [
            (2, "a/b", "3"),
            (3, "c/d", "0"),
        ]


def test_columns_go_by_any_of_their_names_and_unknown_ones_are_ignored(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text("\ufeffsha, modelId ,downloads,task\nx,a/b,1,fill-mask\n", encoding="utf-8")
    (only,) = read_dump(path)
    assert only.fields == {"id": "a/b", "downloads": "1", "pipeline_tag": "fill-mask"}


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"downloads": pa.int64()}, r"column 'id' is missing \(nor is there modelId, model_id, model\)"),
        ({"id": pa.string(), "likes": pa.int64()}, "column 'downloads' is missing"),
        ({"id": pa.int64(), "downloads": pa.int64()}, "column 'id' is int64, not text"),
        ({"id": pa.string(), "downloads": pa.string()}, "column 'downloads' is string, not a whole number"),
        ({"id": pa.string(), "downloads": pa.bool_()}, "column 'downloads' is bool, not a whole number"),
        (
            {"id": pa.string(), "downloads": pa.int64(), "tags": pa.int64()},
            "column 'tags' is int64, not a list",
        ),
        (
            {"id": pa.string(), "downloads": pa.int64(), "createdAt": pa.int64()},
            "'createdAt' is int64, not a date",
        ),
        (
            {"id": pa.string(), "downloads": pa.int64(), "baseModels": pa.int8()},
            "column 'baseModels' is int8",
        ),
    ],
)
def test_missing_columns_and_wrong_types_are_refused_by_name(tmp_path, schema, reason):
    path = parquet(tmp_path / "d.parquet", [], pa.schema(schema))
    with pytest.raises(InputError, match=reason):
        list(read_dump(path))


def test_a_column_of_nulls_is_a_missing_column(tmp_path):
    pq.write_table(pa.table({"id": ["a/b"], "downloads": [1], "tags": pa.nulls(1)}), tmp_path / "d.parquet")
    (only,) = read_dump(tmp_path / "d.parquet")
    assert only.fields["tags"] is None


def test_other_string_and_list_types_fit(tmp_path):
    table = pa.table(
        {
            "id": pa.array(["a/b"]).dictionary_encode(),
            "downloads": pa.array([2], pa.uint32()),
            "tags": pa.array([["en"]], pa.large_list(pa.large_string())),
        }
    )
    pq.write_table(table, tmp_path / "d.parquet")
    (only,) = read_dump(tmp_path / "d.parquet")
    assert only.fields == {"id": "a/b", "downloads": 2, "tags": ["en"]}


def test_damaged_rows_of_a_csv_come_out_as_reasons(tmp_path):
    path = tmp_path / "d.csv"
    path.write_bytes(b'id,downloads,cardData\na/b,1\n\nc/d,2,"two\nlines"\ne/f,3,\xff\ng/h,4,x,y\ni/j,5,z\n')
    found = [(r.line, r.reason, r.fields and r.fields["id"]) for r in read_dump(path)]
    assert found == [
        (2, "2 fields, the header has 3", None),
        (4, None, "c/d"),
        (6, "not UTF-8", None),
        (7, "4 fields, the header has 3", None),
        (8, None, "i/j"),
    ]


def test_very_long_fields_are_read(tmp_path):
    path = csv_file(tmp_path / "d.csv", [{"id": "a/b", "downloads": 1, "cardData": "x" * 300_000}])
    (only,) = read_dump(path)
    assert len(only.fields["cardData"]) == 300_000


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[:-8] + b"\0\0\0\0" + b[-4:]])
def test_a_gzip_file_that_cannot_be_verified_is_refused_whole(tmp_path, damage):
    path = tmp_path / "d.csv.gz"
    path.write_bytes(damage(gzip.compress(csv_text(ROWS).encode())))
    with pytest.raises(InputError, match="damaged, nothing was loaded"):
        next(read_dump(path))


def test_damaged_and_missing_files_are_named(tmp_path):
    path = parquet(tmp_path / "d.parquet", ROWS)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"d\.parquet: damaged"):
        list(read_dump(path))
    (tmp_path / "empty.csv").touch()
    with pytest.raises(InputError, match=r"empty\.csv: empty"):
        read_dump(tmp_path / "empty.csv")
    with pytest.raises(InputError, match="nowhere: cannot be read"):
        read_dump(tmp_path / "nowhere")
    with pytest.raises(InputError, match="a directory; name the dump's file"):
        read_dump(tmp_path)
    (tmp_path / "twice.csv").write_text("id,downloads,id\n")
    with pytest.raises(InputError, match="column 'id' stands twice"):
        list(read_dump(tmp_path / "twice.csv"))
