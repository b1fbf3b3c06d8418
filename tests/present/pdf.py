"""What a PDF says, page by page."""

from __future__ import annotations

from io import BytesIO

import pypdf


def pages(content: bytes) -> list[str]:
    """Return the words of each page on one line."""
    return [
        " ".join(page.extract_text().split(" ")).replace("\n", " ")
        for page in pypdf.PdfReader(BytesIO(content)).pages
    ]
