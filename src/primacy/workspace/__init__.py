"""The workspace: a directory with settings, a lake and results, and everything that can be asked of it."""

from __future__ import annotations

from primacy.workspace.settings import Settings
from primacy.workspace.workspace import Workspace

__all__ = ["Settings", "Workspace"]
