"""Open answers to who leads each critical technology, since when, by how much, and how surely.

Examples
--------
>>> import primacy as pr
>>> ws = pr.open("ws")  # doctest: +SKIP
>>> ws.shares("supercapacitors", by="institution").to_pandas()  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from primacy._version import __version__
from primacy.errors import InputError, LakeError, NotThereError, PrimacyError, UsageError

if TYPE_CHECKING:
    from primacy.measures.method import Method, Window
    from primacy.workspace import Settings, Workspace

__all__ = [
    "InputError",
    "LakeError",
    "Method",
    "NotThereError",
    "PrimacyError",
    "Settings",
    "UsageError",
    "Window",
    "Workspace",
    "__version__",
    "init",
    "open",
]

# Loaded when they are first asked for: the engine's libraries take a second or two.
_HOMES = {
    "Method": "primacy.measures.method",
    "Settings": "primacy.workspace",
    "Window": "primacy.measures.method",
    "Workspace": "primacy.workspace",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'primacy' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def init(path: str | Path) -> Workspace:
    """Make a workspace; see :meth:`primacy.workspace.Workspace.init`."""
    from primacy.workspace import Workspace

    return Workspace.init(path)


def open(path: str | Path = ".", *, engine: Literal["duckdb", "spark"] | None = None) -> Workspace:
    """Open a workspace; see :meth:`primacy.workspace.Workspace.open`."""
    from primacy.workspace import Workspace

    return Workspace.open(path, engine=engine)
