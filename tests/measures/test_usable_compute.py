"""Usable compute: the model by hand, and the part of the capacity whose chips were allowed."""

from __future__ import annotations

import pytest
from tests.measures.test_clusters import cluster, clusters
from tests.measures.test_export_rules import chip, chips

from primacy.measures.usable_compute import (
    allowed_capacity,
    electricity_usd,
    hardware_usd,
    tokens_per_day,
)
from primacy.sources.reference.export_rules import load_export_rules

A100 = chip("NVIDIA A100", tpp=4992, die=826, bandwidth=1560, interconnect=600)
V100 = chip("NVIDIA V100", tpp=2000, die=815, line=3)


def test_the_model_by_hand():
    # A thousand H100 of which a half may be used, half the time, at 80 % of 100 tokens a second.
    tokens = tokens_per_day(
        installed=1000, allowed=0.5, utilization=0.5, efficiency=0.8, tokens_per_second=100
    )
    assert tokens == 250 * 80 * 86_400
    # 80 tokens a second are 0.288 million an hour; a kilowatt at PUE 1.2 and $0.10 costs $0.12 for them.
    electricity = electricity_usd(
        kilowatts=1.0, pue=1.2, power_price=0.1, efficiency=0.8, tokens_per_second=100
    )
    assert electricity == pytest.approx(0.12 / 0.288)
    # The machine is paid for around the clock and serves half the time.
    machine = hardware_usd(hardware=1.44, utilization=0.5, efficiency=0.8, tokens_per_second=100)
    assert machine == pytest.approx(1.44 / 0.144)


def ask(*rows):
    found = allowed_capacity(clusters(*rows), chips(A100, V100), load_export_rules(), on="2025-01-01")
    return {r["country"]: r for r in found.to_pyarrow().to_pylist()}


def test_capacity_by_whether_its_chips_were_allowed_when_it_began():
    found = ask(
        cluster("CN", 1.0, chip="NVIDIA A100", first_operational="2022-10-06", line=2),
        cluster("CN", 2.0, chip="NVIDIA A100", first_operational="2022-10-07", line=3),
        cluster("CN", 4.0, chip="NVIDIA V100", first_operational="2024-01-01", line=4),
        cluster("CN", 8.0, chip=None, first_operational="2024-01-01", line=5),
        cluster("CN", 16.0, chip="no such chip", first_operational="2024-01-01", line=6),
    )["CN"]
    assert (found["free"], found["barred"], found["open_question"], found["h100e"]) == (5, 2, 24, 31)


def test_where_no_rule_holds_a_chip_that_is_not_named_is_free():
    assert ask(cluster("US", 8.0, chip=None))["US"]["free"] == 8


def test_capacity_by_certainty():
    found = ask(
        cluster("US", 1.0), cluster("US", 2.0, certainty="likely"), cluster("US", 4.0, certainty="unlikely")
    )["US"]
    assert (found["confirmed"], found["likely"], found["unlikely"], found["h100e"]) == (1, 2, 4, 7)
