"""A figure: a chart, the rows that it shows, what it says in words, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from primacy.present import charts_theme

__all__ = ["Figure"]


@dataclass(frozen=True)
class Figure:
    """A figure of the explorer.

    Attributes
    ----------
    path
        Where it stands, without an ending: ``figures/shares/batteries/2019-2023``.
    title, description
        What it shows; the description stands in for the picture where that is not seen.
    rows
        What is drawn, for download and as a table.
    draw
        Makes the chart; told whether it is for a narrow screen.
    source
        The result table it comes from.
    formats
        Columns of the table that are not written as their name says: ``share`` stands for a share, ``""`` for a number.
    """

    path: str
    title: str
    description: str
    rows: pa.Table
    draw: Callable[[bool], Any]
    source: str
    formats: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.rows.num_rows == 0

    def specification(self, *, narrow: bool = False) -> str:
        """Return what the renderer draws, as text: figures with the same text and words look the same."""
        return charts_theme.specification(self.draw(narrow))

    def svg(self, *, narrow: bool = False) -> str:
        """Return the figure as SVG."""
        return charts_theme.svg(
            self.specification(narrow=narrow), title=self.title, description=self.description
        )
