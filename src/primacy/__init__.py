"""Open answers to who leads each critical technology, since when, by how much, and how surely.

Examples
--------
>>> import primacy as pr
>>> ws = pr.open("ws")  # doctest: +SKIP
>>> ws.shares("lasers", by="institution").to_pandas()  # doctest: +SKIP
"""

from __future__ import annotations

from primacy._version import __version__
from primacy.errors import InputError, LakeError, NotThereError, PrimacyError, UsageError
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
