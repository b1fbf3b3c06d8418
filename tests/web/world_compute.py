"""The compute study of a small simulated lake, with the tables added by hand that such a lake has no data for."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from primacy.simulate.compute import write_compute
from primacy.sources.compute import pull
from primacy.studies.compute import run
from primacy.workspace import Workspace
from tests.web.world_models import HOSTILE


def add(workspace: Workspace, place: Path) -> None:
    """Fill the workspace's lake and write the study's results."""
    for name in ("compute", "truth"):
        (place / name).mkdir(parents=True)
    write_compute(place / "compute", place / "truth", 1)
    pull(workspace.lake, place / "compute")
    workspace.refresh()
    found = run(workspace.lake, workspace.engine)
    tables = {**found.tables, "self_host": self_host(), "usable_compute": usable()}
    manifest = {"code": {"primacy": "0", "source": "0"}, "inputs": {}, "settings": {}, "simulated": True}
    workspace.results.write("compute", tables, {**manifest, **found.notes})


def self_host() -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "measured_model": name, "gpu": "H100", "gpus": gpus, "concurrency": 8, "precision": "bfloat16",
                "parameters_billion": size, "tokens_per_second": 9000.0 / gpus, "wh_per_million": wh,
                "gpu_hour_usd": 3.0, "utilization": u, "self_host_usd": 0.1 / u,
            }
            for name, gpus, size, wh in (
                ("sim/A-very-long-name-of-a-model-one", 1, 8.0, 20.0),
                ("sim/A-very-long-name-of-a-model-two", 1, 8.0, 30.0),
                (HOSTILE, 4, 70.0, 120.0),
            )
            for u in (0.3, 0.7)
        ]
    )  # fmt: skip


def usable() -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "scenario": scenario, "country": country, "tokens_per_day": t, "tokens_per_day_low": t / 2,
                "tokens_per_day_high": 2 * t, "usd_per_million": 0.2, "usd_per_million_low": 0.1,
                "usd_per_million_high": 0.4, "viable": 1.0, "installed_h100e": 1e5, "on": "2025-12-30",
            }
            for scenario, country, t in (
                ("open-small", "US", 1e15), ("open-small", "CN", 1e14), ("open-small-no-rules", "US", 1e15),
                ("open-small-no-rules", "CN", 2e14),
            )
        ]
    )  # fmt: skip
