"""The compute study: chips and export rules, clusters, what a token costs, and usable compute."""

from __future__ import annotations

from primacy.studies.compute.questions import Compute
from primacy.studies.compute.run import LAKE_TABLES, run

__all__ = ["LAKE_TABLES", "Compute", "run"]
