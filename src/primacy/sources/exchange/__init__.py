"""Works from files that users have: exports of OpenAlex's site and clients, of Web of Science, Scopus, and RIS.

Every format becomes :class:`primacy.sources.exchange.record.Record`, says what it does not have, and goes into the
lake's tables the way OpenAlex's own records do; see ``docs/imports.md``.
"""

from __future__ import annotations

from primacy.sources.exchange.citations import pull_citations, read_citations
from primacy.sources.exchange.formats import FORMATS, Format
from primacy.sources.exchange.pulling import ImportSummary, pull_works

__all__ = ["FORMATS", "Format", "ImportSummary", "pull_citations", "pull_works", "read_citations"]
