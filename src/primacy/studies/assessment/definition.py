"""What the assessment is made of: stages, indicators, the rule that joins them, and the technologies it is about."""

from __future__ import annotations

import hashlib
import json
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from primacy.composite.options import Aggregation, Missing, Normalisation
from primacy.errors import InputError

__all__ = ["Definition", "IndicatorSpec", "Rule", "Stage", "TechnologySpec", "Uncertain", "load_definition"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stage(_Strict):
    """A link of the chain from research to use: its id, its name in words, and its weight in the score."""

    id: str
    title: str
    weight: float = Field(1.0, ge=0)


class IndicatorSpec(_Strict):
    """Where an indicator stands in the results, and how it is read.

    Parameters
    ----------
    id, title
        Its name, and what it measures in words.
    stage
        The stage that it belongs to.
    counted_in
        Its unit of measurement.
    study, table
        Whose result it is.
    unit, value, low, high, window, coverage
        Its columns. ``coverage`` may name a column of another table that has the same technology and window
        (``leads.coverage``).
    or_value
        The column of which the value is taken where ``value`` is missing.
    bounds_of
        The column that ``low`` and ``high`` bound where it is not ``value``: they are scaled to it.
    level
        Of the interval.
    where
        Only rows with these values count.
    rest
        The unit that stands for what belongs to nobody; coverage is what is left without it.
    universes
        Columns whose combinations are defensible ways to measure; each draw takes one.
    reference
        The combination that gives the stated value.
    draws
        Table and column with draws of the value (``share_draws.shares``).
    complete
        It counts all that there is: a country that has some in one technology, or by one way to measure, and is not
        met in another has none there. A country that is met nowhere is unknown all the same.
    largest
        A unit with several rows has the largest value of them.
    direction
        1: more is better; -1: less is better.
    weight
        Within its stage.
    about
        Domains and technologies that it says something about; all where empty.
    """

    id: str
    title: str
    stage: str
    counted_in: str
    study: str
    table: str
    unit: str = "unit"
    value: str
    or_value: str | None = None
    low: str | None = None
    high: str | None = None
    bounds_of: str | None = None
    level: float = Field(0.95, gt=0, lt=1)
    window: str | None = None
    coverage: str | None = None
    where: dict[str, str | int | bool] = Field(default_factory=dict)
    rest: str | None = None
    universes: tuple[str, ...] = ()
    reference: dict[str, str | float | bool] = Field(default_factory=dict)
    draws: str | None = None
    complete: bool = False
    largest: bool = False
    direction: Literal[1, -1] = 1
    weight: float = Field(1.0, gt=0)
    about: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _reference_names_every_choice(self) -> IndicatorSpec:
        if set(self.reference) != set(self.universes):
            raise ValueError("reference states one value for each of universes, and for nothing else")
        return self


class TechnologySpec(_Strict):
    """A technology that the assessment is about.

    Parameters
    ----------
    id, name, domain
        What it is called, and where it belongs.
    measured_by
        Lists of technologies whose results stand for it, the best first; the first of which all were run counts.
    """

    id: str
    name: str
    domain: str
    measured_by: tuple[tuple[str, ...], ...] = Field(min_length=1)


class Rule(_Strict):
    """How indicators become a score; see :class:`primacy.composite.Method`."""

    normalise: Normalisation
    missing: Missing
    aggregate: Aggregation
    screen_units: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _missing_is_not_zero(self) -> Rule:
        if self.missing == "zero":
            raise ValueError("missing = 'zero': what is not known is not zero")
        return self


class Uncertain(_Strict):
    """What is uncertain in the score; see :class:`primacy.composite.Uncertainty`.

    ``draws`` of everything at once; ``sensitivity`` base points of the design that finds what drives the verdict.
    """

    draws: int = Field(ge=1)
    sensitivity: int = Field(ge=2)
    concentration: float = Field(gt=0)
    normalise: tuple[Normalisation, ...]
    missing: tuple[Missing, ...]
    aggregate: tuple[Aggregation, ...]
    floor: float = Field(gt=0)
    seed: int = Field(ge=0)

    @model_validator(mode="after")
    def _missing_is_not_zero(self) -> Uncertain:
        if "zero" in self.missing:
            raise ValueError("missing lists 'zero': what is not known is not zero")
        return self


class Definition(_Strict):
    """The whole definition.

    Parameters
    ----------
    version
        Of the rule.
    method, uncertainty
        How indicators become a score, and what is uncertain in it.
    stages
        In the order of the chain.
    indicators, technologies
        What is read, and what it is about beside the domains.
    """

    version: int
    method: Rule
    uncertainty: Uncertain
    stages: tuple[Stage, ...] = Field(min_length=1)
    indicators: tuple[IndicatorSpec, ...] = Field(min_length=1)
    technologies: tuple[TechnologySpec, ...] = ()

    @model_validator(mode="after")
    def _names_agree(self) -> Definition:
        for kind, ids in (
            ("stage", [s.id for s in self.stages]),
            ("indicator", [i.id for i in self.indicators]),
            ("technology", [t.id for t in self.technologies]),
        ):
            twice = sorted({i for i in ids if ids.count(i) > 1})
            if twice:
                raise ValueError(f"{kind} '{twice[0]}' is stated twice")
        stages = {s.id for s in self.stages}
        for indicator in self.indicators:
            if indicator.stage not in stages:
                raise ValueError(f"indicator '{indicator.id}' has stage '{indicator.stage}', which is none")
        return self

    @property
    def digest(self) -> str:
        """A digest of all that it says."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def load_definition(path: Path | None = None) -> Definition:
    """Return the assessment's definition: the one that ships, or that of a file.

    Raises
    ------
    InputError
        The file cannot be read, or something in it is wrong; the text names the file and the field.

    Examples
    --------
    >>> [stage.id for stage in load_definition().stages]
    ['research', 'people', 'compute', 'models']
    """
    name = "the shipped definition" if path is None else str(path)
    try:
        text = (files(__package__) / "definition.toml" if path is None else path).read_text(encoding="utf-8")
        return Definition.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(p) for p in first["loc"]) or "the file as a whole"
        raise InputError(f"{name}: {field}: {first['msg']}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{name}: cannot be read ({error})") from error
