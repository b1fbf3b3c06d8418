"""Tables at a terminal: nothing is cut to stumps."""

from __future__ import annotations

import io

import pyarrow as pa
from rich.console import Console

from primacy.present.terminal import cell, render


def printed(table: pa.Table, width: int = 80, **options: object) -> list[str]:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    console.print(render(table, width=width, **options))  # type: ignore[arg-type]
    return [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]


def test_a_table_that_fits_stands_in_columns():
    table = pa.table({"unit": ["CN", "US"], "share": [0.5, 0.25]})
    assert printed(table, title="who") == ["who", "unit   share", "CN    50.0 %", "US    25.0 %"]


def test_a_single_row_that_does_not_fit_stands_in_lines():
    table = pa.table({f"quarantined_{i}": [i] for i in range(9)})
    lines = printed(table)
    assert lines == [f"quarantined {i}  {i}" for i in range(9)]


def test_of_several_rows_the_columns_that_fit_are_shown_and_the_others_named():
    table = pa.table({"unit": ["CN", "US"], **{f"wide_column_{i}": [1, 2] for i in range(9)}})
    lines = printed(table, width=40)
    assert lines[0] == "unit  wide column 0  wide column 1"
    assert lines[3].startswith("not shown for want of room:")
    assert " ".join(lines[3:]).endswith(", wide column 7, wide column 8")
    assert "…" not in " ".join(lines)


def test_a_long_text_in_the_last_column_is_wrapped():
    table = pa.table({"file": ["a", "b"], "reason": ["word " * 30, "short"]})
    lines = printed(table, width=40)
    assert lines[0].split() == ["file", "reason"]
    assert " ".join(lines[1:-1]).split()[1:] == ["word"] * 30
    assert lines[-1].split() == ["b", "short"]


def test_long_names_are_cut_before_numbers():
    table = pa.table({"rank": [1, 2], "name": ["An institution " * 5, "B"], "share": [0.5, 0.25]})
    lines = printed(table, width=40)
    assert lines[1].split()[-2:] == ["50.0", "%"]
    assert "…" in lines[1]
    assert max(map(len, lines)) == 40


def test_an_empty_table_says_so():
    assert printed(pa.table({"unit": pa.array([], pa.string())})) == ["no rows"]


def test_whole_low_and_high_are_years_and_have_no_comma():
    assert [cell("low", 2019), cell("since", 2021), cell("papers", 2019)] == ["2019", "2021", "2,019"]
