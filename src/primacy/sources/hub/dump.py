"""Reads dumps of the Hub's models: Parquet and CSV (plain or gzip), record by record under the Hub's names.

Known columns are read under any of their names, others are ignored; of the known ones only ``id`` and
``downloads`` must be there. A column of a type that cannot hold its field is refused by name before anything is
read. Rows of a CSV that are damaged (not UTF-8, too few or too many fields) come out as the reason.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from primacy.errors import InputError

__all__ = ["COLUMNS", "DumpColumn", "RawRecord", "read_dump"]

BATCH = 20_000


@dataclass(frozen=True, slots=True)
class DumpColumn:
    """A field of the Hub: the names under which dumps have it, and what may hold it."""

    field: str
    names: tuple[str, ...]
    fits: Callable[[pa.DataType], bool]
    wanted: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record: where it stands, and its fields, or the reason why there are none."""

    line: int
    fields: Mapping[str, Any] | None
    reason: str | None = None


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _is_moment(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind) or pa.types.is_date(kind) or _is_text(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_list_view(kind))


def _is_nested(kind: pa.DataType) -> bool:
    return bool(pa.types.is_struct(kind) or pa.types.is_map(kind) or _is_text(kind))


def _is_list_of_text(kind: pa.DataType) -> bool:
    return _is_text(kind) or (
        _is_list(kind) and (_is_text(kind.value_type) or pa.types.is_null(kind.value_type))
    )


def _is_parents(kind: pa.DataType) -> bool:
    return _is_nested(kind) or _is_list(kind)


COLUMNS = (
    DumpColumn("id", ("id", "modelId", "model_id", "model"), _is_text, "text", required=True),
    DumpColumn("downloads", ("downloads", "downloads_30d"), _is_number, "a whole number", required=True),
    DumpColumn(
        "downloadsAllTime",
        ("downloadsAllTime", "downloads_all_time", "downloads_all"),
        _is_number,
        "a whole number",
    ),
    DumpColumn("likes", ("likes",), _is_number, "a whole number"),
    DumpColumn("createdAt", ("createdAt", "created_at"), _is_moment, "a date"),
    DumpColumn("lastModified", ("lastModified", "last_modified"), _is_moment, "a date"),
    DumpColumn("pipeline_tag", ("pipeline_tag", "task"), _is_text, "text"),
    DumpColumn("library_name", ("library_name",), _is_text, "text"),
    DumpColumn("tags", ("tags",), _is_list_of_text, "a list of texts"),
    DumpColumn("cardData", ("cardData", "card_data"), _is_nested, "JSON or a structure"),
    DumpColumn("safetensors", ("safetensors",), _is_nested, "JSON or a structure"),
    DumpColumn("gguf", ("gguf",), _is_nested, "JSON or a structure"),
    DumpColumn("baseModels", ("baseModels", "base_models"), _is_parents, "JSON, a list or a structure"),
)
"""What is read of a dump; the first name is the Hub's own."""


def read_dump(path: Path) -> Iterator[RawRecord]:
    """Yield the records of a dump in the order of the file.

    Parameters
    ----------
    path
        A Parquet or CSV file, the latter also compressed by gzip; told apart by content, not by name.

    Raises
    ------
    InputError
        The file cannot be read, is damaged, lacks ``id`` or ``downloads``, or has a column of a wrong type.
        A gzip file whose checksum fails is refused whole.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except IsADirectoryError:
        raise InputError(f"{path}: a directory; name the dump's file (.parquet, .csv, .csv.gz)") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    if not magic:
        raise InputError(f"{path}: empty; a Hub dump has a row per model")
    return _read_parquet(path) if magic == b"PAR1" else _read_csv(path, compressed=magic[:2] == b"\x1f\x8b")


def _resolve(path: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the dump's name of each known column that it has."""
    there = list(names)
    found: dict[str, str] = {}
    for column in COLUMNS:
        name = next((n for n in column.names if n in there), None)
        if name is not None:
            if there.count(name) > 1:
                raise InputError(f"{path}: column '{name}' stands twice; keep one")
            found[column.field] = name
        elif column.required:
            others = ", ".join(column.names[1:])
            raise InputError(
                f"{path}: column '{column.field}' is missing (nor is there {others}); "
                "a Hub dump needs id and downloads"
            )
    return found


@contextmanager
def _named_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, EOFError, zlib.error) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: damaged, nothing was loaded ({reason}); fetch it again") from error


def _read_parquet(path: Path) -> Iterator[RawRecord]:
    with _named_damage(path):
        parquet = pq.ParquetFile(path)
    with parquet:
        schema = parquet.schema_arrow
        found = _resolve(path, schema.names)
        for column in COLUMNS:
            if column.field in found:
                kind = schema.field(found[column.field]).type
                if not (column.fits(kind) or pa.types.is_null(kind)):
                    text = str(kind).splitlines()[0][:60]
                    raise InputError(
                        f"{path}: column '{found[column.field]}' is {text}, not {column.wanted}; "
                        "convert it, or leave it out if it is optional"
                    )
        fields, names = list(found), list(found.values())
        line = 0
        with _named_damage(path):
            for batch in parquet.iter_batches(batch_size=BATCH, columns=names):
                columns = [batch.column(name).to_pylist() for name in names]
                for values in zip(*columns, strict=True):
                    line += 1
                    yield RawRecord(line, dict(zip(fields, values, strict=True)))


def _read_csv(path: Path, *, compressed: bool) -> Iterator[RawRecord]:
    csv.field_size_limit(sys.maxsize)
    with _named_damage(path), path.open("rb") as plain:
        if compressed:
            with gzip.open(plain) as whole:
                while whole.read(1 << 20):  # the checksum stands at the end: verify before a row is used
                    pass
            plain.seek(0)
        stream = gzip.GzipFile(fileobj=plain) if compressed else plain
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text)
        header = [name.strip() for name in next(reader, [])]
        found = _resolve(path, header)
        places = [(field, header.index(name)) for field, name in found.items()]
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield RawRecord(line, None, f"not CSV: {error}")
                continue
            if not row:
                continue
            if len(row) != len(header):
                yield RawRecord(line, None, f"{len(row)} fields, the header has {len(header)}")
            elif not _is_unicode("".join(row)):
                yield RawRecord(line, None, "not UTF-8")
            else:
                yield RawRecord(line, {field: row[place] for field, place in places})


def _is_unicode(text: str) -> bool:
    """Return whether bytes that are no UTF-8 left no trace (they arrive as surrogates)."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
