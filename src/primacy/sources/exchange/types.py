"""Document types as exports name them, in OpenAlex's vocabulary."""

from __future__ import annotations

__all__ = ["is_retracted", "work_type"]

_TYPES = {
    "article": "article",
    "journal article": "article",
    "jour": "article",
    "journal": "article",
    "data paper": "article",
    "short survey": "review",
    "review": "review",
    "review article": "review",
    "proceedings paper": "conference-paper",
    "conference paper": "conference-paper",
    "conf": "conference-paper",
    "cpaper": "conference-paper",
    "inproceedings": "conference-paper",
    "conference": "conference-paper",
    "conference review": "other",
    "book": "book",
    "book chapter": "book-chapter",
    "chap": "book-chapter",
    "incollection": "book-chapter",
    "editorial": "editorial",
    "editorial material": "editorial",
    "letter": "letter",
    "note": "letter",
    "erratum": "erratum",
    "correction": "erratum",
    "preprint": "preprint",
    "thes": "dissertation",
    "phdthesis": "dissertation",
    "rprt": "report",
    "techreport": "report",
}


def work_type(*named: str | None) -> str:
    """Return the type by the first of several names that says one; ``other`` where none is known.

    Examples
    --------
    >>> work_type("Article; Early Access"), work_type("Proceedings Paper"), work_type(None, "misc")
    ('article', 'conference-paper', 'other')
    """
    for name in named:
        for part in (name or "").split(";"):
            found = _TYPES.get(part.strip().casefold())
            if found:
                return found
    return "other"


def is_retracted(*named: str | None) -> bool:
    """Return whether a type says that the work was retracted."""
    return any("retracted" in (name or "").casefold() for name in named)
