"""Reading one file: units are checked in headers and values, and every row that falls out is counted."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from primacy.errors import InputError

__all__ = ["BadRowError", "Quantity", "Row", "Sheet", "Sheets", "read_sheet"]

_MISSING = frozenset({"", "nan"})
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_UNIT = re.compile(r"^(?P<base>.*?)\s*\((?P<unit>[^()]*)\)$")


class BadRowError(Exception):
    """A row cannot be read; the text says why. The row goes to the quarantine."""


@dataclass(frozen=True)
class Quantity:
    """A number in a file.

    Parameters
    ----------
    header
        The column's name in the file, with its unit.
    unit
        The unit, for messages.
    low, high
        What no true value in this unit falls below or exceeds.
    scale
        What the value is multiplied by on its way into the lake.
    zero
        Whether it may be nothing at all.
    """

    header: str
    unit: str
    low: float
    high: float
    scale: float = 1.0
    zero: bool = False

    def allows(self, value: float) -> bool:
        """Return whether a true value can be this one."""
        return math.isfinite(value) and (self.low <= value <= self.high or (self.zero and value == 0))


@dataclass(frozen=True)
class Row:
    """One row of a file, with the line at which it begins."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: list[str] = field(default_factory=list)

    def text(self, header: str) -> str | None:
        """Return a cell's text, None where it is blank or the column is absent."""
        value = " ".join(self.cells.get(header, "").split())
        return value or None

    def key(self, header: str) -> str:
        """Return the text of a cell that must not be blank."""
        value = self.text(header)
        if value is None:
            raise BadRowError(f"'{header}' is blank")
        return value

    def number(self, quantity: Quantity) -> float | None:
        """Return a cell's number in the lake's unit, None where it is blank.

        Raises
        ------
        BadRowError
            It is no number.
        InputError
            No true value is that small or large: the file is in another unit or damaged.
        """
        text = self.cells.get(quantity.header, "").strip()
        if text.lower() in _MISSING:
            return None
        try:
            value = float(text)
        except ValueError:
            raise BadRowError(f"'{quantity.header}' is '{text[:40]}', not a number") from None
        if not quantity.allows(value):
            raise InputError(
                f"{self.file}: line {self.line}: '{quantity.header}' is {text[:40]}, which is not between "
                f"{quantity.low:g} and {quantity.high:g} {quantity.unit}; give the file in that unit"
            )
        return value * quantity.scale

    def known(self, quantity: Quantity) -> float:
        """Return the number of a cell that must not be blank."""
        value = self.number(quantity)
        if value is None:
            raise BadRowError(f"'{quantity.header}' is blank")
        return value

    def date(self, header: str) -> str | None:
        """Return an ISO 8601 date, a year, or a year and month, as the file gives it."""
        value = self.text(header)
        if value is not None and _DATE.fullmatch(value) is None:
            raise BadRowError(f"'{header}' is '{value[:40]}', not a date (YYYY-MM-DD)")
        return value

    def day(self, header: str) -> str | None:
        """Return a date as a day: a year or a month stands for its first."""
        value = self.date(header)
        return None if value is None else value + "-01-01"[len(value) - 4 :]

    def remark_date(self, header: str) -> str | None:
        """Return a date that no result depends on; a row with a wrong one is kept without it and reported."""
        try:
            return self.date(header)
        except BadRowError as bad:
            self.faults.append(f"{bad}; loaded without it")
            return None

    def flag(self, header: str) -> bool | None:
        """Return a yes or no, None where the cell is blank."""
        value = self.text(header)
        if value is None:
            return None
        if value.lower() not in _FLAGS:
            raise BadRowError(f"'{header}' is '{value[:40]}', neither true nor false")
        return _FLAGS[value.lower()]


@dataclass
class Sheet:
    """What one file gave: rows for one table of the lake, and what of it could not be read."""

    table: str
    file: str
    digest: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Sheets:
    """How a kind of CSV file is recognised and read.

    Parameters
    ----------
    table
        The table of the lake that it fills.
    title
        What the file is, for messages.
    signature
        Columns by whose names, units aside, the kind is recognised.
    required
        Further columns that it must have.
    quantities
        Its numbers. A column of the same name in another unit is refused.
    row
        Turns a row into the table's columns, ``source`` and ``line`` aside.
    check
        Looks at all rows together, and refuses the file where they cannot be true.
    """

    table: str
    title: str
    signature: tuple[str, ...]
    required: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    row: Callable[[Row], dict[str, Any]]
    check: Callable[[str, Sequence[dict[str, Any]]], None] = lambda _file, _rows: None

    def recognises(self, header: Sequence[str]) -> bool:
        """Return whether a file with this header is of this kind."""
        bases = {_base(h) for h in header}
        return all(_base(s) in bases for s in self.signature)


def _base(header: str) -> str:
    """Return a header without its unit.

    Examples
    --------
    >>> _base("Memory bandwidth (byte/s)")
    'memory bandwidth'
    """
    match = _UNIT.match(header.strip())
    return (match["base"] if match else header).strip().lower()


def header_of(text: str) -> list[str]:
    """Return the column names of a CSV file's text."""
    return next(csv.reader(io.StringIO(text)), [])


def read_sheet(kind: Sheets, file: str, digest: str, text: str) -> Sheet:
    """Read a CSV file of a known kind.

    Raises
    ------
    InputError
        A column is in another unit or missing, or a value is impossible; the text names file and column.
    """
    sheet = Sheet(kind.table, file, digest)
    records = _records(file, text)
    _, header = next(records)
    _check_header(kind, file, header)
    for line, cells in records:
        if len(cells) != len(header):
            sheet.bad.append((line, f"{len(cells)} cells under {len(header)} column names"))
            continue
        row = Row(file, line, dict(zip(header, cells, strict=True)))
        try:
            sheet.rows.append({**kind.row(row), "source": file, "line": line})
        except BadRowError as bad:
            row.faults.append(str(bad))
        sheet.bad.extend((line, fault) for fault in row.faults)
    kind.check(file, sheet.rows)
    return sheet


def _records(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record of a CSV file with the line at which it begins; blank lines are no records."""
    reader = csv.reader(io.StringIO(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{file}: line {begins}: {error}; the file is damaged, fetch it again") from error


def _check_header(kind: Sheets, file: str, header: Sequence[str]) -> None:
    repeated = next((h for i, h in enumerate(header) if h in header[:i]), None)
    if repeated is not None:
        raise InputError(f"{file}: the column '{repeated}' stands there twice; keep one")
    needed = {*kind.signature, *kind.required}
    for wanted in dict.fromkeys([*kind.signature, *kind.required, *(q.header for q in kind.quantities)]):
        if wanted in header:
            continue
        other = next((h for h in header if _base(h) == _base(wanted)), None)
        if other is not None:
            raise InputError(f"{file}: the column '{other}' is not in the unit of '{wanted}'; convert it")
        if wanted in needed:
            raise InputError(f"{file}: no column '{wanted}', which {kind.title} must have")
