"""Energy: what models were measured to use, what electricity costs, and how much carbon it carries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from primacy.errors import InputError
from primacy.sources.compute._reading import BadRowError, Quantity, Row, Sheet, Sheets
from primacy.sources.reference.countries import alpha2

__all__ = ["RETAIL_PRICES", "TOKEN_ENERGY", "WHOLESALE_PRICES", "read_ember", "read_mixes"]

# ------------------------------------------------------------------ measured energy (ML.ENERGY)

_JOULES = Quantity("energy_per_token_joules", "joules per token", 1e-6, 1e5)
_SPEED = Quantity("output_throughput_tokens_per_sec", "tokens per second", 1e-3, 1e8)
_WATTS = Quantity("avg_power_watts", "watts", 1, 1e7)
_GPUS = Quantity("num_gpus", "GPUs", 1, 1e5)
_REQUESTS = Quantity("max_num_seqs", "requests", 1, 1e7)
_ACTIVE = Quantity("activated_params_billions", "10⁹ parameters", 1e-3, 1e6)
_TOTAL = Quantity("total_params_billions", "10⁹ parameters", 1e-3, 1e6)
_LENGTH = Quantity("avg_output_len", "tokens", 1, 1e8)

_AGREEMENT = 0.05
"""How far, in parts of the whole, measured energy may lie from power over throughput."""


def _whole(row: Row, quantity: Quantity) -> int | None:
    value = row.number(quantity)
    if value is not None and value != int(value):
        raise BadRowError(f"'{quantity.header}' is {value:g}, not a whole number")
    return None if value is None else int(value)


def _configuration(row: Row) -> dict[str, Any]:
    gpus = _whole(row, _GPUS)
    if gpus is None:
        raise BadRowError(f"'{_GPUS.header}' is blank")
    return {
        "model_id": row.key("model_id"),
        "task": row.key("task"),
        "gpu": row.key("gpu_model"),
        "gpus": gpus,
        "concurrency": _whole(row, _REQUESTS),
        "precision": row.text("weight_precision"),
        "parameters_billion": row.number(_TOTAL),
        "active_parameters_billion": row.number(_ACTIVE),
        "tokens_per_second": row.known(_SPEED),
        "joules_per_token": row.known(_JOULES),
        "watts": row.number(_WATTS),
        "output_tokens": row.number(_LENGTH),
    }


def _check_energy(file: str, rows: Sequence[dict[str, Any]]) -> None:
    """Refuse energy that is not power over throughput: one of the three is in another unit."""
    for row in rows:
        if row["watts"] is None:
            continue
        expected = row["watts"] / row["tokens_per_second"]
        if abs(row["joules_per_token"] - expected) > _AGREEMENT * expected:
            raise InputError(
                f"{file}: '{_JOULES.header}' of {row['model_id']} is {row['joules_per_token']:g}, but "
                f"'{_WATTS.header}' over '{_SPEED.header}' gives {expected:g}; give joules, watts and seconds"
            )


TOKEN_ENERGY = Sheets(
    table="token_energy",
    title="a table of measured energy",
    signature=("model_id", "gpu_model", _JOULES.header),
    required=("task", _GPUS.header, _SPEED.header),
    quantities=(_JOULES, _SPEED, _WATTS, _GPUS, _REQUESTS, _ACTIVE, _TOTAL, _LENGTH),
    row=_configuration,
    check=_check_energy,
)

# ------------------------------------------------------------------ electricity prices

_RETAIL = Quantity("usd_per_kwh", "US dollars per kilowatt-hour", 0, 5)
_WHOLESALE = Quantity("mean_usd_per_mwh", "US dollars per megawatt-hour", -500, 5000, scale=1e-3)
_ZONED = re.compile(r"^(?P<country>[^()]+?)\s*\((?P<zone>[^()]+)\)$")


def _retail(row: Row) -> dict[str, Any]:
    name = row.key("country")
    code, zone = alpha2(name), None
    if code is None and (match := _ZONED.match(name)):
        code, zone = alpha2(match["country"]), match["zone"]
    if code is None:
        raise BadRowError(f"'country' is '{name[:40]}', which names no country")
    return {
        "country": code,
        "zone": zone,
        "kind": "retail",
        "customer": row.text("customer_type"),
        "period": row.text("period"),
        "usd_per_kwh": row.known(_RETAIL),
    }


RETAIL_PRICES = Sheets(
    table="power_prices",
    title="a table of retail electricity prices",
    signature=("country", "customer_type", "usd_per_kwh"),
    required=(),
    quantities=(_RETAIL,),
    row=_retail,
)


def _wholesale(row: Row) -> dict[str, Any]:
    zone = row.key("region")
    code = alpha2(zone.partition("-")[0])
    if code is None:
        raise BadRowError(f"'region' is '{zone[:40]}', which begins with no country's code")
    return {
        "country": code,
        "zone": zone,
        "kind": "wholesale",
        "customer": None,
        "period": None,
        "usd_per_kwh": row.known(_WHOLESALE),
    }


def _check_wholesale(file: str, rows: Sequence[dict[str, Any]]) -> None:
    highest = max((r["usd_per_kwh"] for r in rows), default=0.0)
    if 0 < highest < 1e-3:
        raise InputError(
            f"{file}: no '{_WHOLESALE.header}' reaches 1: these look like US dollars per kilowatt-hour; "
            "give US dollars per megawatt-hour"
        )


WHOLESALE_PRICES = Sheets(
    table="power_prices",
    title="a table of wholesale electricity prices",
    signature=("region", _WHOLESALE.header),
    required=(),
    quantities=(_WHOLESALE,),
    row=_wholesale,
    check=_check_wholesale,
)

# ------------------------------------------------------------------ carbon

_REGIONS = frozenset({"EEE", "WOR"})
"""Codes of EcoLogits that stand for more than one country."""

_DIRTIEST = 2.5
"""Kilograms of CO₂-equivalent per kilowatt-hour that no grid exceeds."""


def read_mixes(file: str, digest: str, data: Mapping[str, Any]) -> Sheet:
    """Read EcoLogits' electricity mixes: kg of CO₂-equivalent per kilowatt-hour, by ISO alpha-3 code."""
    sheet = Sheet("grid_carbon", file, digest)
    for place, mix in enumerate(data["electricity_mixes"], start=1):
        if mix["name"] not in _REGIONS:
            _carbon(sheet, place, str(mix["name"]), "ecologits", None, float(mix["gwp"]))
    return sheet


def read_ember(file: str, digest: str, data: Mapping[str, Any]) -> Sheet:
    """Read life-cycle intensities built from Ember's yearly data (grams of CO₂-equivalent per kilowatt-hour).

    Raises
    ------
    InputError
        The file says that it is in another unit.
    """
    if data["unit"] != "gCO2e per kWh":
        raise InputError(f"{file}: 'unit' is {data['unit']!r}; this reads 'gCO2e per kWh'")
    sheet = Sheet("grid_carbon", file, digest)
    for place, area in enumerate(data["areas"], start=1):
        if area["area_type"] == "country":
            for year, grams in sorted(area["years"].items()):
                _carbon(sheet, place, area["iso2"] or area["name"], "ember", int(year), float(grams) / 1000)
    return sheet


def _carbon(sheet: Sheet, place: int, name: str, publisher: str, year: int | None, intensity: float) -> None:
    code = alpha2(name)
    if code is None:
        sheet.bad.append((place, f"'{name}' names no country"))
    elif not 0 <= intensity <= _DIRTIEST:
        when = "" if year is None else f" in {year}"
        sheet.bad.append(
            (place, f"{name}{when}: {intensity:g} kg of CO₂e per kWh, not between 0 and {_DIRTIEST:g}")
        )
    else:
        sheet.rows.append(
            {
                "country": code,
                "publisher": publisher,
                "year": year,
                "kg_co2e_per_kwh": intensity,
                "source": sheet.file,
            }
        )
