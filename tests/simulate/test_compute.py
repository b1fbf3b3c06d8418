"""The simulated machines: files that name what they are, and limits of the export rules on both sides."""

from __future__ import annotations

import csv
import json

import pytest

from primacy.simulate.compute import CHIPS, DATES, true_capacity


def rows(world, name):
    with (world / "compute" / name).open() as file:
        return list(csv.DictReader(file))


def test_the_directory_is_marked(world):
    assert json.loads((world / "compute" / "SIMULATED.json").read_text())["simulated"] is True


def test_chips_lie_on_both_sides_of_each_limit():
    tpp = {chip.name[-4:]: chip.tpp / 1e12 for chip in CHIPS if chip.tpp}
    assert tpp["100C"] == pytest.approx(4_799, abs=0.1)
    assert tpp["100L"] == pytest.approx(4_800)
    density = {chip.name[-2:]: chip.tpp / 1e12 / chip.die for chip in CHIPS if chip.tpp and chip.die}
    assert density["D2"] < 5.92 <= density["D1"] < 5.925
    assert any(chip.tpp is None for chip in CHIPS)
    assert any(chip.die is None and chip.tpp for chip in CHIPS)


def test_energy_is_power_over_throughput(world):
    for row in rows(world, "mlenergy_llm_configs.csv"):
        power, rate = float(row["avg_power_watts"]), float(row["output_throughput_tokens_per_sec"])
        assert float(row["energy_per_token_joules"]) == pytest.approx(power / rate)


def test_names_say_simulated(world):
    for name, column in (
        ("ml_hardware.csv", "Hardware name"),
        ("ml_hardware.csv", "Manufacturer"),
        ("gpu_clusters.csv", "Name"),
        ("gpu_clusters.csv", "Owner"),
        ("notable_ai_models.csv", "Organization"),
    ):
        assert all(row[column].startswith("Simulated ") for row in rows(world, name))
    assert all(
        row["provider"].startswith("simulated-") for row in rows(world, "modelsdev_provider_prices.csv")
    )


def test_two_prices_share_a_cut_off_name(world):
    keys = [(row["provider"], row["model"]) for row in rows(world, "modelsdev_provider_prices.csv")]
    assert len(keys) - len(set(keys)) == 1


def test_the_capacity_of_a_day_by_hand():
    def cluster(status, country, first, size, standard="True"):
        return {
            "Status": status,
            "Country": country,
            "First Operational Date": first,
            "H100 equivalents": size,
            "Include in Standard Analysis": standard,
        }

    given = [
        cluster("Existing", "China", "2022-05-01", 30.0),
        cluster("Decommissioned", "Japan", "2019-01-01", 10.0, ""),
        cluster("Existing", "Japan", "2018-12-31", 99.0),
        cluster("Planned", "China", "2022-05-01", 99.0),
        cluster("Existing", "", "2022-05-01", 99.0),
        cluster("Existing", "China", "2022-05-01", ""),
        cluster("Existing", "China", "2023-01-02", 99.0),
    ]
    day = DATES[0].isoformat()
    found = [row for row in true_capacity(given) if row[0] == day]
    assert found == [
        (day, "false", "CN", 1, 30.0, 0.75),
        (day, "false", "JP", 1, 10.0, 0.25),
        (day, "true", "CN", 1, 30.0, 1.0),
    ]
