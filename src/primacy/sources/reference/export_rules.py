"""Export rules on chips: numbers with effective dates, and chips named by letter, from a versioned file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from primacy.errors import InputError

__all__ = [
    "FIRST_RULE",
    "ExportRules",
    "Limits",
    "Override",
    "Rule",
    "load_export_rules",
    "read_export_rules",
]

Effect = Literal["restricted", "case_by_case", "notice"]
Status = Literal["unrestricted", "case_by_case", "restricted"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that must be met together.

    Parameters
    ----------
    tpp_at_least, tpp_below
        Total processing performance, tera-(bit-operations per second).
    density_at_least, density_below
        Performance density, TPP per mm² of die.
    bandwidth_below
        Memory bandwidth, 10⁹ bytes per second.
    interconnect_below
        Bandwidth to other chips, 10⁹ bytes per second.
    """

    tpp_at_least: float | None = None
    tpp_below: float | None = None
    density_at_least: float | None = None
    density_below: float | None = None
    bandwidth_below: float | None = None
    interconnect_below: float | None = None

    def __str__(self) -> str:
        """Return the limits as text.

        Examples
        --------
        >>> str(Limits(tpp_at_least=1600, density_at_least=5.92))
        'TPP ≥ 1,600 and density ≥ 5.92'
        """
        names = {"tpp": "TPP", "density": "density", "bandwidth": "memory bandwidth"}
        signs = {"at_least": "≥", "below": "<"}
        said = []
        for f in fields(self):
            value = getattr(self, f.name)
            if value is not None:
                what, _, sign = f.name.partition("_")
                said.append(f"{names.get(what, what)} {signs[sign]} {value:,.10g}")
        return " and ".join(said)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: which chips it controls, for which destinations, from when to when (ISO 8601, half open).

    Parameters
    ----------
    status
        ``restricted``: a licence is needed; ``case_by_case``: applications for chips that another rule restricts
        are reviewed case by case; ``notice``: allowed once notified.
    """

    id: str
    title: str
    status: Effect
    destinations: tuple[str, ...]
    source: str
    start: str
    end: str
    when: tuple[Limits, ...]
    unless: Limits | None


@dataclass(frozen=True, slots=True)
class Override:
    """What holds for chips named by letter, or known to lie outside a rule, whatever their numbers."""

    names: tuple[str, ...]
    status: Status
    destinations: tuple[str, ...]
    reason: str
    source: str
    start: str
    end: str


ALWAYS, FOREVER = "0000-01-01", "9999-12-31"

FIRST_RULE = "2022-10-07"
"""The day of the first rule on chips by their numbers."""


@dataclass(frozen=True, slots=True)
class ExportRules:
    """All rules and overrides of one version of the file."""

    version: str
    rules: tuple[Rule, ...]
    overrides: tuple[Override, ...]

    def changes(self) -> tuple[str, ...]:
        """Return the days on which a rule or an override begins or ends, oldest first.

        Examples
        --------
        >>> load_export_rules().changes()[-1]
        '2026-01-15'
        """
        days = {d for r in self.rules for d in (r.start, r.end)}
        days |= {d for o in self.overrides for d in (o.start, o.end)}
        return tuple(sorted(days - {ALWAYS, FOREVER}))

    @property
    def newest(self) -> str:
        """The day from which the newest rule holds: the default date of a question."""
        return max([*(r.start for r in self.rules), *(o.start for o in self.overrides)])


@cache
def load_export_rules() -> ExportRules:
    """Return the rules that the project carries."""
    text = files(__package__).joinpath("export_rules.toml").read_text(encoding="utf-8")
    return _parse(tomllib.loads(text), "export_rules.toml")


def read_export_rules(path: str | Path) -> ExportRules:
    """Return the rules of a file of your own, in the same form.

    Raises
    ------
    InputError
        It cannot be read, or a rule lacks something or has a limit that there is not.
    """
    file = Path(path)
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: not a readable TOML file ({error})") from error
    return _parse(raw, str(file))


def _parse(raw: Mapping[str, Any], file: str) -> ExportRules:
    try:
        groups = {name: tuple(g["members"]) for name, g in raw["groups"].items()}
        rules = tuple(_rule(r, groups) for r in raw["rule"])
        overrides = tuple(
            Override(
                names=tuple(o["names"]),
                status=o["status"],
                destinations=_destinations(o, groups),
                reason=o["reason"],
                source=o["source"],
                start=_day(o.get("from"), ALWAYS),
                end=_day(o.get("until"), FOREVER),
            )
            for o in raw.get("override", [])
        )
        return ExportRules(str(raw["version"]), rules, overrides)
    except KeyError as error:
        raise InputError(
            f"{file}: {error.args[0]!r} is missing or unknown; see the file's first lines"
        ) from error
    except TypeError as error:
        raise InputError(f"{file}: a rule has a limit that there is not ({error})") from error


def _rule(raw: Mapping[str, Any], groups: Mapping[str, tuple[str, ...]]) -> Rule:
    return Rule(
        id=raw["id"],
        title=raw["title"],
        status=raw["status"],
        destinations=_destinations(raw, groups),
        source=raw["source"],
        start=_day(raw.get("from"), ALWAYS),
        end=_day(raw.get("until"), FOREVER),
        when=tuple(Limits(**limits) for limits in raw.get("when", [{}])),
        unless=Limits(**raw["unless"]) if "unless" in raw else None,
    )


def _destinations(raw: Mapping[str, Any], groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    codes = {code for name in raw["destinations"] for code in ((name,) if len(name) == 2 else groups[name])}
    return tuple(sorted(codes))


def _day(value: date | None, default: str) -> str:
    return default if value is None else value.isoformat()
