"""The lake's files in a bucket: the server reads them there, and nothing where the workspace has them."""

from __future__ import annotations

import pytest

from primacy.lake.engine import Engine
from primacy.lake.results import Results
from primacy.studies.search import search_texts
from primacy.studies.search_spark import search_on_spark
from primacy.technologies.query import parse
from primacy.workspace import Workspace
from tests.engines.asked import TECHNOLOGY
from tests.engines.conftest import REMOTE
from tests.sources.openalex import s3server

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # of PySpark and pandas among themselves
    pytest.mark.skipif(
        REMOTE != "sail", reason="a server elsewhere has no access to the bucket of this test"
    ),
]


def test_shares_and_matcher(spark, demonstration, tmp_path, monkeypatch):
    lake = demonstration.lake
    with s3server.running() as server:
        server.upload("bucket", lake.path)
        for name, value in {
            "AWS_ENDPOINT_URL": server.endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }.items():
            monkeypatch.setenv(name, value)
        engine = Engine(spark.backend, "spark", copy="s3://bucket/")
        workspace = Workspace.open(demonstration.path)
        workspace.__dict__ |= {"engine": engine, "results": Results(tmp_path)}
        got = workspace.research.shares(TECHNOLOGY, replicates=0)
        queries = {"q": parse("model* OR topic:T1")}
        found = search_on_spark(engine, lake, queries)["q"]
        read = {path for method, path, _ in server.faults.requests if method == "GET"}
    assert got == demonstration.research.shares(TECHNOLOGY, replicates=0)
    assert found.tolist() == search_texts(lake, queries)["q"].tolist() != []
    assert {path.split("/")[2] for path in read} >= {"works", "authorships", "memberships", "texts"}
