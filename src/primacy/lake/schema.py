"""What a table is: columns with a type and a meaning, a key, and a fingerprint of all that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from primacy.errors import InputError

__all__ = ["COMPRESSION", "ROW_GROUP", "Column", "ColumnType", "Table"]

COMPRESSION = "zstd"
ROW_GROUP = 122_880
"""Rows in a row group of the lake's files: a multiple of DuckDB's vector size."""

ColumnType = Literal[
    "int64", "int32", "double", "bool", "string", "list<int64>", "list<double>", "list<string>"
]

_ARROW: dict[str, pa.DataType] = {
    "int64": pa.int64(),
    "int32": pa.int32(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "string": pa.string(),
    "list<int64>": pa.list_(pa.int64()),
    "list<double>": pa.list_(pa.float64()),
    "list<string>": pa.list_(pa.string()),
}


@dataclass(frozen=True)
class Column:
    """A column: its name, its type, what it means, whether it may be missing, and its unit.

    A unit that the meaning states need not be repeated. ``share`` is a part of 1, which people read as per cent.
    """

    name: str
    type: ColumnType
    meaning: str
    nullable: bool = True
    unit: str = ""

    @property
    def arrow(self) -> pa.Field:
        """The column as an Arrow field."""
        return pa.field(self.name, _ARROW[self.type], nullable=True)


@dataclass(frozen=True)
class Table:
    """A table of the lake, or of results.

    Parameters
    ----------
    name
        Its name, also that of its directory.
    meaning
        What one row is.
    columns
        In the order in which they are stored.
    key
        The columns that identify a row, or the thing that the rows belong to.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def __post_init__(self) -> None:
        names = [c.name for c in self.columns]
        if len(set(names)) < len(names) or not set(self.key) <= set(names):
            raise ValueError(f"table {self.name}: columns repeat, or the key is not among them")

    @property
    def arrow(self) -> pa.Schema:
        """The table as an Arrow schema."""
        return pa.schema([c.arrow for c in self.columns])

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that change whenever a name, a type or the key does.

        Examples
        --------
        >>> a = Table("t", "a row", (Column("id", "int64", "the id"),), key=("id",))
        >>> b = Table("t", "a row", (Column("id", "string", "the id"),), key=("id",))
        >>> a.fingerprint == b.fingerprint
        False
        """
        text = ";".join([self.name, *(f"{c.name}:{c.type}:{c.nullable}" for c in self.columns), *self.key])
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def check(self, schema: pa.Schema) -> None:
        """Refuse an Arrow schema that is not this table's, naming the first column that differs.

        Raises
        ------
        InputError
            A column is missing, unknown, or of another type.
        """
        theirs = {f.name: f.type for f in schema}
        for column in self.columns:
            if column.name not in theirs:
                raise InputError(f"table {self.name}: column '{column.name}' is missing from the rows")
            found, wanted = theirs[column.name], column.arrow.type
            if found != wanted:
                raise InputError(f"table {self.name}: column '{column.name}' is {found}, not {wanted}")
        unknown = sorted(set(theirs) - {c.name for c in self.columns})
        if unknown:
            raise InputError(f"table {self.name}: column '{unknown[0]}' is not in its schema")
