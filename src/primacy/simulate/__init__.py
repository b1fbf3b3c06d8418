"""The simulated world: upstream files for a world whose truth is known.

`simulate` writes them, `plan` gives the truth without writing, and `samples` draws one technology in many
worlds; ``docs/simulated-world.md`` says what the truth is.
"""

from __future__ import annotations

from primacy.simulate.samples import Sample, samples
from primacy.simulate.truth import Lead, Truth
from primacy.simulate.world import World, plan, simulate

__all__ = ["Lead", "Sample", "Truth", "World", "plan", "samples", "simulate"]
