"""Relative links, so that the same pages work behind any path prefix, live or as files."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

__all__ = ["Links"]


@dataclass(frozen=True)
class Links:
    """Makes links on one page.

    Parameters
    ----------
    page
        The page's path without a leading slash; empty for the first page.
    static
        Whether pages are files, which end in ``.html``.

    Examples
    --------
    >>> Links("technology/x/2019-2023")("country/CN"), Links("technology/x", static=True)("country/CN")
    ('../../country/CN', '../country/CN.html')
    >>> Links("")("country/CN"), Links("a/b")(""), Links("a/b", static=True)(""), Links("")("")
    ('country/CN', '../', '../index.html', './')
    """

    page: str
    static: bool = False

    @property
    def up(self) -> str:
        """The way to the site's root."""
        return "../" * self.page.count("/")

    def __call__(self, path: str) -> str:
        """Return the link to a page."""
        if not path:
            return self.up + ("index.html" if self.static else "") or "./"
        return f"{self.up}{quote(path, safe='/,')}{'.html' if self.static else ''}"

    def file(self, path: str) -> str:
        """Return the link to a file, whose name has its ending already."""
        return self.up + quote(path, safe="/,")
