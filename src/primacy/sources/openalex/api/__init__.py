"""OpenAlex's REST API: works by filter, page by page; for samples and single technologies, not for the whole."""

from __future__ import annotations

from primacy.sources.openalex.api.budget import Estimate, estimate
from primacy.sources.openalex.api.client import Client
from primacy.sources.openalex.api.pull import ApiSummary, pull
from primacy.sources.openalex.api.tape import Tape

__all__ = ["ApiSummary", "Client", "Estimate", "Tape", "estimate", "pull"]
