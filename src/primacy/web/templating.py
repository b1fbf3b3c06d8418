"""The templates and what they may call."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import jinja2

from primacy._version import __version__
from primacy.present.palette import COLOURS, OTHER
from primacy.present.sentences import day, large, percent, years
from primacy.present.sentences_baskets import signed
from primacy.present.sentences_models import MEASURES
from primacy.present.terminal import SIMULATED, cell
from primacy.web.links import Links
from primacy.web.page import Page
from primacy.web.snapshot import Snapshot

__all__ = ["colours_css", "render"]


def _paint(unit: str | None) -> str:
    """Return the class that gives a unit's colour."""
    return f"u-{unit}" if unit in COLOURS else "u-other"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}×"


def _number(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _usd(value: float | None) -> str:
    """Return US dollars, small amounts with more digits."""
    if value is None or value != value:
        return "–"
    return f"${value:,.2f}" if value >= 0.1 or value == 0 else f"${value:.3f}"


def _indicator(value: float | None, counted_in: str) -> str:
    """Return an indicator's value in its unit: shares as per cent, all else as a number."""
    if value is None:
        return "–"
    if counted_in == "share":
        return percent(value, 1)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def _width(share: float | None) -> str:
    """Return a share as a length in a drawing 100 units wide."""
    return f"{100 * min(1.0, max(0.0, share or 0.0)):.2f}"


def _points(value: float | None) -> str:
    """Return a yearly change of a share in percentage points."""
    return (
        "–"
        if value is None
        else f"{100 * value:+.1f}".replace("-", "−").replace("+0.0", "0.0").replace("−0.0", "0.0")
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("primacy.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": percent,
        "years": years,
        "ratio": _ratio,
        "number": _number,
        "width": _width,
        "points": _points,
        "paint": _paint,
        "large": large,
        "usd": _usd,
        "signed": signed,
        "indicator": _indicator,
        "day": day,
        "measure": lambda name: MEASURES.get(name, name),
        "whole": lambda text: text.replace(" %", "\N{NO-BREAK SPACE}%"),
        "cell": lambda value, name: cell(name, value),
    }
    return environment


_ENVIRONMENT = _environment()


def render(snapshot: Snapshot, page: Page, *, at: str, static: bool) -> str:
    """Return a page as HTML, its links made for the path that it stands at."""
    known: Mapping[str, Any] = {
        "site": snapshot,
        "page": page,
        "link": Links(at, static=static),
        "static": static,
        "simulated_notice": SIMULATED,
        "version": __version__,
        "name": snapshot.name,
    }
    return _ENVIRONMENT.get_template(page.template).render({**known, **page.context})


def colours_css() -> str:
    """Return the style sheet that gives every country and bloc its colour, from the one palette."""
    rules = [f".u-{unit}{{--unit:{code}}}" for unit, code in COLOURS.items()]
    return "\n".join([*rules, f".u-other{{--unit:{OTHER}}}", ""])


def asset(name: str) -> bytes:
    """Return a file of the static directory.

    Raises
    ------
    FileNotFoundError
        There is none of that name.
    """
    if name == "colours.css":
        return colours_css().encode()
    if name not in ASSETS:
        raise FileNotFoundError(name)
    return files("primacy.web").joinpath("static", name).read_bytes()


ASSETS = {
    "tokens.css": "text/css",
    "colours.css": "text/css",
    "site.css": "text/css",
    "site.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""The static files with their media types."""
