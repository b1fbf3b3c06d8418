"""Questions on compute, answered on the spot from the lake."""

from __future__ import annotations

import difflib
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from primacy.errors import NotThereError, UsageError
from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.measures import clusters as capacities
from primacy.measures.choice import frontier, hub_facts, options
from primacy.measures.clusters import Measure
from primacy.measures.export_rules import chip_status, status_timeline
from primacy.measures.rental import named, rent
from primacy.measures.tokens import Task, best_configurations, model_key, self_host_usd, tokens
from primacy.sources.reference.countries import country_code
from primacy.sources.reference.export_rules import ExportRules, load_export_rules
from primacy.sources.reference.scenarios import load_scenario
from primacy.studies.compute.intervals import certainty_intervals
from primacy.studies.compute.tables import COMMAND
from primacy.studies.compute.usable import Usable, usable_compute

__all__ = ["Compute"]


class Compute:
    """Chips, clusters and tokens of a lake.

    Parameters
    ----------
    lake
        The lake.
    engine
        What computes.
    rules
        Export rules; those that the project carries where None.
    """

    def __init__(self, lake: Lake, engine: Engine, rules: ExportRules | None = None) -> None:
        self.lake = lake
        self.engine = engine
        self.rules = rules or load_export_rules()

    def table(self, name: str) -> ir.Table:
        """Return a table of the lake."""
        return self.engine.table(self.lake, name)

    # ------------------------------------------------------------------ chips

    def chips(self, *, on: str | None = None, to: str = "CN") -> pa.Table:
        """Return each chip's export-rule status on a date, the most powerful chip first.

        Parameters
        ----------
        on
            The date, ISO 8601; the day from which the newest rule holds where None, so that the answer does not
            depend on the day of asking.
        to
            The destination, ISO 3166-1 alpha-2 or a country's name.

        Returns
        -------
        pyarrow.Table
            The columns of :func:`primacy.measures.export_rules.chip_status`.
        """
        self.lake.require("chips", COMMAND)
        day = self.rules.newest if on is None else _day(on, "--on")
        asked = chip_status(
            self.table("chips"), self.rules, on=day, destination=country_code(to, option="--to")
        )
        return self.engine.to_arrow(asked.order_by(ibis.desc("tpp", nulls_first=False), "chip"))

    def timeline(self, chip: str, *, to: str = "CN") -> pa.Table:
        """Return the periods of one chip's status: of the chips whose name holds the words given, such as ``H20``.

        Raises
        ------
        NotThereError
            No chip has such a name; the text names the nearest.
        """
        self.lake.require("chips", COMMAND)
        chips = self.table("chips")
        some = chips.filter(named(chips.chip, chip))
        destination = country_code(to, option="--to")
        found = self.engine.to_arrow(status_timeline(some, self.rules, destination=destination))
        if not found.num_rows:
            names = self.engine.to_arrow(chips.select("chip"))["chip"].to_pylist()
            raise NotThereError(f"no chip '{chip}'{_nearest(chip, names)}")
        return found

    # ------------------------------------------------------------------ clusters

    def clusters(
        self,
        *,
        on: str | None = None,
        measure: Measure = "h100e",
        standard: bool = False,
        draws: int = 2000,
        seed: int = 0,
    ) -> pa.Table:
        """Return compute capacity by country.

        Parameters
        ----------
        on
            The day, ISO 8601; the newest first day of any cluster that is not planned where None.
        measure
            ``h100e``, ``flops16`` or ``megawatts``.
        standard
            Only clusters of the source's standard analysis.
        draws, seed
            Of the interval: each cluster exists with the probability that its certainty stands for.

        Returns
        -------
        pyarrow.Table
            country, capacity, share, rank, systems, low, high (95 % interval of the share), confirmed, unmeasured,
            coverage, on, measure; see :func:`primacy.measures.clusters.capacity`.
        """
        self.lake.require("clusters", COMMAND)
        rows = self.table("clusters")
        day = self.newest_cluster() if on is None else _day(on, "--on")
        found = self.engine.to_arrow(capacities.capacity(rows, on=day, measure=measure, standard=standard))
        counted = capacities.operational(rows, on=day, standard=standard)
        low, high = certainty_intervals(
            self.engine, counted, measure, found["country"].to_pylist(), draws=draws, seed=seed
        )
        wide = found.append_column("low", pa.array(low, pa.float64()))
        wide = wide.append_column("high", pa.array(high, pa.float64()))
        wide = wide.append_column("on", pa.array([day] * wide.num_rows, pa.string()))
        wide = wide.append_column("measure", pa.array([measure] * wide.num_rows, pa.string()))
        first = ["country", "capacity", "share", "rank", "systems", "low", "high"]
        return wide.select([*first, *[c for c in wide.column_names if c not in first]])

    def newest_cluster(self) -> str:
        """Return the newest day on which a cluster that is not planned began."""
        rows = self.table("clusters")
        there = rows.filter(rows.status != "planned")
        newest = self.engine.to_arrow(there.aggregate(day=there.first_operational.max()))["day"][0].as_py()
        return str(newest) if newest is not None else capacities.FIRST_DAY

    # ------------------------------------------------------------------ tokens

    def gpu_hour(self, gpu: str) -> float | None:
        """Return the median rent of a GPU in the newest year of the lake's prices, US dollars per hour."""
        found = self.engine.to_arrow(rent(self.table("gpu_prices"), gpu=gpu))
        median = found["median"][0].as_py()
        return None if median is None else float(median)

    def gpus(self, task: Task = "chat") -> list[str]:
        """Return the GPUs on which the task was measured."""
        energy = self.table("token_energy")
        names = self.engine.to_arrow(energy.select("gpu").distinct().order_by("gpu"))
        return [str(name) for name in names["gpu"].to_pylist()]

    def tokens_table(
        self,
        *,
        gpu: str = "H100",
        gpu_hour: float | None = None,
        utilization: float = 1.0,
        task: Task = "chat",
    ) -> ir.Table:
        """Return price, energy and self-host cost of every listed price, as an expression."""
        if not 0 < utilization <= 1:
            raise UsageError(f"--utilization {utilization:g}: takes a number above 0 and at most 1")
        if gpu_hour is not None and not 0 < gpu_hour < float("inf"):
            raise UsageError(f"--gpu-hour {gpu_hour:g}: takes US dollars above 0")
        measured = self.gpus(task)
        if measured and gpu.lower() not in {g.lower() for g in measured}:
            raise UsageError(f"--gpu {gpu}: energy was measured on {', '.join(measured)}")
        return tokens(
            self.table("token_prices"),
            self.table("token_energy"),
            catalogue=self.table("priced_models"),
            sizes=self.table("model_sizes"),
            gpu=gpu,
            gpu_hour=self.gpu_hour(gpu) if gpu_hour is None else gpu_hour,
            utilization=utilization,
            task=task,
        )

    def tokens(
        self,
        *,
        model: str | None = None,
        gpu: str = "H100",
        gpu_hour: float | None = None,
        utilization: float = 1.0,
    ) -> pa.Table:
        """Return price, energy and self-host cost of a million tokens, the cheapest price first.

        Parameters
        ----------
        model
            A model: an id of a provider or of the Hugging Face Hub, or a name; every id that stands for the same
            model is found. All prices where None.
        gpu
            The GPU on which one would serve.
        gpu_hour
            US dollars per GPU and hour; the median rent of the newest year in the lake where None.
        utilization
            The part of the measured throughput that is used.

        Returns
        -------
        pyarrow.Table
            The columns of :func:`primacy.measures.tokens.tokens`. A model that was measured and that nobody sells
            has one row, without a provider, where it is asked for by name.

        Raises
        ------
        NotThereError
            Nobody sells such a model and it was not measured; the text names the nearest.
        UsageError
            An option has a value that it cannot have.
        """
        self.lake.require("token_prices", COMMAND)
        table = self.tokens_table(gpu=gpu, gpu_hour=gpu_hour, utilization=utilization)
        if model is None:
            return self.engine.to_arrow(table)
        key = self._key(model)
        wanted = model.lower()
        mine = table.filter(
            (table.key == key)
            | (table.model.lower() == wanted)
            | (table.name.lower() == wanted)
            | (model_key(table.measured_model) == key)
        )
        found = self.engine.to_arrow(mine)
        if found.num_rows:
            return found
        return self._unsold(model, key, found.schema, gpu=gpu, gpu_hour=gpu_hour, utilization=utilization)

    def adopt(
        self,
        *,
        tokens_per_day: float,
        task: Task = "chat",
        gpu: str = "H100",
        gpu_hour: float | None = None,
        utilization: float = 0.7,
        country: str | None = None,
        licence: str | None = None,
    ) -> pa.Table:
        """Return the ways to have a number of tokens a day, the cheapest first.

        Parameters
        ----------
        tokens_per_day
            Tokens a day, three in four of them input where a host bills them.
        task
            ``chat``, ``reasoning``, ``code``, ``image`` or ``video``: which measurements count for serving oneself.
        gpu, gpu_hour
            The GPU on which one would serve, and its rent in US dollars per hour; the median rent of the newest year
            in the lake where None.
        utilization
            The part of the measured throughput that one plans for.
        country
            Where one would serve, alpha-2: gives the carbon of the grid and the GPU's export-rule status there.
        licence
            ``open`` for open weights, or a tag of the Hub such as ``apache-2.0``.

        Returns
        -------
        pyarrow.Table
            The columns of :func:`primacy.measures.choice.options`, ``frontier`` and ``gpu_status`` (of the GPU in
            the country, on the day of the newest rule).

        Raises
        ------
        UsageError
            An option has a value that it cannot have.
        NotThereError
            A licence is asked for and no licences are in the lake.
        """
        self.lake.require("token_prices", COMMAND)
        if not 0 < tokens_per_day < float("inf"):
            raise UsageError(f"--tokens-per-day {tokens_per_day:g}: takes a number above 0")
        where = None if country is None else country_code(country, option="--country")
        hour = self.gpu_hour(gpu) if gpu_hour is None else gpu_hour
        rows = self.tokens_table(gpu=gpu, gpu_hour=hour, utilization=utilization, task=task)
        facts = hub_facts(
            rows,
            catalogue=self.table("priced_models"),
            models=self.table("models"),
            organizations=self.table("organizations"),
            notable=self.table("notable_models"),
        )
        ways = options(
            rows,
            facts,
            tokens_per_day=tokens_per_day,
            gpu_hour=hour,
            utilization=utilization,
            kg_co2e_per_kwh=None if where is None else self.carbon(where),
        )
        if licence is not None:
            ways = self._licensed(ways, licence)
        told = frontier(ways).mutate(gpu_status=ibis.literal(self._gpu_status(gpu, where), "string"))
        return self.engine.to_arrow(told.order_by("usd_per_day", "option", "model", "provider"))

    def carbon(self, country: str) -> float | None:
        """Return the carbon intensity of a country's electricity, kilograms of CO₂-equivalent per kilowatt-hour.

        The newest year of Ember's, else that of EcoLogits; None where neither has the country.
        """
        rows = self.table("grid_carbon")
        mine = rows.filter(rows.country == country).order_by(
            ibis.ifelse(rows.publisher == "ember", 0, 1), ibis.desc("year")
        )
        found = self.engine.to_arrow(mine.limit(1))["kg_co2e_per_kwh"].to_pylist()
        return float(found[0]) if found else None

    def _licensed(self, ways: ir.Table, licence: str) -> ir.Table:
        if licence.lower() == "open":
            return ways.filter(ways.open_weights)
        self.lake.require("models", "primacy pull hub SOURCE")
        return ways.filter(ways.licence.lower() == licence.lower())

    def _gpu_status(self, gpu: str, country: str | None) -> str | None:
        """Return the strictest status of the chips of that name in a country; None where it is not asked."""
        if country is None or not self.lake.has("chips"):
            return None
        chips = self.table("chips")
        asked = chip_status(
            chips.filter(named(chips.chip, gpu)), self.rules, on=self.rules.newest, destination=country
        )
        statuses = set(self.engine.to_arrow(asked.select("status"))["status"].to_pylist())
        strictest = ("restricted", "unknown", "case_by_case", "unrestricted")
        return next((s for s in strictest if s in statuses), None)

    # ------------------------------------------------------------------ usable compute

    def usable(
        self,
        scenario: str | Path = "open-small",
        *,
        on: str | None = None,
        draws: int = 10_000,
        seed: int = 0,
    ) -> Usable:
        """Return the usable compute of a scenario's countries: estimate, tornado and inputs.

        Parameters
        ----------
        scenario
            One of the project's scenarios, or a TOML file.
        on
            The day whose clusters count; the newest first day of any cluster where None.
        draws, seed
            Of the Monte Carlo.
        """
        for name in ("clusters", "chips", "token_energy", "power_prices"):
            self.lake.require(name, COMMAND)
        if draws < 100:
            raise UsageError(f"--draws {draws}: takes 100 or more")
        day = self.newest_cluster() if on is None else _day(on, "--on")
        chosen = load_scenario(scenario)
        return usable_compute(self.table, self.engine, chosen, self.rules, on=day, draws=draws, seed=seed)

    # ------------------------------------------------------------------ parts

    def _key(self, model: str) -> str:
        one = ibis.memtable({"model": [model]})
        return str(self.engine.to_arrow(one.select(key=model_key(one.model)))["key"][0].as_py())

    def _unsold(
        self, model: str, key: str, schema: pa.Schema, *, gpu: str, gpu_hour: float | None, utilization: float
    ) -> pa.Table:
        best = best_configurations(self.table("token_energy"), gpu=gpu)
        hour = self.gpu_hour(gpu) if gpu_hour is None else gpu_hour
        cost = (
            ibis.null("float64")
            if hour is None
            else self_host_usd(best.gpus, best.tokens_per_second, gpu_hour=hour, utilization=utilization)
        )
        best = best.mutate(model=best.measured_model, self_host_usd=cost, key=model_key(best.measured_model))
        rows = self.engine.to_arrow(best.filter(best.key == key)).to_pylist()
        if not rows:
            names = self.engine.to_arrow(self.table("token_prices").select("model").distinct())
            raise NotThereError(f"no model '{model}'{_nearest(model, names['model'].to_pylist())}")
        blank = dict.fromkeys(schema.names)
        filled = [blank | {k: v for k, v in r.items() if k in blank} for r in rows]
        return pa.Table.from_pylist(filled, schema=schema)


def _day(value: str, option: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise UsageError(f"{option} {value}: takes a date such as 2026-01-15") from None


def _nearest(wanted: str, names: list[str]) -> str:
    near = difflib.get_close_matches(wanted.lower(), sorted({n.lower() for n in names}), n=3, cutoff=0.5)
    return f"; the nearest are {', '.join(near)}" if near else ""
