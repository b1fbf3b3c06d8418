"""ORCID: where people studied and work, as they state it, out of ORCID's public data file."""

from __future__ import annotations

from primacy.sources.orcid.pull import pull, pull_stream
from primacy.sources.orcid.summary import OrcidSummary

__all__ = ["OrcidSummary", "pull", "pull_stream"]
