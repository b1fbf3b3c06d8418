"""The benchmarks: what primacy costs against what a user would do instead, as ratios measured in one run."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from primacy.bench.measurement import Measurement
    from primacy.bench.suite import BENCHMARKS, run

__all__ = ["BENCHMARKS", "Measurement", "run"]

# Loaded when they are first asked for: a process that does one thing to be measured needs none of them.
_HOMES = {"Measurement": "measurement", "BENCHMARKS": "suite", "run": "suite"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"primacy.bench.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'primacy.bench' has no attribute {name!r}")
