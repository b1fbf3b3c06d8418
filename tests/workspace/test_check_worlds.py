"""The audit passes on real works and on a simulated world, through pull, match and run."""

from __future__ import annotations

from pathlib import Path

import pytest

from primacy.simulate.world import simulate
from primacy.sources import openalex
from primacy.technologies.portfolio import DEFAULT
from primacy.workspace import Workspace
from primacy.workspace.check import check


def computed(root: Path, source: Path, portfolio: Path) -> Workspace:
    workspace = Workspace.init(root / "ws")
    (root / "ws" / "primacy.toml").write_text(
        f'portfolio = "{portfolio}"\n[method]\nreplicates = 5\n', encoding="utf-8"
    )
    openalex.pull(workspace.lake, str(source))
    workspace = Workspace.open(root / "ws")
    workspace.match()
    workspace.run(["research"])
    return workspace


@pytest.fixture
def portfolio(tmp_path) -> Path:
    """One technology of the project's own, and one whose words are common in medicine and geoscience."""
    directory = tmp_path / "portfolio"
    directory.mkdir()
    (directory / "electric-batteries.toml").write_bytes((DEFAULT / "electric-batteries.toml").read_bytes())
    (directory / "common.toml").write_text(
        'id = "common"\nname = "Common words"\ndomain = "test"\ndefinition = "test"\n'
        "[queries]\nstrict = 'oil OR mania OR lithium'\nbroad = 'oil OR mania OR lithium OR seismic*'\n",
        encoding="utf-8",
    )
    return directory


def sound(workspace: Workspace) -> None:
    found = check(workspace)
    assert [f for f in found if not f.ok] == []
    assert len(found) > 60  # every kind of check ran


def test_the_real_sample_passes(shared, tmp_path, portfolio):
    sound(computed(tmp_path, shared / "data" / "openalex", portfolio))


def test_a_simulated_world_passes(tmp_path, portfolio):
    simulate(tmp_path / "world", works=2_000)
    sound(computed(tmp_path, tmp_path / "world" / "openalex", portfolio))
