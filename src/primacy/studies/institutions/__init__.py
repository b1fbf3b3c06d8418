"""The institutions study: who publishes in the journals of a basket, and what that rests on."""

from __future__ import annotations

from primacy.studies.institutions.choices import Choices
from primacy.studies.institutions.comparison import compare_published
from primacy.studies.institutions.evidence import journals_of, lists_of
from primacy.studies.institutions.resolution import resolve
from primacy.studies.institutions.run import run
from primacy.studies.institutions.spot import Period, basket_of, partners_of

__all__ = [
    "Choices",
    "Period",
    "basket_of",
    "compare_published",
    "journals_of",
    "lists_of",
    "partners_of",
    "resolve",
    "run",
]
