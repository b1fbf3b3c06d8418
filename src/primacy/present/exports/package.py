"""A data package: a directory with every table as Parquet and CSV, and what an archive needs to keep and cite it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from primacy.errors import InputError
from primacy.present import rows as formats
from primacy.present.exports.metadata import File, croissant, data_package
from primacy.present.exports.selection import Selection
from primacy.present.terminal import SIMULATED

__all__ = ["MARKER", "write_package"]

MARKER = "datapackage.json"
"""Its presence says that a directory is a package, which may be replaced by a newer one."""

MEDIATYPES: Mapping[formats.RowFormat, str] = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv"}


def write_package(selection: Selection, directory: Path) -> None:
    """Write tables, descriptions, checksums and citations; a package that is there is replaced.

    Raises
    ------
    InputError
        The directory holds something else, or cannot be written.
    """
    if directory.is_file() or (
        directory.is_dir() and any(directory.iterdir()) and not (directory / MARKER).is_file()
    ):
        raise InputError(f"{directory}: holds something that is no data package; name another directory")
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}-") as made:
            _fill(selection, Path(made) / "package")
            if directory.is_dir():
                shutil.rmtree(directory)
            (Path(made) / "package").rename(directory)
    except OSError as error:
        raise InputError(f"{directory}: cannot be written ({error.strerror})") from error


def _fill(selection: Selection, directory: Path) -> None:
    (directory / "data").mkdir(parents=True)
    files = []
    for table in selection.tables:
        for format, mediatype in MEDIATYPES.items():
            data = formats.encode(table.rows, format)
            path = f"data/{table.name}.{format}"
            (directory / path).write_bytes(data)
            files.append(File(path, mediatype, len(data), hashlib.sha256(data).hexdigest(), table))
    texts = {
        MARKER: _json(data_package(selection, files)),
        "croissant.json": _json(croissant(selection, files)),
        "manifests.json": _json(dict(selection.manifests)),
        "CITATION.cff": selection.citation.cff(),
        "citation.bib": selection.citation.bibtex(),
        "README.md": _readme(selection),
    }
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    digests = {f.path: f.sha256 for f in files}
    digests |= {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items()}
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))
    (directory / "SHA256SUMS").write_text(lines, encoding="utf-8")


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _readme(selection: Selection) -> str:
    lines = [f"# {selection.citation.title}", ""]
    if selection.simulated:
        lines += [f"**{SIMULATED}.**", ""]
    lines += [
        str(selection.citation),
        "Every table lies in `data/` twice: as Parquet, exact, and as CSV, where a text that a spreadsheet would",
        "take for a formula has an apostrophe in front. `datapackage.json` (Frictionless) and `croissant.json`",
        "(MLCommons) describe every column, `manifests.json` says how the numbers came about, `SHA256SUMS` holds the",
        "digests (`sha256sum --check SHA256SUMS`).",
        "",
        "| table | one row is | rows |",
        "|---|---|---|",
        *(f"| {t.name} | {t.meaning} | {t.rows.num_rows} |" for t in selection.tables),
        "",
    ]
    return "\n".join(lines)
