"""Claims: statements that others make, held against the results with their intervals."""

from __future__ import annotations

from primacy.studies.claims.file import THE_ARTICLE, Claim, ClaimsFile, load_claims
from primacy.studies.claims.report import check_claims

__all__ = ["THE_ARTICLE", "Claim", "ClaimsFile", "check_claims", "load_claims"]
