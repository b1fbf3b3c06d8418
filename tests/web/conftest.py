from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from primacy.web.app import create_app
from tests.web import worlds


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    return worlds.workspace(tmp_path_factory.mktemp("explorer") / "workspace", studies=True)


@pytest.fixture(scope="session")
def client(workspace):
    return TestClient(create_app(workspace), raise_server_exceptions=True)
