"""OpenAlex: snapshot files of every generation since 2022, made rows of the lake."""

from __future__ import annotations

from primacy.sources.openalex.pulling import pull
from primacy.sources.openalex.summary import Progress, PullSummary

__all__ = ["Progress", "PullSummary", "pull"]
