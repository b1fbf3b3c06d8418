"""One section of a settings file: values taken by key and type, and what was not taken refused by name."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeVar

from primacy.composite._text import quote
from primacy.composite.options import one_of
from primacy.errors import InputError

_T = TypeVar("_T", bound=str)


class Settings:
    """A table of a TOML file.

    Parameters
    ----------
    table : dict
        As parsed.
    name : str
        Dotted name of the section, for messages; empty for the file itself.
    """

    def __init__(self, table: dict[str, Any], name: str) -> None:
        self._table, self._name = table, name
        self._known: list[str] = []

    def label(self, key: str) -> str:
        """Name a key with its section."""
        return f"{self._name}.{key}" if self._name else key

    def raw(self, key: str) -> Any:
        """Take a value of any type; None where it is not given."""
        self._known.append(key)
        return self._table.get(key)

    def section(self, key: str) -> Settings:
        """Take a table; an empty one where it is not given."""
        value = self.raw(key)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise InputError(f"{self.label(key)} is {_shown(value)}: a table is needed")
        return Settings(value, self.label(key))

    def text(self, key: str, *, default: str | None = None) -> str:
        """Take a text that is not empty."""
        value = self.raw(key)
        if value is None:
            if default is None:
                raise InputError(f"{self.label(key)} is not given")
            return default
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{self.label(key)} is {_shown(value)}: a text is needed")
        return value

    def optional_text(self, key: str) -> str | None:
        """Take a text, or None where it is not given."""
        return self.text(key) if key in self._table else self.raw(key)

    def texts(self, key: str, *, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Take a list of texts, each once."""
        value = self.raw(key)
        if value is None:
            if default is None:
                raise InputError(f"{self.label(key)} is not given")
            return default
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(item, str) and item.strip() for item in value)
        ):
            raise InputError(f"{self.label(key)} is {_shown(value)}: a list of texts is needed")
        if len(set(value)) != len(value):
            raise InputError(f"{self.label(key)} names {_first_twice(value)} twice")
        return tuple(value)

    def number(self, key: str, *, default: float) -> float:
        """Take a finite number."""
        value = self.optional_number(key)
        return default if value is None else value

    def optional_number(self, key: str) -> float | None:
        """Take a finite number, or None where it is not given."""
        value = self.raw(key)
        return None if value is None else finite(value, self.label(key))

    def whole(self, key: str, *, default: int) -> int:
        """Take a whole number."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"{self.label(key)} is {_shown(value)}: a whole number is needed")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """Take true or false."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise InputError(f"{self.label(key)} is {_shown(value)}: true or false is needed")
        return value

    def choice(self, key: str, allowed: Iterable[_T], *, default: _T) -> _T:
        """Take one of the values that an option has."""
        value = self.raw(key)
        return default if value is None else one_of(value, allowed, self.label(key))

    def one_or_several(self, key: str, allowed: Iterable[_T], *, default: _T) -> _T | tuple[_T, ...]:
        """Take one value of an option, or a list of them."""
        value = self.raw(key)
        if value is None:
            return default
        if isinstance(value, list):
            return tuple(one_of(item, allowed, self.label(key)) for item in value)
        return one_of(value, allowed, self.label(key))

    def several(self, key: str, allowed: Iterable[_T]) -> tuple[_T, ...]:
        """Take a list of values of an option; an empty one where it is not given."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise InputError(f"{self.label(key)} is {_shown(value)}: a list of alternatives is needed")
        return tuple(one_of(item, allowed, self.label(key)) for item in value)

    def alternatives(self, key: str, allowed: Iterable[_T]) -> tuple[_T | tuple[_T, ...], ...]:
        """Take a list whose items are values of an option, or lists of them (one per level)."""
        value = self.raw(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise InputError(f"{self.label(key)} is {_shown(value)}: a list of alternatives is needed")
        return tuple(
            tuple(one_of(part, allowed, self.label(key)) for part in item)
            if isinstance(item, list)
            else one_of(item, allowed, self.label(key))
            for item in value
        )

    def refuse_unknown(self) -> None:
        """Refuse what nobody has asked for.

        Raises
        ------
        InputError
            Names the key and those that the section takes.
        """
        unknown = [key for key in self._table if key not in self._known]
        if unknown:
            where = f"[{self._name}]" if self._name else "the file"
            raise InputError(f"unknown key {quote(unknown[0])}; {where} takes {', '.join(self._known)}")


def finite(value: object, name: str) -> float:
    """Return *value* as a finite number.

    Raises
    ------
    InputError
        It is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{name} is {_shown(value)}: a number is needed")
    if not math.isfinite(value):
        raise InputError(f"{name} is {value}: a finite number is needed")
    return float(value)


def _first_twice(values: list[str]) -> str:
    return quote(next(v for v in values if values.count(v) > 1))


def _shown(value: object) -> str:
    return quote(value) if isinstance(value, str) else quote(repr(value))
