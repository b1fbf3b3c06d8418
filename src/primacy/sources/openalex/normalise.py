"""The spellings of OpenAlex, made one: ids, dates, types, countries, in whole columns at a time.

Every function takes an Arrow array of strings and returns an array of the same length. The common spelling is
handled in Arrow; a column that holds another one goes through plain Python, value by value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

OLDEST = "0001-01-01T00:00:00.000000"
"""The ``updated_date`` of a record that states none and lies in no dated partition."""

TYPES = {
    # Crossref's vocabulary, which OpenAlex used until 2023, in OpenAlex's own mapping.
    "journal-article": "article",
    "proceedings-article": "article",
    "posted-content": "preprint",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-set": "book",
    "book-part": "book-chapter",
    "book-section": "book-chapter",
    "journal": "paratext",
    "journal-issue": "paratext",
    "journal-volume": "paratext",
    "proceedings": "paratext",
    "proceedings-series": "paratext",
    "book-series": "paratext",
    "report-series": "paratext",
    "component": "paratext",
}
"""Former work types and what they are called today; a type that is not here keeps its name."""

_HOME = "https://openalex.org/"
_ID = re.compile(r"(?:https?://)?(?:[a-z0-9.-]*openalex\.org/)?(?:[a-z-]+/)?([A-Za-z])([0-9]{1,18})")
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY = len("2020-01-31")


def _by_value(values: pa.Array, function: Callable[[str], str | int | None], kind: pa.DataType) -> pa.Array:
    """Apply a Python function once to each distinct value."""
    encoded = values.dictionary_encode()
    mapped = pa.array([None if v is None else function(v) for v in encoded.dictionary.to_pylist()], kind)
    return mapped.take(encoded.indices)


def parse_id(text: str, letters: str) -> int | None:
    """Return the integer of an OpenAlex id, None where the text is no id of that kind.

    Examples
    --------
    >>> parse_id("https://openalex.org/W123", "W"), parse_id("w123", "W"), parse_id("A123", "W")
    (123, 123, None)
    """
    match = _ID.fullmatch(text.strip())
    if match is None or match[1].upper() not in letters:
        return None
    return int(match[2])


def ids(values: pa.Array, letters: str) -> pa.Array:
    """Return the integers of OpenAlex ids; null where a text is no id that begins with one of ``letters``.

    Examples
    --------
    >>> ids(pa.array(["https://openalex.org/S7", "V8", None, "P9"]), "SV").to_pylist()
    [7, 8, None, None]
    """
    prefix = _HOME + letters[0]
    if pc.all(pc.starts_with(values, prefix)).as_py() is not False:
        digits = pc.utf8_slice_codeunits(values, start=len(prefix))
        if pc.all(pc.ascii_is_decimal(digits)).as_py() is not False:
            try:
                return pc.cast(digits, pa.int64())
            except pa.ArrowInvalid:
                pass  # empty, or more digits than fit: told apart below, value by value
    return _by_value(values, lambda v: parse_id(v, letters), pa.int64())


def parse_stamp(text: str) -> str | None:
    """Return a date or time as ``2023-03-31T05:50:26.610229`` in UTC, None where it is neither.

    Examples
    --------
    >>> parse_stamp("2021-11-03"), parse_stamp("2026-01-02T03:00:00+01:00")
    ('2021-11-03T00:00:00.000000', '2026-01-02T02:00:00.000000')
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")


def stamps(values: pa.Array) -> pa.Array:
    """Return dates and times in one spelling that sorts as text; null where a value is neither."""
    try:
        moments = pc.cast(values, pa.timestamp("us"))
    except pa.ArrowInvalid:
        return _by_value(values, parse_stamp, pa.string())
    return spelt(moments)


def spelt(moments: pa.Array) -> pa.Array:
    """Return timestamps in microseconds as :func:`stamps` spells them."""
    return pc.replace_substring(pc.cast(moments, pa.string()), " ", "T", max_replacements=1)


def days(values: pa.Array) -> pa.Array:
    """Return ``2020-01-31`` of dates and times that begin so; null otherwise.

    Examples
    --------
    >>> days(pa.array(["2020-01-31", "2020-01-31T00:00:00", "31 January", None])).to_pylist()
    ['2020-01-31', '2020-01-31', None, None]
    """
    dated = pc.match_substring_regex(values, _DATE)
    return pc.if_else(dated, pc.utf8_slice_codeunits(values, 0, _DAY), pa.scalar(None, pa.string()))


def types(values: pa.Array) -> pa.Array:
    """Return work types in today's vocabulary, lower case.

    Examples
    --------
    >>> types(pa.array(["journal-article", "Posted-Content", "data-paper", None])).to_pylist()
    ['article', 'preprint', 'data-paper', None]
    """
    return _by_value(values, _type, pa.string())


def _type(value: str) -> str | None:
    name = value.strip().lower().rpartition("/")[2]
    return TYPES.get(name, name) or None


def countries(values: pa.Array) -> pa.Array:
    """Return two-letter country codes in upper case; null where a text is not two letters.

    Examples
    --------
    >>> countries(pa.array(["us", " CN", "U.K.", "", None])).to_pylist()
    ['US', 'CN', None, None, None]
    """
    return _by_value(values, _country, pa.string())


def _country(value: str) -> str | None:
    code = value.strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def dois(values: pa.Array) -> pa.Array:
    """Return DOIs without the resolver's address, in lower case."""
    bare = pc.replace_substring_regex(pc.utf8_lower(values), r"^(https?://)?(dx\.)?doi\.org/", "")
    return pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)


def rors(values: pa.Array) -> pa.Array:
    """Return ROR ids without the resolver's address."""
    return pc.replace_substring_regex(values, r"^https?://ror\.org/", "")


def orcids(values: pa.Array) -> pa.Array:
    """Return ORCID iDs without the resolver's address; null where a text is none.

    Examples
    --------
    >>> orcids(pa.array(["https://orcid.org/0000-0002-1694-233x", "0000-0002-1825-0097", "A1", None])).to_pylist()
    ['0000-0002-1694-233X', '0000-0002-1825-0097', None, None]
    """
    plain = pc.utf8_upper(pc.utf8_slice_codeunits(values, -19))
    return pc.if_else(pc.match_substring_regex(plain, _ORCID), plain, pa.scalar(None, pa.string()))


_ORCID = r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$"


def blank_to_null(values: pa.Array) -> pa.Array:
    """Return texts with null where there is nothing but white space."""
    blank = pc.or_(pc.utf8_is_space(values), pc.equal(values, ""))
    return pc.if_else(blank, pa.scalar(None, pa.string()), values) if pc.any(blank).as_py() else values
