"""What an audit says of one thing, and how it counts."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from primacy.lake.engine import Engine

__all__ = ["Finding", "number"]


@dataclass(frozen=True)
class Finding:
    """One check: what, whether it holds, and the figures in one line."""

    check: str
    ok: bool
    detail: str


def number(engine: Engine, scalar: ir.Scalar) -> int:
    """Compute one whole number; 0 where it is a sum over nothing."""
    return int(engine.backend.to_pyarrow(scalar).as_py() or 0)
