"""What primacy refuses, in one line that a person can act on.

Exception tree::

    PrimacyError
    ├── InputError       a file, record, query or setting is wrong; names it
    ├── UsageError       an option value is wrong; names the option
    ├── LakeError        the lake is missing, of another version, or locked
    └── NotThereError    what was asked for is not in the workspace; says how to get it
"""

from __future__ import annotations

import re

__all__ = ["InputError", "LakeError", "NotThereError", "PrimacyError", "UsageError"]


_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What ends a line, moves a terminal's cursor, turns the direction of the text that follows, or is half a character."""


class PrimacyError(Exception):
    r"""Base of every error that primacy raises on purpose; its text is one line, made for the user.

    Errors quote names out of files. What in them would break the line is written as its escape.

    Examples
    --------
    >>> str(PrimacyError("my.toml: no key 'a\nb'"))
    "my.toml: no key 'a\\nb'"
    """

    def __init__(self, text: str) -> None:
        super().__init__(_UNPRINTABLE.sub(lambda m: m[0].encode("unicode_escape").decode(), text))


class InputError(PrimacyError):
    """A file, a record, a query or a setting is wrong; the text names it and says what to do."""


class UsageError(PrimacyError):
    """An option has a value that it cannot have; the text names the option and the values it takes."""


class LakeError(PrimacyError):
    """The lake is missing, of another version, damaged, or held by another writer."""


class NotThereError(PrimacyError):
    """What was asked for is not in the workspace; the text says which command makes it."""
