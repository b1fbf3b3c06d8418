"""What every study hands over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyarrow as pa

__all__ = ["Outcome", "Step"]

Step: TypeAlias = Callable[[str], None]
"""Told what a study is computing, for a progress line."""


@dataclass(frozen=True)
class Outcome:
    """The result of a study.

    Parameters
    ----------
    tables
        Result tables by name, sorted as they should stand.
    notes
        What the manifest says beside settings, inputs and code: funnel, lost weight, coverage.
    """

    tables: Mapping[str, pa.Table]
    notes: Mapping[str, Any] = field(default_factory=dict)
