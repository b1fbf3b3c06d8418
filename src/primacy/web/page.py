"""A page before it is written: its template and what the template is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Page"]


@dataclass(frozen=True)
class Page:
    """A page of the explorer.

    Attributes
    ----------
    path
        Its canonical path without a leading slash.
    template
        The name of its template.
    title, description
        For the browser's tab and for those who share the link.
    context
        What the template is told.
    """

    path: str
    template: str
    title: str
    description: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
