"""Text that a spreadsheet would take for a formula.

Titles and names are downloaded from others. A spreadsheet that opens a CSV file evaluates a cell that begins with
``=``, ``+``, ``-`` or ``@`` (also in their wide forms, or after a tab or a line break, which it strips), so that a
name could run a command or send data away (OWASP, "CSV Injection"). Such a text gets an apostrophe in front, which
spreadsheets take for "this is text". A number is no formula: negative numbers stay as they are, also in a column of
text. Who needs the bytes as they came reads JSON or Parquet.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["guarded", "guarded_column", "is_formula"]

_START = r"^[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
_FORMULA = re.compile(_START)
_PLAIN = re.compile(_NUMBER, re.ASCII)


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet might take a text for a formula.

    Examples
    --------
    >>> [is_formula(t) for t in ("=1+1", "@SUM(A1)", "-2+cmd|' /C calc'!A0", "-2.5e-3", "a=b", "")]
    [True, True, True, False, False, False]
    """
    return bool(_FORMULA.match(text)) and not _PLAIN.fullmatch(text)


def guarded(text: str) -> str:
    """Return a text that no spreadsheet evaluates.

    Examples
    --------
    >>> guarded("=HYPERLINK(A1)"), guarded("-0.5"), guarded("China")
    ("'=HYPERLINK(A1)", '-0.5', 'China')
    """
    return f"'{text}" if is_formula(text) else text


def guarded_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column of text with an apostrophe before every formula; a column of anything else as it is."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    suspect = pc.match_substring_regex(column, _START)
    if not pc.any(suspect).as_py():
        return column
    return pa.chunked_array(
        [[None if v is None else guarded(v) for v in column.to_pylist()]], type=column.type
    )
