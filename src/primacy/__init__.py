"""Open answers to who leads each critical technology, since when, by how much, and how surely.

Examples
--------
>>> import primacy as pr
>>> ws = pr.open("ws")  # doctest: +SKIP
>>> ws.shares("lasers", by="institution").to_pandas()  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from primacy._version import __version__
from primacy.errors import InputError, LakeError, NotThereError, PrimacyError, UsageError

if TYPE_CHECKING:
    from primacy.measures.method import Method, Window
    from primacy.workspace import Settings, Workspace

    open = Workspace.open
    init = Workspace.init

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

_LATE = {
    "Method": ("primacy.measures.method", "Method"),
    "Window": ("primacy.measures.method", "Window"),
    "Settings": ("primacy.workspace", "Settings"),
    "Workspace": ("primacy.workspace", "Workspace"),
    "open": ("primacy.workspace", "Workspace.open"),
    "init": ("primacy.workspace", "Workspace.init"),
}
# What needs the engine is imported when it is asked for: processes that only read or write files start at once.


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module 'primacy' has no attribute {name!r}")
    module, path = _LATE[name]
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
