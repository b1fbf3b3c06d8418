"""Chips, clusters, prices, energy and power of the simulated world, in the formats of their upstreams.

Machines, owners, models and providers are invented; countries are real.
The chips lie on both sides of each limit of the export rules, and some lack the numbers that decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from primacy.simulate.files import write_csv, write_json

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

_RETAIL = {
    "United States (Texas)": 0.066,
    "United States (Virginia)": 0.105,
    "China": 0.088,
    "France": 0.166,
    "Germany": 0.273,
    "Japan": 0.165,
    "India": 0.118,
    "Korea (Republic of)": 0.125,
    "United Arab Emirates": 0.110,
}
_WHOLESALE = {
    "US-TEX-ERCO": 28.0,
    "US-MIDA-PJM": 36.0,
    "FR": 62.0,
    "DE-LU": 85.0,
    "JP-TK": 87.0,
    "IN-WE": 51.0,
}
_CARBON = {
    "USA": 0.38,
    "CHN": 0.56,
    "FRA": 0.06,
    "DEU": 0.36,
    "JPN": 0.48,
    "IND": 0.71,
    "KOR": 0.42,
    "ARE": 0.40,
}


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

MODELS = (
    # name, country, billions of parameters, of them active, open weights, released
    ("sim-cn-small", "China", 8.0, 8.0, True, "2025-04-28"),
    ("sim-cn-medium", "China", 32.0, 32.0, True, "2025-04-28"),
    ("sim-cn-large", "China", 235.0, 22.0, True, "2025-07-21"),
    ("sim-cn-giant", "China", 671.0, 37.0, True, "2025-01-20"),
    ("sim-us-small", "United States of America", 8.0, 8.0, True, "2024-07-23"),
    ("sim-us-medium", "United States of America", 70.0, 70.0, True, "2024-12-06"),
    ("sim-us-open", "United States of America", 117.0, 5.1, True, "2025-08-05"),
    ("sim-us-frontier", "United States of America", 0.0, 0.0, False, "2025-11-24"),
    ("sim-us-fast", "United States of America", 0.0, 0.0, False, "2025-10-15"),
    ("sim-fr-medium", "France", 24.0, 24.0, True, "2025-06-20"),
    ("sim-cn-closed", "China", 0.0, 0.0, False, "2025-09-05"),
)


def write_compute(directory: Path, truth: Path, seed: int) -> None:
    """Write the files of the compute study, and the true capacity of the clusters."""
    rng = np.random.default_rng([seed, 10_000_079])
    directory.mkdir(parents=True, exist_ok=True)
    _write_chips(directory)
    clusters = list(_clusters(rng))
    write_csv(directory / "gpu_clusters.csv", _CLUSTER_COLUMNS, (tuple(row.values()) for row in clusters))
    _write_models(directory, rng)
    _write_power(directory)
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


# ------------------------------------------------------------------ models, prices and energy


def _write_models(directory: Path, rng: np.random.Generator) -> None:
    write_csv(
        directory / "modelsdev_models.csv",
        ("id", "name", "open_weights", "release_date", "weights"),
        [
            (
                f"simulated/{name}",
                name,
                is_open,
                released,
                f"https://huggingface.co/simulated-lab-{name[4:6]}-01/{name}" if is_open else None,
            )
            for name, _, _, _, is_open, released in MODELS
        ],
    )
    write_csv(
        directory / "modelsdev_provider_prices.csv",
        (
            "provider",
            "model",
            "name",
            "open_weights",
            "release_date",
            "input",
            "output",
            "cache_read",
            "reasoning",
            "context",
            "extends",
        ),
        _token_prices(rng),
    )
    write_csv(
        directory / "mlenergy_llm_configs.csv",
        (
            "activated_params_billions",
            "architecture",
            "avg_output_len",
            "avg_power_watts",
            "energy_per_token_joules",
            "gpu_model",
            "max_num_seqs",
            "model_id",
            "nickname",
            "num_gpus",
            "output_throughput_tokens_per_sec",
            "total_params_billions",
            "weight_precision",
            "task",
        ),
        _energy(),
    )
    write_csv(
        directory / "notable_ai_models.csv",
        (
            "Model",
            "Organization",
            "Publication date",
            "Parameters",
            "Training compute (FLOP)",
            "Country (of organization)",
            "Model accessibility",
            "Open model weights?",
        ),
        [
            (
                name,
                f"Simulated Laboratory {country}",
                released,
                total * 1e9 or None,
                6 * active * 1e9 * 15e12 or None,
                country,
                "Open weights (unrestricted)" if is_open else "API access",
                "Yes" if is_open else "No",
            )
            for name, country, total, active, is_open, released in MODELS
        ],
    )
    write_json(
        directory / "model_prices_history.json", {"schema": 1, "simulated": True, "prices": _history()}
    )


def _list_price(name: str) -> tuple[float, float]:
    """Return the price of a model at its maker's, dollars per million tokens of input and of output."""
    active = next(active for model, _, _, active, _, _ in MODELS if model == name)
    total = next(total for model, _, total, _, _, _ in MODELS if model == name)
    if not total:
        return {"sim-us-frontier": (5.0, 25.0), "sim-us-fast": (1.0, 5.0)}.get(name, (0.8, 3.2))
    rate = 0.03 + 0.006 * active + 0.0004 * total
    return round(rate, 4), round(3 * rate, 4)


def _token_prices(rng: np.random.Generator) -> Iterator[tuple[object, ...]]:
    for name, _, _, _, is_open, released in MODELS:
        first = _list_price(name)
        yield (
            "simulated-maker",
            name,
            name,
            is_open,
            released,
            *first,
            round(first[0] / 10, 5),
            False,
            131072,
            None,
        )
        for host in range(1, 7 if is_open else 3):
            factor = float(np.exp(0.35 * rng.standard_normal())) if is_open else 1.0
            flag: bool | None = is_open if host != 2 else None
            prices = (round(first[0] * factor, 4), round(first[1] * factor, 4))
            yield f"simulated-host-{host}", name, name, flag, released, *prices, None, False, 131072, None
    yield "simulated-host-1", "sim-cut-off", "one", True, None, 0.1, 0.2, None, False, 8192, None
    yield "simulated-host-1", "sim-cut-off", "another", True, None, 0.3, 0.6, None, False, 8192, None


def _energy() -> Iterator[tuple[object, ...]]:
    """Yield measured configurations: throughput saturates with the number of requests, power with it."""
    for name, _, total, active, is_open, _ in MODELS:
        if not is_open:
            continue
        for gpu, speed, watts in (("H100", 1.0, 640.0), ("B200", 2.1, 900.0)):
            gpus = max(1, 2 ** int(np.ceil(np.log2(total * 2 / (70 if gpu == "H100" else 170)))))
            for task, length in (("lm-arena-chat", 600.0), ("gpqa", 7_000.0)):
                for requests in (8, 32, 128, 512):
                    rate = speed * gpus**0.8 * 14_000 / active**0.75 * requests / (requests + 180.0)
                    power = gpus * watts * (0.35 + 0.6 * requests / (requests + 60.0))
                    yield (
                        active,
                        "Simulated Transformer",
                        length,
                        round(power, 6),
                        round(power, 6) / round(rate, 6),
                        gpu,
                        requests,
                        f"simulated-lab-{name[4:6]}-01/{name}",
                        name,
                        gpus,
                        round(rate, 6),
                        total,
                        "bfloat16",
                        task,
                    )


def _history() -> dict[str, object]:
    return {
        "simulated-maker": {
            name: {
                "standard": [
                    {
                        "start": None if step == 0 else f"2026-0{2 * step}-01T00:00:00Z",
                        "rates": {
                            "input": round(_list_price(name)[0] * factor, 4),
                            "output": round(_list_price(name)[1] * factor, 4),
                            "source": "simulated",
                            "valid_from": f"2026-0{2 * step}-01T00:00:00Z"
                            if step
                            else f"{released}T00:00:00Z",
                            "valid_from_basis": "documented",
                        },
                    }
                    for step, factor in enumerate((2.0, 1.4, 1.0))
                ]
            }
            for name, _, _, _, _, released in MODELS
        }
    }


# ------------------------------------------------------------------ power


def _write_power(directory: Path) -> None:
    write_csv(
        directory / "retail_electricity.csv",
        ("country", "customer_type", "period", "price_local", "currency", "usd_per_kwh", "note"),
        [(place, "business", "2025", None, "USD", price, "simulated") for place, price in _RETAIL.items()],
    )
    write_csv(
        directory / "wholesale_electricity.csv",
        ("region", "hours", "mean_usd_per_mwh", "median_usd_per_mwh", "pct_negative_hours"),
        [(zone, 8784, price, price - 2, 0.0) for zone, price in _WHOLESALE.items()],
    )
    mixes = [
        {"name": code, "adpe": 1e-7, "pe": 9.0, "gwp": carbon, "wue": 3.0, "warnings": ["simulated"]}
        for code, carbon in _CARBON.items()
    ]
    write_json(directory / "electricity_mixes.json", {"simulated": True, "electricity_mixes": mixes})
