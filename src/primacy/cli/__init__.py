"""The commands: thin layers over the workspace."""

from __future__ import annotations
