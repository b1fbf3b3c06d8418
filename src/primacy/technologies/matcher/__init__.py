"""The matcher: one pass over each text for all queries.

A batch of texts is folded into one buffer (`folded`), an Aho-Corasick automaton finds every word, prefix and
phrase of every query in it, and the queries are evaluated over sets of texts held as the bits of an integer
(`plan` says what is evaluated, `nearness` does NEAR).
"""

from __future__ import annotations

from primacy.technologies.matcher.matcher import Matcher, Matches

__all__ = ["Matcher", "Matches"]
