"""What primacy refuses, in one line that a person can act on.

Exception tree::

    PrimacyError
    ├── InputError       a file, record, query or setting is wrong; names it
    ├── UsageError       an option value is wrong; names the option
    ├── LakeError        the lake is missing, of another version, or locked
    └── NotThereError    what was asked for is not in the workspace; says how to get it
"""

from __future__ import annotations

__all__ = ["InputError", "LakeError", "NotThereError", "PrimacyError", "UsageError"]


class PrimacyError(Exception):
    """Base of every error that primacy raises on purpose; its text is one line, made for the user."""


class InputError(PrimacyError):
    """A file, a record, a query or a setting is wrong; the text names it and says what to do."""


class UsageError(PrimacyError):
    """An option has a value that it cannot have; the text names the option and the values it takes."""


class LakeError(PrimacyError):
    """The lake is missing, of another version, damaged, or held by another writer."""


class NotThereError(PrimacyError):
    """What was asked for is not in the workspace; the text says which command makes it."""
