"""Chips and clusters of the simulated world, in the formats of their upstreams.

Machines and owners are invented; countries are real.
The chips lie on both sides of each limit of the export rules, and some lack the numbers that decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from primacy.simulate.files import write_csv
from primacy.simulate.power import write_power
from primacy.simulate.tokens import write_tokens

DATES = (date(2023, 1, 1), date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1))
"""The days for which the truth of the clusters is stated."""

_H100_FLOPS16 = 9.895e14
_KILOWATT = 1.4  # per H100-equivalent, the whole building

_PLACES = {
    "United States of America": ("US", 0.40, 0.52),
    "China": ("CN", 0.30, 0.22),
    "Japan": ("JP", 0.07, 0.04),
    "France": ("FR", 0.04, 0.04),
    "Germany": ("DE", 0.04, 0.03),
    "India": ("IN", 0.03, 0.03),
    "Korea (Republic of)": ("KR", 0.04, 0.03),
    "United Arab Emirates": ("AE", 0.02, 0.06),
    "": ("", 0.06, 0.03),
}
"""Code, and part of the number of clusters and of their capacity; of some the country is not known."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A chip: maker's country, release, dense FP16 performance, die, memory bandwidth and power."""

    name: str
    country: str
    released: str
    flops16: float
    die: float | None
    bandwidth: float
    watts: float
    price: float | None

    @property
    def tpp(self) -> float | None:
        """Total processing performance in bit-operations a second; the name's last letter X hides it."""
        return None if self.name.endswith("X") else self.flops16 * 16


CHIPS = (
    Chip("Simulated Accelerator US-100", "US", "2020-05-14", 3.12e14, 826.0, 1.6e12, 400, 11_000),
    Chip("Simulated Accelerator US-100C", "US", "2022-11-07", 2.9994e14, 826.0, 1.6e12, 400, 9_000),
    Chip("Simulated Accelerator US-100L", "US", "2022-12-01", 3.0e14, 826.0, 1.6e12, 400, None),
    Chip("Simulated Accelerator US-200", "US", "2022-09-20", 9.895e14, 814.0, 3.35e12, 700, 30_000),
    Chip("Simulated Accelerator US-200C", "US", "2023-12-01", 1.48e14, 814.0, 4.0e12, 400, 13_000),
    Chip("Simulated Accelerator US-250", "US", "2024-11-18", 9.895e14, 814.0, 4.8e12, 700, 32_000),
    Chip("Simulated Accelerator US-300", "US", "2025-03-01", 2.25e15, 1628.0, 8.0e12, 1000, 40_000),
    Chip("Simulated Accelerator US-400", "US", "2026-02-01", 5.0e15, 1700.0, 16.0e12, 1800, None),
    Chip("Simulated Accelerator US-D1", "US", "2024-02-01", 1.1e14, 297.2, 0.3e12, 72, 2_500),
    Chip("Simulated Accelerator US-D2", "US", "2024-02-02", 1.1e14, 297.8, 0.3e12, 72, 2_500),
    Chip("Simulated Accelerator US-NX", "US", "2025-09-01", 4.0e14, 600.0, 2.0e12, 350, None),
    Chip("Simulated Accelerator US-V", "US", "2025-10-01", 3.5e14, None, 2.0e12, 350, None),
    Chip("Simulated Accelerator CN-1", "China", "2021-08-01", 1.28e14, 450.0, 1.0e12, 300, 6_000),
    Chip("Simulated Accelerator CN-2", "China", "2023-09-01", 3.20e14, 666.0, 1.2e12, 400, 15_000),
    Chip("Simulated Accelerator CN-3", "China", "2025-04-01", 7.80e14, 1332.0, 3.2e12, 700, 20_000),
    Chip("Simulated Accelerator CN-4X", "China", "2026-03-01", 1.0e15, None, 4.0e12, 900, None),
    Chip("Simulated Accelerator JP-1", "Japan", "2023-06-01", 0.9e14, 400.0, 1.0e12, 250, None),
)


def write_compute(directory: Path, truth: Path, seed: int) -> None:
    """Write the files of the compute study, and the true capacity of the clusters."""
    rng = np.random.default_rng([seed, 10_000_079])
    directory.mkdir(parents=True, exist_ok=True)
    _write_chips(directory)
    clusters = list(_clusters(rng))
    write_csv(directory / "gpu_clusters.csv", _CLUSTER_COLUMNS, (tuple(row.values()) for row in clusters))
    write_tokens(directory, rng)
    write_power(directory)
    write_csv(
        truth / "clusters.csv",
        ("on", "standard", "country", "systems", "h100e", "share"),
        true_capacity(clusters),
    )


def true_capacity(clusters: list[dict[str, object]]) -> Iterator[tuple[str, str, str, int, float, float]]:
    """Yield the capacity of each country on each day: built by then, not planned, country and size known."""
    for day in DATES:
        for standard in (False, True):
            found: dict[str, list[float]] = {}
            for row in clusters:
                first = str(row["First Operational Date"])
                counted = row["Status"] != "Planned" and row["Country"] and row["H100 equivalents"] != ""
                included = not standard or row["Include in Standard Analysis"] == "True"
                if counted and included and "2019-01-01" <= first <= day.isoformat():
                    code = _PLACES[str(row["Country"])][0]
                    found.setdefault(code, []).append(float(str(row["H100 equivalents"])))
            total = sum(sum(sizes) for sizes in found.values())
            for country, sizes in sorted(found.items()):
                yield (
                    day.isoformat(),
                    str(standard).lower(),
                    country,
                    len(sizes),
                    round(sum(sizes), 3),
                    round(sum(sizes) / total, 10),
                )


# ------------------------------------------------------------------ chips and what they cost

_CLUSTER_COLUMNS = (
    "Name",
    "Status",
    "Certainty",
    "Single cluster?",
    "H100 equivalents",
    "Chip type (primary)",
    "Chip quantity (primary)",
    "Country",
    "Owner",
    "First Operational Date",
    "Sector",
    "Power Capacity (MW)",
    "Hardware Cost",
    "Possible Duplicate",
    "Include in Standard Analysis",
    "16-bit OP/s",
    "Decommissioned Date (if applicable)",
)


def _write_chips(directory: Path) -> None:
    write_csv(
        directory / "ml_hardware.csv",
        (
            "Hardware name",
            "Manufacturer",
            "Type",
            "Release date",
            "Release price (USD)",
            "Tensor-FP16/BF16 performance (FLOP/s)",
            "Memory (bytes)",
            "Memory bandwidth (byte/s)",
            "Intranode bandwidth (byte/s)",
            "TDP (W)",
            "FP16 (half precision) performance (FLOP/s)",
            "Die Size (mm^2)",
            "Total processing performance (bit-OP/s)",
            "Country",
        ),
        [
            (
                chip.name,
                f"Simulated Chipmaker {chip.country}",
                "GPU",
                chip.released,
                chip.price,
                chip.flops16,
                chip.bandwidth / 40,
                chip.bandwidth,
                9e11,
                chip.watts,
                None,
                chip.die,
                chip.tpp,
                chip.country,
            )
            for chip in CHIPS
        ],
    )
    write_csv(
        directory / "hardware_prices.csv",
        (
            "Price source",
            "Price date",
            "Hardware model",
            "Manufacturer",
            "Vendor",
            "Location",
            "Price per chip-hour (on-demand)",
            "Price per chip-hour (1-year CUD)",
            "Price per chip-hour (3-year CUD)",
            "Price (hardware purchase)",
            "Notes",
        ),
        [
            (
                "simulated",
                f"{year}-06-01",
                chip.name,
                f"Simulated Chipmaker {chip.country}",
                f"Simulated Cloud {vendor}",
                None,
                round(chip.price / 12_000 * factor * 0.85 ** (year - 2023), 4),
                round(chip.price / 12_000 * factor * 0.85 ** (year - 2023) * 0.7, 4),
                round(chip.price / 12_000 * factor * 0.85 ** (year - 2023) * 0.5, 4),
                chip.price,
                "simulated",
            )
            for chip in CHIPS
            if chip.price
            for vendor, factor in (("A", 1.3), ("B", 0.9))
            for year in range(max(2023, int(chip.released[:4]) + 1), 2027)
        ],
    )


# ------------------------------------------------------------------ clusters


def _clusters(rng: np.random.Generator) -> Iterator[dict[str, object]]:
    names = list(_PLACES)
    often = np.array([part for _, part, _ in _PLACES.values()])
    large = np.array([capacity / part for _, part, capacity in _PLACES.values()])
    span = (date(2026, 10, 1) - date(2018, 6, 1)).days
    for number in range(1, 301):
        place = int(rng.choice(len(names), p=often / often.sum()))
        day = date(2018, 6, 1) + timedelta(days=int(span * rng.random() ** 0.6))
        planned = day > date(2026, 1, 1)
        age = (day - date(2024, 1, 1)).days / 365.25
        size = float(large[place] * 1_500 * np.exp(0.75 * age + 1.1 * rng.standard_normal()))
        known = rng.random() > 0.06
        national = "China" if names[place] == "China" else "US"
        chip = next(
            (c for c in reversed(CHIPS) if c.country == national and c.released <= day.isoformat()), CHIPS[0]
        )
        certain = str(rng.choice(["Confirmed", "Likely", "Unlikely"], p=[0.66, 0.30, 0.04]))
        duplicate = rng.random() < 0.08
        gone = not planned and age < -3 and rng.random() < 0.1
        yield dict(
            zip(
                _CLUSTER_COLUMNS,
                (
                    f"Simulated Cluster {number:03d}",
                    "Planned" if planned else "Decommissioned" if gone else "Existing",
                    certain,
                    "Yes",
                    round(size, 3) if known else "",
                    chip.name,
                    max(1.0, float(round(size * _H100_FLOPS16 / chip.flops16))),
                    names[place],
                    f"Simulated Operator {int(rng.integers(1, 60)):02d}",
                    "" if planned else day.isoformat(),
                    str(rng.choice(["Private", "Public", "Public/Private"], p=[0.65, 0.25, 0.10])),
                    round(size * _KILOWATT / 1000, 6) if known else "",
                    round(size * 36_000, 2) if known else "",
                    "True" if duplicate else "",
                    "True" if certain != "Unlikely" and not duplicate and known else "",
                    size * _H100_FLOPS16 if known else "",
                    (day + timedelta(days=1500)).isoformat() if gone else "",
                ),
                strict=True,
            )
        )
