"""Where an engine finds the lake's files, and what it says when there is no engine."""

from __future__ import annotations

import socket
import subprocess
import sys

import pyarrow as pa
import pytest

from primacy.errors import LakeError
from primacy.lake.engine import Engine
from primacy.lake.store import Lake


@pytest.fixture
def lake(tmp_path) -> Lake:
    made = Lake.create(tmp_path / "lake")
    with made.transaction("pull") as tx:
        tx.append("references", pa.table({"work_id": [1, 1], "cited_id": [2, 3]}))
    return made.latest()


def test_files_are_read_where_the_lake_is_copied_to(lake):
    (file,) = lake.files("references")
    assert Engine(None, "spark").files(lake, "references") == [file]
    name = file.rpartition("/")[2]
    for copy in ("s3://bucket/lake", "s3://bucket/lake/"):
        found = Engine(None, "spark", copy=copy).files(lake, "references")
        assert found == [f"s3://bucket/lake/references/{name}"]


@pytest.mark.filterwarnings("ignore")  # of PySpark and pandas among themselves
def test_a_server_that_does_not_answer_is_named_at_once():
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        address = f"sc://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(LakeError, match=f"--engine spark: {address} cannot be reached"):
            Engine.spark(address)
    with pytest.raises(LakeError, match="cannot be reached"):
        Engine.spark("sc://127.0.0.1:port")


def test_spark_loads_where_there_is_no_main_file():
    """PySpark takes such a program for its own documentation tests, and ends it."""
    done = subprocess.run(
        [sys.executable, "-c", "import primacy.lake.spark"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
