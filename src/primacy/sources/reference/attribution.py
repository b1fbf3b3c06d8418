"""Attribution: dated exceptions to "a child's credit goes to its topmost ancestors".

Every row of the file says what happens to one institution in a run of years, open at either end:

``own``
    It is a row of its own: its credit, and that of what is below it, stops there.
``passes``
    No child's credit goes to it: a ministry, a federation, a funder.
``partner``
    A joint body: its credit goes to ``unit``, in the part given; its parts of a year sum to 1.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from primacy.errors import InputError
from primacy.sources.reference.shipped import shipped_rows

__all__ = ["Override", "Rule", "epochs", "read_overrides", "shipped_overrides"]

Rule: TypeAlias = Literal["own", "passes", "partner"]
COLUMNS = ("institution", "rule", "unit", "part", "first", "last")


@dataclass(frozen=True, slots=True)
class Override:
    """What happens to an institution's credit from year ``first`` to year ``last``; open where None."""

    institution: int
    rule: Rule
    unit: int | None = None
    part: float = 1.0
    first: int | None = None
    last: int | None = None

    def holds(self, year: int) -> bool:
        """Return whether it holds in a year."""
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


def epochs(overrides: Iterable[Override], years: Sequence[int]) -> list[tuple[int, int, list[Override]]]:
    """Cut years into runs within which the same overrides hold.

    Returns
    -------
    list
        First year, last year, what holds in them; the years from the first to the last asked for.

    Examples
    --------
    >>> [(a, b, len(held)) for a, b, held in epochs([Override(1, "own", last=2019)], [2018, 2021])]
    [(2018, 2019, 1), (2020, 2021, 0)]
    """
    rows = list(overrides)
    runs: list[tuple[int, int, list[Override]]] = []
    for year in range(min(years), max(years) + 1) if years else ():
        held = [o for o in rows if o.holds(year)]
        if runs and runs[-1][2] == held:
            runs[-1] = (runs[-1][0], year, held)
        else:
            runs.append((year, year, held))
    return runs


@cache
def shipped_overrides() -> tuple[Override, ...]:
    """Return the overrides that ship.

    Examples
    --------
    >>> {o.institution for o in shipped_overrides() if o.rule == "own"}  # USTC and UCAS beside CAS
    {126520041, 4210165038}
    """
    return _checked([_override(row) for row in shipped_rows("attribution.csv")])


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read a file of overrides: a CSV with institution, rule, unit, part, first, last.

    Raises
    ------
    InputError
        It cannot be read, a value is wrong, or the parts of a joint body do not sum to 1.
    """
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), strict=True)
        missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(
                f"column '{missing[0]}' is missing; a file of attribution has {', '.join(COLUMNS)}"
            )
        rows = []
        for row in reader:
            try:
                rows.append(_override({k: v or "" for k, v in row.items() if k is not None}))
            except ValueError as error:
                raise ValueError(f"line {reader.line_num}: {error}") from error
        return _checked(rows)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, csv.Error) as error:
        raise InputError(f"{path}: {error}") from error


def _override(row: dict[str, str]) -> Override:
    rule = row["rule"].strip()
    if rule not in get_args(Rule):
        raise ValueError(f"rule '{rule}': takes {', '.join(get_args(Rule))}")
    partner = rule == "partner"
    if bool(row["unit"].strip()) != partner:
        raise ValueError(f"unit '{row['unit']}': stands with the rule partner, and only there")
    part = float(row["part"].strip() or "nan") if partner else 1.0
    if not 0 < part <= 1:
        raise ValueError(f"part '{row['part']}': takes a number above 0, at most 1")
    first, last = (_year(row[c].strip()) for c in ("first", "last"))
    if first is not None and last is not None and last < first:
        raise ValueError(f"first {first} is after last {last}")
    institution = _institution(row["institution"])
    unit = _institution(row["unit"]) if partner else None
    if unit == institution:
        raise ValueError(f"I{unit} is its own partner; give it the rule own")
    return Override(institution, rule, unit, part, first, last)  # type: ignore[arg-type]


def _institution(text: str) -> int:
    match = re.fullmatch(r"(?:https://openalex\.org/)?I([0-9]{1,18})", text.strip())
    if match is None:
        raise ValueError(f"'{text.strip()}' is no institution; write it as I123")
    return int(match[1])


def _year(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}", text):
        raise ValueError(f"'{text}' is no year")
    return int(text)


def _checked(rows: list[Override]) -> tuple[Override, ...]:
    """Refuse institutions with two rules at a time, and parts that do not sum to 1."""
    bounds = {o.first for o in rows} | {o.last + 1 for o in rows if o.last is not None}
    for year in sorted(y if y is not None else 0 for y in bounds | {None}):
        held = [o for o in rows if o.holds(year)]
        joint = {o.institution for o in held if o.rule == "partner"}
        for institution in sorted({o.institution for o in held}):
            mine = [o for o in held if o.institution == institution]
            when = f"I{institution}, {year or 'in the earliest years'}"
            if len({o.rule for o in mine}) > 1 or (len(mine) > 1 and mine[0].rule != "partner"):
                raise ValueError(f"{when}: more than one rule holds")
            if mine[0].rule == "partner":
                if not math.isclose(sum(o.part for o in mine), 1.0, abs_tol=1e-9):
                    raise ValueError(
                        f"{when}: the parts of its partners sum to {sum(o.part for o in mine):g}"
                    )
                if len({o.unit for o in mine}) < len(mine):
                    raise ValueError(f"{when}: a partner stands twice")
                if joint & {o.unit for o in mine}:
                    raise ValueError(f"{when}: a partner is itself a joint body; name its partners instead")
    return tuple(rows)
