"""What can be chosen in the study of institutions, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, get_args

from primacy.errors import UsageError
from primacy.measures.basket_credit import Division
from primacy.measures.method import Split
from primacy.measures.rollup import Rollup

__all__ = ["Choices"]

_TAKES: dict[str, tuple[str, ...]] = {
    "split": get_args(Split),
    "rollup": get_args(Rollup),
    "division": get_args(Division),
}


@dataclass(frozen=True, slots=True)
class Choices:
    """How credit is given and intervals are made.

    Parameters
    ----------
    split
        An author's part goes equally to the distinct institutions, or to the affiliations and then to theirs.
    rollup
        Whose row an institution's credit is: its own (``none``), its topmost ancestors' short of university systems
        (``parents``), or those systems' too (``systems``).
    division
        With a roll-up: an author's part is divided ``before`` credit goes up or ``after``.
    replicates, seed
        Of the bootstrap.
    """

    split: Split = "institution"
    rollup: Rollup = "none"
    division: Division = "before"
    replicates: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        for name, takes in _TAKES.items():
            if getattr(self, name) not in takes:
                raise UsageError(f"{name} '{getattr(self, name)}': takes {', '.join(takes)}")
        if self.division == "after" and self.split == "affiliation":
            raise UsageError("division 'after': goes with split 'institution' only")
        for name, high in (("replicates", 100_000), ("seed", 2**63 - 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= high:
                raise UsageError(f"{name} '{value}': takes a whole number from 0 to {high}")

    def with_options(self, options: Mapping[str, Any]) -> Choices:
        """Return the choices with some changed; options that are None are left as they are.

        Raises
        ------
        UsageError
            An option is unknown or has a value that it cannot have.
        """
        known = {f.name for f in fields(self)}
        for name in options:
            if name not in known:
                raise UsageError(f"option '{name}': there are {', '.join(sorted(known))}")
        return replace(self, **{k: v for k, v in options.items() if v is not None})

    def as_dict(self) -> dict[str, Any]:
        """Return all choices, for a manifest."""
        return asdict(self)
