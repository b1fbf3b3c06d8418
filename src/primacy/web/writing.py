"""Writes pages, figures and tables of a site as files, each on its own: what several processes share out.

A file that already stands in the site published before, with the same bytes, is linked from there and keeps its time. A
figure whose specification is the same as then is not drawn again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from primacy._version import __version__
from primacy.present import charts_theme
from primacy.present.figure import Figure
from primacy.present.lettering import covered
from primacy.web import figures
from primacy.web.routes import embedded
from primacy.web.site import ENDINGS, PICTURES, TABLE_ENDINGS, Site, figure_file
from primacy.web.templating import ASSETS, asset

__all__ = ["DRAWINGS", "Done", "Writer", "drawings_before"]

DRAWINGS = ".primacy-drawings.json"
"""Beside the pages: of what each figure's pictures were drawn, so that the next site need not draw them again."""


@dataclass
class Done:
    """What was written.

    Attributes
    ----------
    files, size
        How many files, of how many bytes together.
    figures
        Paths of the figures on the pages that were written.
    drawings
        By the path of a figure: of what its pictures were drawn.
    unlettered
        Figures that were not written, for the renderer lacks letters of theirs.
    """

    files: int = 0
    size: int = 0
    figures: list[str] = field(default_factory=list)
    drawings: dict[str, str] = field(default_factory=dict)
    unlettered: list[str] = field(default_factory=list)

    def add(self, other: Done) -> None:
        """Count what another did as well."""
        self.files += other.files
        self.size += other.size
        self.figures += other.figures
        self.drawings |= other.drawings
        self.unlettered += other.unlettered


def drawings_before(directory: Path) -> Mapping[str, str]:
    """Return of what the pictures in a site published before were drawn; nothing where that cannot be read."""
    try:
        found = json.loads((directory / DRAWINGS).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


class Writer:
    """Writes a site's files.

    Parameters
    ----------
    site
        The site.
    directory
        Where.
    before
        The site published before, from which unchanged files are linked.
    png
        Whether figures are also written as PNG.
    every_letter
        Whether the renderer has the system's fonts, and draws what it lacks letters for as well as it can.
    """

    def __init__(
        self, site: Site, directory: Path, *, before: Path, png: bool, every_letter: bool = True
    ) -> None:
        self.site = site
        self.directory = directory
        self.before = before
        self.pictures = [ending for ending in PICTURES if png or ending != "png"]
        self.every_letter = every_letter
        self._drawings = drawings_before(before)

    def shared(self, done: Done) -> None:
        """Write what every page uses."""
        for name in ASSETS:
            self._put(done, f"static/{name}", asset(name))
        self._put(done, "search.json", self.site.index())

    def tables(self, names: Iterable[str], done: Done) -> None:
        """Write whole tables for download."""
        for name in names:
            for ending in TABLE_ENDINGS:
                self._stream(done, f"data/{name}.{ending}", self.site.table(name, ending).parts)

    def pages(self, paths: Iterable[str], done: Done) -> None:
        """Write pages, and name the figures on them."""
        for path in paths:
            page = self.site.page(path)
            done.figures += [figure.path for figure in _figures_of(page.context)]
            self._put(done, f"{path or 'index'}.html", self.site.html(page, at=path))

    def figures(self, paths: Iterable[str], done: Done) -> None:
        """Write figures in every format, each with the page that is embedded elsewhere."""
        for path in paths:
            kind, subject, window = path.removeprefix("figures/").split("/")
            figure = figures.find(self.site.snapshot, kind, subject, window)
            if not self._pictures(figure, done):
                done.unlettered.append(path)
                continue
            self._put(done, f"{path}.html", self.site.html(embedded(figure)))
            for ending in ENDINGS:
                if ending not in PICTURES:
                    self._put(done, f"{path}.{ending}", figure_file(self.site.snapshot, figure, ending))

    def _pictures(self, figure: Figure, done: Done) -> bool:
        """Write a figure's pictures; return whether the renderer has the letters."""
        wide, narrow = (figure.specification(narrow=n) for n in (False, True))
        if not self.every_letter and not covered(wide + narrow):
            return False
        drawn_of = _digest([wide, narrow, figure.title, figure.description])
        done.drawings[figure.path] = drawn_of
        names = [f"{figure.path}.{ending}" for ending in self.pictures]
        if self._drawings.get(figure.path) == drawn_of and all((self.before / n).is_file() for n in names):
            for name in names:
                self._link(done, name)
            return True
        words = {"title": figure.title, "description": figure.description}
        drawing = charts_theme.svg(wide, **words)
        self._put(done, f"{figure.path}.svg", drawing.encode())
        self._put(done, f"{figure.path}.narrow.svg", charts_theme.svg(narrow, **words).encode())
        if "png" in self.pictures:
            self._put(done, f"{figure.path}.png", charts_theme.png(drawing))
        return True

    def _put(self, done: Done, path: str, data: bytes) -> None:
        old = self.before / path
        try:
            same = old.stat().st_size == len(data) and old.read_bytes() == data
        except OSError:
            same = False
        if same:
            self._link(done, path)
        else:
            self._stream(done, path, iter([data]))

    def _stream(self, done: Done, path: str, parts: Iterator[bytes]) -> None:
        with self._target(path).open("wb") as stream:
            done.size += sum(stream.write(part) for part in parts)
        done.files += 1

    def _link(self, done: Done, path: str) -> None:
        old, new = self.before / path, self._target(path)
        try:
            os.link(old, new)
        except OSError:  # a file system without links
            new.write_bytes(old.read_bytes())
        done.size += new.stat().st_size
        done.files += 1

    def _target(self, path: str) -> Path:
        target = self.directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


def _figures_of(context: Mapping[str, Any]) -> Iterator[Figure]:
    for value in context.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Figure) and not one.empty:
                yield one


@cache
def _renderer() -> bytes:
    """Return what decides how a specification is drawn: the renderer, and this house's part in it."""
    source = Path(charts_theme.__file__).read_bytes()
    return f"{__version__}:{version('vl-convert-python')}:".encode() + source


def _digest(texts: Sequence[str]) -> str:
    digest = hashlib.sha256(_renderer())
    for text in texts:
        digest.update(b"\0" + text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]
