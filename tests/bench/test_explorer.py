"""The explorer under load: every kind of page is asked for, waits are counted, and what fails is named."""

from __future__ import annotations

import pytest

from primacy.bench import explorer
from primacy.bench.suite import BENCHMARKS
from primacy.errors import PrimacyError
from tests.web import worlds


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return worlds.workspace(tmp_path_factory.mktemp("bench") / "workspace")


def test_addresses_are_of_every_kind_and_some_of_each(workspace):
    kinds = explorer.addresses(workspace)
    assert {"scoreboard", "technology", "country", "compare", "figures", "api", "models", "map"} <= set(kinds)
    assert all(0 < len(paths) <= explorer.PAGES for paths in kinds.values())
    assert "/" in kinds["scoreboard"]
    assert {"/api", "/api/leads"} <= set(kinds["api"])


def test_readers_wait_and_are_told_what_fails(workspace):
    with explorer._served(workspace.path) as address:
        served = explorer.load(address, "country", ["/country/CN", "/country/US"], 7, rounds=2)
        assert served.requests == 2 * explorer.CLIENTS
        assert 0 < served.median_ms <= served.p95_ms
        assert 1000 < served.largest_bytes < 2**20
        assert served.holds is (served.p95_ms <= served.bar)
        with pytest.raises(PrimacyError, match="explorer /country/XX: answered 404"):
            explorer.load(address, "country", ["/country/XX"], 7)


def test_a_workspace_that_is_none_is_named(tmp_path):
    with pytest.raises(PrimacyError, match="could not be served"), explorer._served(tmp_path):
        pass


def test_it_runs_only_where_it_is_named():
    assert not BENCHMARKS["explorer"].by_default
