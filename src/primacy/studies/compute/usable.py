"""Usable compute of a scenario: which inputs come from where, the draws, the intervals and the tornado."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from primacy.errors import NotThereError
from primacy.inference.certainty import EXISTS
from primacy.inference.montecarlo import Range, draw, interval, tornado
from primacy.lake.engine import Engine
from primacy.measures.tokens import best_configurations
from primacy.measures.usable_compute import (
    allowed_capacity,
    electricity_usd,
    hardware_usd,
    tokens_per_day,
)
from primacy.sources.reference.export_rules import ExportRules
from primacy.sources.reference.scenarios import Input, Scenario
from primacy.studies.compute.tables import Tables

__all__ = ["Usable", "usable_compute"]

LEVEL = 0.9
SPREAD = 0.15
"""How far a power price may lie from the one that is stated, where only one is; an assumption."""

GPU = "H100"

NOISE = 0.005
"""An input that moves nothing by itself and has no more importance than this is left out of the tornado."""


@dataclass(frozen=True, slots=True)
class Usable:
    """Usable compute of one scenario.

    Parameters
    ----------
    estimate
        scenario, country; tokens_per_day, tokens_per_day_low, tokens_per_day_high; usd_per_million and its low and
        high (median and 90 % interval); viable (part of the draws in which electricity costs less than the market
        pays); installed_h100e (listed capacity), allowed_low, allowed_high; on.
    tornado
        scenario, country, output (tokens_per_day | usd_per_million), input, rank, at_5, at_95, swing, importance; see
        :class:`primacy.inference.montecarlo.Bar`.
    inputs
        scenario, country, input, least, likeliest, greatest, unit, source, date.
    """

    estimate: pa.Table
    tornado: pa.Table
    inputs: pa.Table


def usable_compute(
    table: Tables,
    engine: Engine,
    scenario: Scenario,
    rules: ExportRules,
    *,
    on: str,
    draws: int = 10_000,
    seed: int = 0,
) -> Usable:
    """Return the usable compute of a scenario's countries.

    Parameters
    ----------
    table
        The lake's tables by name.
    engine
        What computes.
    scenario, rules
        The scenario and the export rules.
    on
        The day whose clusters count, ISO 8601.
    draws, seed
        Of the Monte Carlo.

    Raises
    ------
    NotThereError
        The lake lacks a number that the model cannot do without; the text names it.
    """
    capacities = {
        str(r["country"]): r
        for r in engine.to_arrow(
            allowed_capacity(table("clusters"), table("chips"), rules, on=on)
        ).to_pylist()
    }
    shared = _shared_inputs(table, engine, scenario)
    prices = _power_prices(table, engine, scenario)
    estimate: list[dict[str, Any]] = []
    bars: list[dict[str, Any]] = []
    inputs: list[dict[str, Any]] = []
    for country in scenario.countries:
        row = capacities.get(country)
        if row is None:
            continue
        if country not in prices:
            raise NotThereError(
                f"scenario {scenario.id}: no power price of {country} in the lake; state [power_price.{country}]"
            )
        known = {**shared, **_own_inputs(row, scenario, rules, on=on), "power_price": prices[country]}
        label = {"scenario": scenario.id, "country": country}
        inputs += [{**label, "input": name, **_stated(i)} for name, i in known.items()]
        ranges = {name: Range(i.low, i.mode, i.high) for name, i in known.items()}
        drawn = draw(ranges, draws=draws, seed=seed)
        estimate.append(
            {**label, **_estimate(drawn, scenario.market_usd_per_million), **_listed(row, known), "on": on}
        )
        outputs: dict[str, Callable[[Mapping[str, Any]], Any]] = {
            "tokens_per_day": partial(_tokens, market=scenario.market_usd_per_million),
            "usd_per_million": _cost,
        }
        for output, formula in outputs.items():
            matters = [b for b in tornado(formula, ranges, drawn) if b.swing or b.importance > NOISE]
            bars += [
                {**label, "output": output, "rank": rank, **asdict(bar)}
                for rank, bar in enumerate(matters, start=1)
            ]
    return Usable(
        pa.Table.from_pylist(estimate, schema=_ESTIMATE),
        pa.Table.from_pylist(bars, schema=_TORNADO),
        pa.Table.from_pylist(inputs, schema=_INPUTS),
    )


def _estimate(drawn: Mapping[str, Any], market: float) -> dict[str, float]:
    tokens, cost = _tokens(drawn, market=market), _cost(drawn)
    low, middle, high = interval(tokens, level=LEVEL)
    cost_low, cost_middle, cost_high = interval(cost, level=LEVEL)
    return {
        "tokens_per_day": middle,
        "tokens_per_day_low": low,
        "tokens_per_day_high": high,
        "usd_per_million": cost_middle,
        "usd_per_million_low": cost_low,
        "usd_per_million_high": cost_high,
        "viable": float(np.mean(_electricity(drawn) <= market)),
    }


def _stated(i: Input) -> dict[str, Any]:
    return {
        "least": i.low,
        "likeliest": i.mode,
        "greatest": i.high,
        "unit": i.unit,
        "source": i.source,
        "date": i.date,
    }


def _listed(row: Mapping[str, Any], known: Mapping[str, Input]) -> dict[str, float]:
    return {
        "installed_h100e": float(row["h100e"]),
        "allowed_low": known["allowed"].low,
        "allowed_high": known["allowed"].high,
    }


# ------------------------------------------------------------------ the model, from inputs by name


def _tokens(x: Mapping[str, Any], *, market: float) -> Any:
    whole = tokens_per_day(
        installed=x["installed"] / x["coverage"],
        allowed=x["allowed"],
        utilization=x["utilization"],
        efficiency=x["efficiency"],
        tokens_per_second=x["tokens_per_second"] * x["throughput_ratio"],
    )
    return whole * (_electricity(x) <= market)


def _electricity(x: Mapping[str, Any]) -> Any:
    return electricity_usd(
        kilowatts=x["kilowatts"],
        pue=x["pue"],
        power_price=x["power_price"],
        efficiency=x["efficiency"],
        tokens_per_second=x["tokens_per_second"] * x["throughput_ratio"],
    )


def _cost(x: Mapping[str, Any]) -> Any:
    machine = hardware_usd(
        hardware=x["hardware"],
        utilization=x["utilization"],
        efficiency=x["efficiency"],
        tokens_per_second=x["tokens_per_second"] * x["throughput_ratio"],
    )
    return machine + _electricity(x)


# ------------------------------------------------------------------ inputs from the lake


def _shared_inputs(table: Tables, engine: Engine, scenario: Scenario) -> dict[str, Input]:
    """Return the inputs that all countries share: those of the scenario, and the measured throughput."""
    best = best_configurations(table("token_energy"), gpu=GPU)
    rows = engine.to_arrow(best.filter(best.measured_model == scenario.model)).to_pylist()
    if not rows:
        raise NotThereError(
            f"scenario {scenario.id}: {scenario.model} was not measured on {GPU}; "
            "`primacy pull compute DIR` with measured energy, or name another model"
        )
    (row,) = rows
    speed = float(row["tokens_per_second"]) / int(row["gpus"])
    source = f"lake, measured: {scenario.model} on {row['gpus']} {GPU}"
    measured = Input(speed, speed, speed, f"output tokens per second and {GPU}", source, "")
    return {**scenario.inputs, "tokens_per_second": measured}


def _own_inputs(
    row: Mapping[str, Any], scenario: Scenario, rules: ExportRules, *, on: str
) -> dict[str, Input]:
    """Return a country's capacity, and the part of it whose chips were allowed.

    Installed: confirmed clusters at least, each by its probability most likely, all of them at most. Allowed: the
    part whose chips were free when they began, up to that and the part of which it is not known.
    """
    likeliest = sum(EXISTS[name] * row[name] for name in EXISTS)
    installed = Input(
        min(row["confirmed"], likeliest),
        likeliest,
        max(row["h100e"], likeliest),
        "H100-equivalents listed",
        "lake, clusters by certainty",
        on,
    )
    unit = "part of the installed capacity"
    if not scenario.export_rules:
        return {
            "installed": installed,
            "allowed": Input(1.0, 1.0, 1.0, unit, "the scenario: no export rules", on),
        }
    least = min(1.0, row["free"] / row["h100e"])
    most = min(1.0, (row["free"] + row["open_question"]) / row["h100e"])
    source = (
        f"lake, chips of clusters under the export rules of {rules.version}; chips not named count as either"
    )
    return {
        "installed": installed,
        "allowed": Input(least, (least + most) / 2, most, unit, source, on),
    }


def _power_prices(table: Tables, engine: Engine, scenario: Scenario) -> dict[str, Input]:
    """Return each country's power price: what users pay as the lake states it, else the scenario's own."""
    rows = engine.to_arrow(table("power_prices").order_by("country", "usd_per_kwh")).to_pylist()
    retail = [r for r in rows if r["kind"] == "retail"]
    prices = dict(scenario.power_price)
    for country in sorted({r["country"] for r in retail}):
        mine = [r for r in retail if r["country"] == country]
        values = [float(r["usd_per_kwh"]) for r in mine]
        spread = SPREAD if len(values) == 1 else 0.0
        prices[country] = Input(
            min(values) * (1 - spread),
            median(values),
            max(values) * (1 + spread),
            "US dollars per kilowatt-hour",
            f"lake, {mine[0]['source']}",
            str(mine[0]["period"] or ""),
        )
    return prices


def _schema(text: str, numbers: str, integers: str = "") -> pa.Schema:
    return pa.schema(
        [(n, pa.string()) for n in text.split()]
        + [(n, pa.int64()) for n in integers.split()]
        + [(n, pa.float64()) for n in numbers.split()]
    )


_ESTIMATE = _schema(
    "scenario country",
    "tokens_per_day tokens_per_day_low tokens_per_day_high usd_per_million usd_per_million_low "
    "usd_per_million_high viable installed_h100e allowed_low allowed_high",
).append(pa.field("on", pa.string()))
_TORNADO = _schema("scenario country output input", "at_5 at_95 swing importance", "rank")
_INPUTS = pa.schema(
    [
        *_schema("scenario country input", "least likeliest greatest"),
        ("unit", pa.string()),
        ("source", pa.string()),
        ("date", pa.string()),
    ]
)
