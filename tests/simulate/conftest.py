"""A small simulated world, written once for all tests of the room."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from primacy.simulate import plan, simulate
from primacy.technologies.portfolio import load_portfolio

SMALL = ("supercapacitors", "quantum-computing", "machine-learning")
"""A portfolio of three technologies, of which two can share works with none."""


@pytest.fixture(scope="session")
def portfolio():
    return load_portfolio()


@pytest.fixture(scope="session")
def small(portfolio, tmp_path_factory):
    """A portfolio directory of three technologies."""
    directory = tmp_path_factory.mktemp("portfolio")
    for name in SMALL:
        (directory / f"{name}.toml").write_bytes((portfolio.path / f"{name}.toml").read_bytes())
    return load_portfolio(directory)


@pytest.fixture(scope="session")
def planned(portfolio):
    """Probabilities, words and truth of the world of the bundled portfolio."""
    return plan(portfolio)


@pytest.fixture(scope="session")
def world(portfolio, tmp_path_factory) -> Path:
    """A world of 4,000 works."""
    directory = tmp_path_factory.mktemp("simulated") / "world"
    simulate(directory, works=4_000, seed=3, portfolio=portfolio, processes=1)
    return directory


@pytest.fixture(scope="session")
def records(world) -> list[dict]:
    """All records of the works, older states and withdrawn works included."""
    return [json.loads(line) for path in parts(world) for line in gzip.open(path, "rb")]


@pytest.fixture(scope="session")
def live(world, records) -> dict[str, dict]:
    """The newest state of each work that was not withdrawn."""
    gone = {row.split(",")[0] for row in (works(world) / "deleted_ids.csv").read_text().split()[1:]}
    found = {record["id"]: record for record in sorted(records, key=lambda r: r["updated_date"])}
    return {name: record for name, record in found.items() if name not in gone}


def works(world: Path) -> Path:
    return world / "openalex" / "data" / "jsonl" / "works"


def parts(world: Path) -> list[Path]:
    return sorted(works(world).glob("updated_date=*/part_*.gz"))
