"""The simulated world: upstream files for a world whose truth is known.

`simulate` writes them, `plan` gives the truth without writing, and ``docs/simulated-world.md`` says what the
truth is.
"""

from __future__ import annotations

from primacy.simulate.truth import Lead, Truth
from primacy.simulate.world import World, plan, simulate

__all__ = ["Lead", "Truth", "World", "plan", "simulate"]
