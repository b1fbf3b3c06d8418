"""The research study: who writes the most cited works of each technology."""

from __future__ import annotations

from primacy.studies.research.run import run
from primacy.studies.research.spot import shares_of

__all__ = ["run", "shares_of"]
