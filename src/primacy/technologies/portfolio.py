"""Portfolios: directories of technologies."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from primacy.errors import InputError, NotThereError
from primacy.technologies.technology import (
    VARIANTS,
    Technology,
    Variant,
    load_technology,
    read_technology,
)

__all__ = [
    "BUNDLED",
    "DEFAULT",
    "VARIANTS",
    "Portfolio",
    "Technology",
    "Variant",
    "load_portfolio",
    "load_technology",
    "locate_portfolio",
    "portfolio_files",
]

BUNDLED = Path(__file__).parent / "portfolios"
DEFAULT = BUNDLED / "critical-74"


@dataclass(frozen=True)
class Portfolio(Mapping[str, Technology]):
    """The technologies of one directory, by id, in the order of their ids."""

    path: Path
    technologies: tuple[Technology, ...]

    @classmethod
    def of_texts(cls, path: Path, texts: Iterable[tuple[str, str]]) -> Portfolio:
        """Make a portfolio of ids and the texts of their files, which were checked before."""
        read = (read_technology(text, path / f"{technology_id}.toml") for technology_id, text in texts)
        return cls(path, tuple(sorted(read, key=lambda technology: technology.id)))

    @cached_property
    def _by_id(self) -> dict[str, Technology]:
        return {technology.id: technology for technology in self.technologies}

    def __getitem__(self, technology_id: str) -> Technology:
        return self._by_id[technology_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self.technologies)

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that change whenever an id or a query does."""
        text = "\0".join(f"{t.id}\0{t.strict_text}\0{t.broad_text}" for t in self.technologies)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def find(self, technology_id: str) -> Technology:
        """Return a technology by its id.

        Raises
        ------
        NotThereError
            The portfolio has no such technology; the error names the nearest ones.
        """
        try:
            return self._by_id[technology_id]
        except KeyError:
            raise NotThereError(
                f"no technology {technology_id!r} in {self.path}; {self._suggest(technology_id)}"
            ) from None

    def _suggest(self, technology_id: str) -> str:
        near = difflib.get_close_matches(technology_id, self._by_id, n=3, cutoff=0.5)
        near = near or [i for i in self._by_id if technology_id.lower() in i][:3]
        return f"did you mean {' or '.join(near)}?" if near else "`primacy technologies list` names them"


def load_portfolio(directory: str | Path | None = None) -> Portfolio:
    """Load a portfolio: every ``*.toml`` file of a directory.

    Parameters
    ----------
    directory
        Where the files are; without it, the 74 critical technologies that come with primacy. The name of a
        bundled portfolio (``article-10``) serves too, where no directory of that name is there.

    Raises
    ------
    InputError
        The directory or a file cannot be used; the error names the file and the field.
    """
    path = locate_portfolio(directory)
    technologies = tuple(load_technology(file) for file in portfolio_files(path))
    seen: dict[str, str] = {}
    for technology in technologies:
        twin = seen.setdefault(technology.id.lower(), technology.id)
        if twin != technology.id:
            raise InputError(
                f"{path / technology.id}.toml: id: differs from that of {twin}.toml by case only"
            )
    return Portfolio(path, technologies)


def locate_portfolio(directory: str | Path | None = None) -> Path:
    """Return the directory of a portfolio; see `load_portfolio`.

    Raises
    ------
    InputError
        There is none.
    """
    path = DEFAULT if directory is None else Path(directory)
    if path.is_dir():
        return path
    if path.exists():
        raise InputError(f"{path}: is a file; a portfolio is a directory of ID.toml files")
    if path.name == str(path) and (BUNDLED / path).is_dir():
        return BUNDLED / path
    raise InputError(f"{path}: no such directory; a portfolio is a directory of ID.toml files")


def portfolio_files(path: Path) -> list[Path]:
    """Return the technology files of a portfolio's directory, in the order of their ids.

    Raises
    ------
    InputError
        There are none.
    """
    files = sorted(file for file in path.glob("*.toml") if not file.name.startswith("."))
    if not files:
        raise InputError(f"{path}: no technology in it; a portfolio is a directory of ID.toml files")
    return files
