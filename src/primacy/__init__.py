"""Open answers to who leads each critical technology, since when, by how much, and how surely."""

from __future__ import annotations

from primacy._version import __version__

__all__ = ["__version__"]
