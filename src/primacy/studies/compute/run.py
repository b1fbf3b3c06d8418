"""The compute study: every result table that the lake has data for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import ibis
import pyarrow as pa

from primacy.errors import NotThereError
from primacy.lake.engine import Engine
from primacy.lake.store import Lake
from primacy.measures import clusters as capacities
from primacy.measures.clusters import Measure
from primacy.measures.export_rules import status_counts, status_timeline
from primacy.measures.token_prices import cheapest, price_disagreements, price_events, price_levels
from primacy.measures.tokens import self_host_table
from primacy.sources.reference.export_rules import FIRST_RULE
from primacy.sources.reference.scenarios import load_scenario, scenario_names
from primacy.studies.compute.questions import Compute
from primacy.studies.compute.tables import COMMAND
from primacy.studies.outcome import Outcome, Step

__all__ = ["LAKE_TABLES", "run"]

LAKE_TABLES = [
    "chips",
    "clusters",
    "gpu_prices",
    "grid_carbon",
    "model_sizes",
    "power_prices",
    "priced_models",
    "reference_prices",
    "token_energy",
    "token_price_history",
    "token_prices",
]
"""What the study reads."""

DESTINATION = "CN"
UTILIZATIONS = (0.3, 0.7)
"""At which the cost of serving oneself is stated: a service with peaks, and a steady one."""

MEASURES: tuple[Measure, ...] = ("h100e", "flops16", "megawatts")


def run(lake: Lake, engine: Engine, *, step: Step = lambda _: None) -> Outcome:
    """Compute the study's result tables.

    Parameters
    ----------
    lake, engine
        The lake, and what computes.
    step
        Told what is being computed.

    Returns
    -------
    Outcome
        Of the tables below, those that the lake has data for; notes on rules, rents, coverage and identity.

        ``chips``, ``clusters``, ``tokens``: the answers of the commands of these names with their defaults.
        ``chip_timeline``: the periods of each chip's status for China. ``chip_counts``: chips by status the day
        before and the day of every change. ``cluster_variants``: capacity by measure, with and without the
        standard filter. ``clusters_by_year``: at the end of each year. ``clusters_planned``, ``cluster_owners``.
        ``token_price_levels``: medians of open, closed and unflagged prices. ``token_hosts``: each model's cheapest
        host, median host, maker, and break-even. ``token_price_events``: listings, corrections, market moves.
        ``token_price_check``: against a second catalogue. ``token_shared_keys``: rows that share provider and
        model. ``self_host``: each measured model on each GPU at two utilisations. ``usable_compute``,
        ``usable_tornado``, ``usable_inputs``: the scenarios.

    Raises
    ------
    NotThereError
        The lake has data for none of them.
    """
    study = _Run(Compute(lake, engine), step)
    if lake.has("chips"):
        study.chips()
    if lake.has("clusters"):
        study.clusters()
    if lake.has("token_prices"):
        study.tokens()
    if lake.has("token_price_history"):
        study.add("token_price_events", price_events(study.ask.table("token_price_history")))
    if lake.has("token_energy"):
        study.self_host()
    if all(lake.has(t) for t in ("chips", "clusters", "token_energy", "power_prices")):
        study.usable()
    if not study.tables:
        raise NotThereError(f"{lake.path}: nothing on compute in the lake; run `{COMMAND}` first")
    return Outcome(study.tables, {"compute": study.notes})


class _Run:
    """The tables and notes of one run as they come together."""

    def __init__(self, ask: Compute, step: Step) -> None:
        self.ask = ask
        self.step = step
        self.tables: dict[str, pa.Table] = {}
        self.notes: dict[str, Any] = {"export_rules": ask.rules.version}

    def add(self, name: str, table: pa.Table | ibis.Table) -> None:
        self.tables[name] = table if isinstance(table, pa.Table) else self.ask.engine.to_arrow(table)

    # ------------------------------------------------------------------ chips

    def chips(self) -> None:
        self.step("chips and export rules")
        self.add("chips", self.ask.chips(to=DESTINATION))
        self.add(
            "chip_timeline",
            status_timeline(self.ask.table("chips"), self.ask.rules, destination=DESTINATION),
        )
        changes = [d for d in self.ask.rules.changes() if d >= FIRST_RULE]
        days = sorted({day for change in changes for day in (_day_before(change), change)})
        self.add(
            "chip_counts",
            status_counts(self.ask.table("chips"), self.ask.rules, days=days, destination=DESTINATION),
        )

    # ------------------------------------------------------------------ clusters

    def clusters(self) -> None:
        self.step("clusters")
        rows, newest = self.ask.table("clusters"), self.ask.newest_cluster()
        default = self.ask.clusters()
        self.add("clusters", default)
        variants = [
            _with(self.ask.clusters(measure=m, standard=s), standard=s)
            for m in MEASURES
            for s in (False, True)
        ]
        self.add("cluster_variants", pa.concat_tables(variants))
        ends = [f"{year}-12-31" for year in range(int(capacities.FIRST_DAY[:4]), int(newest[:4]))]
        years = [
            _with(self.ask.clusters(on=day, standard=s), standard=s)
            for day in [*ends, newest]
            for s in (False, True)
        ]
        self.add("clusters_by_year", pa.concat_tables(years))
        self.add("clusters_planned", capacities.planned(rows))
        self.add("cluster_owners", capacities.owners(rows, on=newest))
        self.notes["clusters"] = {
            "on": newest,
            "coverage": default["coverage"][0].as_py() if default.num_rows else None,
            "world": "the source judges that it lists 10 to 20 per cent of the world's capacity",
        }

    # ------------------------------------------------------------------ tokens

    def tokens(self) -> None:
        self.step("tokens")
        self.add("tokens", self.ask.tokens())
        kept = self.tables["tokens"]
        rows = ibis.memtable(kept)
        self.add("token_price_levels", price_levels(rows))
        self.add("token_hosts", cheapest(rows))
        self.add(
            "token_shared_keys", rows.filter(rows.shared_key_rows > 1).order_by("provider", "model", "line")
        )
        self.add("token_price_check", price_disagreements(rows, self.ask.table("reference_prices")))
        self.notes["tokens"] = {
            "gpu": "H100",
            "gpu_hour_usd": self.ask.gpu_hour("H100"),
            "prices": kept.num_rows,
            "unpriced": kept["blended"].null_count,
            "shared_keys": self.tables["token_shared_keys"].num_rows,
            "measured": kept.num_rows - kept["measured_model"].null_count,
        }

    def self_host(self) -> None:
        self.step("self-hosting")
        parts = []
        for gpu in self.ask.gpus():
            hour = self.ask.gpu_hour(gpu)
            if hour is not None:
                parts += [
                    self.ask.engine.to_arrow(
                        self_host_table(self.ask.table("token_energy"), gpu=gpu, gpu_hour=hour, utilization=u)
                    )
                    for u in UTILIZATIONS
                ]
        if parts:
            self.add("self_host", pa.concat_tables(parts))

    # ------------------------------------------------------------------ usable compute

    def usable(self) -> None:
        self.step("usable compute")
        found = []
        for name in scenario_names():
            try:
                found.append(self.ask.usable(name))
            except NotThereError as missing:
                self.notes.setdefault("scenarios_left_out", {})[name] = str(missing)
        if found:
            self.add("usable_compute", pa.concat_tables([u.estimate for u in found]))
            self.add("usable_tornado", pa.concat_tables([u.tornado for u in found]))
            self.add("usable_inputs", pa.concat_tables([u.inputs for u in found]))
        self.notes["scenarios"] = {name: load_scenario(name).title for name in scenario_names()}


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _with(table: pa.Table, **columns: bool) -> pa.Table:
    for name, value in columns.items():
        table = table.append_column(name, pa.array([value] * table.num_rows, pa.bool_()))
    return table
