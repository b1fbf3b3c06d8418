"""The rows of results that charts show and answers quote, and the words around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow.compute as pc

from primacy.errors import NotThereError, UsageError
from primacy.measures.method import Window
from primacy.present.countries import country_name
from primacy.present.origin import Origin
from primacy.present.sentences import years
from primacy.technologies.technology import Technology
from primacy.workspace import Workspace

__all__ = ["By", "Evidence", "Reading", "Row", "at_least", "named"]

Row = dict[str, Any]
By = Literal["country", "institution", "bloc"]
Evidence = Literal["orcid", "affiliations"]


@dataclass(frozen=True)
class Reading:
    """A result table of a workspace, as charts and answers read it."""

    workspace: Workspace
    table: str

    @property
    def origin(self) -> Origin:
        """Where it comes from.

        Raises
        ------
        NotThereError
            There is no such table: its study was not run.
        """
        return Origin.find(self.workspace.results, self.table)

    @property
    def simulated(self) -> bool:
        """Whether the data are of a made-up world."""
        return self.origin.simulated

    def technology(self, technology: str) -> Technology:
        """Return a technology of the portfolio."""
        return self.workspace.portfolio.find(technology)

    def windows(self) -> list[str]:
        """Return the windows of the table, in order; single years are among them only where there is nothing else.

        Raises
        ------
        NotThereError
            It has none.
        """
        every = sorted(set(self.workspace.results.read(self.table)["window"].to_pylist()), key=_last_year)
        found = [w for w in every if w.partition("-")[0] != w.partition("-")[2]] or every
        if not found:
            raise NotThereError(
                f"table {self.table}: has no window yet; `primacy match` and `primacy run research`"
            )
        return found

    def window(self, window: str | None) -> str:
        """Return the window that is meant: the newest where None.

        Raises
        ------
        NotThereError
            The study has no such window; the text lists those that it has.
        """
        there = self.windows()
        if window is None:
            return there[-1]
        wanted = str(Window.parse(window))
        if wanted not in there:
            raise NotThereError(f"--window {window}: table {self.table} has {', '.join(there)}")
        return wanted

    def found(self, **equal: object) -> list[Row]:
        """Return the rows whose columns equal the values given; there may be none."""
        table = self.workspace.results.read(self.table)
        for column, value in equal.items():
            table = table.filter(pc.equal(table[column], value))
        rows: list[Row] = table.to_pylist()
        return rows

    def rows(self, **equal: object) -> list[Row]:
        """Return the rows whose columns equal the values given.

        Raises
        ------
        NotThereError
            There is no such row.
        """
        rows = self.found(**equal)
        if not rows:
            asked = ", ".join(f"{k} {v}" for k, v in equal.items())
            raise NotThereError(f"table {self.table}: no row with {asked}")
        return rows

    def top(self) -> str:
        """Return which works count as highly cited, in words."""
        part = self.origin.settings.get("method", {}).get("top", 0.1)
        return f"top {100 * part:g} %"

    def subtitle(self, text: str, window: str | None = None) -> str:
        """Return what is shown, when, and by which data."""
        source = ", ".join(s.title for s in self.origin.sources)
        version = f"lake version {self.origin.lake_version}"
        when = f", {years(window)}" if window else ""
        return f"{text}{when} · {source}{', ' if source else ''}{version}"


def _last_year(window: str) -> tuple[str, str]:
    first, _, last = window.partition("-")
    return last, first


def named(row: Mapping[str, Any]) -> str:
    """Return how a unit is called."""
    return str(row.get("name") or country_name(row["unit"]))


def at_least(option: str, value: int, least: int = 1) -> int:
    """Return a number given by a user, checked.

    Raises
    ------
    UsageError
        It is less.
    """
    if value < least:
        raise UsageError(f"--{option} {value}: takes a whole number from {least} on")
    return value
