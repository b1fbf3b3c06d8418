"""A small ground, prepared once for all tests of the benchmarks."""

from __future__ import annotations

import pytest

from primacy.bench.ground import Ground


@pytest.fixture(scope="session")
def ground(tmp_path_factory):
    """A world of 400 works in both formats, pulled and matched, beneath a directory that can be kept."""
    found = Ground(tmp_path_factory.mktemp("bench") / "400", 400)
    found.root.mkdir()
    found.prepare_lake()
    return found
