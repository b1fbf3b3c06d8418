"""Blocs: groups of countries whose shares are the sums of their members'."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Bloc", "blocs"]


@dataclass(frozen=True, slots=True)
class Bloc:
    """A group of countries (ISO 3166-1 alpha-2) as of a date, with where that is stated."""

    id: str
    name: str
    members: tuple[str, ...]
    as_of: str
    source: str


@cache
def blocs() -> dict[str, Bloc]:
    """Return the blocs by id.

    Examples
    --------
    >>> blocs()["AUKUS"].members
    ('AU', 'GB', 'US')
    """
    raw = tomllib.loads(files(__package__).joinpath("blocs.toml").read_text(encoding="utf-8"))
    return {
        id: Bloc(id, str(b["name"]), tuple(b["members"]), str(b["as_of"]), str(b["source"]))
        for id, b in raw.items()
    }
