"""What the study calls the lake's tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import ibis.expr.types as ir

__all__ = ["COMMAND", "Tables"]

Tables: TypeAlias = Callable[[str], ir.Table]
"""A table of the lake by its name."""

COMMAND = "primacy pull compute DIR"
"""What fills the tables."""
