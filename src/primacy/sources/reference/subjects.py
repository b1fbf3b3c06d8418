"""Subjects and sectors: how OpenAlex's fields and institution types are grouped in tables of baskets."""

from __future__ import annotations

from functools import cache

from primacy.sources.reference.shipped import shipped_rows

__all__ = ["SECTORS", "subjects_of_fields"]

SECTORS = {
    "education": "academic",
    "company": "corporate",
    "government": "government",
    "healthcare": "healthcare",
    "nonprofit": "nonprofit",
    "archive": "other",
    "facility": "other",
    "funder": "other",
    "other": "other",
}
"""Sectors by OpenAlex's type of institution; a type that is not here is no sector and its part is unassigned."""


@cache
def subjects_of_fields() -> dict[str, tuple[str, ...]]:
    """Return the subjects of every OpenAlex field, the one that fits best first.

    A list without Applied sciences sends engineering to Physical sciences, so some fields have a second subject.

    Examples
    --------
    >>> subjects_of_fields()["Engineering"]
    ('Applied sciences', 'Physical sciences')
    """
    found: dict[str, tuple[str, ...]] = {}
    for row in shipped_rows("fields.csv"):
        found[row["field"]] = (*found.get(row["field"], ()), row["subject"])
    return found
