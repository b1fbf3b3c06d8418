"""Models, what their tokens cost and what energy they take, in the formats of their upstreams.

Models, laboratories and providers are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from primacy.simulate.files import write_csv, write_json

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


def write_tokens(directory: Path, rng: np.random.Generator) -> None:
    """Write the catalogue, prices and their history, measured energy, and notable models."""
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
