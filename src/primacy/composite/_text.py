"""Names inside messages: quoted, on one line, never longer than a line can hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_LONGEST = 60


def quote(name: object) -> str:
    r"""Put a name between single quotes, with control characters escaped and long names cut.

    >>> quote("Human Capital")
    "'Human Capital'"
    >>> quote("two" + chr(10) + "lines")
    "'two\\nlines'"
    """
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(name))
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return f"'{text}'"


def path_text(path: Sequence[str]) -> str:
    """Write a node of an index as people read it, outermost level first.

    >>> path_text(("AI", "Human Capital"))
    'AI / Human Capital'
    """
    return " / ".join(path)


def listing(names: Iterable[object], *, most: int = 5) -> str:
    """Join quoted names with commas, and count those left out after *most*.

    >>> listing(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    quoted = [quote(name) for name in names]
    if len(quoted) <= most:
        return ", ".join(quoted)
    return f"{', '.join(quoted[:most])} and {len(quoted) - most} more"
