"""On a simulated world stocks and flows are the truth within their intervals."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from primacy.cli import main
from primacy.simulate import simulate
from primacy.technologies.portfolio import load_portfolio
from primacy.workspace import Workspace

TECHNOLOGIES = ("supercapacitors", "quantum-computing", "machine-learning")
LEAST = 4
"""Works' worth of credit (some twenty authors) from which on an interval over few works can be trusted."""

WINDOWS = ("2003-2007", "2018-2022", "2020-2024")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A workspace on a world of three technologies, and where its truth is."""
    root = tmp_path_factory.mktemp("careers")
    bundled = load_portfolio()
    (root / "portfolio").mkdir()
    for name in TECHNOLOGIES:
        (root / "portfolio" / f"{name}.toml").write_bytes((bundled.path / f"{name}.toml").read_bytes())
    made = root / "world"
    simulate(made, works=12_000, seed=5, portfolio=load_portfolio(root / "portfolio"), processes=1)
    home = ["--quiet", "--workspace", str(root / "ws")]
    for words in (
        ["--quiet", "init", str(root / "ws")],
        [*home, "pull", "openalex", str(made / "openalex")],
        [*home, "pull", "orcid", str(made / "orcid")],
        [*home, "match", "--portfolio", str(root / "portfolio")],
    ):
        assert main(words) == 0
    return Workspace.open(root / "ws"), made / "truth"


@pytest.fixture(scope="module")
def outcomes(world):
    return {
        (technology, window): world[0].people.of(
            technology, window=window, weighting="credit", replicates=400
        )
        for technology in TECHNOLOGIES
        for window in WINDOWS
    }


def read(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_stocks_are_the_truth_within_their_intervals(world, outcomes):
    truth = {
        (r["technology"], r["window"], r["stage"], r["unit"]): float(r["share"])
        for r in read(world[1] / "stocks.csv")
    }
    held = []
    for place, outcome in outcomes.items():
        rows = [r for r in outcome.tables["stocks"].to_pylist() if r["evidence"] == "orcid"]
        largest = [r for r in rows if r["rank"] <= 2]
        held += [r["low"] <= truth[*place, r["stage"], r["unit"]] <= r["high"] for r in largest]
    assert len(held) == len(outcomes) * 3 * 2
    assert sum(held) >= 0.85 * len(held)


def test_flows_are_the_truth_within_their_intervals(world, outcomes):
    """Where those employed in a country did their postgraduate studies, whatever the technology and window."""
    truth: dict[tuple[str, str], float] = defaultdict(float)
    for r in read(world[1] / "careers.csv"):
        truth[r["employment"], r["postgraduate"]] += float(r["part"])
    held = []
    for outcome in outcomes.values():
        rows = [
            r
            for r in outcome.tables["flows"].to_pylist()
            if (r["from_stage"], r["to_stage"]) == ("postgraduate", "employment")
        ]
        size: dict[str, float] = defaultdict(float)
        for r in rows:
            size[r["destination"]] += r["authors"]
        held += [
            r["destination_low"] <= truth[r["destination"], r["origin"]] <= r["destination_high"]
            for r in rows
            if r["origin"] == r["destination"] and size[r["destination"]] >= LEAST
        ]
    assert len(held) >= 8
    assert sum(held) >= 0.8 * len(held)


def test_coverage_is_what_the_world_lets_be_known(outcomes):
    for outcome in outcomes.values():
        (row,) = outcome.tables["careers"].to_pylist()
        assert 0.2 < row["with_orcid"] < 0.45
        assert row["orcid_employment"] == pytest.approx(0.89 * row["with_orcid"], rel=0.15)
        assert row["agreement"] > 0.9
