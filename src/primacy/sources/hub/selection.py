"""A list of model ids that a user keeps in a file."""

from __future__ import annotations

import csv
from pathlib import Path

from primacy.errors import InputError

__all__ = ["read_model_ids"]

_COLUMNS = ("modelId", "id")


def read_model_ids(path: Path) -> frozenset[str]:
    """Read model ids: one a line, or a CSV with the column ``id`` or ``modelId``.

    Empty lines and lines that begin with ``#`` are skipped. A CSV with both columns is read by ``modelId``.

    Raises
    ------
    InputError
        The file cannot be read, is a CSV without either column, or holds no id.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    header = [name.strip() for name in next(csv.reader(lines[:1]), [])]
    column = next((c for c in _COLUMNS if c in header), None)
    if column is not None:
        place = header.index(column)
        cells = [row[place] for row in csv.reader(lines[1:]) if place < len(row)]
    elif len(header) > 1:
        raise InputError(
            f"{path}: a CSV without a column 'id' or 'modelId'; name the column, or give one id a line"
        )
    else:
        cells = lines
    ids = frozenset(cell.strip() for cell in cells if cell.strip())
    if not ids:
        raise InputError(f"{path}: no model id in it")
    return ids
