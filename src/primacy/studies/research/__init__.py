"""The research study: who writes the most cited works of each technology."""

from __future__ import annotations

from primacy.studies.research.robustness import Robustness
from primacy.studies.research.run import run
from primacy.studies.research.spot import coverage_of, robustness_of, shares_of

__all__ = ["Robustness", "coverage_of", "robustness_of", "run", "shares_of"]
