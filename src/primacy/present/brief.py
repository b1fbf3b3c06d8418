"""A brief: two pages of PDF from blocks of words, numbers and charts, set here with no network.

Texts reach the layout (``data/brief.typ``) as JSON strings, never as markup. The fonts are those that the typesetter
carries, so the same brief has the same bytes everywhere; the system's are asked for only where a name has letters that
those lack.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, ClassVar

import typst

from primacy.errors import PrimacyError
from primacy.present.figure import Figure
from primacy.present.lettering import covered
from primacy.present.printable import printable

__all__ = ["PAGES", "Block", "Box", "Brief", "Column", "Fact", "Facts", "Figures", "Quotes", "Sheet", "Words"]

PAGES = 2
_SIZE = re.compile(r'<svg[^>]*? width="([0-9.]+)" height="([0-9.]+)"')
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@dataclass(frozen=True)
class Words:
    """Paragraphs, with a heading where they have one; ``size`` in points."""

    kind: ClassVar[str] = "words"
    paragraphs: Sequence[str]
    title: str | None = None
    size: float = 9.5


@dataclass(frozen=True)
class Quotes:
    """Sentences that may be quoted."""

    kind: ClassVar[str] = "quotes"
    sentences: Sequence[str]


@dataclass(frozen=True)
class Fact:
    """A number with its name and what goes with it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """Numbers, three a line."""

    kind: ClassVar[str] = "facts"
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Figures:
    """Figures side by side; they share with other rows of figures what a page leaves of its height.

    Attributes
    ----------
    figures
        Each with whether the drawing for narrow screens is taken.
    """

    kind: ClassVar[str] = "figures"
    figures: Sequence[tuple[Figure, bool]]


@dataclass(frozen=True)
class Column:
    """A column of a table: whether it holds numbers, and whether it takes the width that is left."""

    name: str
    number: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table."""

    kind: ClassVar[str] = "table"
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    title: str | None = None


@dataclass(frozen=True)
class Box:
    """A box of terms and what is said of each."""

    kind: ClassVar[str] = "box"
    title: str
    entries: Sequence[tuple[str, str]]


Block = Words | Quotes | Facts | Figures | Sheet | Box


@dataclass(frozen=True)
class Brief:
    """A brief of two pages.

    Attributes
    ----------
    title
        What it is on.
    kicker, span, foot
        What stands in every page's head, left and right, and at its foot.
    notice
        What the data are where they are simulated: stands on both pages.
    first, second
        The blocks of the two pages.
    """

    title: str
    kicker: str
    span: str
    foot: str
    notice: str | None
    first: Sequence[Block]
    second: Sequence[Block]

    def pdf(self) -> bytes:
        """Return it as PDF: tagged, with words in place of each picture, and without a date."""
        pages = self._set("png", ppi=8.0)
        if len(pages) != PAGES:
            raise PrimacyError(f"the brief on '{self.title[:60]}' takes {len(pages)} pages, not {PAGES}")
        return self._set("pdf")[0]

    def png(self, *, ppi: float = 100.0) -> list[bytes]:
        """Return each page as PNG, ``ppi`` pixels to the inch."""
        return self._set("png", ppi=ppi)

    def _set(self, format: typst.OutputFormat, *, ppi: float | None = None) -> list[bytes]:
        try:
            made: bytes | list[bytes] | None = typst.compile(
                files("primacy.present").joinpath("data", "brief.typ").read_bytes(),
                format=format,
                ppi=ppi,
                ignore_system_fonts=covered(self._input.replace("\N{REPLACEMENT CHARACTER}", "")),
                sys_inputs={"brief": self._input},
                timestamp=0,
            )
        except typst.TypstError as error:
            raise PrimacyError(f"the brief on '{self.title[:60]}' cannot be set: {error.message}") from error
        return made if isinstance(made, list) else [made or b""]

    @cached_property
    def _input(self) -> str:
        head = {name: getattr(self, name) for name in ("title", "kicker", "span", "foot", "notice")}
        pages = [[_plain(block) for block in page] for page in (self.first, self.second)]
        return json.dumps(_whole(printable({**head, "pages": pages})), ensure_ascii=False, allow_nan=False)


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, Figures):
        return {"kind": block.kind, "figures": [_drawn(figure, narrow) for figure, narrow in block.figures]}
    return {"kind": block.kind, **asdict(block)}


def _drawn(figure: Figure, narrow: bool) -> dict[str, Any]:
    """Return a figure as it lies on paper: without the style that follows a screen's light or dark setting."""
    drawing = _STYLE.sub("", figure.svg(narrow=narrow), count=1)
    found = _SIZE.search(drawing)
    if found is None:
        raise PrimacyError(f"{figure.path}: the drawing has no size")
    width, height = map(float, found.groups())
    return {"svg": drawing, "width": width, "height": height, "alt": f"{figure.title}. {figure.description}"}


def _whole(value: Any) -> Any:
    """Return texts in which no number is torn from its per cent sign at the end of a line."""
    if isinstance(value, str):
        return value.replace(" %", "\N{NO-BREAK SPACE}%")
    if isinstance(value, Mapping):
        return {key: _whole(one) for key, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list | tuple) else value
