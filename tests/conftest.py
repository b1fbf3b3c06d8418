"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.once import once

# A busy machine is no failure: the time of one example says nothing about the code.
settings.register_profile("primacy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("primacy")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of reference data beside the project; tests that need it are skipped without it."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"the reference data are not at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def compute_table(shared, tmp_path_factory):
    """Tables of a lake that holds the reference data on compute, by name, as Ibis tables."""
    from primacy.lake.engine import Engine
    from primacy.lake.store import Lake
    from primacy.sources.compute import pull

    lake = Lake.create(tmp_path_factory.mktemp("compute") / "lake")
    pull(lake, shared / "data" / "compute")
    lake, engine = lake.latest(), Engine.duckdb(threads=1)
    return lambda name: engine.table(lake, name)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """A workspace of a small simulated world with every study run; tests read it and change nothing."""
    from primacy.workspace import Workspace
    from tests import tiny

    return Workspace.open(once(tmp_path_factory, "demonstration", tiny.workspace) / "workspace")
