"""The error of a query that cannot be read: one line with a column, and a caret for terminals."""

from __future__ import annotations

import unicodedata

from primacy.errors import InputError

_EXCERPT = 72  # characters of the query shown above the caret


class QuerySyntaxError(InputError):
    """A query cannot be read.

    Attributes
    ----------
    text
        The query.
    offset
        Where in the text, from 0.
    reason
        What is wrong and what to do.
    line, column
        The place, both from 1. The message names the line only where the query has several.
    """

    def __init__(self, text: str, offset: int, reason: str) -> None:
        self.text = text
        self.offset = min(max(offset, 0), len(text))
        self.reason = reason
        before = text[: self.offset]
        self.line = before.count("\n") + 1
        self.column = self.offset - (before.rfind("\n") + 1) + 1
        super().__init__(f"{self.place}: {reason}")

    @property
    def place(self) -> str:
        """The place in words: ``column 5``, or ``line 2, column 5``."""
        return f"line {self.line}, column {self.column}" if "\n" in self.text else f"column {self.column}"

    def caret(self) -> str:
        """Render the line of the query and, under it, a caret at the place.

        Examples
        --------
        >>> print(QuerySyntaxError("lithium battery", 8, "…").caret())
        lithium battery
                ^
        """
        line = self.text.split("\n")[self.line - 1]
        start = max(0, min(self.column - 1 - _EXCERPT // 2, len(line) - _EXCERPT))
        shown = line[start : start + _EXCERPT]
        head = "…" if start else ""
        tail = "…" if start + _EXCERPT < len(line) else ""
        padding = _width(head + printable(shown[: self.column - 1 - start]))
        return f"{head}{printable(shown)}{tail}\n{' ' * padding}^"


def printable(text: str) -> str:
    r"""Replace what would disturb a terminal or break a line (control characters) by a visible mark.

    Examples
    --------
    >>> printable("a\x1b[31mb\n")
    'a�[31mb�'
    """
    return "".join(c if c.isprintable() or c == " " else "\ufffd" for c in text)


def quote(text: str, limit: int = 40) -> str:
    r"""Quote a piece of a query for a message, on one line and not too long.

    Examples
    --------
    >>> quote('"solid\nstate"')
    '`"solid state"`'
    """
    line = printable(" ".join(text.split()))
    return f"`{line if len(line) <= limit else line[: limit - 1] + '…'}`"


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)
