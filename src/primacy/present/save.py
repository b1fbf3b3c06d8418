"""Charts as files: SVG, PNG, PDF or a page, rendered here with no network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from primacy.errors import InputError, UsageError

__all__ = ["save"]

ENDINGS = (".html", ".json", ".pdf", ".png", ".svg")


def save(chart: Any, path: Path, *, scale: float = 2.0) -> None:
    """Write an Altair chart to a file; its ending decides the format.

    Raises
    ------
    UsageError
        The ending is none of .svg, .png, .pdf, .html and .json.
    InputError
        The file cannot be written.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(f"chart {path}: end the name in {', '.join(ENDINGS)}")
    options: dict[str, Any] = {"inline": True} if path.suffix.lower() == ".html" else {}
    if path.suffix.lower() == ".png":
        options["scale_factor"] = scale
    try:
        chart.save(str(path), **options)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error
