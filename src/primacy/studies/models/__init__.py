"""The models study: whose open-weights models the world uses, under every rule that is in use."""

from __future__ import annotations

from primacy.studies.models.run import run
from primacy.studies.models.selection import Selection
from primacy.studies.models.spot import adoption_of, attribution_of, concentration_of

__all__ = ["Selection", "adoption_of", "attribution_of", "concentration_of", "run"]
