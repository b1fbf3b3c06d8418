"""Apache Spark itself, where there is Java and a distribution of it; the rest of the suite runs on Sail.

Everything that ``PRIMACY_TEST_SPARK=sc://host:port pytest tests/engines`` asks of a server takes it ten minutes.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from primacy.lake.engine import Engine
from tests.engines.asked import MADE
from tests.engines.test_same_rows import assert_same

HOME = os.environ.get("SPARK_HOME")
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of PySpark and pandas among themselves
    pytest.mark.skipif(
        shutil.which("java") is None, reason="Apache Spark needs Java, which is not installed"
    ),
    pytest.mark.skipif(
        HOME is None,
        reason="SPARK_HOME names no distribution of Apache Spark 4, such as the package pyspark holds",
    ),
]


@pytest.fixture(scope="module")
def apache(tmp_path_factory) -> Iterator[Engine]:
    """A server of Apache Spark with two cores, as its own start-connect-server.sh starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = tmp_path_factory.mktemp("apache")
    settings = {
        "spark.connect.grpc.binding.port": port,
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": 2,
        "spark.local.dir": place,
    }
    confs = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    submit = [str(Path(HOME) / "bin" / "spark-submit"), "--class", SERVER, "--master", "local[2]", *confs]
    server = subprocess.Popen(
        [*submit, "spark-internal"],
        cwd=place,
        env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(240):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert server.poll() is None, "the server ended before it listened"
            time.sleep(0.5)
        engine = Engine.spark(f"sc://127.0.0.1:{port}")
        yield engine
        engine.backend.session.stop()
    finally:
        server.terminate()
        server.wait(60)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", MADE)
def test_worlds_made_for_a_question(name, apache, duckdb):
    assert_same(MADE[name].ask(duckdb), MADE[name].ask(apache))
