"""How good the queries are: labels, samples to label, overlaps, and the topics that a query hits.

Everything here is pure: sets of works and Arrow tables in, Arrow tables out.
"""

from __future__ import annotations

from primacy.technologies.quality.evaluation import Labels, evaluate, read_labels, wilson
from primacy.technologies.quality.overlap import overlap
from primacy.technologies.quality.sampling import sample_sheet, strata
from primacy.technologies.quality.topics import read_topics, topic_hits, topic_summary

__all__ = [
    "Labels",
    "evaluate",
    "overlap",
    "read_labels",
    "read_topics",
    "sample_sheet",
    "strata",
    "topic_hits",
    "topic_summary",
    "wilson",
]
