"""A workbook: one sheet of typed cells per table, and a sheet that says what it is and where it comes from."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from primacy.errors import InputError, UsageError
from primacy.present.exports.selection import Exported, Selection
from primacy.present.spreadsheet import is_formula
from primacy.present.terminal import SIMULATED

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["MARK", "METHOD_SHEET", "write_workbook"]

METHOD_SHEET = "method"
MARK = "SIMULATED DATA"
"""The first column of every sheet of simulated data, so that no row can be copied without it."""

ROWS = 1_048_576
CELL = 32_767
"""What a sheet and a cell can hold."""

WIDEST, SAMPLE = 44, 200
NUMBERS = {"share": "0.0%", "times": "0.00", "year": "0", "": "General"}
"""How numbers of a unit are shown; the cell holds the whole number."""


def write_workbook(selection: Selection, path: Path) -> None:
    """Write tables to an ``.xlsx`` file; the same results give the same bytes.

    Raises
    ------
    UsageError
        A table has more rows than a sheet can hold.
    InputError
        The file cannot be written, or a text is longer than a cell can hold.
    """
    import xlsxwriter  # starting up takes a while, and few commands write workbooks

    for table in selection.tables:
        if table.rows.num_rows >= ROWS:
            raise UsageError(
                f"export {path}: table {table.name} has {table.rows.num_rows} rows, a sheet holds {ROWS - 1}; "
                "name other tables, give --technology, or export a directory"
            )
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            _Writer(book, path).write(selection)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise InputError(f"{path}: cannot be written ({error})") from error


class _Writer:
    """Writes one workbook."""

    def __init__(self, book: Workbook, path: Path) -> None:
        self.book = book
        self.path = path
        self.header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.warning = book.add_format({"bold": True, "bg_color": "#FFD966", "text_wrap": True})
        # Marks a cell as text also when somebody edits it.
        self.text = book.add_format({"quote_prefix": True})
        self._formats: dict[str, Format] = {}

    def write(self, selection: Selection) -> None:
        # No clock: the same results give the same file.
        self.book.set_properties(
            {
                "title": selection.citation.title,
                "comments": str(selection.citation),
                "created": datetime(2000, 1, 1),
            }
        )
        self.method(selection)
        for table in selection.tables:
            self.sheet(table)

    # ------------------------------------------------------------------ a table

    def sheet(self, table: Exported) -> None:
        sheet = self.book.add_worksheet(table.name[:31])
        names = table.rows.column_names
        first = 1 if table.origin.simulated else 0
        if first:
            sheet.set_tab_color("#FFD966")
            sheet.write_string(0, 0, MARK, self.warning)
            sheet.set_column(0, 0, len(MARK) + 2)
            sheet.set_header(f"&C{SIMULATED}")
            for row in range(table.rows.num_rows):
                sheet.write_string(row + 1, 0, "simulated", self.warning)
        for place, name in enumerate(names, first):
            column = table.column(name)
            values = table.rows[name].to_pylist()
            sheet.write_string(0, place, name, self.header)
            if column is not None:
                unit = f" [{column.unit}]" if column.unit else ""
                sheet.write_comment(0, place, f"{column.meaning}{unit}")
            look = self._look(column.unit if column else "", table.rows.schema.field(name).type)
            sheet.set_column(place, place, _width(name, values))
            for row, value in enumerate(values, 1):
                self.cell(sheet, row, place, value, look, f"{table.name}, row {row}, column {name}")
        sheet.freeze_panes(1, 0)
        if table.rows.num_rows:
            sheet.autofilter(0, 0, table.rows.num_rows, first + len(names) - 1)

    def cell(
        self, sheet: Worksheet, row: int, place: int, value: Any, look: Format | None, where: str
    ) -> None:
        """Write a value as what it is; a text is never anything else than a text."""
        match value:
            case None:
                return
            case bool():
                sheet.write_boolean(row, place, value)
            case int() | float():
                if math.isfinite(value):
                    sheet.write_number(row, place, value, look)
            case list():
                self.cell(sheet, row, place, "; ".join(map(str, value)), look, where)
            case _:
                text = str(value)
                if len(text) > CELL:
                    raise InputError(
                        f"{self.path}: {where}: a text of {len(text)} characters, a cell holds {CELL}"
                    )
                sheet.write_string(row, place, text, self.text if is_formula(text) else None)

    def _look(self, unit: str, kind: pa.DataType) -> Format | None:
        """Return how a column's numbers are shown."""
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
            return None
        look = NUMBERS.get(unit, "#,##0" if pa.types.is_integer(kind) else "General")
        if look not in self._formats:
            self._formats[look] = self.book.add_format({"num_format": look})
        return self._formats[look]

    # ------------------------------------------------------------------ the method

    def method(self, selection: Selection) -> None:
        sheet = self.book.add_worksheet(METHOD_SHEET)
        sheet.set_column(0, 1, 26)
        sheet.set_column(2, 2, 22)
        sheet.set_column(3, 3, 80)
        sheet.write_row(0, 0, ["about", "table or study", "key", "value"], self.header)
        sheet.freeze_panes(1, 0)
        for row, (about, subject, key, value) in enumerate(_method_rows(selection), 1):
            look = self.warning if about == MARK else self.wrapped
            for place, text in enumerate((about, subject, key)):
                sheet.write_string(row, place, text, self.warning if about == MARK else self.bold)
            self.cell(sheet, row, 3, value, look, f"sheet {METHOD_SHEET}, row {row}")


def _method_rows(selection: Selection) -> Iterator[tuple[str, str, str, Any]]:
    if selection.simulated:
        yield MARK, "", "", SIMULATED
    yield "cite", "", "", str(selection.citation).strip()
    for style in ("bibtex", "cff"):
        yield "cite", "", style, selection.citation.render(style)
    if selection.technology is not None:
        one = selection.technology
        facts = {"id": one.id, "name": one.name, "version": one.version, "definition": one.definition}
        for key, value in {**facts, "strict": one.strict_text, "broad": one.broad_text}.items():
            yield "technology", one.id, key, _cut(value)
    for study, manifest in selection.manifests.items():
        origin = next(t.origin for t in selection.tables if t.origin.study == study)
        yield "study", study, "source", origin.source_text
        yield "study", study, "licence", origin.licence
        yield "study", study, "code", f"primacy {origin.primacy} ({origin.source})"
        yield "study", study, "lake version", origin.lake_version
        for key, value in _flat(manifest.get("settings", {})):
            yield "setting", study, key, _cut(value)
        for name, entry in manifest.get("inputs", {}).items():
            yield (
                "input",
                study,
                name,
                f"version {entry['version']}, {entry['rows']} rows, schema {entry['schema']}",
            )
        for part in ("funnel", "lost_weight"):
            for key, value in _flat(manifest.get(part, {}), part):
                yield "count", study, key, _cut(value)
    for table in selection.tables:
        yield "table", table.name, "one row is", table.meaning
        yield "table", table.name, "rows", table.rows.num_rows
        yield "table", table.name, "sha256", table.origin.sha256
        for name in table.rows.column_names:
            if (column := table.column(name)) is not None:
                yield (
                    "column",
                    table.name,
                    name,
                    f"{column.meaning}{f' [{column.unit}]' if column.unit else ''}",
                )


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key in value:
            yield from _flat(value[key], f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix, ", ".join(map(str, value)) if isinstance(value, list) else value


def _cut(value: Any) -> Any:
    """Shorten a text of the method that a cell cannot hold, and say so; numbers stay numbers."""
    if isinstance(value, str) and len(value) > CELL:
        return f"{value[: CELL - 40]} … (cut; {len(value)} characters)"
    return value


def _width(name: str, values: list[Any]) -> float:
    """Return the width of a column, by its header and its first values."""
    shown = [f"{v:.4g}" if isinstance(v, float) else str(v) for v in values[:SAMPLE] if v is not None]
    longest = max((len(line) for text in shown for line in re.split(r"[\r\n]", text)), default=0)
    return min(WIDEST, max(len(name), longest) + 2)
