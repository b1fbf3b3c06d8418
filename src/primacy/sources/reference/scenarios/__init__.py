"""Scenarios of usable compute: TOML files with every input's range, unit, source and date."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from primacy.errors import InputError, UsageError

__all__ = ["INPUTS", "Input", "Scenario", "load_scenario", "scenario_names"]

INPUTS = ("coverage", "utilization", "efficiency", "throughput_ratio", "kilowatts", "pue", "hardware")
"""The inputs that a scenario states; capacity, chips, throughput and known power prices come from the lake."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input: least, likeliest and greatest value, what it is counted in, who says so, and of when it is."""

    low: float
    mode: float
    high: float
    unit: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario.

    Parameters
    ----------
    id, title
        Its name, and what it is in words.
    model
        The measured model that is served, a Hugging Face id.
    export_rules
        Whether the export rules bind.
    market_usd_per_million
        What the market pays for a million tokens, US dollars.
    countries
        ISO 3166-1 alpha-2.
    inputs
        The inputs by name: those of :data:`INPUTS`.
    power_price
        US dollars per kilowatt-hour, of countries for which the lake has none.
    """

    id: str
    title: str
    model: str
    export_rules: bool
    market_usd_per_million: float
    countries: tuple[str, ...]
    inputs: Mapping[str, Input]
    power_price: Mapping[str, Input]


def scenario_names() -> list[str]:
    """Return the scenarios that the project carries.

    Examples
    --------
    >>> scenario_names()
    ['closed-frontier', 'closed-frontier-no-rules', 'open-small', 'open-small-no-rules']
    """
    return sorted(p.name.removesuffix(".toml") for p in files(__name__).iterdir() if p.name.endswith(".toml"))


def load_scenario(name: str | Path) -> Scenario:
    """Return a scenario of the project by its id, or one of your own by its file.

    Raises
    ------
    UsageError
        There is no such scenario.
    InputError
        The file cannot be read, or lacks something.
    """
    raw = _whole(str(name))
    try:
        inputs = {key: _input(f"inputs.{key}", raw["inputs"][key]) for key in INPUTS}
        unknown = sorted(set(raw["inputs"]) - set(INPUTS))
        if unknown:
            raise InputError(f"{name}: inputs.{unknown[0]} is no input; there are {', '.join(INPUTS)}")
        return Scenario(
            id=str(raw["id"]),
            title=str(raw["title"]),
            model=str(raw["model"]),
            export_rules=bool(raw["export_rules"]),
            market_usd_per_million=float(raw["market_usd_per_million"]),
            countries=tuple(raw["countries"]),
            inputs=inputs,
            power_price={c: _input(f"power_price.{c}", p) for c, p in raw.get("power_price", {}).items()},
        )
    except KeyError as error:
        raise InputError(f"{name}: {error.args[0]} is missing from the scenario") from error
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: {error}; see a scenario of the project for the form") from error


def _whole(name: str) -> dict[str, Any]:
    """Return a scenario's table, on top of the one that it extends."""
    raw = _read(name)
    base = raw.pop("extends", None)
    if base is None:
        return raw
    return _merged(_whole(str(base)), raw)


def _merged(base: dict[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in top.items():
        below = base.get(key)
        base[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return base


def _read(name: str) -> dict[str, Any]:
    if name in scenario_names():
        return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"scenario {name}: neither a file nor one of {', '.join(scenario_names())}")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not a readable TOML file ({error})") from error


def _input(name: str, raw: Mapping[str, Any]) -> Input:
    found = Input(
        float(raw["low"]),
        float(raw["mode"]),
        float(raw["high"]),
        str(raw["unit"]),
        str(raw["source"]),
        str(raw["date"]),
    )
    if not found.low <= found.mode <= found.high:
        raise ValueError(
            f"{name}: low {found.low:g}, mode {found.mode:g}, high {found.high:g} are not in order"
        )
    return found
