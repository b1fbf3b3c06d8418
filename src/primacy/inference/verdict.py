"""Verdicts: what may be said of a lead, given how likely it is."""

from __future__ import annotations

from typing import Literal

__all__ = ["MINIMUM_PAPERS", "Verdict", "verdict"]

Verdict = Literal["leads", "ahead, contestable", "contested", "too few papers"]

LEADS = 0.95
AHEAD = 0.80
MINIMUM_PAPERS = 100
"""Below so many papers in the window a verdict would rest on fewer than ten highly cited ones."""


def verdict(probability: float | None, papers: int) -> Verdict:
    """Return the verdict on a leader in research; it says nothing about capability.

    Parameters
    ----------
    probability
        That the leader leads, over bootstrap replicates and universes together; None where it is unknown.
    papers
        How many papers the technology has in the window.

    Examples
    --------
    >>> verdict(0.99, 500), verdict(0.9, 500), verdict(0.5, 500), verdict(0.99, 20)
    ('leads', 'ahead, contestable', 'contested', 'too few papers')
    """
    if papers < MINIMUM_PAPERS:
        return "too few papers"
    if probability is None:
        return "contested"
    return "leads" if probability >= LEADS else "ahead, contestable" if probability >= AHEAD else "contested"
