"""The compute study: chips and export rules, clusters, what a token costs, and usable compute."""

from __future__ import annotations

from primacy.studies.compute.questions import Compute

__all__ = ["Compute"]
