"""ISSNs: one spelling, and the check digit (ISO 3297)."""

from __future__ import annotations

import re

__all__ = ["parse_issn"]

_FORM = re.compile(r"([0-9]{4})[-‐‑–—]?([0-9]{3})([0-9Xx])")


def parse_issn(text: str) -> str:
    """Return an ISSN as ``0028-0836``.

    Parameters
    ----------
    text
        Eight digits, the last of which may be X, with or without a hyphen or dash in the middle.

    Raises
    ------
    ValueError
        It has another form, or its check digit is wrong; the text says which.

    Examples
    --------
    >>> parse_issn("00280836"), parse_issn(" 1936-086x")
    ('0028-0836', '1936-086X')
    >>> parse_issn("0028-0837")
    Traceback (most recent call last):
    ValueError: ISSN 0028-0837 has a wrong check digit (0028-083 ends in 6)
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text.strip()}' is no ISSN; write it as 0028-0836")
    head, middle, last = match[1], match[2], match[3].upper()
    total = sum((8 - place) * int(digit) for place, digit in enumerate(head + middle))
    check = "0123456789X"[-total % 11]
    if last != check:
        raise ValueError(
            f"ISSN {head}-{middle}{last} has a wrong check digit ({head}-{middle} ends in {check})"
        )
    return f"{head}-{middle}{last}"
