"""Claims files: statements that others make, and how each is checked against the results."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from primacy.errors import InputError, NotThereError
from primacy.studies.tables import RESULT_TABLES

__all__ = [
    "THE_ARTICLE",
    "Always",
    "Change",
    "Check",
    "Claim",
    "ClaimsFile",
    "Crossing",
    "Leader",
    "Led",
    "Seats",
    "Value",
    "load_claims",
]

THE_ARTICLE = "the-article"
"""Name of the claims file that ships."""

Where: TypeAlias = dict[str, str | int | float | bool]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Selection(_Strict):
    """Rows of a result table: those with all the values of ``where``."""

    table: str
    where: Where = Field(default_factory=dict)

    @model_validator(mode="after")
    def _columns_exist(self) -> _Selection:
        for name in self.where:
            require_column(self.table, name)
        return self


class Value(_Selection):
    """A number of one row is near a value, or at least, or at most a value.

    Parameters
    ----------
    table, where, column
        Which number.
    equals, tolerance
        It lies within the tolerance of this.
    at_least, at_most
        Or it lies on this side.
    interval
        Columns with the ends of its interval; found by their names where left out.
    """

    check: Literal["value"]
    column: str
    equals: float | None = None
    tolerance: float | None = Field(None, ge=0)
    at_least: float | None = None
    at_most: float | None = None
    interval: tuple[str, str] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Value:
        for name in (self.column, *(self.interval or ())):
            require_column(self.table, name)
        stated = [n for n in ("equals", "at_least", "at_most") if getattr(self, n) is not None]
        if not stated or (len(stated) > 1 and "equals" in stated):
            raise ValueError("state equals with tolerance, or at_least, at_most or both")
        if (self.equals is None) != (self.tolerance is None):
            raise ValueError("equals and tolerance go together: how far off may the number be?")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which the number is claimed to lie."""
        if self.equals is not None and self.tolerance is not None:
            return self.equals - self.tolerance, self.equals + self.tolerance
        least = -float("inf") if self.at_least is None else self.at_least
        return least, float("inf") if self.at_most is None else self.at_most


class Leader(_Selection):
    """A country leads: ``table`` has leader and probability (``leads``, ``assessment``, ``assessment_chain``)."""

    check: Literal["leader"]
    table: str = "leads"
    leader: str

    @model_validator(mode="after")
    def _has_leaders(self) -> Leader:
        for name in ("leader", "probability", "verdict"):
            require_column(self.table, name)
        return self


class Led(_Strict):
    """A country leads so many of all technologies."""

    check: Literal["technologies-led"]
    leader: str
    count: int = Field(ge=0)
    of: int = Field(ge=1)
    tolerance: int = Field(0, ge=0)
    window: str


class Change(_Selection):
    """A number went from one value to another."""

    check: Literal["change"]
    column: str
    period: str = "window"
    start: str | int
    end: str | int
    equals: tuple[float, float]
    tolerance: float = Field(ge=0)
    interval: tuple[str, str] | None = None

    @model_validator(mode="after")
    def _columns_are_there(self) -> Change:
        for name in (self.column, self.period, *(self.interval or ())):
            require_column(self.table, name)
        return self

    def at(self, period: str | int, equals: float) -> Value:
        """Return one end as a check of its own."""
        return Value(
            check="value",
            table=self.table,
            where={**self.where, self.period: period},
            column=self.column,
            equals=equals,
            tolerance=self.tolerance,
            interval=self.interval,
        )


class Seats(_Selection):
    """So many of the first so many institutions are in a country: ``table`` has country, rank, rank_low, rank_high."""

    check: Literal["seats"]
    table: str = "basket"
    newest: str | None = None
    top: int = Field(10, ge=1)
    country: str
    count: int = Field(ge=0)
    tolerance: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _has_ranks(self) -> Seats:
        for name in ("unit", "country", "rank", "rank_low", "rank_high", *filter(None, [self.newest])):
            require_column(self.table, name)
        return self


class Crossing(_Selection):
    """One overtook the other in a year: ``table`` is ``crossings`` or ``overtaking_bands``."""

    check: Literal["crossing"]
    table: Literal["crossings", "overtaking_bands"] = "crossings"
    overtaker: str
    overtaken: str
    year: int
    tolerance: int = Field(0, ge=0)


class Always(_Selection):
    """All defensible ways to measure say the same: in every row that is selected, ``column`` is ``equals``."""

    check: Literal["always"]
    column: str
    equals: str | bool

    @model_validator(mode="after")
    def _column_is_there(self) -> Always:
        require_column(self.table, self.column)
        return self


Check: TypeAlias = Annotated[
    Value | Leader | Led | Change | Seats | Crossing | Always, Field(discriminator="check")
]
CHECKS = ("always", "change", "crossing", "leader", "seats", "technologies-led", "value")
"""The kinds of check."""

_CHECK: TypeAdapter[Any] = TypeAdapter(Check)


class Claim(_Strict):
    """One statement.

    Parameters
    ----------
    id, text
        Its name, and what is said.
    source
        Where it is said; the file's where left out.
    check
        How it is checked; None where nothing here bears on it, and then ``never`` must say why.
    never
        Why these data could never settle it; the check then says what they have that is nearest.
    needs
        What would be needed to check it, in words.
    note
        What should be known of it.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    text: str = Field(min_length=1)
    source: str = ""
    check: Check | None = None
    never: str | None = None
    needs: str | None = None
    note: str = ""

    @model_validator(mode="after")
    def _can_be_checked_or_says_why_not(self) -> Claim:
        if self.check is None and self.never is None:
            raise ValueError("state a check, or with never why these data cannot settle it")
        if self.never is not None and self.needs is None:
            raise ValueError("never needs beside it needs: what would settle it?")
        return self


class ClaimsFile(_Strict):
    """A file of claims.

    Parameters
    ----------
    name
        Its name, for messages and rows.
    title, source
        What it is, and where its claims are made that name no source of their own.
    claims
        The claims, in its order.
    """

    name: str
    title: str = ""
    source: str = ""
    claims: tuple[Claim, ...] = Field(min_length=1)


def load_claims(path: str | Path | None = None) -> ClaimsFile:
    """Return the claims of a file; those of the article where None.

    Raises
    ------
    NotThereError
        There is no such file.
    InputError
        The file cannot be read, or a claim in it is wrong; the text names file, claim and field.

    Examples
    --------
    >>> load_claims().claims[0].id
    'china-leads-66-of-74'
    """
    name, text = _text(path)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name}: not valid TOML ({error})") from error
    claims = raw.get("claims")
    if not isinstance(claims, list) or not claims:
        raise InputError(f"{name}: claims: a claims file has at least one [[claims]]")
    found = [_claim(name, n, each) for n, each in enumerate(claims, start=1)]
    ids = [c.id for c in found]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise InputError(f"{name}: claim '{twice[0]}': is there twice; an id names one claim")
    try:
        return ClaimsFile.model_validate({**raw, "name": name, "claims": found})
    except ValidationError as error:
        raise InputError(f"{name}: {_first(error)}") from error


def require_column(table: str, column: str) -> None:
    """Refuse a table or a column that no study declares.

    Raises
    ------
    ValueError
        It is unknown; the text lists what there is.
    """
    if table not in RESULT_TABLES:
        raise ValueError(f"no result table '{table}'; there are {', '.join(sorted(RESULT_TABLES))}")
    columns = [c.name for c in RESULT_TABLES[table].columns]
    if column not in columns:
        raise ValueError(f"table {table} has no column '{column}'; it has {', '.join(columns)}")


def _text(path: str | Path | None) -> tuple[str, str]:
    if path is None:
        return THE_ARTICLE, files(__package__).joinpath(f"{THE_ARTICLE}.toml").read_text(encoding="utf-8")
    try:
        return str(path), Path(path).read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError):
        raise NotThereError(f"{path}: no claims file there; docs/claims.md shows how to write one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error


def _claim(name: str, number: int, raw: object) -> Claim:
    """Return one claim. Its check is a table of its own in the file, or stands in it with the key ``check``."""
    if not isinstance(raw, Mapping):
        raise InputError(f"{name}: claim {number}: write it as a section, [[claims]]")
    called = f"claim '{raw['id']}'" if isinstance(raw.get("id"), str) else f"claim {number}"
    own = {k: v for k, v in raw.items() if k in Claim.model_fields and k != "check"}
    check = {k: v for k, v in raw.items() if k not in own}
    try:
        stated = _CHECK.validate_python(check) if check else None
    except ValidationError as error:
        raise InputError(f"{name}: {called}: {_first(error, tagged=True)}") from error
    try:
        return Claim.model_validate({**own, "check": stated})
    except ValidationError as error:
        raise InputError(f"{name}: {called}: {_first(error)}") from error


def _first(error: ValidationError, *, tagged: bool = False) -> str:
    """Return the first thing that is wrong: the field and what it should be.

    Parameters
    ----------
    error
        What pydantic found.
    tagged
        Whether its places begin with the kind of check, which is no field of the file.
    """
    first = error.errors()[0]
    if first["type"].startswith("union_tag"):
        return f"check: takes {', '.join(CHECKS)}"
    place = first["loc"][1:] if tagged else first["loc"]
    field = ".".join(str(p) for p in place)
    message = first["msg"].removeprefix("Value error, ")
    return f"{field}: {message}" if field else message
