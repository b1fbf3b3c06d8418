"""Denominators: what a user relates Shares to, such as researchers, inhabitants or spending."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pyarrow as pa

from primacy.errors import InputError

__all__ = ["DENOMINATORS", "read_denominators"]

DENOMINATORS = pa.schema(
    [("unit", pa.string()), ("year", pa.int64()), ("relative_to", pa.string()), ("denominator", pa.float64())]
)


def read_denominators(path: Path) -> pa.Table:
    """Read a CSV file with ``unit``, ``year`` and one column per denominator, named as it should be shown.

    Returns
    -------
    pyarrow.Table
        unit, year, relative_to (the column), denominator. Empty cells have no row.

    Raises
    ------
    InputError
        The file cannot be read, a value is no positive number, or a unit has two rows in a year.
    """
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), strict=True)
        header = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = header
        columns = [name for name in header if name not in ("unit", "year")]
        if not {"unit", "year"} <= set(header) or not columns:
            raise ValueError("denominators have the columns unit, year and one or more of numbers")
        found: dict[tuple[str, int, str], float] = {}
        for row in reader:
            unit, year = (row["unit"] or "").strip(), (row["year"] or "").strip()
            if not unit or not year.isdecimal():
                raise ValueError(f"line {reader.line_num}: unit '{unit}', year '{year}'")
            for name in columns:
                text = (row[name] or "").strip()
                if not text:
                    continue
                key = (unit, int(year), name)
                if key in found:
                    raise ValueError(f"line {reader.line_num}: {unit} has a second row in {year}")
                found[key] = _positive(text, f"line {reader.line_num}: {name}")
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, csv.Error) as error:
        raise InputError(f"{path}: {error}") from error
    rows = [(*key, value) for key, value in sorted(found.items())]
    return pa.Table.from_arrays(
        [
            pa.array(column, field.type)
            for column, field in zip(zip(*rows, strict=True) if rows else [[]] * 4, DENOMINATORS, strict=True)
        ],
        schema=DENOMINATORS,
    )


def _positive(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (value > 0 and math.isfinite(value)):
        raise ValueError(f"{where} '{text}': takes a number above 0")
    return value
