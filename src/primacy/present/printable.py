"""Texts that a drawing or a page of paper can hold: names are downloaded, and some carry what no XML may."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["printable"]

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, halves of pairs, and what turns the direction of the text that follows."""


def printable(value: Any) -> Any:
    r"""Return a value of texts, lists and mappings in which every character that cannot be printed is ``\ufffd``.

    The renderer of charts stops the whole process where it meets one.

    Examples
    --------
    >>> printable({"label": "a\x00b", "values": ["\u202ec", 1, None]})
    {'label': 'a�b', 'values': ['�c', 1, None]}
    """
    if isinstance(value, str):
        return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, Mapping):
        return {key: printable(one) for key, one in value.items()}
    return [printable(one) for one in value] if isinstance(value, list | tuple) else value
