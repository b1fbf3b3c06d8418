"""Answers that may be quoted: a sentence, the numbers with their interval, the method, the source and its version.

Made for assistants, which quote what they are given: an answer never leaves out how sure it is, by which method, from
which data, and whether these are simulated. Answers read results only, and their size is bounded.
"""

from __future__ import annotations

from primacy.present.answers.evidence import MOST, Answer
from primacy.present.answers.guide import (
    columns_text,
    explain,
    method_text,
    search_technologies,
    tables_text,
    technology_text,
)
from primacy.present.answers.models import adoption
from primacy.present.answers.research import robustness, shares, who_leads

__all__ = [
    "MOST",
    "Answer",
    "adoption",
    "columns_text",
    "explain",
    "method_text",
    "robustness",
    "search_technologies",
    "shares",
    "tables_text",
    "technology_text",
    "who_leads",
]
