"""The Hugging Face Hub: dumps and the live API, as dated snapshots of models, counters and declared parents."""

from __future__ import annotations

from primacy.sources.hub.pull import Pulled, pull_crawl, pull_dump

__all__ = ["Pulled", "pull_crawl", "pull_dump"]
