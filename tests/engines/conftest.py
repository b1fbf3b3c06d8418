"""The engines that are compared."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator

import pytest

from primacy.lake.engine import Engine

REMOTE = os.environ.get("PRIMACY_TEST_SPARK", "sail")
"""A server of Spark Connect to run the suite on instead: ``sc://host:port``, where it sees the same files."""


@pytest.fixture(scope="session")
def spark() -> Iterator[Engine]:
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    pytest.importorskip("pysail", reason="the extra `spark` is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PySpark and pandas among themselves
        yield Engine.spark(REMOTE)


@pytest.fixture(scope="session")
def workers(tmp_path_factory) -> Iterator[Engine]:
    """A cluster of Sail: a driver and two workers, which speak over the network with each other."""
    server = pytest.importorskip("pysail.spark", reason="the extra `spark` is not installed")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PySpark and pandas among themselves
        for name, value in {
            "SAIL_MODE": "local-cluster",
            "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "2",
            "SAIL_CLUSTER__WORKER_MAX_COUNT": "2",
            "SAIL_EXECUTION__CHECKPOINT__PATH": f"file://{tmp_path_factory.mktemp('checkpoints')}",
            "RUST_LOG": "error",
        }.items():
            patch.setenv(name, value)
        cluster = server.SparkConnectServer(ip="127.0.0.1", port=0)
        cluster.start(background=True)
        address, port = cluster.listening_address
        engine = Engine.spark(f"sc://{address}:{port}")
    yield engine
    engine.backend.session.stop()
    cluster.stop()


@pytest.fixture(scope="session")
def duckdb() -> Engine:
    return Engine.duckdb(threads=1)
