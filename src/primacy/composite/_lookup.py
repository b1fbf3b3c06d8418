"""Looking up nodes of an index in a table of a settings file, by label or by nested tables."""

from __future__ import annotations

from typing import Any

from primacy.composite._text import listing
from primacy.errors import InputError


class Lookup:
    """A table keyed by the labels of nodes; tables nest outermost first where labels repeat.

    The longest match wins: for the node ``("AI", "People")``, ``table["AI"]["People"]`` before
    ``table["People"]``.

    Examples
    --------
    >>> lookup = Lookup({"AI": {"People": 0.2}, "People": 0.1}, "weights")
    >>> lookup.get(("AI", "People")), lookup.get(("Space", "People")), lookup.get(("AI", "Money"))
    (0.2, 0.1, None)
    """

    def __init__(self, table: dict[str, Any], name: str) -> None:
        self._table, self._name = table, name
        self._used: set[tuple[str, ...]] = set()

    def get(self, path: tuple[str, ...]) -> Any:
        """Return the entry of a node, or None."""
        for start in range(len(path)):
            found: Any = self._table
            for label in path[start:]:
                found = found.get(label) if isinstance(found, dict) else None
            if found is not None and not isinstance(found, dict):
                self._used.add(path[start:])
                return found
        return None

    def refuse_unused(self) -> None:
        """Refuse entries that no node asked for.

        Raises
        ------
        InputError
            Names them: the data has no such label.
        """
        unused = [path for path in _leaves(self._table, ()) if path not in self._used]
        if unused:
            raise InputError(
                f"{self._name} names {listing(' / '.join(p) for p in unused)}, which the data does not have"
            )


def _leaves(table: dict[str, Any], above: tuple[str, ...]) -> list[tuple[str, ...]]:
    out = []
    for key, value in table.items():
        path = (*above, key)
        out += _leaves(value, path) if isinstance(value, dict) and value else [path]
    return out
