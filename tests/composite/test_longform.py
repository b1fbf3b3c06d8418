from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from primacy.composite.longform import read_long_table
from primacy.errors import InputError


def write(tmp_path, text, name="rows.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_cells_are_read_with_their_places(tmp_path):
    table = read_long_table(write(tmp_path, '\ufeffunit,x\n"A, B ",1\n\nC,NA\n D," 2.5 "\n'))
    assert table.labels("unit", "data.unit") == ["A, B", "C", "D"]
    assert table.numbers("x", "data.value") == [1.0, None, 2.5]
    assert table.places == ["line 2", "line 4", "line 5"]


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "NaN", "null", "None", "  "])
def test_words_for_missing(tmp_path, cell):
    assert read_long_table(write(tmp_path, f"u,x\nA,{cell}\n")).numbers("x", "data.value") == [None]


def test_a_country_called_na_is_a_label(tmp_path):
    assert read_long_table(write(tmp_path, "u,x\nNA,1\n")).labels("u", "data.unit") == ["NA"]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("many", "rows.csv, line 2: 'x' is 'many', which is no number"),
        ("1_000", "'x' is '1_000', which is no number"),
        ("0x10", "'x' is '0x10', which is no number"),
        ("inf", "'x' is 'inf', which is not finite"),
        ("-1e999", "'x' is '-1e999', which is not finite"),
    ],
)
def test_a_cell_that_is_no_number_is_named_with_its_line(tmp_path, cell, message):
    table = read_long_table(write(tmp_path, f"u,x\nA,{cell}\n"))
    with pytest.raises(InputError, match=message):
        table.numbers("x", "data.value")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "rows.csv is empty"),
        ("u,x\n", "rows.csv has a header and no rows"),
        ("u,x\nA\n", "rows.csv, line 2: 1 cells under 2 columns"),
        ("u,x,u\nA,1,2\n", "rows.csv has two columns named 'u'"),
        (b"u,x\n\xff\xfe,1\n", "rows.csv is not UTF-8 text"),
        ('u,x\n"A,1\n', "rows.csv is not a readable CSV file"),
    ],
)
def test_a_damaged_file_is_refused_by_name(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as caught:
        read_long_table(write(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_an_absent_file_a_folder_and_an_absent_column_are_named(tmp_path):
    with pytest.raises(InputError, match=r"there is no file .*gone\.csv"):
        read_long_table(tmp_path / "gone.csv")
    with pytest.raises(InputError, match="is not a file"):
        read_long_table(tmp_path)
    table = read_long_table(write(tmp_path, "u,x\nA,1\n"))
    with pytest.raises(InputError, match=r"data\.value is 'y', which is no column of rows\.csv; it has 'u'"):
        table.numbers("y", "data.value")
    with pytest.raises(InputError, match=r"rows\.csv, line 2: 'u' is empty"):
        read_long_table(write(tmp_path, "u,x\n ,1\n")).labels("u", "data.unit")


def test_parquet_holds_the_same(tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(
        pa.table({"u": ["A", "B", "C"], "x": [1.0, None, float("nan")], "y": [2020, 2021, 2022]}), path
    )
    table = read_long_table(path)
    assert table.numbers("x", "data.value") == [1.0, None, None]
    assert table.numbers("y", "data.year") == [2020.0, 2021.0, 2022.0]
    assert table.labels("y", "data.levels") == ["2020", "2021", "2022"]
    assert table.places[0] == "row 1"
    pq.write_table(pa.table({"u": ["A"], "x": [True]}), path)
    with pytest.raises(InputError, match=r"rows\.parquet, row 1: 'x' is 'True', which is no number"):
        read_long_table(path).numbers("x", "data.value")
    pq.write_table(pa.table({"u": pa.array([], pa.string())}), path)
    with pytest.raises(InputError, match="has no rows"):
        read_long_table(path)
    path.write_bytes(b"PAR1 not really")
    with pytest.raises(InputError, match="is not a readable Parquet file"):
        read_long_table(path)
