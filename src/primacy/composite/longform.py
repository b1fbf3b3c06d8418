"""Reading a table in long form, CSV or Parquet, with the place of every row for messages."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from primacy.composite._text import listing, quote
from primacy.errors import InputError

MISSING_WORDS = frozenset({"", "na", "n/a", "nan", "null", "none"})
"""Cells that mean that nothing is known, in any case of letters."""


@dataclass(frozen=True)
class LongTable:
    """The cells of a file, column by column.

    ``places[i]`` says where row i stands ("line 3" of a CSV file, whose first line is 1; "row 3" of a Parquet
    file).
    """

    name: str
    columns: dict[str, list[object]]
    places: list[str]

    def column(self, name: str, role: str) -> list[object]:
        """Return a column.

        Raises
        ------
        InputError
            There is none; the text names the role it was wanted for and the columns that the file has.
        """
        if name not in self.columns:
            raise InputError(
                f"{role} is {quote(name)}, which is no column of {self.name}; it has "
                f"{listing(self.columns, most=12)}"
            )
        return self.columns[name]

    def labels(self, name: str, role: str) -> list[str]:
        """Return a column of names without white space around them, refusing an empty one."""
        out = []
        for place, cell in zip(self.places, self.column(name, role), strict=True):
            text = "" if cell is None else str(cell).strip()
            if not text:
                raise InputError(f"{self.name}, {place}: {quote(name)} is empty")
            out.append(text)
        return out

    def numbers(self, name: str, role: str) -> list[float | None]:
        """Return a column of numbers, None where a cell is missing."""
        cells = self.column(name, role)
        return [self._number(cell, name, place) for place, cell in zip(self.places, cells, strict=True)]

    def _number(self, cell: object, name: str, place: str) -> float | None:
        if cell is None:
            return None
        if isinstance(cell, str):
            if cell.strip().lower() in MISSING_WORDS:
                return None
            number = _parsed(cell)
        elif isinstance(cell, bool) or not isinstance(cell, int | float):
            number = None
        else:
            number = float(cell)
            if math.isnan(number):
                return None
        if number is None:
            raise InputError(f"{self.name}, {place}: {quote(name)} is {quote(cell)}, which is no number")
        if not math.isfinite(number):
            raise InputError(f"{self.name}, {place}: {quote(name)} is {quote(cell)}, which is not finite")
        return number


def read_long_table(path: Path) -> LongTable:
    """Read a CSV file (UTF-8, comma, a header) or, if its name ends in .parquet, a Parquet file.

    Raises
    ------
    InputError
        The file is not there, is empty, has no rows, is damaged, or has two columns of one name.
    """
    if not path.exists():
        raise InputError(f"there is no file {path}")
    if not path.is_file():
        raise InputError(f"{path} is not a file")
    return _read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)


def _read_csv(path: Path) -> LongTable:
    rows: list[list[str]] = []
    places: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader, None)
            if not header:
                raise InputError(f"{path} is empty")
            _refuse_twice(header, path)
            for row in reader:
                if not row:
                    continue
                if len(row) != len(header):
                    raise InputError(
                        f"{path.name}, line {reader.line_num}: {len(row)} cells under {len(header)} columns"
                    )
                rows.append(row)
                places.append(f"line {reader.line_num}")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}") from None
    except csv.Error as error:
        raise InputError(f"{path} is not a readable CSV file: {error}") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    if not rows:
        raise InputError(f"{path} has a header and no rows")
    columns: dict[str, list[object]] = {name: [row[k] for row in rows] for k, name in enumerate(header)}
    return LongTable(path.name, columns, places)


def _read_parquet(path: Path) -> LongTable:
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path} is not a readable Parquet file: {str(error).splitlines()[0]}") from None
    _refuse_twice(table.column_names, path)
    if table.num_rows == 0:
        raise InputError(f"{path} has no rows")
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    return LongTable(path.name, columns, [f"row {k + 1}" for k in range(table.num_rows)])


def _refuse_twice(header: list[str], path: Path) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise InputError(f"{path} has two columns named {listing(twice)}")


def _parsed(text: str) -> float | None:
    # float() would take "1_000"; in a data file that is a slip, not a number.
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None
