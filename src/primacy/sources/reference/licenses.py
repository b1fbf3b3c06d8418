"""Licence identifiers of the Hub and how open each is."""

from __future__ import annotations

from functools import cache
from typing import Literal

from primacy.sources.reference.shipped import shipped_rows

__all__ = ["OPENNESS", "LicenseClass", "license_classes"]

LicenseClass = Literal["permissive", "copyleft", "use-restricted", "non-commercial", "other", "undeclared"]

OPENNESS: tuple[LicenseClass, ...] = (
    "permissive",
    "copyleft",
    "use-restricted",
    "non-commercial",
    "other",
    "undeclared",
)
"""The classes, from the most to the least open; what is not declared or not known grants nothing."""


@cache
def license_classes() -> dict[str, str]:
    """Return the class of each identifier; one that is not listed is ``other``, none at all ``undeclared``.

    Examples
    --------
    >>> classes = license_classes()
    >>> classes["apache-2.0"], classes["llama3.1"], classes["cc-by-nc-4.0"]
    ('permissive', 'use-restricted', 'non-commercial')
    """
    return {row["license"]: row["class"] for row in shipped_rows("licenses.csv")}
