"""Which format a file is in, and how it is read."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, get_args

from primacy.errors import InputError, UsageError
from primacy.sources.exchange.pages import read_pages
from primacy.sources.exchange.record import Read
from primacy.sources.exchange.tables import read_openalex_csv, read_scopus_csv, read_wos_tab
from primacy.sources.exchange.tagged import read_bibtex, read_ris, read_wos_tagged

__all__ = ["FORMATS", "Format", "read_file", "recognise"]

Format = Literal["openalex-json", "openalex-csv", "wos-tagged", "wos-tab", "scopus-csv", "bibtex", "ris"]
FORMATS: tuple[Format, ...] = get_args(Format)

_READERS: Mapping[Format, Callable[[str, Path], Read]] = {
    "openalex-json": read_pages,
    "openalex-csv": read_openalex_csv,
    "wos-tagged": read_wos_tagged,
    "wos-tab": read_wos_tab,
    "scopus-csv": read_scopus_csv,
    "bibtex": read_bibtex,
    "ris": read_ris,
}


def read_file(path: Path, format: Format | None = None) -> tuple[Format, Read]:
    """Read a file; its format is recognised where none is given.

    Raises
    ------
    InputError
        It cannot be read, or its format cannot be told; the text says what is wrong, and where.
    UsageError
        There is no such format.
    """
    if format is not None and format not in FORMATS:
        raise UsageError(f"--from {format}: takes {', '.join(FORMATS)}")
    text = _text(path)
    if not text.strip():
        raise InputError(f"{path}: is empty")
    chosen = format or recognise(text, path)
    return chosen, _READERS[chosen](text, path)


def recognise(text: str, path: Path) -> Format:
    """Return the format of a file by how it begins.

    Raises
    ------
    InputError
        It is none of those that are known.
    """
    start = text.lstrip()
    head = start.partition("\n")[0]
    if start[0] in "[{":
        return "openalex-json"
    if start[0] == "@" or path.suffix.lower() == ".bib":
        return "bibtex"
    if start.startswith("TY  -") or path.suffix.lower() == ".ris":
        return "ris"
    if start.startswith(("FN ", "PT J", "PT B", "PT S")) and "\t" not in head:
        return "wos-tagged"
    if head.startswith("PT\t") or {"TI", "TC", "PY"} <= set(head.split("\t")):
        return "wos-tab"
    columns = {c.strip().strip('"') for c in head.split(",")}
    if {"id", "cited_by_count"} <= columns:
        return "openalex-csv"
    if {"Title", "Cited by"} <= columns:
        return "scopus-csv"
    raise InputError(f"{path}: its format cannot be told from '{head[:60]}'; give --from {'|'.join(FORMATS)}")


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                line = data[: error.start].count(b"\n") + 1
                raise InputError(
                    f"{path}, line {line}: is not {encoding.removesuffix('-sig')} text"
                ) from None
    raise AssertionError
