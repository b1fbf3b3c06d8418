"""Charts as files: SVG, PNG, PDF, a page or Vega-Lite, rendered here with no network.

A picture stands on white paper, the way a publication prints it. A page holds the libraries that draw it; what the
chart shows is data in it, never markup or code, whatever a downloaded name contains.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import vl_convert

from primacy.errors import InputError, UsageError
from primacy.present.charts_theme import PAPER, renumbered
from primacy.present.printable import printable

__all__ = ["ENDINGS", "require_ending", "save"]

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body{{margin:1rem;font-family:Helvetica,Arial,sans-serif}}</style>
</head>
<body>
<div id="chart"></div>
<script type="application/json" id="specification">{specification}</script>
<script type="module">{script}</script>
</body>
</html>
"""
_DRAW = """
const specification = JSON.parse(document.getElementById("specification").textContent);
vegaEmbed("#chart", specification, {actions: false, renderer: "svg"});
"""


def save(chart: Any, path: Path, *, scale: float = 2.0) -> None:
    """Write an Altair chart to a file; its ending decides the format.

    Parameters
    ----------
    chart
        The chart.
    path
        Ends in .svg, .png, .pdf, .html or .json (Vega-Lite).
    scale
        Pixels of a PNG for each pixel of the chart.

    Raises
    ------
    UsageError
        The ending is another.
    InputError
        The file cannot be written.
    """
    require_ending(path)
    specification = {**chart.to_dict(), "background": PAPER}
    data = _WAYS[path.suffix.lower()](specification, scale)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from error


def require_ending(path: Path) -> None:
    """Refuse a file whose ending is no format of charts, before anything is computed.

    Raises
    ------
    UsageError
        The ending is none of .svg, .png, .pdf, .html and .json.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(f"chart {path}: end the name in {', '.join(ENDINGS)}")


def _svg(specification: dict[str, Any], scale: float) -> bytes:
    return renumbered(vl_convert.vegalite_to_svg(printable(specification))).encode()


def _png(specification: dict[str, Any], scale: float) -> bytes:
    return bytes(vl_convert.vegalite_to_png(printable(specification), scale=scale))


def _pdf(specification: dict[str, Any], scale: float) -> bytes:
    return bytes(vl_convert.vegalite_to_pdf(printable(specification)))


def _json(specification: dict[str, Any], scale: float) -> bytes:
    return (json.dumps(specification, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _html(specification: dict[str, Any], scale: float) -> bytes:
    # A name may hold "</script>": within the element only the escape of its bracket does.
    inside = json.dumps(specification, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    title = _title(specification.get("title"))
    script = vl_convert.javascript_bundle(_DRAW)
    return _PAGE.format(title=escape(title), specification=inside, script=script).encode()


def _title(title: Any) -> str:
    text = title.get("text", "") if isinstance(title, Mapping) else title or ""
    return " ".join(text) if isinstance(text, list) else str(text)


_WAYS: Mapping[str, Callable[[dict[str, Any], float], bytes]] = {
    ".html": _html,
    ".json": _json,
    ".pdf": _pdf,
    ".png": _png,
    ".svg": _svg,
}
ENDINGS = tuple(_WAYS)
"""The endings of files that charts can be written to."""
