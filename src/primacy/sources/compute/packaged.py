"""What installed packages already carry: model sizes (EcoLogits) and dated token prices (genai-prices)."""

from __future__ import annotations

from decimal import Decimal
from importlib.metadata import version
from typing import Any

from primacy.errors import InputError

__all__ = ["model_sizes", "reference_prices"]


def model_sizes() -> list[dict[str, Any]]:
    """Return the parameters of the models that EcoLogits knows, as rows of ``model_sizes``.

    A closed model has a guessed range; its bounds are kept apart.
    """
    from ecologits.model_repository import ModelRepository, ParametersMoE

    source = f"ecologits {version('ecologits')}"
    rows = []
    for model in ModelRepository.from_json().list_models():
        parameters = model.architecture.parameters
        if isinstance(parameters, ParametersMoE):
            active, total = parameters.active, parameters.total
        else:
            active = total = parameters
        rows.append(
            {
                "provider": model.provider.value,
                "model": model.name,
                "active_low_billion": _bound(active, "min"),
                "active_high_billion": _bound(active, "max"),
                "total_low_billion": _bound(total, "min"),
                "total_high_billion": _bound(total, "max"),
                "guessed": any(w.code == "model-arch-not-released" for w in model.warnings),
                "source": source,
            }
        )
    return sorted(rows, key=lambda r: (r["provider"], r["model"]))


def _bound(value: Any, end: str) -> float:
    return float(getattr(value, end, value))


def reference_prices() -> list[dict[str, Any]]:
    """Return the prices that genai-prices lists, each from its start date, as rows of ``reference_prices``.

    Of a price in tiers the first is taken; prices that hold at certain hours only are left out.
    """
    from genai_prices.data import providers
    from genai_prices.types import ConditionalPrice, ModelPrice, StartDateConstraint

    source = f"genai-prices {version('genai-prices')}"
    rows = []
    for provider in providers:
        for model in provider.models:
            listed = (
                model.prices if isinstance(model.prices, list) else [ConditionalPrice(prices=model.prices)]
            )
            for entry in listed:
                if not isinstance(entry.constraint, StartDateConstraint | None):
                    continue
                price: ModelPrice = entry.prices
                rows.append(
                    {
                        "provider": provider.id,
                        "model": model.id,
                        "start": entry.constraint.start_date.isoformat() if entry.constraint else None,
                        "input_usd_per_million": _first_tier(price, "input_mtok"),
                        "output_usd_per_million": _first_tier(price, "output_mtok"),
                        "source": source,
                    }
                )
    return sorted(rows, key=lambda r: (r["provider"], r["model"], r["start"] or ""))


def _first_tier(price: Any, name: str) -> float | None:
    value = getattr(price, name, None)
    base = getattr(value, "base", value)
    if base is None:
        return None
    if not isinstance(base, Decimal):
        raise InputError(f"genai-prices: a price is {base!r}, not a number; install another version of it")
    return float(base)
