"""A method: every choice that stands between the papers and a share, as one frozen value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, TypeAlias, get_args

from primacy.errors import UsageError

__all__ = [
    "TOPS",
    "TYPES",
    "Counting",
    "Method",
    "Missing",
    "Scope",
    "Split",
    "Territories",
    "Thresholds",
    "Ties",
    "UnitKind",
    "Window",
]

UnitKind: TypeAlias = Literal["country", "institution", "bloc"]
Ties: TypeAlias = Literal["fractional", "include", "exclude"]
Scope: TypeAlias = Literal["year", "window"]
Counting: TypeAlias = Literal["fractional", "full", "first", "corresponding"]
Split: TypeAlias = Literal["institution", "affiliation"]
Missing: TypeAlias = Literal["renormalise", "lose"]
Territories: TypeAlias = Literal["merge", "separate"]
Thresholds: TypeAlias = Literal["fixed", "recomputed"]

TOPS = (0.01, 0.05, 0.10, 0.25)
TYPES = ("article", "review", "conference-paper")
WORK_TYPES = frozenset(
    {
        "article", "audiovisual", "book", "book-chapter", "book-part", "book-review", "book-section",
        "conference-abstract", "conference-paper", "data-paper", "database", "dataset", "dissertation",
        "editorial", "erratum", "grant", "image", "letter", "libguides", "other", "paratext", "peer-review",
        "preprint", "reference-entry", "report", "report-component", "retraction", "review", "software",
        "software-paper", "standard", "supplementary-materials",
    }
)  # fmt: skip

_CHOICES: dict[str, tuple[Any, ...]] = {
    "ties": get_args(Ties),
    "scope": get_args(Scope),
    "counting": get_args(Counting),
    "split": get_args(Split),
    "missing": get_args(Missing),
    "territories": get_args(Territories),
    "thresholds": get_args(Thresholds),
    "top": TOPS,
}


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A run of publication years, both ends included.

    Examples
    --------
    >>> str(Window.parse("2019-2023"))
    '2019-2023'
    >>> Window.parse("2021").years
    1
    """

    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read ``2019-2023``, or ``2021`` for one year.

        Raises
        ------
        UsageError
            The text is not of that form, or runs backwards.
        """
        match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text.strip())
        if match is None:
            raise UsageError(f"window '{text}': write two years as 2019-2023, or one as 2021")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise UsageError(f"window '{text}': the first year is after the last")
        return cls(first, last)

    @property
    def years(self) -> int:
        """How many years it spans."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Method:
    """How shares are computed; the defaults are the project's main method.

    Parameters
    ----------
    top
        The share of a cell's works that counts as highly cited: 0.01, 0.05, 0.10 or 0.25.
    ties
        Works with exactly the threshold's citations: each a ``fractional`` part so that the cell totals exactly
        top x n (Waltman and Schreiber 2013; Leiden Ranking), all in (``include``) or all out (``exclude``).
    scope
        The cell in which works compete: technology and ``year``, or technology and ``window``.
    counting
        ``fractional`` over all authors, ``full`` (1 per unit), or only ``first`` or ``corresponding`` authors.
    split
        An author's part goes equally to the distinct institutions, or to the affiliations and then to theirs.
    missing
        Credit that resolves to no unit: scale the rest of the work up to 1 (``renormalise``) or ``lose`` it.
    types
        The work types that count, in OpenAlex's vocabulary.
    territories
        ``merge``: Hong Kong and Macao count as China. Taiwan is always its own.
    rollup
        Institutions count as their topmost ancestors.
    exclude_domestic
        Citations from works that share a country with the cited work are not counted.
    include_xpac
        Works of OpenAlex's expansion set count too.
    thresholds
        In a replicate the citation thresholds stay ``fixed`` (the Leiden Ranking's practice), or are found anew among
        the works drawn (``recomputed``), which needs every work's citations and takes longer.
    replicates
        Bootstrap replicates behind each interval; 0 gives none.
    seed
        Seed of the bootstrap.
    """

    top: float = 0.10
    ties: Ties = "fractional"
    scope: Scope = "year"
    counting: Counting = "fractional"
    split: Split = "institution"
    missing: Missing = "renormalise"
    types: tuple[str, ...] = TYPES
    territories: Territories = "merge"
    rollup: bool = False
    exclude_domestic: bool = False
    include_xpac: bool = False
    thresholds: Thresholds = "fixed"
    replicates: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            if value not in choices:
                raise UsageError(f"{name} '{value}': takes {', '.join(str(c) for c in choices)}")
        for name in ("rollup", "exclude_domestic", "include_xpac"):
            if not isinstance(getattr(self, name), bool):
                raise UsageError(f"{name} '{getattr(self, name)}': takes true or false")
        for name, low, high in (("replicates", 0, 100_000), ("seed", 0, 2**63 - 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise UsageError(f"{name} '{value}': takes a whole number from {low} to {high}")
        if not self.types:
            raise UsageError("types: name at least one work type")
        for kind in self.types:
            if kind not in WORK_TYPES:
                raise UsageError(
                    f"types '{kind}': not a work type; there are {', '.join(sorted(WORK_TYPES))}"
                )

    @classmethod
    def from_options(cls, options: Mapping[str, Any], *, base: Method | None = None) -> Method:
        """Return the method that options describe, over a base; options that are None are left as they are.

        Parameters
        ----------
        options
            Option names, with hyphens or underscores, and their values; ``types`` as a list or as text with commas.
        base
            The method to start from; the defaults where None.

        Raises
        ------
        UsageError
            An option is unknown or has a value that it cannot have.

        Examples
        --------
        >>> Method.from_options({"top": 0.05, "exclude-domestic": True, "seed": None}).top
        0.05
        """
        known = {f.name for f in fields(cls)}
        changes: dict[str, Any] = {}
        for name, value in options.items():
            key = name.replace("-", "_")
            if key not in known:
                raise UsageError(f"method option '{name}': there are {', '.join(sorted(known))}")
            if value is not None:
                changes[key] = value
        if "types" in changes:
            changes["types"] = _types(changes["types"])
        if isinstance(changes.get("top"), int | float) and not isinstance(changes["top"], bool):
            changes["top"] = float(changes["top"])
        return replace(base or cls(), **changes)

    def as_dict(self) -> dict[str, Any]:
        """Return all choices, for a manifest."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}


def _types(value: object) -> tuple[str, ...]:
    parts: Sequence[object] = value.split(",") if isinstance(value, str) else value  # type: ignore[assignment]
    if not isinstance(parts, Sequence) or not all(isinstance(p, str) for p in parts):
        raise UsageError(f"types '{value}': takes names separated by commas")
    return tuple(dict.fromkeys(str(p).strip() for p in parts if str(p).strip()))
